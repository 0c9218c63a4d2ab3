"""Gathers the rooms' admin lists."""

from fleet.catalog.admin import MakerAdmin, MinerModelAdmin, PartModelAdmin
from fleet.imports.admin import ImportBatchAdmin
from fleet.miners.admin import MinerAdmin, MoveHoldAdmin, OwnerAdmin, PartAdmin, StayAdmin
from fleet.queries.admin import ExportAdmin
from fleet.sites.admin import BuildingAdmin, PowerFeedAdmin, RackAdmin, SiteAdmin, SlotAdmin
from fleet.telemetry.admin import ReadingBatchAdmin
from fleet.workshop.admin import DetentionAdmin, ShipmentAdmin, SpareAdmin, SwapAdmin, TicketAdmin

__all__ = [
    "BuildingAdmin",
    "DetentionAdmin",
    "ExportAdmin",
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
    "ShipmentAdmin",
    "SiteAdmin",
    "SlotAdmin",
    "SpareAdmin",
    "StayAdmin",
    "SwapAdmin",
    "TicketAdmin",
]
