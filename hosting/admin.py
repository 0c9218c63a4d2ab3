"""Gathers the rooms' lists for the admin."""

from hosting.contracts import admin as contracts
from hosting.ledger import admin as ledger
from hosting.liquidation import admin as liquidation
from hosting.parties import admin as parties
from hosting.valuation import admin as valuation

__all__ = ["contracts", "ledger", "liquidation", "parties", "valuation"]
