"""Every act of the workshop, in one place."""

from fleet.workshop.detentions import correct_detention, end_detention, open_detention
from fleet.workshop.journeys import (
    hold_at_customs_soon,
    receive_soon,
    release_from_customs_soon,
    send_soon,
)
from fleet.workshop.papers import LARGEST_PAPER, attach_paper
from fleet.workshop.repairs import receive_back, send_rma, swap_part
from fleet.workshop.shipments import (
    cancel_shipment,
    hold_at_customs,
    plan_shipment,
    receive_shipment,
    release_from_customs,
    send_shipment,
)
from fleet.workshop.tickets import (
    close_ticket,
    mark_repaired,
    note,
    open_by_rules,
    open_ticket,
    reopen,
    resume,
    take_ticket,
    wait_for_parts,
)
from fleet.workshop.watch import watch_readings

__all__ = [
    "LARGEST_PAPER",
    "attach_paper",
    "cancel_shipment",
    "close_ticket",
    "correct_detention",
    "end_detention",
    "hold_at_customs",
    "hold_at_customs_soon",
    "mark_repaired",
    "note",
    "open_by_rules",
    "open_detention",
    "open_ticket",
    "plan_shipment",
    "receive_back",
    "receive_shipment",
    "receive_soon",
    "release_from_customs",
    "release_from_customs_soon",
    "reopen",
    "resume",
    "send_rma",
    "send_shipment",
    "send_soon",
    "swap_part",
    "take_ticket",
    "wait_for_parts",
    "watch_readings",
]
