"""Moves, and the holds that stop them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner, MinerStatus, MoveHold
from fleet.miners.reads import open_holds
from fleet.miners.rows import (
    NAMED,
    Changed,
    Told,
    detail,
    in_turn,
    lock,
    locked,
    may,
    refuse_any,
    refuse_ended,
    refuse_ended_of,
    these,
    update,
)
from fleet.miners.stays import restart_stays
from fleet.miners.steps import AWAY
from fleet.sites.commitment import (
    accepted,
    lock_sites,
    net_watts,
    on_feeds,
    overcommitment,
    refuse_overcommitment,
)
from fleet.sites.models import Site, Slot
from kit.accounts.models import User
from kit.errors import Refusal
from kit.trail.verbs import record

# Slots may be swapped: one slot, one miner is checked when the statement has ended.
PLACE = """
update fleet_miner miner set site_id = wanted.site_id, rack_id = slot.rack_id, slot_id = slot.id
from unnest(%(ids)s::bigint[], %(sites)s::bigint[], %(slots)s::bigint[])
    as wanted (miner_id, site_id, slot_id)
left join fleet_slot slot on slot.id = wanted.slot_id
where miner.id = wanted.miner_id
"""


def move_miners(
    miner_ids: Collection[int],
    site: Site,
    *,
    by: User | None,
    at: datetime | None = None,
    slots: Mapping[int, int] | None = None,
    reason: str = "",
    accept_overcommitment: bool = False,
    told: Told | None = None,
) -> int:
    """Move miners to a site, each into its slot where one is given; returns how many changed place.

    Shape: `slots` gives the slot's key by the miner's key. One that stands there and gets none stays. Without
        slots there may be any number; `told` hears of each stretch that was written.

    Raises: Refusal as `relocate` does.
    """
    if slots:
        return relocate(
            dict.fromkeys(miner_ids, site),
            slots=slots,
            by=by,
            at=at,
            reason=reason,
            accept_overcommitment=accept_overcommitment,
        )
    may(by, "miners.move")
    changed = Changed()
    with transaction.atomic():
        lock_sites([site.pk])
        keys = lock(miner_ids)
        over = check_move(these(keys), site, accept_overcommitment=accept_overcommitment, reason=reason)
        at = at or timezone.now()
        for rows in in_turn(keys, ~Q(site=site), told):
            update(rows, site_id=site.pk, rack_id=None, slot_id=None)
            restart_stays([row.pk for row in rows], at, reason or gettext("moved"))
            changed.add(rows)
        if changed.count:
            kept = changed.detail() | {"reason": reason} | accepted(over, reason)
            record("miners.moved", site, by=by, detail=kept)
    return changed.count


def check_move(
    miners: QuerySet[Miner], site: Site, *, accept_overcommitment: bool = False, reason: str = ""
) -> list[str]:
    """The over-commitment that moving miners to a site means, if it is accepted.

    Raises: Refusal as `relocate` does.
    """
    coming = miners.exclude(site=site)
    refuse_ended_of(coming)
    refuse_any(
        coming.filter(status__in=AWAY),
        _elsewhere(),
    )
    return _check_arrival(coming, site, accept_overcommitment, reason)


def check_receipt(
    miners: QuerySet[Miner], site: Site, *, accept_overcommitment: bool = False, reason: str = ""
) -> list[str]:
    """The over-commitment that receiving miners at a site means, if it is accepted.

    Raises: Refusal as `receive_miners` does.
    """
    coming = miners.exclude(site=site, status=MinerStatus.RECEIVED)
    refuse_any(
        coming.exclude(status__in=AWAY),
        gettext("{serials}: {status}, not under way. Nothing was changed."),
    )
    return _check_arrival(coming, site, accept_overcommitment, reason)


def _elsewhere() -> str:
    return gettext("{serials}: {status}. Receive at the site instead. Nothing was moved.")


def _check_arrival(coming: QuerySet[Miner], site: Site, is_accepted: bool, reason: str) -> list[str]:
    found = coming.aggregate(machines=Count("pk"), added=Sum("power_w", filter=~Q(site=site)))
    if not found["machines"]:
        return []
    refuse_holds(holds_over(coming) | open_holds([], [site.pk]))
    over = overcommitment({site.pk: found["added"] or 0}, {})
    refuse_overcommitment(over, is_accepted=is_accepted, reason=reason)
    return over


def relocate(
    sites: Mapping[int, Site],
    *,
    slots: Mapping[int, int],
    by: User | None,
    at: datetime | None = None,
    reason: str = "",
    accept_overcommitment: bool = False,
) -> int:
    """Move miners, each to its own site and slot, in one statement; returns how many changed place.

    Shape: sites and slots by the miner's key. What one of them leaves is free for another.

    Raises: Refusal if a hold is open on a miner or either site, a slot is taken, a miner has ended, or a site
        or a feed would hold more than it can carry and that is not accepted with a reason.
    """
    may(by, "miners.move")
    with transaction.atomic():
        lock_sites({site.pk for site in sites.values()})
        rows = [row for row in locked(sites) if _is_moved(row, sites[row.pk], slots)]
        places = check_slots(slots, sites, leaving={row.pk for row in rows} | set(slots))
        refuse_ended(rows)
        refuse_any([row for row in rows if row.status in AWAY], _elsewhere())
        refuse_held(rows, sites={sites[row.pk].pk for row in rows})
        if rows:
            over = _overcommitment(rows, sites, places)
            refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
            ids = [row.pk for row in rows]
            given: dict[str, Any] = {
                "ids": ids,
                "sites": [sites[key].pk for key in ids],
                "slots": [places[key].pk if key in places else None for key in ids],
            }
            with connection.cursor() as cursor:
                cursor.execute(PLACE, given)
            restart_stays(ids, at or timezone.now(), reason or gettext("moved"))
            for site in sorted({sites[row.pk] for row in rows}, key=lambda site: site.pk):
                here = [row for row in rows if sites[row.pk] == site]
                record(
                    "miners.moved",
                    site,
                    by=by,
                    detail=detail(here) | {"reason": reason} | accepted(over, reason),
                )
    return len(rows)


def receive_miners(
    miner_ids: Collection[int],
    site: Site,
    *,
    by: User | None,
    at: datetime | None = None,
    reason: str = "",
    accept_overcommitment: bool = False,
    told: Told | None = None,
) -> int:
    """Take in at a site miners that were under way, and begin their stays there; returns how many arrived.

    Raises: Refusal if one is not under way, a hold is open on one of them or on the site, or the site would
        hold more than it can carry and that is not accepted with a reason.
    """
    may(by, "miners.move")
    received, changed = MinerStatus.RECEIVED, Changed()
    with transaction.atomic():
        lock_sites([site.pk])
        keys = lock(miner_ids)
        over = check_receipt(these(keys), site, accept_overcommitment=accept_overcommitment, reason=reason)
        at = at or timezone.now()
        for rows in in_turn(keys, ~Q(site=site, status=received), told):
            update(rows, status=received, site_id=site.pk, rack_id=None, slot_id=None)
            restart_stays([row.pk for row in rows], at, reason or gettext("received"))
            changed.add(rows)
        if changed.count:
            kept = changed.detail() | {"reason": reason} | accepted(over, reason)
            record("miners.received", site, by=by, detail=kept)
    return changed.count


def _is_moved(row: Miner, site: Site, slots: Mapping[int, int]) -> bool:
    return row.site_id != site.pk or (row.pk in slots and row.slot_id != slots[row.pk])


def _overcommitment(
    rows: Collection[Miner], sites: Mapping[int, Site], places: Mapping[int, Slot]
) -> list[str]:
    to_rack = {row.pk: places[row.pk].rack_id if row.pk in places else None for row in rows}
    return overcommitment(
        net_watts((row.site_id, sites[row.pk].pk, row.power_w) for row in rows),
        on_feeds(net_watts((row.rack_id, to_rack[row.pk], row.power_w) for row in rows)),
    )


def check_slots(
    places: Mapping[int, int], sites: Mapping[int, Site], *, leaving: Collection[int] = ()
) -> dict[int, Slot]:
    """The slots asked for by miner; refused if one is elsewhere, asked for twice, or taken by one that stays.

    Raises: Refusal
    """
    if not places:
        return {}
    slots = Slot.objects.select_related("rack").in_bulk(places.values())
    if len(slots) != len(places):
        raise Refusal(gettext("A slot is not known or was asked for twice. Nothing was changed."))
    for miner_id, slot_id in places.items():
        slot, site = slots[slot_id], sites.get(miner_id)
        if site is None or slot.site_id != site.pk:
            raise Refusal(
                gettext("{slot} is not at {site}. Nothing was changed.").format(slot=slot, site=site or "–")
            )
    sitting = (
        Miner.objects.filter(slot_id__in=slots).exclude(pk__in=leaving).select_related("slot__rack").first()
    )
    if sitting is not None:
        raise Refusal(
            gettext("{slot} is taken by {serial}. Choose a free slot. Nothing was changed.").format(
                slot=sitting.slot, serial=sitting.serial
            )
        )
    return {miner_id: slots[slot_id] for miner_id, slot_id in places.items()}


def refuse_held(rows: Collection[Miner], *, sites: Collection[int]) -> None:
    """Refuse if a hold is open on one of the miners, the site it stands at, or one of the sites.

    Raises: Refusal with the hold's reason and authority.
    """
    if not rows:
        return
    standing = {row.site_id for row in rows if row.site_id is not None}
    refuse_holds(open_holds([row.pk for row in rows], standing | set(sites)))


def holds_over(miners: QuerySet[Miner]) -> QuerySet[MoveHold]:
    """The open holds on a set of miners, and on the sites they stand at."""
    return open_holds(miners.order_by().values("pk"), miners.order_by().values("site_id"))


def refuse_holds(holds: QuerySet[MoveHold]) -> None:
    """Refuse if there are holds, naming the first of them, each with its reason and authority.

    Raises: Refusal
    """
    found = list(holds[: NAMED + 1])
    if not found:
        return
    said = [
        gettext("{subject} is on hold since {day}: {reason}{authority}.").format(
            subject=hold.site or hold.miner,
            day=f"{hold.placed_at:%Y-%m-%d}",
            reason=hold.reason.rstrip("."),
            authority=f" ({hold.authority})" if hold.authority else "",
        )
        for hold in found[:NAMED]
    ]
    if len(found) > NAMED:
        said.append(gettext("There are {count} more.").format(count=f"{holds.count() - NAMED:,}"))
    raise Refusal(" ".join([*said, gettext("Nothing was moved.")]))


def place_hold(
    subject: Site | Miner, *, reason: str, by: User | None, authority: str = "", at: datetime | None = None
) -> MoveHold:
    """Stop every move of a miner, or of a site's miners; the same hold again returns the one that is open.

    Raises: Refusal without a reason.
    """
    may(by, "holds.place")
    if not reason.strip():
        raise Refusal(gettext("A hold needs a reason; it is shown to whoever wants to move the machine."))
    on = {"site": subject} if isinstance(subject, Site) else {"miner": subject}
    with transaction.atomic():
        # The subject's row is the lock: two who place the same hold at once get the same one.
        type(subject)._default_manager.select_for_update().get(pk=subject.pk)
        same = MoveHold.objects.filter(
            **on, reason=reason, authority=authority, released_at__isnull=True
        ).first()
        if same is not None:
            return same
        hold = MoveHold.objects.create(
            **on, reason=reason, authority=authority, placed_at=at or timezone.now(), placed_by=by
        )
        record("hold.placed", hold, by=by, detail={"reason": reason, "authority": authority})
    return hold


def release_hold(hold: MoveHold, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
    """Let machines move again; a hold somebody else placed is released by who may edit compliance.

    Raises: Refusal if it was released already.
    """
    if by is not None and by.pk != hold.placed_by_id:
        may(by, "compliance.edit")
    with transaction.atomic():
        released = MoveHold.objects.filter(pk=hold.pk, released_at__isnull=True).update(
            released_at=at or timezone.now(), released_by=by
        )
        if not released:
            raise Refusal(gettext("This hold was released already."))
        record("hold.released", hold, by=by, detail={"reason": reason})
    hold.refresh_from_db()
