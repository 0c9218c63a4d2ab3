from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner
from fleet.sites.models import DrawnBasis, Site
from fleet.telemetry.models import LatestReading, Reading, UptimeDay
from fleet.telemetry.windows import WINDOW, window_of
from kit.errors import Refusal

FRESH = timedelta(minutes=15)  # a reading older than this says nothing about now
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

    @property
    def reachable_bps(self) -> int | None:
        """Reachable windows in 1/10,000 of all; none where there was no window."""
        return self.reachable * 10_000 // self.windows if self.windows else None

    @property
    def hashing_bps(self) -> int | None:
        """Hashing windows in 1/10,000 of all; none where there was no window."""
        return self.hashing * 10_000 // self.windows if self.windows else None


@dataclass(frozen=True)
class SiteDrawn:
    """What the running machines of a site draw now, and how that is known.

    Shape: `reporting` machines told watts; `assumed` hash without telling watts and count with their
    nameplate; `silent` have no fresh reading or do not hash without saying what they draw, and count nothing.
    """

    site_id: int
    drawn_w: int | None
    basis: str
    machines: int
    reporting: int
    assumed: int
    silent: int
    at: datetime | None


# Windows whose start lies in the part of the period that a stay covers.
WINDOWS = """
select coalesce(sum(greatest(0,
    ceil(extract(epoch from least(coalesce(to_at, %(end)s), %(end)s)) / 300)
    - ceil(extract(epoch from greatest(from_at, %(start)s)) / 300)
)), 0)::bigint
from fleet_stay where {whose} and from_at < %(end)s and (to_at is null or to_at > %(start)s)
"""
DAYS = """
select coalesce(sum(observed), 0)::bigint, coalesce(sum(reachable), 0)::bigint,
    coalesce(sum(hashing), 0)::bigint
from fleet_uptimeday where {whose} and counted_on >= %(day)s
"""
DRAWN = """
select count(*), count(told.power_w), coalesce(sum(told.power_w), 0)::bigint,
    count(*) filter (where told.power_w is null and told.is_hashing),
    coalesce(sum(miner.power_w) filter (where told.power_w is null and told.is_hashing), 0)::bigint,
    count(told.miner_id), max(told.at)
from fleet_miner miner
left join fleet_latestreading told on told.miner_id = miner.id and told.at > %(fresh)s
where miner.site_id = %(site)s and miner.status in ('energized', 'mining', 'low', 'offline')
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
    UTC, up to the window that ended at least five minutes ago. Maintenance and curtailment are not taken out.

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
    # The last window or two may be rolled up before they count.
    return Uptime(start, end, max(windows, observed), observed, reachable, hashing)


def uptime_by_day(miner: Miner, days: int, *, now: datetime | None = None) -> list[UptimeDay]:
    """The counted days of a miner, oldest first; a day without readings is not there."""
    first = (now or timezone.now()).date() - timedelta(days=days - 1)
    return list(
        UptimeDay.objects.filter(miner=miner, counted_on__gte=first).order_by("counted_on", "site_id")
    )


def site_drawn(site: Site, *, now: datetime | None = None) -> SiteDrawn:
    """What a site draws by its machines' latest readings.

    Shape: the basis is `reported` where every counted watt was told, `nameplate` where machines that hash
    without telling watts are counted by their nameplate, and `unknown` without a fresh reading.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(DRAWN, {"site": site.pk, "fresh": now - FRESH})
        machines, reporting, reported_w, assumed, assumed_w, told, at = cursor.fetchone()
    basis = DrawnBasis.NAMEPLATE if assumed else DrawnBasis.REPORTED
    return SiteDrawn(
        site_id=site.pk,
        drawn_w=reported_w + assumed_w if told else None,
        basis=basis.value if told else DrawnBasis.UNKNOWN.value,
        machines=machines,
        reporting=reporting,
        assumed=assumed,
        silent=machines - reporting - assumed,
        at=at,
    )
