"""Moves, and the holds that stop them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner, MinerStatus, MoveHold
from fleet.miners.reads import open_holds
from fleet.miners.rows import NAMED, Told, detail, in_turn, locked, may, names, refuse_ended, update
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
) -> int:
    """Move miners to a site, each into its slot where one is given; returns how many changed place.

    Shape: `slots` gives the slot's key by the miner's key. One that stands there and gets none stays.

    Raises: Refusal as `relocate` does.
    """
    return relocate(
        dict.fromkeys(miner_ids, site),
        slots=slots or {},
        by=by,
        at=at,
        reason=reason,
        accept_overcommitment=accept_overcommitment,
    )


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
        if away := [row for row in rows if row.status in AWAY]:
            raise Refusal(
                gettext("{serials}: {status}. Receive at the site instead. Nothing was moved.").format(
                    serials=names(away), status=away[0].get_status_display()
                )
            )
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
    received = MinerStatus.RECEIVED
    with transaction.atomic():
        lock_sites([site.pk])
        rows = [row for row in locked(miner_ids) if (row.site_id, row.status) != (site.pk, received.value)]
        if wrong := [row for row in rows if row.status not in AWAY]:
            raise Refusal(
                gettext("{serials}: {status}, not under way. Nothing was changed.").format(
                    serials=names(wrong), status=wrong[0].get_status_display()
                )
            )
        refuse_held(rows, sites=[site.pk])
        if rows:
            over = _overcommitment(rows, dict.fromkeys((row.pk for row in rows), site), {})
            refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
            at = at or timezone.now()
            for stretch in in_turn(rows, told):
                update(stretch, status=received, site_id=site.pk, rack_id=None, slot_id=None)
                restart_stays([row.pk for row in stretch], at, reason or gettext("received"))
            kept = detail(rows) | {"reason": reason} | accepted(over, reason)
            record("miners.received", site, by=by, detail=kept)
    return len(rows)


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
