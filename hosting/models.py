"""Gathers the rooms' models for Django; code imports from the rooms."""

from hosting.contracts.models import Contract, Enquiry, Membership, Placement, SiteParty
from hosting.ledger.models import Account, Entry, EntryCheck, Posting
from hosting.liquidation.models import (
    Cost,
    Gate,
    Liquidation,
    Offer,
    Payout,
    Receipt,
    Reserve,
    ScopeItem,
    Share,
    Statement,
)
from hosting.parties.models import Clearance, Hold, Party, PartyIdentifier, PartyName, Stake, Wallet
from hosting.valuation.models import ModelPrice

__all__ = [
    "Account",
    "Clearance",
    "Contract",
    "Cost",
    "Enquiry",
    "Entry",
    "EntryCheck",
    "Gate",
    "Hold",
    "Liquidation",
    "Membership",
    "ModelPrice",
    "Offer",
    "Party",
    "PartyIdentifier",
    "PartyName",
    "Payout",
    "Placement",
    "Posting",
    "Receipt",
    "Reserve",
    "ScopeItem",
    "Share",
    "SiteParty",
    "Stake",
    "Statement",
    "Wallet",
]
