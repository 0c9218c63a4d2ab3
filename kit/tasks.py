"""Gathers the rooms' tasks for Celery."""

from kit.jobs.tasks import ring_waiting_jobs, run_job

__all__ = ["ring_waiting_jobs", "run_job"]
