"""Gathers the rooms' models for Django; code imports from the rooms."""

from fleet.catalog.models import Maker, MinerModel, PartModel
from fleet.imports.models import ImportBatch, ImportPiece
from fleet.miners.models import Choice, Miner, MoveHold, Owner, Part, Stay
from fleet.miners.summaries import Capacity, Holding, Move, Snapshot, SnapshotModel, SnapshotOwner
from fleet.queries.models import Export, ExportPiece, SavedFilter
from fleet.sites.models import Building, PowerFeed, Rack, Site, Slot
from fleet.telemetry.models import (
    Curtailment,
    LatestReading,
    Reading,
    ReadingBatch,
    RollUp,
    SeenParts,
    UptimeDay,
    UptimeWindow,
)
from fleet.workshop.models import Spare, Swap, Ticket, TicketNote
from fleet.workshop.shipping import Detention, Shipment, ShipmentItem, ShipmentPaper

__all__ = [
    "Building",
    "Capacity",
    "Choice",
    "Curtailment",
    "Detention",
    "Export",
    "ExportPiece",
    "Holding",
    "ImportBatch",
    "ImportPiece",
    "LatestReading",
    "Maker",
    "Miner",
    "MinerModel",
    "Move",
    "MoveHold",
    "Owner",
    "Part",
    "PartModel",
    "PowerFeed",
    "Rack",
    "Reading",
    "ReadingBatch",
    "RollUp",
    "SavedFilter",
    "SeenParts",
    "Shipment",
    "ShipmentItem",
    "ShipmentPaper",
    "Site",
    "Slot",
    "Snapshot",
    "SnapshotModel",
    "SnapshotOwner",
    "Spare",
    "Stay",
    "Swap",
    "Ticket",
    "TicketNote",
    "UptimeDay",
    "UptimeWindow",
]
