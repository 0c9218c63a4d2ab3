"""Five-minute windows: readings rolled up when a window has ended, and again when late ones come.

A window is rolled up by whoever holds its row of `RollUp`. Whoever brings readings into a window that may
be done already takes that row first and marks it waiting, so no reading is left out of its window.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from fleet.telemetry import partitions

WINDOW_S = 300
WINDOW = timedelta(seconds=WINDOW_S)
GRACE = timedelta(seconds=90)  # a window is rolled up this long after its end
LATE = timedelta(seconds=30)  # readings of a window that ended this long ago take its row

# The first time there is nothing to compare with, and the planner sees that `again` is false.
ROLL = """
with told as (
    select miner_id, count(*) as readings, bool_or(is_reachable) as is_reachable,
        bool_or(is_hashing) as is_hashing, round(avg(ghs))::integer as ghs,
        round(avg(power_w))::integer as power_w
    from fleet_reading where at >= %(start)s and at < %(end)s group by miner_id
), before as (
    select miner_id, site_id, is_reachable, is_hashing from fleet_uptimewindow
    where window_at = %(start)s and %(again)s
), placed as (
    select told.*, before.miner_id is null as is_new, coalesce(before.site_id, stay.site_id, 0) as site_id,
        coalesce(before.is_reachable, false) as was_reachable,
        coalesce(before.is_hashing, false) as was_hashing
    from told left join before on before.miner_id = told.miner_id
    left join fleet_stay stay on stay.miner_id = told.miner_id and stay.from_at <= %(start)s
        and (stay.to_at is null or stay.to_at > %(start)s)
), windows as (
    insert into fleet_uptimewindow
        (miner_id, window_at, site_id, readings, is_reachable, is_hashing, ghs, power_w)
    select miner_id, %(start)s, site_id, least(readings, 32767), is_reachable, is_hashing, ghs, power_w
    from placed order by miner_id
    on conflict (miner_id, window_at) do update set readings = excluded.readings,
        is_reachable = excluded.is_reachable, is_hashing = excluded.is_hashing, ghs = excluded.ghs,
        power_w = excluded.power_w
)
insert into fleet_uptimeday as day (miner_id, counted_on, site_id, observed, reachable, hashing)
select miner_id, %(day)s, site_id, is_new::integer, is_reachable::integer - was_reachable::integer,
    is_hashing::integer - was_hashing::integer
from placed where is_new or is_reachable <> was_reachable or is_hashing <> was_hashing order by miner_id
on conflict (miner_id, counted_on, site_id) do update set observed = day.observed + excluded.observed,
    reachable = day.reachable + excluded.reachable, hashing = day.hashing + excluded.hashing
"""
WAITING = """
select window_at from fleet_rollup where is_waiting and window_at <= %s order by window_at limit %s
"""
HOLD = """
select rolled_at is not null from fleet_rollup where window_at = %s and is_waiting for update skip locked
"""
DONE = "update fleet_rollup set is_waiting = false, rolled_at = %s where window_at = %s"


def window_of(at: datetime) -> datetime:
    """The start of the window an instant lies in."""
    return datetime.fromtimestamp(at.timestamp() // WINDOW_S * WINDOW_S, UTC)


def waiting(now: datetime, most: int = 1_000) -> list[datetime]:
    """The windows that ended and wait to be rolled up, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [now - WINDOW - GRACE, most])
        return [start for (start,) in cursor.fetchall()]


def roll(start: datetime, now: datetime) -> bool:
    """Roll up one window in one transaction; false if somebody else does or it waits no longer."""
    day = start.astimezone(UTC).date()
    partitions.make("fleet_uptimewindow", [day])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HOLD, [start])
        if not (row := cursor.fetchone()):
            return False
        cursor.execute(ROLL, {"start": start, "end": start + WINDOW, "day": day, "again": row[0]})
        cursor.execute(DONE, [now, start])
    return True
