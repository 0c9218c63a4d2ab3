"""Gathers the rooms' tasks for Celery."""

from fleet.imports.tasks import apply_import, expire_import_plans, plan_import
from fleet.miners.tasks import make_snapshots
from fleet.telemetry.tasks import compare_seen_parts, keep_reading_partitions, roll_up_readings

__all__ = [
    "apply_import",
    "compare_seen_parts",
    "expire_import_plans",
    "keep_reading_partitions",
    "make_snapshots",
    "plan_import",
    "roll_up_readings",
]
