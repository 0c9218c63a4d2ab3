"""Gathers the rooms' models for Django; code imports from the rooms."""

from kit.accounts.models import ApiToken, User
from kit.documents.models import Document
from kit.jobs.models import Job, JobStatus
from kit.trail.models import TrailEntry, TrailHead

__all__ = ["ApiToken", "Document", "Job", "JobStatus", "TrailEntry", "TrailHead", "User"]
