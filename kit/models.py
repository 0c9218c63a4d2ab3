"""Gathers the rooms' models for Django; code imports from the rooms."""

from kit.accounts.models import ApiToken, User
from kit.documents.models import Document
from kit.idempotency.models import KeptAnswer
from kit.jobs.models import Job, JobStatus
from kit.trail.models import TrailEntry, TrailHead

__all__ = ["ApiToken", "Document", "Job", "JobStatus", "KeptAnswer", "TrailEntry", "TrailHead", "User"]
