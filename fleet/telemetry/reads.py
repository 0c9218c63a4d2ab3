from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner
from fleet.sites.drawn import COLUMNS, FRESH, TOLD, Drawn
from fleet.sites.models import Site
from fleet.telemetry.models import LatestReading, Reading, UptimeDay
from fleet.telemetry.windows import WINDOW, window_of
from kit.errors import Refusal

MOST_DAYS = 400
MOST_HISTORY = 5_000


@dataclass(frozen=True)
class Uptime:
    """Five-minute windows of a period, as `uptime` defines them."""

    from_at: datetime
    to_at: datetime
    windows: int
    observed: int
    reachable: int
    hashing: int
    curtailed: int = 0
    curtailed_reachable: int = 0
    curtailed_hashing: int = 0

    @property
    def reachable_bps(self) -> int | None:
        """Reachable windows in 1/10,000 of all; none where there was no window."""
        return self.reachable * 10_000 // self.windows if self.windows else None

    @property
    def hashing_bps(self) -> int | None:
        """Hashing windows in 1/10,000 of all; none where there was no window."""
        return self.hashing * 10_000 // self.windows if self.windows else None

    @property
    def reachable_uncurtailed_bps(self) -> int | None:
        """Reachable windows outside of curtailments in 1/10,000 of all such windows."""
        return self._uncurtailed_bps(self.reachable - self.curtailed_reachable)

    @property
    def hashing_uncurtailed_bps(self) -> int | None:
        """Hashing windows outside of curtailments in 1/10,000 of all such windows."""
        return self._uncurtailed_bps(self.hashing - self.curtailed_hashing)

    def _uncurtailed_bps(self, count: int) -> int | None:
        rest = self.windows - self.curtailed
        return count * 10_000 // rest if rest > 0 else None


# Windows whose start lies in the part of the period that a stay covers.
WINDOWS = """
select coalesce(sum(greatest(0,
    ceil(extract(epoch from least(coalesce(to_at, %(end)s), %(end)s)) / 300)
    - ceil(extract(epoch from greatest(from_at, %(start)s)) / 300)
)), 0)::bigint
from fleet_stay where {whose} and from_at < %(end)s and (to_at is null or to_at > %(start)s)
"""
# The curtailments of a stay's site and feed are joined first, so that no window is left out twice.
CURTAILED = """
with stay as (
    select stay.miner_id, stay.site_id, building.feed_id,
        tstzrange(greatest(from_at, %(start)s), least(coalesce(to_at, %(end)s), %(end)s)) as lasted
    from fleet_stay stay left join fleet_slot slot on slot.id = stay.slot_id
    left join fleet_rack rack on rack.id = slot.rack_id
    left join fleet_building building on building.id = rack.building_id
    where stay.{whose} and from_at < %(end)s and (to_at is null or to_at > %(start)s)
), curtailed as (
    select place.site_id, place.feed_id, range_agg(tstzrange(told.from_at, told.to_at)) as times
    from (select distinct site_id, feed_id from stay) place
    join fleet_curtailment told on told.site_id = place.site_id
        and (told.feed_id is null or told.feed_id = place.feed_id)
        and told.from_at < %(end)s and (told.to_at is null or told.to_at > %(start)s)
    group by 1, 2
), away as (
    select stay.miner_id, stay.site_id, lower(piece) as from_at, upper(piece) as to_at
    from stay join curtailed on curtailed.site_id = stay.site_id
        and curtailed.feed_id is not distinct from stay.feed_id,
        unnest(curtailed.times * tstzmultirange(stay.lasted)) piece
)
select
    (select coalesce(sum(
        ceil(extract(epoch from to_at) / 300) - ceil(extract(epoch from from_at) / 300)
    ), 0)::bigint from away),
    count(*) filter (where told.is_reachable), count(*) filter (where told.is_hashing)
from away join fleet_uptimewindow told on told.miner_id = away.miner_id and told.site_id = away.site_id
    and told.window_at >= away.from_at and told.window_at < away.to_at
    and told.window_at >= %(start)s and told.window_at < %(end)s
"""
DAYS = """
select coalesce(sum(observed), 0)::bigint, coalesce(sum(reachable), 0)::bigint,
    coalesce(sum(hashing), 0)::bigint
from fleet_uptimeday where {whose} and counted_on >= %(day)s
"""


def latest_of(miner_ids: Collection[int]) -> dict[int, LatestReading]:
    """The newest reading of each of these miners that has one, in one query."""
    return {row.miner_id: row for row in LatestReading.objects.filter(miner_id__in=miner_ids)}


def history(miner: Miner, start: datetime, end: datetime, *, most: int = MOST_HISTORY) -> list[Reading]:
    """The readings of a miner from an instant to before another, oldest first, at most so many."""
    rows = Reading.objects.filter(miner_id=miner.pk, at__gte=start, at__lt=end).order_by("at")
    return list(rows[:most])


def uptime(subject: Miner | Site, days: int, *, now: datetime | None = None) -> Uptime:
    """How much of the last days a miner, or every miner of a site, was reachable and hashed.

    Time is cut into windows of five minutes, UTC. A miner is *reachable* in a window if one reading in it
    says that it answered, and *hashing* if one says that it hashed. Every window in which the miner stood
    at the site (at any site, for one miner) counts, whatever its state; one without any reading counts as
    neither reachable nor hashing and is not among `observed`. The period is today and the days before it,
    UTC, up to the window that ended at least five minutes ago. Windows that began while the site or the
    miner's feed was curtailed are counted among these and once more by themselves, as far back as windows
    are kept, so that both shares can be shown.

    Raises: Refusal for no days or too many.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(gettext("Ask for 1 to {most} days.").format(most=MOST_DAYS), where="days")
    now = now or timezone.now()
    end = window_of(now) - WINDOW
    day = end.date() - timedelta(days=days - 1)
    start = datetime.combine(day, time(), UTC)
    whose = "miner_id = %(subject)s" if isinstance(subject, Miner) else "site_id = %(subject)s"
    counted = whose if isinstance(subject, Site) else f"{whose} and site_id > 0"
    arguments: dict[str, Any] = {"subject": subject.pk, "start": start, "end": end, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(WINDOWS.format(whose=whose), arguments)
        windows = int(cursor.fetchone()[0])
        cursor.execute(DAYS.format(whose=counted), arguments)
        observed, reachable, hashing = cursor.fetchone()
        cursor.execute(CURTAILED.format(whose=whose), arguments)
        curtailed = cursor.fetchone()
    # The last window or two may be rolled up before they count.
    return Uptime(start, end, max(windows, observed), observed, reachable, hashing, *curtailed)


def uptime_by_day(miner: Miner, days: int, *, now: datetime | None = None) -> list[UptimeDay]:
    """The counted days of a miner, oldest first; a day without readings is not there."""
    first = (now or timezone.now()).date() - timedelta(days=days - 1)
    return list(
        UptimeDay.objects.filter(miner=miner, counted_on__gte=first).order_by("counted_on", "site_id")
    )


def site_drawn(site: Site, *, now: datetime | None = None) -> Drawn:
    """What a site draws by its machines' latest readings; nothing is known without a fresh one."""
    now = now or timezone.now()
    query = f"select {COLUMNS} from fleet_miner miner {TOLD} where miner.site_id = %(site)s"
    with connection.cursor() as cursor:
        cursor.execute(query, {"site": site.pk, "fresh": now - FRESH})
        found = Drawn(*cursor.fetchone())
    return found if found.fresh else Drawn(machines=found.machines)
