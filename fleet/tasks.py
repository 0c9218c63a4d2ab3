"""Gathers the rooms' tasks for Celery."""

from fleet.imports.tasks import apply_import, expire_import_plans, plan_import
from fleet.miners.listing import MINERS
from fleet.miners.tasks import make_snapshots
from fleet.queries.tasks import expire_exports, write_export
from fleet.telemetry.tasks import compare_seen_parts, keep_reading_partitions, roll_up_readings

__all__ = [
    "MINERS",
    "apply_import",
    "compare_seen_parts",
    "expire_exports",
    "expire_import_plans",
    "keep_reading_partitions",
    "make_snapshots",
    "plan_import",
    "roll_up_readings",
    "write_export",
]
