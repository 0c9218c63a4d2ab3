"""Nameplate, energized, installed and drawn, from the site down to its feeds and buildings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from fleet.sites.drawn import COLUMNS, FRESH, TOLD, Drawn, drawn_words
from fleet.sites.models import Building, DrawnBasis, PowerFeed, Site


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
    drawn_at: datetime | None = None

    @property
    def headroom_w(self) -> int | None:
        return None if self.energized_w is None else self.energized_w - self.installed_w

    @property
    def drawn_words(self) -> str:
        """How the drawn figure is known, and as of when."""
        return drawn_words(self.drawn_basis, self.drawn_at)


@dataclass(frozen=True)
class SitePlaces:
    """A site with its feeds, its buildings, and the machines that stand in no rack."""

    site: PlacePower
    feeds: tuple[PlacePower, ...]
    buildings: tuple[PlacePower, ...]
    unracked: PlacePower


# The table of the miners' room stands above this one; it is read by name, its code is not imported.
BY_BUILDING = f"""
select coalesce(rack.building_id, 0), count(*), sum(miner.power_w)::bigint, {COLUMNS}
from fleet_miner miner left join fleet_rack rack on rack.id = miner.rack_id {TOLD}
where miner.site_id = %(site)s group by 1
"""


def energized_on_feed(feed: PowerFeed, day: date) -> int | None:
    """What a feed may carry on a day: its plate from the day it was energized, nothing before."""
    if feed.energized_on is None:
        return None
    return feed.nameplate_w if feed.energized_on <= day else 0


def power_of_places(site: Site) -> SitePlaces:
    """The power of a site and its parts as they stand, in three queries.

    Shape: what a part draws is what its machines told lately, or the plates of those that run and never told
        anything; a site may be metered.
    """
    now = timezone.now()
    by_building = {
        building: (machines, watts, Drawn(*figures))
        for building, machines, watts, *figures in _fetch(
            BY_BUILDING, {"site": site.pk, "fresh": now - FRESH}
        )
    }
    drawn = {building: row[2] for building, row in by_building.items()}
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
            PlacePower(feed.pk, feed.name, feed.nameplate_w, energized_on_feed(feed, now.date())),
            [place for place in buildings if place.feed_id == feed.pk],
            drawn,
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
            drawn_at=site.drawn_at,
        ),
        feeds=on_feeds,
        buildings=tuple(_as_its_feed(place, alone) for place in buildings),
        unracked=_counted(PlacePower(0, gettext("in no rack")), by_building.get(0)),
    )


def _counted(place: PlacePower, row: tuple[int, int, Drawn] | None) -> PlacePower:
    machines, installed_w, drawn = row or (0, 0, Drawn())
    return _drawing(replace(place, machines=machines, installed_w=installed_w), drawn)


def _summed(feed: PlacePower, places: list[PlacePower], drawn: Mapping[int, Drawn]) -> PlacePower:
    whole = replace(
        feed,
        installed_w=sum(place.installed_w for place in places),
        machines=sum(place.machines for place in places),
    )
    return _drawing(whole, sum((drawn.get(place.place_id, Drawn()) for place in places), Drawn()))


def _drawing(place: PlacePower, drawn: Drawn) -> PlacePower:
    if not drawn.machines:  # where none runs, none draws
        return replace(place, drawn_w=0, drawn_basis=DrawnBasis.NAMEPLATE)
    return replace(place, drawn_w=drawn.drawn_w, drawn_basis=drawn.basis, drawn_at=drawn.at)


def _serves_one(feed_id: int, buildings: list[PlacePower]) -> bool:
    return sum(place.feed_id == feed_id for place in buildings) == 1


def _as_its_feed(place: PlacePower, alone: Mapping[int, PlacePower]) -> PlacePower:
    """A building alone on its feed has that feed's plate; one that shares a feed has none of its own."""
    feed = alone.get(place.feed_id or 0)
    if feed is None:
        return place
    return replace(place, nameplate_w=feed.nameplate_w, energized_w=feed.energized_w)


def _fetch(query: str, arguments: list[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return list(cursor.fetchall())
