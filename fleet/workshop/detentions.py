"""Goods held at a border: the detention is written down, and how it ended."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from fleet.miners.models import MinerStatus
from fleet.miners.rows import may
from fleet.miners.verbs import set_status
from fleet.workshop.rules import DetentionClock, detention_clock
from fleet.workshop.shipping import (
    Detention,
    DetentionOutcome,
    ItemState,
    NoticeKind,
    Shipment,
    ShipmentItem,
    ShipmentStatus,
)
from fleet.workshop.steps import PLAN, SHIPMENT_STEPS, UNDER_WAY
from kit.accounts.models import User
from kit.errors import Refusal
from kit.steps import take
from kit.trail.verbs import record

CORRECTABLE = frozenset(
    {
        "port",
        "entry_no",
        "presented_on",
        "notice",
        "detained_on",
        "notice_on",
        "agency",
        "fees",
        "counsel",
        "note",
    }
)


def open_detention(
    shipment: Shipment,
    *,
    port: str,
    presented_on: date,
    by: User | None,
    notice: str = NoticeKind.DETENTION,
    serials: Collection[str] = (),
    entry_no: str = "",
    detained_on: date | None = None,
    notice_on: date | None = None,
    agency: str = "",
    fees: str = "",
    counsel: str = "",
    note: str = "",
) -> Detention:
    """Write down that a shipment, or the serials named of it, is held at a border.

    Its machines are on customs hold from then on.

    Raises: Refusal if it is not on its way, a serial is not pending in it or held already, or days cannot be.
    """
    may(by, PLAN)
    _check_kind(port, notice)
    check_days(presented_on, detained_on, notice_on)
    wanted = {serial.strip().upper() for serial in serials if serial.strip()}
    with transaction.atomic():
        row = Shipment.objects.select_for_update().get(pk=shipment.pk)
        if row.status not in UNDER_WAY:
            raise Refusal(
                gettext("{shipment} is “{state}”; only what is on its way is detained.").format(
                    shipment=row, state=row.get_status_display()
                )
            )
        items = _items(row, wanted)
        detention = Detention.objects.create(
            shipment=row,
            port=port.strip(),
            entry_no=entry_no.strip(),
            presented_on=presented_on,
            notice=notice,
            detained_on=detained_on,
            notice_on=notice_on,
            agency=agency.strip(),
            fees=fees.strip(),
            counsel=counsel.strip(),
            note=note,
            is_synthetic=row.is_synthetic,
            **_days(presented_on, detained_on, notice),
        )
        ShipmentItem.objects.filter(pk__in=[item.pk for item in items]).update(detention=detention)
        if row.status == ShipmentStatus.SENT:
            take(row, SHIPMENT_STEPS["hold_at_customs"])
        set_status(_miners(items), MinerStatus.CUSTOMS_HOLD, by=by, reason=str(detention)[:120])
        record(
            "detention.opened",
            detention,
            by=by,
            detail={"units": len(items), "agency": agency, "notice": notice},
        )
    shipment.refresh_from_db()
    return detention


def correct_detention(detention: Detention, *, by: User | None, **changes: Any) -> Detention:
    """Add or correct what is known of a detention; the days it counts follow.

    Raises: Refusal for a field that is not corrected here, or days that cannot be.
    """
    may(by, PLAN)
    if strange := sorted(set(changes) - CORRECTABLE):
        raise Refusal(gettext("“{field}” is not corrected here.").format(field=strange[0]))
    with transaction.atomic():
        row = Detention.objects.select_for_update().get(pk=detention.pk)
        changes = {field: value for field, value in changes.items() if getattr(row, field) != value}
        if changes:
            now = {name: changes.get(name, getattr(row, name)) for name in ("port", "notice")}
            _check_kind(**now)
            days = [
                changes.get(name, getattr(row, name)) for name in ("presented_on", "detained_on", "notice_on")
            ]
            check_days(*days)
            Detention.objects.filter(pk=row.pk).update(**changes, **_days(days[0], days[1], now["notice"]))
            record("detention.corrected", row, by=by, detail=changes)
    detention.refresh_from_db()
    return detention


def end_detention(detention: Detention, outcome: str, *, by: User | None, on: date, note: str = "") -> None:
    """Write down how a detention ended: what is released goes on, anything else stays at the border.

    Raises: Refusal if it has ended already, or before its goods were presented.
    """
    may(by, PLAN)
    if outcome not in DetentionOutcome.values or outcome == DetentionOutcome.PENDING:
        raise Refusal(gettext("“{outcome}” is not how a detention ends.").format(outcome=outcome))
    if on < detention.presented_on:
        raise Refusal(gettext("A detention does not end before its goods were presented."), where="on")
    with transaction.atomic():
        shipment = Shipment.objects.select_for_update().get(pk=detention.shipment_id)
        changes = {"note": f"{detention.note}\n{note}".strip()} if note else {}
        ended = Detention.objects.filter(pk=detention.pk, outcome=DetentionOutcome.PENDING).update(
            outcome=outcome, ended_on=on, **changes
        )
        if not ended:
            raise Refusal(gettext("This detention has ended already. Nothing was changed."))
        items = ShipmentItem.objects.filter(detention=detention, state=ItemState.PENDING)
        goes_on = outcome == DetentionOutcome.RELEASED
        miner_ids = _miners(items)
        if not goes_on:
            items.update(state=ItemState.KEPT)
        others = Detention.objects.filter(shipment=shipment, outcome=DetentionOutcome.PENDING)
        if shipment.status == ShipmentStatus.CUSTOMS and not others.exists():
            take(shipment, SHIPMENT_STEPS["release_from_customs"])
        if goes_on and miner_ids:
            set_status(miner_ids, MinerStatus.IN_TRANSIT, by=by, reason=str(detention)[:120])
        record("detention.ended", detention, by=by, detail={"outcome": outcome, "on": on})
    detention.refresh_from_db()


def check_days(presented_on: date, detained_on: date | None, notice_on: date | None) -> None:
    """Refuse days that cannot be: a decision or a notice before the goods were presented."""
    for day, where in ((detained_on, "detained_on"), (notice_on, "notice_on")):
        if day is not None and day < presented_on:
            raise Refusal(
                gettext("{day} is before the goods were presented on {presented}.").format(
                    day=day, presented=presented_on
                ),
                where=where,
            )


def _check_kind(port: str, notice: str) -> None:
    if not port.strip() or notice not in NoticeKind.values:
        raise Refusal(
            gettext("A detention needs a port and a kind of notice out of: {kinds}.").format(
                kinds=", ".join(NoticeKind.values)
            )
        )


def _days(presented_on: date, detained_on: date | None, notice: str) -> dict[str, date | None]:
    """The days as fields; of a seizure or another notice none are counted."""
    is_counted = notice == NoticeKind.DETENTION
    return asdict(detention_clock(presented_on, detained_on) if is_counted else DetentionClock())


def _items(shipment: Shipment, serials: set[str]) -> list[ShipmentItem]:
    pending = ShipmentItem.objects.filter(shipment=shipment, state=ItemState.PENDING)
    free = list(pending.exclude(detention__outcome=DetentionOutcome.PENDING).select_related("miner", "part"))
    subjects = {item: item.miner or item.part for item in free}
    chosen = [
        item for item, subject in subjects.items() if not serials or (subject and subject.serial in serials)
    ]
    if strange := serials - {subject.serial for item in chosen if (subject := subjects[item])}:
        raise Refusal(
            gettext("{serials}: not pending in {shipment}, or detained already.").format(
                serials=", ".join(sorted(strange)[:5]), shipment=shipment
            ),
            where="serials",
        )
    if not chosen:
        raise Refusal(gettext("Nothing of {shipment} is free to be detained.").format(shipment=shipment))
    return chosen


def _miners(items: Iterable[ShipmentItem]) -> list[int]:
    return [item.miner_id for item in items if item.miner_id is not None]
