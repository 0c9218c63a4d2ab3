"""Gathers the rooms' admin lists."""

from fleet.catalog.admin import MakerAdmin, MinerModelAdmin, PartModelAdmin
from fleet.imports.admin import ImportBatchAdmin
from fleet.miners.admin import MinerAdmin, MoveHoldAdmin, OwnerAdmin, PartAdmin, StayAdmin
from fleet.sites.admin import BuildingAdmin, PowerFeedAdmin, RackAdmin, SiteAdmin, SlotAdmin
from fleet.telemetry.admin import ReadingBatchAdmin

__all__ = [
    "BuildingAdmin",
    "ImportBatchAdmin",
    "MakerAdmin",
    "MinerAdmin",
    "MinerModelAdmin",
    "MoveHoldAdmin",
    "OwnerAdmin",
    "PartAdmin",
    "PartModelAdmin",
    "PowerFeedAdmin",
    "RackAdmin",
    "ReadingBatchAdmin",
    "SiteAdmin",
    "SlotAdmin",
    "StayAdmin",
]
