"""Gathers the rooms' tasks for Celery."""

from compliance.findings.tasks import run_findings_hourly
from compliance.reports.tasks import make_due_reports
from compliance.screening.tasks import screen_changed

__all__ = ["make_due_reports", "run_findings_hourly", "screen_changed"]
