"""Gathers the rooms' API views; a customer's own are under `my`."""

from rest_framework.viewsets import ViewSetMixin

from hosting.contracts.api import (
    ContractViewSet,
    CustomerPowerViewSet,
    EnquiryViewSet,
    MyContractViewSet,
    MyMinerViewSet,
    SitePartyViewSet,
)
from hosting.ledger.api import EntryViewSet, PostingViewSet
from hosting.liquidation.api import (
    GateViewSet,
    LiquidationViewSet,
    MyStatementViewSet,
    ShareViewSet,
    StatementViewSet,
)
from hosting.parties.api import PartyViewSet

ROUTES: list[tuple[str, type[ViewSetMixin]]] = [
    ("parties", PartyViewSet),
    ("contracts", ContractViewSet),
    ("customer-power", CustomerPowerViewSet),
    ("enquiries", EnquiryViewSet),
    ("site-parties", SitePartyViewSet),
    ("liquidations", LiquidationViewSet),
    ("gates", GateViewSet),
    ("shares", ShareViewSet),
    ("statements", StatementViewSet),
    ("entries", EntryViewSet),
    ("postings", PostingViewSet),
    ("my/miners", MyMinerViewSet),
    ("my/contracts", MyContractViewSet),
    ("my/statements", MyStatementViewSet),
]
