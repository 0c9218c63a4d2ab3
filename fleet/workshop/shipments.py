"""Shipments: planned with what is in them, sent, held and released at customs, received."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner, MinerStatus, Part
from fleet.miners.moves import refuse_holds
from fleet.miners.rows import Told, locked, may, names, refuse_ended
from fleet.miners.verbs import receive_miners, set_status
from fleet.sites.models import Site
from fleet.workshop.models import Ticket, TicketStatus
from fleet.workshop.reads import holds_on
from fleet.workshop.shipping import (
    DetentionOutcome,
    ItemState,
    Shipment,
    ShipmentItem,
    ShipmentKind,
)
from fleet.workshop.steps import LIVE, PLAN, SHIPMENT_STEPS, UNDER_WAY, WORK
from kit.accounts.models import User
from kit.errors import Refusal
from kit.steps import take
from kit.trail.verbs import record


def plan_shipment(
    number: str,
    kind: str,
    *,
    by: User | None,
    miners: Collection[int] = (),
    parts: Collection[int] = (),
    from_site: Site | None = None,
    from_party: str = "",
    to_site: Site | None = None,
    to_party: str = "",
    carrier: str = "",
    reference: str = "",
    at: datetime | None = None,
) -> Shipment:
    """Plan a shipment of miners and spare parts, by their keys; nothing moves yet.

    Shape: where both a site and a party are named, the site is where and the party is who.

    Raises: Refusal if the number is taken, an end is missing, or an item is in another live shipment.
    """
    may(by, PLAN)
    number = number.strip()
    if not number or kind not in ShipmentKind.values:
        raise Refusal(
            gettext("A shipment needs a number and a kind out of: {kinds}.").format(
                kinds=", ".join(ShipmentKind.values)
            )
        )
    if not ((from_site or from_party.strip()) and (to_site or to_party.strip())):
        raise Refusal(gettext("Say where it comes from and where it goes: a site, or a party as text."))
    if from_site is not None and from_site == to_site:
        raise Refusal(gettext("A shipment goes to another site than it comes from."))
    with transaction.atomic():
        if Shipment.objects.filter(number=number).exists():
            raise Refusal(
                gettext("Shipment {number} exists. Give another number.").format(number=number),
                where="number",
            )
        shipment = lay_out(
            Shipment(
                number=number,
                kind=kind,
                from_site=from_site,
                from_party=from_party.strip(),
                to_site=to_site,
                to_party=to_party.strip(),
                carrier=carrier.strip(),
                reference=reference.strip(),
                planned_at=at or timezone.now(),
            ),
            miner_ids=miners,
            part_ids=parts,
        )
        record("shipment.planned", shipment, by=by, detail={"miners": len(miners), "parts": len(parts)})
    return shipment


def lay_out(shipment: Shipment, *, miner_ids: Collection[int], part_ids: Collection[int]) -> Shipment:
    """Write a planned shipment with its items; whoever calls has asked who may and keeps the trail."""
    rows = locked(miner_ids)
    refuse_ended(rows)
    parts = list(Part.objects.select_for_update(of=("self",)).filter(pk__in=part_ids).order_by("pk"))
    if not rows and not parts:
        raise Refusal(gettext("A shipment needs at least one miner or part."))
    if len(parts) != len(set(part_ids)):
        raise Refusal(gettext("A part is not known. Nothing was planned."))
    if fitted := next((part for part in parts if part.miner_id is not None), None):
        raise Refusal(
            gettext("{part} sits in a miner and goes where that goes. Nothing was planned.").format(
                part=fitted
            )
        )
    items = ShipmentItem.objects.filter(
        Q(miner__in=rows) | Q(part__in=parts), shipment__status__in=LIVE, state=ItemState.PENDING
    )
    if (elsewhere := items.select_related("shipment", "miner", "part").first()) is not None:
        raise Refusal(
            gettext("{item} is in shipment {number} already. Nothing was planned.").format(
                item=elsewhere, number=elsewhere.shipment.number
            )
        )
    shipment.is_synthetic = any(row.is_synthetic for row in rows) or any(part.is_synthetic for part in parts)
    shipment.save(force_insert=True)
    ShipmentItem.objects.bulk_create(
        [
            *(ShipmentItem(shipment=shipment, miner=row) for row in rows),
            *(ShipmentItem(shipment=shipment, part=part) for part in parts),
        ]
    )
    return shipment


def send_shipment(
    shipment: Shipment, *, by: User | None, at: datetime | None = None, told: Told | None = None
) -> int:
    """Send a planned shipment: its machines leave their sites and slots, and their stays end.

    Shape: returns how many items were sent; `told` hears of each stretch of machines that left.

    Raises: Refusal with the reason if a hold stands on a machine or either site, a machine is not where the
    shipment starts, may not leave the country, or is in a state from which it cannot be sent.
    """
    may(by, WORK)
    at = at or timezone.now()
    with transaction.atomic():
        take(shipment, SHIPMENT_STEPS["send"], sent_at=at)
        rows = locked(_pending_miners(shipment))
        refuse_ended(rows)
        refuse_holds(holds_on(shipment, [shipment.from_site_id, shipment.to_site_id]))
        _refuse_strays(shipment, rows)
        if shipment.kind == ShipmentKind.EXPORT:
            _refuse_bound(rows)
        parts = Part.objects.filter(shipment_items__shipment=shipment)
        if fitted := parts.select_for_update(of=("self",)).filter(miner__isnull=False).first():
            raise Refusal(gettext("{part} sits in a miner by now. Nothing was sent.").format(part=fitted))
        part_ids = list(parts.values_list("pk", flat=True))
        Part.objects.filter(pk__in=part_ids).update(shelf=None)
        keys = [row.pk for row in rows]
        set_status(keys, MinerStatus.IN_TRANSIT, by=by, at=at, reason=str(shipment), told=told)
        record("shipment.sent", shipment, by=by, detail={"miners": len(rows)})
    return len(rows) + len(part_ids)


def hold_at_customs(
    shipment: Shipment, *, by: User | None, at: datetime | None = None, told: Told | None = None
) -> int:
    """Say that a shipment on its way is held at customs with its machines; returns how many changed."""
    return _at_customs(shipment, "hold_at_customs", MinerStatus.CUSTOMS_HOLD, by=by, at=at, told=told)


def release_from_customs(
    shipment: Shipment, *, by: User | None, at: datetime | None = None, told: Told | None = None
) -> int:
    """Say that customs let a shipment go on; returns how many machines changed.

    Raises: Refusal while a detention of it is pending.
    """
    refuse_pending_detention(shipment)
    return _at_customs(shipment, "release_from_customs", MinerStatus.IN_TRANSIT, by=by, at=at, told=told)


def refuse_pending_detention(shipment: Shipment) -> None:
    """Refuse to let a shipment go on while a detention of it is pending.

    Raises: Refusal
    """
    if shipment.detentions.filter(outcome=DetentionOutcome.PENDING).exists():
        raise Refusal(
            gettext("A detention of {shipment} is pending. Write down how it ended instead.").format(
                shipment=shipment
            )
        )


def receive_shipment(
    shipment: Shipment,
    *,
    by: User | None,
    site: Site | None = None,
    missing: Iterable[str] = (),
    at: datetime | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
    told: Told | None = None,
) -> int:
    """Receive what arrived, machines with a new stay at the site; returns how many items arrived.

    Shape: `missing` names the serials that did not arrive. What a pending detention holds is received later.
    Received by a party without a site of ours, machines stay on their way until they come back or are sold.

    Raises: Refusal if a hold stands, a serial is not in the shipment, it goes back through its ticket, or the
        site would hold more than it can carry and that is not accepted with a reason.
    """
    may(by, WORK)
    refuse_of_a_ticket(shipment)
    where = site or arrives_at(shipment)
    return receive_items(
        shipment,
        where,
        by=by,
        missing=missing,
        at=at,
        accept_overcommitment=accept_overcommitment,
        reason=reason,
        told=told,
    )


def arrives_at(shipment: Shipment) -> Site | None:
    """The site of ours where a shipment is received unless somebody says otherwise."""
    # An RMA goes there and back: it has arrived when it is home again.
    back = shipment.from_site if shipment.kind == ShipmentKind.RMA else None
    return shipment.to_site or back


def refuse_of_a_ticket(shipment: Shipment) -> None:
    """Refuse to receive what a ticket sent out and waits for.

    Raises: Refusal
    """
    waiting = Ticket.objects.filter(rma=shipment, status=TicketStatus.SENT_OUT).first()
    if waiting is not None:
        raise Refusal(
            gettext("{shipment} belongs to {ticket}. Receive it back there.").format(
                shipment=shipment, ticket=waiting
            )
        )


def receive_items(
    shipment: Shipment,
    site: Site | None,
    *,
    by: User | None,
    missing: Iterable[str] = (),
    at: datetime | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
    told: Told | None = None,
) -> int:
    """Receive a shipment's items at a site, or by a party where there is none; returns how many arrived."""
    at = at or timezone.now()
    absent = {serial.strip().upper() for serial in missing if serial.strip()}
    with transaction.atomic():
        row = Shipment.objects.select_for_update().get(pk=shipment.pk)
        pending = list(
            ShipmentItem.objects.filter(shipment=row, state=ItemState.PENDING).select_related(
                "miner", "part", "detention"
            )
        )
        free = [item for item in pending if not _is_held(item)]
        lost = [item for item in free if _serial(item) in absent]
        lost_ids = {item.pk for item in lost}
        if strange := absent - {_serial(item) for item in lost}:
            raise Refusal(
                gettext("{serials}: not pending in {shipment}. Nothing was received.").format(
                    serials=", ".join(sorted(strange)[:5]), shipment=row
                ),
                where="missing",
            )
        if row.status not in UNDER_WAY or not free:
            raise Refusal(
                gettext("Nothing of {shipment} is on its way: it is “{state}”. Nothing was received.").format(
                    shipment=row, state=row.get_status_display()
                )
            )
        here = [item for item in free if item.pk not in lost_ids]
        ShipmentItem.objects.filter(pk__in=lost_ids).update(state=ItemState.MISSING)
        ShipmentItem.objects.filter(pk__in=[item.pk for item in here]).update(state=ItemState.RECEIVED)
        if len(free) == len(pending):
            take(shipment, SHIPMENT_STEPS["receive"], received_at=at)
        if site is not None:
            why = f"{row}: {reason}" if reason else str(row)
            is_accepted = accept_overcommitment and bool(reason.strip())
            _put_down(here, site, by=by, at=at, reason=why[:120], is_accepted=is_accepted, told=told)
        detail = {"items": len(here), "missing": sorted(absent), "held": len(pending) - len(free)}
        record("shipment.received", row, by=by, detail=detail)
    shipment.refresh_from_db()
    return len(here)


