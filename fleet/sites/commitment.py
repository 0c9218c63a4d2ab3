"""Whether more is about to be installed than a site or a feed can carry; asked before it is."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from fleet.sites.models import PowerFeed, Rack, Site
from fleet.sites.power import energized_on_feed
from kit.errors import Refusal
from kit.units import format_power

# The table of the miners' room stands above this one; it is read by name, its code is not imported.
INSTALLED_AT_SITES = """
select site_id, sum(power_w)::bigint from fleet_holding where site_id = any(%s) group by site_id
"""
INSTALLED_ON_FEEDS = """
select building.feed_id, sum(miner.power_w)::bigint
from fleet_miner miner join fleet_rack rack on rack.id = miner.rack_id
join fleet_building building on building.id = rack.building_id
where miner.site_id = any(%s) and building.feed_id = any(%s) group by 1
"""


def lock_sites(site_ids: Collection[int]) -> dict[int, Site]:
    """The rows of sites about to be filled, so that two do not both see the same headroom free.

    Shape: taken before any miner's row, in the order of their keys.
    """
    rows = Site.objects.select_for_update(no_key=True).filter(pk__in=site_ids).order_by("pk")
    return {site.pk: site for site in rows}


def on_feeds(by_rack: Mapping[int | None, int]) -> dict[int, int]:
    """Watts by feed of watts by rack; a rack whose building has no feed counts nowhere."""
    racks = [rack for rack, watts in by_rack.items() if rack is not None and watts]
    if not racks:
        return {}
    fed = Rack.objects.filter(pk__in=racks, building__feed__isnull=False)
    added: dict[int, int] = {}
    for rack, feed in fed.values_list("pk", "building__feed_id"):
        added[feed] = added.get(feed, 0) + by_rack[rack]
    return added


def net_watts(changes: Iterable[tuple[int | None, int | None, int]]) -> dict[int | None, int]:
    """What each place gains of machines that leave one and come to another: (from, to, watts)."""
    gained: dict[int | None, int] = {}
    for old, new, watts in changes:
        if old != new:
            gained[old] = gained.get(old, 0) - watts
            gained[new] = gained.get(new, 0) + watts
    return gained


def overcommitment(
    by_site: Mapping[int, int] | Mapping[int | None, int], by_feed: Mapping[int, int]
) -> list[str]:
    """A sentence for each site and feed that would hold more than it can carry, however many there are.

    Shape: the mappings give the watts added by key. What is energized counts, or the plate where that is not
        known; where neither is, nothing is judged. A building carries what its feed does.
    """
    growing = [site for site, watts in by_site.items() if site is not None and watts > 0]
    sentences: list[str] = []
    if growing:
        standing = dict(_fetch(INSTALLED_AT_SITES, [growing]))
        for site in Site.objects.filter(pk__in=growing).order_by("name"):
            limit = site.nameplate_w if site.energized_w is None else site.energized_w
            is_plate = site.energized_w is None
            sentences += _over(site.name, limit, is_plate, standing.get(site.pk, 0), by_site[site.pk])
    return sentences + _over_on_feeds({feed: watts for feed, watts in by_feed.items() if watts > 0})


def _over_on_feeds(growing: Mapping[int, int]) -> list[str]:
    if not growing:
        return []
    feeds = list(
        PowerFeed.objects.filter(pk__in=growing).select_related("site").order_by("site__name", "name")
    )
    standing = dict(_fetch(INSTALLED_ON_FEEDS, [[feed.site_id for feed in feeds], list(growing)]))
    today = timezone.now().date()
    return [
        sentence
        for feed in feeds
        for sentence in _over(str(feed), *carried_by(feed, today), standing.get(feed.pk, 0), growing[feed.pk])
    ]


def carried_by(feed: PowerFeed, day: date) -> tuple[int, bool]:
    """What a feed can carry on a day, and whether only its plate says so."""
    energized = energized_on_feed(feed, day)
    return (feed.nameplate_w, True) if energized is None else (energized, False)


def _over(name: str, limit_w: int | None, is_plate: bool, standing_w: int, added_w: int) -> list[str]:
    over = 0 if limit_w is None else standing_w + added_w - limit_w
    if over <= 0:
        return []
    sentence = (
        gettext(
            "{place} has a plate of {limit} and {standing} installed; "
            "another {added} would be {over} too much."
        )
        if is_plate
        else gettext(
            "{place} has {limit} energized and {standing} installed; "
            "another {added} would be {over} too much."
        )
    )
    return [
        sentence.format(
            place=name,
            limit=format_power(limit_w),
            standing=format_power(standing_w),
            added=format_power(added_w),
            over=format_power(over),
        )
    ]


def refuse_overcommitment(over: list[str], *, is_accepted: bool, reason: str) -> None:
    """Refuse what would be more than can be carried, unless that is accepted with a reason.

    Raises: Refusal
    """
    if over and not is_accepted:
        raise Refusal(
            " ".join(over)
            + " "
            + gettext("Take less, or accept the over-commitment with a reason. Nothing was changed.")
        )
    if over and not reason.strip():
        raise Refusal(
            gettext("Accepting more than can be carried needs a reason; it is kept in the trail.")
            + " "
            + over[0]
        )


def accepted(over: list[str], reason: str) -> dict[str, Any]:
    """What the trail keeps of an over-commitment that was accepted."""
    return {"overcommitted": over, "reason": reason} if over else {}


def _fetch(query: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return list(cursor.fetchall())
