"""Gathers the rooms' lists for the admin."""

from kit.accounts import admin as accounts
from kit.documents import admin as documents
from kit.jobs import admin as jobs
from kit.trail import admin as trail

__all__ = ["accounts", "documents", "jobs", "trail"]