def cancel_shipment(shipment: Shipment, *, by: User | None, reason: str = "") -> None:
    """Give up a shipment that was planned and not sent."""
    may(by, PLAN)
    with transaction.atomic():
        take(shipment, SHIPMENT_STEPS["cancel"])
        record("shipment.cancelled", shipment, by=by, detail={"reason": reason})


def _at_customs(
    shipment: Shipment,
    verb: str,
    status: str,
    *,
    by: User | None,
    at: datetime | None,
    told: Told | None,
) -> int:
    may(by, WORK)
    with transaction.atomic():
        take(shipment, SHIPMENT_STEPS[verb])
        keys = _pending_miners(shipment)
        changed = set_status(keys, status, by=by, at=at, reason=str(shipment), told=told)
        record(f"shipment.{verb}", shipment, by=by)
    return changed


def _pending_miners(shipment: Shipment) -> list[int]:
    items = ShipmentItem.objects.filter(shipment=shipment, state=ItemState.PENDING, miner__isnull=False)
    return [key for key in items.values_list("miner_id", flat=True) if key is not None]


def _put_down(
    items: Collection[ShipmentItem],
    site: Site,
    *,
    by: User | None,
    at: datetime,
    reason: str,
    is_accepted: bool,
    told: Told | None,
) -> None:
    # Parts first: the trail is locked from the first act on. One fitted meanwhile has arrived in its miner.
    part_ids = [item.part_id for item in items if item.part_id is not None]
    Part.objects.filter(pk__in=part_ids, miner__isnull=True).update(shelf=site)
    miner_ids = [item.miner_id for item in items if item.miner_id is not None]
    if miner_ids:
        receive_miners(
            miner_ids,
            site,
            by=by,
            at=at,
            reason=reason,
            accept_overcommitment=is_accepted,
            told=told,
        )


def _is_held(item: ShipmentItem) -> bool:
    return item.detention is not None and item.detention.outcome == DetentionOutcome.PENDING


def _serial(item: ShipmentItem) -> str:
    subject = item.miner or item.part
    return subject.serial if subject is not None else ""


def _refuse_strays(shipment: Shipment, rows: Collection[Miner]) -> None:
    if shipment.from_site is None:
        return
    if strays := [row for row in rows if row.site_id != shipment.from_site_id]:
        raise Refusal(
            gettext("{serials}: not at {site}, where {shipment} starts. Nothing was sent.").format(
                serials=names(strays), site=shipment.from_site, shipment=shipment
            )
        )


def _refuse_bound(rows: Collection[Miner]) -> None:
    if bound := [row for row in rows if row.is_exportable is False]:
        raise Refusal(
            gettext("{serials}: recorded as not leaving the country. Nothing was sent.").format(
                serials=names(bound)
            )
        )
