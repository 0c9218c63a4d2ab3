"""Gathers the rooms' tasks for Celery."""

from fleet.imports.tasks import apply_import, expire_import_plans, plan_import
from fleet.miners.listing import MINERS
from fleet.miners.tasks import act_on_choice, forget_choices, make_snapshots
from fleet.queries.tasks import expire_exports, write_export
from fleet.telemetry.tasks import (
    add_up_drawn,
    compare_seen_parts,
    follow_readings,
    keep_reading_partitions,
    roll_up_readings,
)
from fleet.workshop.tasks import do_journey, watch_readings

__all__ = [
    "MINERS",
    "act_on_choice",
    "add_up_drawn",
    "apply_import",
    "compare_seen_parts",
    "do_journey",
    "expire_exports",
    "expire_import_plans",
    "follow_readings",
    "forget_choices",
    "keep_reading_partitions",
    "make_snapshots",
    "plan_import",
    "roll_up_readings",
    "watch_readings",
    "write_export",
]
