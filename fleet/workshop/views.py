"""The pages of one ticket and one shipment: what it is, what happened, and the acts that are open now."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext

from fleet.miners.models import MoveHold
from fleet.workshop import reads
from fleet.workshop.acts import SHIPMENT_ACTS, TICKET_ACTS, buttons
from fleet.workshop.models import Ticket, TicketStatus
from fleet.workshop.shipments import arrives_at
from fleet.workshop.shipping import Detention, DetentionOutcome, Shipment, ShipmentPaper, ShipmentStatus
from fleet.workshop.steps import UNDER_WAY
from kit.accounts.gates import actor, needs
from kit.documents.views import as_download
from kit.jobs.verbs import LIVE, may_stop
from kit.look.values import Gate, GateStanding, Kpi

SHOWN_ITEMS = 50
TICKET_SHAPES: dict[str, str] = {
    TicketStatus.OPEN: "wait",
    TicketStatus.DIAGNOSING: "going",
    TicketStatus.WAITING_PARTS: "wait",
    TicketStatus.SENT_OUT: "out",
    TicketStatus.REPAIRED: "fine",
    TicketStatus.CLOSED: "fine",
}
SHIPMENT_SHAPES: dict[str, str] = {
    ShipmentStatus.PLANNED: "wait",
    ShipmentStatus.SENT: "going",
    ShipmentStatus.CUSTOMS: "review",
    ShipmentStatus.RECEIVED: "fine",
    ShipmentStatus.CANCELLED: "out",
}


@needs("fleet.view")
def ticket_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One ticket: its story, the parts swapped under it, and what may be done next."""
    rows = Ticket.objects.select_related(
        "miner__model", "miner__site", "miner__rack", "miner__slot", "part__shelf", "part__miner", "site"
    ).select_related("opened_by", "taken_by", "rma")
    ticket = get_object_or_404(rows, pk=pk)
    context = {
        "title": str(ticket),
        "ticket": ticket,
        "shape": TICKET_SHAPES[ticket.status],
        "parts": reads.parts_in(ticket.miner_id),
        "story": reads.story_of(ticket),
        "swaps": ticket.swaps.select_related("removed", "fitted").order_by("id"),
        "buttons": buttons(TICKET_ACTS, ticket, actor(request)),
        "acts_url": "admin:fleet_ticket_changelist",
        "is_synthetic": ticket.is_synthetic,
    }
    return render(request, "fleet/ticket.html", admin.site.each_context(request) | context)


@needs("fleet.view")
def shipment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One shipment: where it is, what is in it, its papers and detentions, and what may be done next."""
    rows = Shipment.objects.select_related("from_site", "to_site", "job__created_by")
    shipment = get_object_or_404(rows, pk=pk)
    states = reads.states_of(shipment.pk)
    user = actor(request)
    holds = list(_holds(shipment)[:6])
    ticket = Ticket.objects.filter(rma=shipment).order_by("-id").first()
    detentions = list(reads.detentions().filter(shipment=shipment).order_by("id"))
    context = {
        "title": shipment.number,
        "shipment": shipment,
        "shape": SHIPMENT_SHAPES[shipment.status],
        "way": _way(shipment),
        "figures": _figures(states),
        "items": reads.first_items(shipment.pk, SHOWN_ITEMS),
        "in_all": sum(states.values()),
        "papers": reads.papers_of(shipment.pk),
        "detentions": detentions,
        "ticket": ticket,
        "holds": holds,
        "stopped": _stopped(holds, ticket, detentions),
        "job": shipment.job,
        "runs": shipment.job is not None and shipment.job.status in LIVE,
        "may_stop": shipment.job is not None and may_stop(shipment.job, user),
        "buttons": buttons(SHIPMENT_ACTS, shipment, user),
        "acts_url": "admin:fleet_shipment_changelist",
        "is_synthetic": shipment.is_synthetic,
    }
    return render(request, "fleet/shipment.html", admin.site.each_context(request) | context)


@needs("fleet.view")
def paper(request: HttpRequest, shipment: int, pk: int) -> HttpResponse:
    """A paper of a shipment as it was given."""
    return paper_response(shipment, pk)


def paper_response(shipment_id: int, paper_id: int) -> HttpResponse:
    """The bytes of a paper under its file name; 404 if the shipment has no such paper."""
    rows = ShipmentPaper.objects.select_related("document")
    return as_download(get_object_or_404(rows, pk=paper_id, shipment_id=shipment_id).document)


def _holds(shipment: Shipment) -> Any:
    if shipment.status == ShipmentStatus.PLANNED:
        return reads.holds_on(shipment, [shipment.from_site_id, shipment.to_site_id])
    site = arrives_at(shipment)
    if shipment.status in UNDER_WAY and site is not None:
        return reads.holds_on(shipment, [site.pk])
    return reads.holds_on(shipment, []).none()


def _stopped(holds: list[MoveHold], ticket: Ticket | None, detentions: list[Detention]) -> set[str]:
    """The acts that are shown and cannot be pressed; the page says beside them why."""
    stopped = {"send_shipment", "receive_shipment"} if holds else set()
    if ticket is not None and ticket.status == TicketStatus.SENT_OUT:
        stopped.add("receive_shipment")
    if any(detention.outcome == DetentionOutcome.PENDING for detention in detentions):
        stopped.add("release_from_customs")
    return stopped


def _way(shipment: Shipment) -> list[Gate]:
    """The stations of a shipment in order."""
    came = shipment.status == ShipmentStatus.RECEIVED
    gates = [Gate(gettext("Planned"), "done", shipment.planned_at.date())]
    if shipment.status == ShipmentStatus.CANCELLED:
        return [*gates, Gate(gettext("Cancelled"), "now")]
    sent_on = shipment.sent_at.date() if shipment.sent_at else None
    gates.append(Gate(gettext("Sent"), "done" if sent_on else "now", sent_on))
    if shipment.status == ShipmentStatus.CUSTOMS:
        gates.append(Gate(gettext("At customs"), "now"))
    here: GateStanding = "done" if came else "now" if shipment.status == ShipmentStatus.SENT else "later"
    on = shipment.received_at.date() if shipment.received_at else None
    return [*gates, Gate(gettext("Received"), here, on)]


def _figures(states: dict[str, int]) -> list[Kpi]:
    missing, kept = states.get("missing", 0), states.get("kept", 0)
    return [
        Kpi(gettext("Items"), sum(states.values())),
        Kpi(gettext("Pending"), states.get("pending", 0)),
        Kpi(gettext("Received"), states.get("received", 0)),
        Kpi(gettext("Missing"), missing, state="review" if missing else ""),
        Kpi(gettext("Kept at the border"), kept, state="review" if kept else ""),
    ]
