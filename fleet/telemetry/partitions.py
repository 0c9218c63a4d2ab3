"""A table partitioned by day: its partitions are made before they are needed and dropped when too old."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from django.db import OperationalError, connection, transaction

TABLES = ("fleet_reading", "fleet_uptimewindow")
LOCK = 7_461_744  # any fixed number: one maker of partitions at a time
NAME = re.compile(r"_(\d{8})$")

# Attaching, unlike `create table ... partition of`, does not stop whoever writes to the table.
MAKE = """
create table {name} (like {table} including all);
alter table {table} attach partition {name} for values from ('{start}') to ('{end}');
"""


def make(table: str, days: Collection[date]) -> int:
    """Make the partitions of these days that are missing; returns how many were."""
    if not _missing(table, days):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        missing = _missing(table, days)
        for day in missing:
            start = datetime.combine(day, time(), UTC)
            cursor.execute(
                MAKE.format(
                    name=partition_of(table, day),
                    table=table,
                    start=start.isoformat(),
                    end=(start + timedelta(days=1)).isoformat(),
                )
            )
    return len(missing)


def make_ahead(today: date, days: int = 3) -> int:
    """Make the partitions of every table for today and the days after; returns how many were missing."""
    ahead = [today + timedelta(days=n) for n in range(days)]
    return sum(make(table, ahead) for table in TABLES)


def drop_before(day: date) -> list[str]:
    """Drop the partitions of days before this one; one that is in use is left for the next time."""
    dropped = []
    for table in TABLES:
        for name in partitions(table):
            if _day_of(name) < day:
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        cursor.execute("set local lock_timeout = '2s'")
                        cursor.execute(f"drop table if exists {name}")
                        cursor.execute("set local lock_timeout = default")
                    dropped.append(name)
                except OperationalError:
                    continue
    return dropped


def partitions(table: str) -> list[str]:
    """The names of the partitions of a table, oldest first."""
    query = """
        select child.relname from pg_inherits
        join pg_class child on child.oid = inhrelid join pg_class parent on parent.oid = inhparent
        where parent.relname = %s order by child.relname
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        return [name for (name,) in cursor.fetchall() if NAME.search(name)]


def partition_of(table: str, day: date) -> str:
    """The name of one day's partition."""
    return f"{table}_{day:%Y%m%d}"


def _missing(table: str, days: Collection[date]) -> list[date]:
    # By the catalogue itself: to_regclass may answer from before another session's commit.
    query = """
        select day from unnest(%s::date[]) day where not exists (
            select from pg_class where relname = %s || '_' || to_char(day, 'YYYYMMDD')
                and relnamespace = current_schema()::regnamespace)
        order by day
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [sorted(set(days)), table])
        return [day for (day,) in cursor.fetchall()]


def _day_of(name: str) -> date:
    match = NAME.search(name)
    return datetime.strptime(match[1] if match else "", "%Y%m%d").replace(tzinfo=UTC).date()
