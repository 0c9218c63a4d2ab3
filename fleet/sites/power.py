"""Nameplate, energized, installed and drawn, from the site down to its feeds and buildings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from fleet.sites.models import Building, DrawnBasis, PowerFeed, Site
from kit.errors import Refusal
from kit.units import format_power


@dataclass(frozen=True)
class PlacePower:
    """The power of a site, a feed or a building; None is unknown.

    Shape: headroom is energized less installed; a negative one is over-commitment.
    Units: watts.
    """

    place_id: int
    name: str
    nameplate_w: int | None = None
    energized_w: int | None = None
    installed_w: int = 0
    drawn_w: int | None = None
    drawn_basis: str = DrawnBasis.UNKNOWN
    machines: int = 0
    fed_by: str = ""
    feed_id: int | None = None

    @property
    def headroom_w(self) -> int | None:
        return None if self.energized_w is None else self.energized_w - self.installed_w


@dataclass(frozen=True)
class SitePlaces:
    """A site with its feeds, its buildings, and the machines that stand in no rack."""

    site: PlacePower
    feeds: tuple[PlacePower, ...]
    buildings: tuple[PlacePower, ...]
    unracked: PlacePower


# The table of the miners' room stands above this one; it is read by name, its code is not imported.
BY_BUILDING = """
select coalesce(rack.building_id, 0), count(*), sum(miner.power_w)::bigint,
    coalesce(sum(miner.power_w) filter (where miner.status in ('energized', 'mining', 'low')), 0)::bigint
from fleet_miner miner left join fleet_rack rack on rack.id = miner.rack_id
where miner.site_id = %s group by 1
"""
INSTALLED_AT_SITE = "select coalesce(sum(power_w), 0)::bigint from fleet_holding where site_id = %s"
INSTALLED_ON_FEEDS = """
select building.feed_id, sum(miner.power_w)::bigint
from fleet_miner miner join fleet_rack rack on rack.id = miner.rack_id
join fleet_building building on building.id = rack.building_id
where miner.site_id = %s and building.feed_id = any(%s) group by 1
"""


def energized_on_feed(feed: PowerFeed, day: date) -> int | None:
    """What a feed may carry on a day: its plate from the day it was energized, nothing before."""
    if feed.energized_on is None:
        return None
    return feed.nameplate_w if feed.energized_on <= day else 0


def power_of_places(site: Site) -> SitePlaces:
    """The power of a site and its parts as they stand, in three queries.

    Shape: what a part draws is known only by the plates of the machines running there; a site may be metered.
    """
    today = timezone.now().date()
    by_building = {row[0]: row[1:] for row in _fetch(BY_BUILDING, [site.pk])}
    feeds = list(PowerFeed.objects.filter(site=site).order_by("name"))
    halls = list(Building.objects.filter(site=site).order_by("name"))
    named = {feed.pk: feed.name for feed in feeds}
    buildings = [
        _counted(
            PlacePower(
                hall.pk,
                hall.name,
                feed_id=hall.feed_id,
                fed_by=named.get(hall.feed_id, "") if hall.feed_id else "",
            ),
            by_building.get(hall.pk),
        )
        for hall in halls
    ]
    on_feeds = tuple(
        _summed(
            PlacePower(feed.pk, feed.name, feed.nameplate_w, energized_on_feed(feed, today)),
            [place for place in buildings if place.feed_id == feed.pk],
        )
        for feed in feeds
    )
    alone = {feed.place_id: feed for feed in on_feeds if _serves_one(feed.place_id, buildings)}
    return SitePlaces(
        site=PlacePower(
            site.pk,
            site.name,
            site.nameplate_w,
            site.energized_w,
            sum(row[1] for row in by_building.values()),
            site.drawn_w,
            site.drawn_basis,
            sum(row[0] for row in by_building.values()),
        ),
        feeds=on_feeds,
        buildings=tuple(_as_its_feed(place, alone) for place in buildings),
        unracked=_counted(PlacePower(0, gettext("in no rack")), by_building.get(0)),
    )


def _counted(place: PlacePower, row: tuple[int, int, int] | None) -> PlacePower:
    if row is None:
        return replace(place, drawn_w=0, drawn_basis=DrawnBasis.NAMEPLATE)
    machines, installed_w, running_w = row
    return replace(
        place, machines=machines, installed_w=installed_w, drawn_w=running_w, drawn_basis=DrawnBasis.NAMEPLATE
    )


def _summed(feed: PlacePower, places: list[PlacePower]) -> PlacePower:
    return replace(
        feed,
        installed_w=sum(place.installed_w for place in places),
        drawn_w=sum(place.drawn_w or 0 for place in places),
        drawn_basis=DrawnBasis.NAMEPLATE,
        machines=sum(place.machines for place in places),
    )


def _serves_one(feed_id: int, buildings: list[PlacePower]) -> bool:
    return sum(place.feed_id == feed_id for place in buildings) == 1


def _as_its_feed(place: PlacePower, alone: Mapping[int, PlacePower]) -> PlacePower:
    """A building alone on its feed has that feed's plate; one that shares a feed has none of its own."""
    feed = alone.get(place.feed_id or 0)
    if feed is None:
        return place
    return replace(place, nameplate_w=feed.nameplate_w, energized_w=feed.energized_w)


def overcommitment(site: Site, added_w: int, feeds: Mapping[int, int]) -> list[str]:
    """A sentence for the site and each feed that would hold more than is energized there.

    Shape: `feeds` gives the watts added by the feed's key. What is not known to be energized is not judged.
    """
    sentences = []
    if added_w > 0 and site.energized_w is not None:
        (standing,) = _fetch(INSTALLED_AT_SITE, [site.pk])[0]
        sentences += _over(site.name, site.energized_w, standing, added_w)
    growing = [key for key, watts in feeds.items() if watts > 0]
    if growing:
        standing_on = dict(_fetch(INSTALLED_ON_FEEDS, [site.pk, growing]))
        today = timezone.now().date()
        for feed in PowerFeed.objects.filter(pk__in=growing).select_related("site").order_by("name"):
            energized = energized_on_feed(feed, today)
            if energized is not None:
                sentences += _over(str(feed), energized, standing_on.get(feed.pk, 0), feeds[feed.pk])
    return sentences


def _over(name: str, energized_w: int, standing_w: int, added_w: int) -> list[str]:
    over = standing_w + added_w - energized_w
    if over <= 0:
        return []
    return [
        gettext(
            "{place} has {energized} energized and {standing} installed; "
            "another {added} would be {over} too much."
        ).format(
            place=name,
            energized=format_power(energized_w),
            standing=format_power(standing_w),
            added=format_power(added_w),
            over=format_power(over),
        )
    ]


def refuse_overcommitment(over: list[str], *, is_accepted: bool, reason: str) -> None:
    """Refuse what would hold more than is energized, unless that is accepted with a reason.

    Raises: Refusal
    """
    if over and not is_accepted:
        raise Refusal(
            " ".join(over)
            + " "
            + gettext("Move less, or accept the over-commitment with a reason. Nothing was moved.")
        )
    if over and not reason.strip():
        raise Refusal(
            gettext("Installing more than is energized needs a reason; it is kept with the move.")
            + " "
            + over[0]
        )


def _fetch(query: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return list(cursor.fetchall())
