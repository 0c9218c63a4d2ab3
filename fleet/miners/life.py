"""A miner's life: entered, corrected, taken from state to state, given to another owner, ended."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from fleet.catalog.models import MinerModel
from fleet.miners.models import Miner, MinerStatus, Owner
from fleet.miners.moves import check_slots, holds_over, refuse_holds
from fleet.miners.rows import (
    Changed,
    Told,
    check_figures,
    in_turn,
    lock,
    locked,
    may,
    refuse_any,
    refuse_ended_of,
    these,
    update,
)
from fleet.miners.stays import restart_stays
from fleet.miners.steps import AT_A_SITE, AWAY, ENDED, SLOTLESS, sources_of
from fleet.sites.commitment import accepted, lock_sites, on_feeds, overcommitment, refuse_overcommitment
from fleet.sites.models import Site, Slot
from kit.accounts.models import User
from kit.errors import Refusal
from kit.trail.verbs import record

IN_A_STAY = frozenset({"model", "power_w", "ghs"})
CORRECTABLE = IN_A_STAY | {"board_family", "mac", "firmware", "is_exportable"}


def register_miner(
    serial: str,
    model: MinerModel,
    *,
    by: User | None,
    at: datetime | None = None,
    site: Site | None = None,
    slot: Slot | None = None,
    owner: Owner | None = None,
    status: str = MinerStatus.RECEIVED,
    power_w: int | None = None,
    ghs: int | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
    **further: Any,
) -> Miner:
    """Enter a miner under its serial; power and hashrate are the catalogue's unless given.

    Shape: `further` are other fields of the miner: board_family, mac, firmware, is_exportable, is_synthetic.

    Raises: Refusal if the serial is known, the slot is taken or elsewhere, state or figures cannot be, or
        the site or its feed would hold more than it can carry and that is not accepted with a reason.
    """
    may(by, "fleet.edit")
    at = at or timezone.now()
    serial = serial.strip().upper()
    if not serial:
        raise Refusal(gettext("A miner needs a serial."))
    if problem := misplaced(status, has_site=site is not None, has_slot=slot is not None):
        raise Refusal(problem[1])
    fields = {
        "power_w": model.power_w if power_w is None else power_w,
        "ghs": model.ghs if ghs is None else ghs,
    }
    check_figures(fields)
    with transaction.atomic():
        if Miner.objects.filter(serial=serial).exists():
            raise Refusal(gettext("{serial} is known already. Nothing was entered.").format(serial=serial))
        if site is not None:
            lock_sites([site.pk])
        if slot is not None:
            check_slots({0: slot.pk}, {0: site} if site else {})
        over = overcommitment(
            {site.pk if site else None: fields["power_w"]},
            on_feeds({slot.rack_id if slot else None: fields["power_w"]}),
        )
        refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
        miner = Miner.objects.create(
            serial=serial,
            model=model,
            owner=owner,
            site=site,
            rack=slot.rack if slot else None,
            slot=slot,
            status=status,
            **({"board_family": model.board_family} | further | fields),
        )
        restart_stays([miner.pk], at, gettext("entered"))
        record("miner.registered", miner, by=by, detail=accepted(over, reason))
    return miner


def misplaced(status: str, *, has_site: bool, has_slot: bool) -> tuple[str, str] | None:
    """The field and what is wrong with a new miner's state where it is said to stand, if anything is."""
    label = MinerStatus(status).label
    if status in ENDED:
        return "status", gettext("A miner is not entered as {status}.").format(status=label)
    if status in AT_A_SITE and not has_site:
        return "site", gettext("A miner that is {status} needs a site.").format(status=label)
    if status in AWAY and (has_site or has_slot):
        return "site", gettext(
            "A miner that is {status} is at no site. Leave the site empty, or enter it as received."
        ).format(status=label)
    if status in SLOTLESS and has_slot:
        return "slot", gettext("A miner that is {status} stands in no slot.").format(status=label)
    return None


def correct_miner(miner: Miner, *, by: User | None, at: datetime | None = None, **changes: Any) -> Miner:
    """Correct what is known of a miner; another model, power or hashrate begins a new stay at `at`.

    Raises: Refusal for a field that has a verb of its own, or figures that cannot be.
    """
    may(by, "fleet.edit")
    if strange := sorted(set(changes) - CORRECTABLE):
        raise Refusal(
            gettext(
                "“{field}” is not corrected here: move, change state or transfer the miner instead."
            ).format(field=strange[0])
        )
    check_figures(changes)
    with transaction.atomic():
        row = locked([miner.pk])[0]
        changes = {field: value for field, value in changes.items() if getattr(row, field) != value}
        if changes:
            Miner.objects.filter(pk=row.pk).update(**changes)
            if IN_A_STAY & set(changes):
                restart_stays([row.pk], at or timezone.now(), gettext("corrected"))
            record("miner.corrected", row, by=by, detail=changes)
    return Miner.objects.select_related("model", "owner", "site").get(pk=miner.pk)


