"""Gathers the rooms' tasks for Celery."""

from kit.idempotency.tasks import forget_answers
from kit.jobs.tasks import ring_waiting_jobs, run_job

__all__ = ["forget_answers", "ring_waiting_jobs", "run_job"]
