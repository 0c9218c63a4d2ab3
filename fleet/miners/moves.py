"""Moves, and the holds that stop them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner, MinerStatus, MoveHold
from fleet.miners.reads import open_holds
from fleet.miners.rows import detail, locked, may, names, refuse_ended, update
from fleet.miners.stays import restart_stays
from fleet.miners.steps import AWAY
from fleet.sites.models import Rack, Site, Slot
from fleet.sites.power import overcommitment, refuse_overcommitment
from kit.accounts.models import User
from kit.errors import Refusal
from kit.trail.verbs import record

# Slots may be swapped: one slot, one miner is checked when the statement has ended.
PLACE = """
update fleet_miner miner set site_id = %(site)s, rack_id = slot.rack_id, slot_id = slot.id
from unnest(%(ids)s::bigint[], %(slots)s::bigint[]) as wanted (miner_id, slot_id)
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

    Raises: Refusal if a hold is open on a miner or either site, a slot is taken, a miner has ended, or the
        site or a feed would hold more than is energized there and that is not accepted with a reason.
    """
    may(by, "miners.move")
    slots = slots or {}
    with transaction.atomic():
        places = check_slots(slots, site) if slots else {}
        rows = [row for row in locked(miner_ids) if _is_moved(row, site, slots)]
        refuse_ended(rows)
        if away := [row for row in rows if row.status in AWAY]:
            raise Refusal(
                gettext("{serials}: {status}. Receive at the site instead. Nothing was moved.").format(
                    serials=names(away), status=away[0].get_status_display()
                )
            )
        refuse_held(rows, sites=[site.pk])
        if rows:
            over = _overcommitment(rows, site, places)
            refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
            given = [(row.pk, places[row.pk].pk if row.pk in places else None) for row in rows]
            with connection.cursor() as cursor:
                ids, wanted = [pair[0] for pair in given], [pair[1] for pair in given]
                cursor.execute(PLACE, {"site": site.pk, "ids": ids, "slots": wanted})
            restart_stays(ids, at or timezone.now(), reason or gettext("moved"))
            accepted = {"overcommitted": over} if over else {}
            record("miners.moved", site, by=by, detail=detail(rows) | {"reason": reason} | accepted)
    return len(rows)


def receive_miners(
    miner_ids: Collection[int], site: Site, *, by: User | None, at: datetime | None = None, reason: str = ""
) -> int:
    """Take in at a site miners that were under way, and begin their stays there; returns how many arrived.

    Raises: Refusal if one is not under way, or a hold is open on one of them or on the site.
    """
    may(by, "miners.move")
    received = MinerStatus.RECEIVED
    with transaction.atomic():
        rows = [row for row in locked(miner_ids) if (row.site_id, row.status) != (site.pk, received.value)]
        if wrong := [row for row in rows if row.status not in AWAY]:
            raise Refusal(
                gettext("{serials}: {status}, not under way. Nothing was changed.").format(
                    serials=names(wrong), status=wrong[0].get_status_display()
                )
            )
        refuse_held(rows, sites=[site.pk])
        if rows:
            update(rows, status=received, site_id=site.pk, rack_id=None, slot_id=None)
            restart_stays([row.pk for row in rows], at or timezone.now(), reason or gettext("received"))
            record("miners.received", site, by=by, detail=detail(rows) | {"reason": reason})
    return len(rows)


def _is_moved(row: Miner, site: Site, slots: Mapping[int, int]) -> bool:
    return row.site_id != site.pk or (row.pk in slots and row.slot_id != slots[row.pk])


def _overcommitment(rows: Collection[Miner], site: Site, places: Mapping[int, Slot]) -> list[str]:
    # The site's row is the lock: two moves that fill the same headroom do not both see it free.
    held = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    added_w = sum(row.power_w for row in rows if row.site_id != site.pk)
    by_feed: dict[int, int] = {}
    if places:
        racks = {row.rack_id for row in rows} | {slot.rack_id for slot in places.values()}
        feed_of = dict(
            Rack.objects.filter(pk__in=[rack for rack in racks if rack], site=site).values_list(
                "pk", "building__feed_id"
            )
        )
        for row in rows:
            old, new = feed_of.get(row.rack_id or 0), None
            if row.pk in places:
                new = feed_of.get(places[row.pk].rack_id)
            for feed, watts in ((old, -row.power_w), (new, row.power_w)):
                if feed is not None:
                    by_feed[feed] = by_feed.get(feed, 0) + watts
    return overcommitment(held, added_w, by_feed)


def check_slots(places: Mapping[int, int], site: Site | None) -> dict[int, Slot]:
    """The slots asked for by miner; refused if one is elsewhere, taken or asked for twice."""
    slots = Slot.objects.select_related("rack").in_bulk(places.values())
    if len(slots) != len(places):
        raise Refusal(gettext("A slot is not known or was asked for twice. Nothing was changed."))
    for slot in slots.values():
        if site is None or slot.site_id != site.pk:
            raise Refusal(
                gettext("{slot} is not at {site}. Nothing was changed.").format(slot=slot, site=site or "–")
            )
    sitting = (
        Miner.objects.filter(slot_id__in=slots).exclude(pk__in=places).select_related("slot__rack").first()
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
    hold = open_holds([row.pk for row in rows], standing | set(sites)).first()
    if hold is not None:
        raise Refusal(
            gettext("{subject} is on hold since {day}: {reason}{authority}. Nothing was moved.").format(
                subject=hold.site or hold.miner,
                day=f"{hold.placed_at:%Y-%m-%d}",
                reason=hold.reason.rstrip("."),
                authority=f" ({hold.authority})" if hold.authority else "",
            )
        )


def place_hold(
    subject: Site | Miner, *, reason: str, by: User | None, authority: str = "", at: datetime | None = None
) -> MoveHold:
    """Stop every move of a miner, or of a site's miners; the same hold again returns the one that is open.

    Raises: Refusal without a reason.
    """
    _may_hold(by)
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


def _may_hold(by: User | None) -> None:
    if by is not None and not by.may("compliance.edit"):
        may(by, "fleet.edit")