def set_status(
    miner_ids: Collection[int],
    status: str,
    *,
    by: User | None,
    at: datetime | None = None,
    reason: str = "",
    told: Told | None = None,
) -> int:
    """Take miners to a state along the table of steps; those already there stay. Returns how many changed.

    A miner that goes on its way leaves site and slot and ends its stay; one that is stored leaves its slot.
    `told` hears of each stretch that was written.

    Raises: Refusal if one of them may not go there, or a hold is open on one that would leave its site.
    """
    may(by, "miners.move")
    changed = Changed()
    with transaction.atomic():
        keys = lock(miner_ids)
        check_status(these(keys), status)
        at = at or timezone.now()
        for rows in in_turn(keys, ~Q(status=status), told):
            _settle(rows, status, at, reason)
            changed.add(rows)
        if changed.count:
            kept = changed.detail() | {"to": status, "at": at, "reason": reason}
            record("miners.state_set", changed.only, by=by, detail=kept)
    return changed.count


def check_status(miners: QuerySet[Miner], status: str) -> None:
    """Refuse a state that one of the miners may not go to.

    Raises: Refusal as `set_status` does.
    """
    if status not in MinerStatus.values:
        raise Refusal(gettext("“{status}” is not a state of a miner.").format(status=status))
    if status in ENDED:
        raise Refusal(gettext("To sell or scrap a miner, end its stay."))
    changing = miners.exclude(status=status)
    refuse_any(
        changing.exclude(status__in=sources_of(status)),
        gettext("{serials}: cannot go from “{status}” to “{wanted}”. Nothing was changed."),
        wanted=MinerStatus(status).label,
    )
    if status in AT_A_SITE:
        refuse_any(changing.filter(site__isnull=True), gettext("{serials}: move to a site first."))
    if status in AWAY:
        refuse_holds(holds_over(changing))


def _settle(rows: Collection[Miner], status: str, at: datetime, reason: str) -> None:
    """Write the state and what it says of the place; a stay that no longer tells the place is ended."""
    if status not in SLOTLESS:
        update(rows, status=status)
        return
    left = [row.pk for row in rows if row.slot_id or (status in AWAY and row.site_id)]
    no_site = {"site_id": None} if status in AWAY else {}
    update(rows, status=status, rack_id=None, slot_id=None, **no_site)
    if left:
        restart_stays(left, at, reason or str(MinerStatus(status).label))


def transfer_ownership(
    miner_ids: Collection[int],
    owner: Owner | None,
    *,
    by: User | None,
    at: datetime | None = None,
    reason: str = "",
    told: Told | None = None,
) -> int:
    """Give miners to another owner, ending their stays and opening others; returns how many changed hands.

    Raises: Refusal if one of them was sold or scrapped.
    """
    may(by, "fleet.edit")
    changed = Changed()
    with transaction.atomic():
        keys = lock(miner_ids)
        check_transfer(these(keys), owner)
        at = at or timezone.now()
        for rows in in_turn(keys, ~Q(owner=owner), told):
            update(rows, owner_id=owner.pk if owner else None)
            restart_stays([row.pk for row in rows], at, reason or gettext("change of owner"))
            changed.add(rows)
        if changed.count:
            record("miners.transferred", owner, by=by, detail=changed.detail() | {"reason": reason})
    return changed.count


def check_transfer(miners: QuerySet[Miner], owner: Owner | None) -> None:
    """Refuse to give miners away that have ended.

    Raises: Refusal as `transfer_ownership` does.
    """
    refuse_ended_of(miners.exclude(owner=owner))


def end_stays(
    miner_ids: Collection[int],
    status: str,
    *,
    by: User | None,
    at: datetime | None = None,
    reason: str = "",
    told: Told | None = None,
) -> int:
    """Mark miners sold or scrapped, free their slots and end their stays; how many ended is returned.

    A sale moves nothing, so an open hold lets it pass; scrapping is stopped by one.

    Raises: Refusal for another state, or a hold on what is to be scrapped.
    """
    may(by, "miners.move")
    changed = Changed()
    with transaction.atomic():
        keys = lock(miner_ids)
        check_end(these(keys), status)
        at = at or timezone.now()
        for rows in in_turn(keys, ~Q(status=status), told):
            update(rows, status=status, site_id=None, rack_id=None, slot_id=None)
            restart_stays([row.pk for row in rows], at, reason)
            changed.add(rows)
        if changed.count:
            record("miners.ended", None, by=by, detail=changed.detail() | {"as": status, "reason": reason})
    return changed.count


def check_end(miners: QuerySet[Miner], status: str) -> None:
    """Refuse to end what has ended otherwise, or to scrap what is on hold.

    Raises: Refusal as `end_stays` does.
    """
    if status not in ENDED:
        raise Refusal(gettext("A stay ends by “sold” or “scrapped”."))
    changing = miners.exclude(status=status)
    refuse_ended_of(changing)
    if status == MinerStatus.SCRAPPED:
        refuse_holds(holds_over(changing))
