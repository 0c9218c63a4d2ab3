"""Parts swapped by serial, and what is sent to its maker and comes back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner, MinerStatus, Part
from fleet.miners.rows import may
from fleet.miners.verbs import fit_part, remove_part
from fleet.sites.models import Site
from fleet.workshop.models import Swap, Ticket
from fleet.workshop.shipments import lay_out, receive_items, send_shipment
from fleet.workshop.shipping import Shipment, ShipmentItem, ShipmentKind
from fleet.workshop.steps import ON_THE_BENCH, UNDER_WAY
from fleet.workshop.tickets import open_ticket, tell, to_the_bench, walk
from kit.accounts.models import User
from kit.errors import Refusal
from kit.trail.verbs import record


def swap_part(
    ticket: Ticket,
    kind: str,
    *,
    by: User | None,
    old: str = "",
    new: str = "",
    family: str = "",
    at: datetime | None = None,
    is_old_faulty: bool = True,
    work_by: str = "",
    worker: str = "",
    worker_number: str = "",
) -> Swap:
    """Take a part out of a ticket's miner and put another in its place, each by its serial.

    The part put in begins to sit there now, so what was known of its origin before is asked again. A faulty
    part that came out gets a ticket of its own and does not count as a free spare.

    Raises: Refusal if the ticket is not being worked on, the old part is not in the miner, or the new one is
    somewhere else.
    """
    may(by, "miners.move")
    at = at or timezone.now()
    old, new = old.strip().upper(), new.strip().upper()
    if old == new:
        raise Refusal(
            gettext("Name the serial of the part that comes out, of the one that goes in, or both.")
        )
    with transaction.atomic():
        miner = _miner_on_the_bench(ticket)
        removed = _part_in(miner, kind, old) if old else None
        coming = _part_to_fit(kind, new) if new else None
        position = removed.position if removed is not None else _free_position(miner, kind)
        if removed is not None:
            remove_part(removed, by=by, reason=str(ticket))
        fitted = None
        if new:
            fitted = fit_part(
                miner,
                kind,
                new,
                position=position,
                family=family,
                at=at,
                by=by,
                is_synthetic=miner.is_synthetic,
                model=removed.model if removed is not None and coming is None else None,
                maker=removed.maker if removed is not None and coming is None else None,
            )
        swap = Swap.objects.create(
            ticket=ticket,
            miner=miner,
            kind=kind,
            position=position,
            removed=removed,
            fitted=fitted,
            at=at,
            by=by,
            work_by=work_by or ticket.work_by,
            worker=worker or ticket.worker,
            worker_number=worker_number or ticket.worker_number,
        )
        tell(ticket, str(swap), by=by, at=at)
        if removed is not None and is_old_faulty and ticket.part_id != removed.pk:
            came_out = gettext("taken out of {serial} under {ticket}").format(
                serial=miner.serial, ticket=ticket
            )
            open_ticket(removed, ticket.fault, text=came_out, by=by, at=at)
        record("part.swapped", ticket, by=by, detail={"kind": kind, "out": old, "in": new})
    return swap


def send_rma(
    ticket: Ticket,
    vendor: str,
    *,
    by: User | None,
    reference: str = "",
    carrier: str = "",
    at: datetime | None = None,
) -> Shipment:
    """Send a ticket's part, or else its miner, to whoever repairs or replaces it.

    Raises: Refusal if a hold stands, the part still sits in a miner, or the ticket is at the wrong step.
    """
    may(by, "miners.move")
    at = at or timezone.now()
    if not vendor.strip():
        raise Refusal(gettext("Name whom it is sent to."), where="vendor")
    with transaction.atomic():
        ticket = Ticket.objects.select_related("part", "miner", "site").get(pk=ticket.pk)
        if ticket.part is not None and ticket.part.miner_id is not None:
            raise Refusal(
                gettext("{part} still sits in its miner. Swap it out first.").format(part=ticket.part)
            )
        if ticket.miner is None and ticket.part is None:
            raise Refusal(gettext("{ticket} is about a place; nothing is sent out.").format(ticket=ticket))
        miner = ticket.miner if ticket.part is None else None
        from_site = miner.site if miner is not None else ticket.part.shelf if ticket.part else None
        shipment = lay_out(
            Shipment(
                number=_number(ticket),
                kind=ShipmentKind.RMA,
                from_site=from_site,
                from_party="" if from_site else gettext("workshop"),
                to_party=vendor.strip(),
                carrier=carrier,
                reference=reference,
                planned_at=at,
                is_synthetic=ticket.is_synthetic,
            ),
            miner_ids=[miner.pk] if miner is not None else [],
            part_ids=[ticket.part_id] if ticket.part_id is not None else [],
        )
        words = gettext("sent to {vendor} with {shipment}").format(vendor=vendor.strip(), shipment=shipment)
        walk(ticket, "send_rma", by=by, at=at, text=words, sent_out_at=at, rma=shipment)
        send_shipment(shipment, by=by, at=at)
        record("ticket.sent_out", ticket, by=by, detail={"to": vendor.strip(), "shipment": shipment.number})
    return shipment


def receive_back(
    ticket: Ticket,
    *,
    by: User | None,
    is_repaired: bool,
    site: Site | None = None,
    at: datetime | None = None,
    text: str = "",
) -> None:
    """Take back what was sent out: repaired, or as it was and to be worked on again.

    Shape: without a site it comes back to where the ticket was opened.

    Raises: Refusal if the ticket is not sent out, or a hold stands where it comes back to.
    """
    may(by, "miners.move")
    at = at or timezone.now()
    verb = "back_repaired" if is_repaired else "back_as_it_was"
    words = text or (gettext("back, repaired") if is_repaired else gettext("back as it was"))
    with transaction.atomic():
        ticket.refresh_from_db()
        shipment, site = ticket.rma, site or ticket.site
        walk(ticket, verb, by=by, at=at, text=words, repaired_at=at if is_repaired else None)
        if site is None:
            raise Refusal(gettext("{ticket} has no site to come back to; name one.").format(ticket=ticket))
        if shipment is not None and shipment.status in UNDER_WAY:
            # It comes home to where its watts were counted before.
            receive_items(shipment, site, by=by, at=at, accept_overcommitment=True, reason=str(ticket))
        if not is_repaired:
            to_the_bench(ticket, by=by, at=at)
        record("ticket.back", ticket, by=by, detail={"is_repaired": is_repaired})


def _number(ticket: Ticket) -> str:
    own = f"RMA-{ticket.pk}"
    before = Shipment.objects.filter(Q(number=own) | Q(number__startswith=f"{own}-")).count()
    return f"{own}-{before + 1}" if before else own


def _miner_on_the_bench(ticket: Ticket) -> Miner:
    if ticket.miner_id is None:
        raise Refusal(
            gettext("{ticket} is about a part on the shelf or a place; there is no miner to swap in.").format(
                ticket=ticket
            )
        )
    miner = Miner.objects.select_for_update().get(pk=ticket.miner_id)
    ticket.refresh_from_db()
    if ticket.status not in ON_THE_BENCH or miner.status != MinerStatus.IN_REPAIR:
        raise Refusal(
            gettext("{ticket} is “{state}”. Take it first; parts are swapped while it is worked on.").format(
                ticket=ticket, state=ticket.get_status_display()
            )
        )
    return miner


def _part_in(miner: Miner, kind: str, serial: str) -> Part:
    part = Part.objects.select_for_update().filter(kind=kind, serial=serial, miner=miner).first()
    if part is None:
        raise Refusal(
            gettext("There is no {kind} {serial} in {miner}. Nothing was changed.").format(
                kind=kind, serial=serial, miner=miner.serial
            ),
            where="old",
        )
    return part


def _part_to_fit(kind: str, serial: str) -> Part | None:
    """The part's row, locked before the trail is; nothing if its serial is new. One on its way is refused."""
    part = Part.objects.select_for_update().filter(kind=kind, serial=serial).first()
    if part is None:
        return None
    under_way = ShipmentItem.objects.filter(part=part, state="pending", shipment__status__in=UNDER_WAY)
    if (item := under_way.select_related("shipment").first()) is not None:
        raise Refusal(
            gettext("{part} is on its way with {shipment}. Receive that first. Nothing was changed.").format(
                part=part, shipment=item.shipment
            ),
            where="new",
        )
    return part


def _free_position(miner: Miner, kind: str) -> int:
    taken = set(Part.objects.filter(miner=miner, kind=kind).values_list("position", flat=True))
    return next(position for position in range(len(taken) + 1) if position not in taken)
