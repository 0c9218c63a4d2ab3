"""Gathers the rooms' API views."""

from fleet.catalog.api import MinerModelViewSet, PartModelViewSet
from fleet.imports.api import ImportViewSet
from fleet.miners.api import MinerViewSet, OwnerViewSet, PartViewSet, StayViewSet
from fleet.queries.api import ExportViewSet, SavedFilterViewSet
from fleet.sites.api import SiteViewSet
from fleet.telemetry.api import CurtailmentViewSet, ReadingViewSet
from fleet.workshop.api import DetentionViewSet, ShipmentViewSet, SpareViewSet, TicketViewSet

ROUTES = [
    ("sites", SiteViewSet),
    ("miners", MinerViewSet),
    ("parts", PartViewSet),
    ("miner-models", MinerModelViewSet),
    ("part-models", PartModelViewSet),
    ("stays", StayViewSet),
    ("owners", OwnerViewSet),
    ("imports", ImportViewSet),
    ("readings", ReadingViewSet),
    ("curtailments", CurtailmentViewSet),
    ("tickets", TicketViewSet),
    ("spares", SpareViewSet),
    ("shipments", ShipmentViewSet),
    ("detentions", DetentionViewSet),
    ("exports", ExportViewSet),
    ("saved-filters", SavedFilterViewSet),
]
