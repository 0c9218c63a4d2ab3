"""Every act of a liquidation, in the order of its gates; a gate's verb has the gate's name."""

from hosting.liquidation.distribution import allocate, distribute
from hosting.liquidation.payouts import close_case, pay_out, release_set_aside
from hosting.liquidation.proceeds import (
    confirm_proceeds,
    hand_over_machines,
    record_cost,
    record_receipt,
    record_reserve,
)
from hosting.liquidation.review import close_elections, record_authority, record_review
from hosting.liquidation.sale import Quote, appraise, approve_sale, clear_buyer, record_offer
from hosting.liquidation.scope import freeze_scope, hold_site, open_case
from hosting.liquidation.statements import issue_statements

__all__ = [
    "Quote",
    "allocate",
    "appraise",
    "approve_sale",
    "clear_buyer",
    "close_case",
    "close_elections",
    "confirm_proceeds",
    "distribute",
    "freeze_scope",
    "hand_over_machines",
    "hold_site",
    "issue_statements",
    "open_case",
    "pay_out",
    "record_authority",
    "record_cost",
    "record_offer",
    "record_receipt",
    "record_reserve",
    "record_review",
    "release_set_aside",
]
