"""Gathers the rooms' tasks for Celery and their kinds of job."""

from hosting.liquidation.tasks import distribute

__all__ = ["distribute"]
