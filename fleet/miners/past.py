"""Snapshots of the fleet, so that a past day costs one of them and the moves of at most a quarter."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import chain

from django.db import connection, transaction
from django.utils import timezone

from fleet.miners.summaries import Move, Snapshot

# Within a quarter another one is due when so many moves have piled up; a read adds up no more than that.
MOST_MOVES = 200_000
LOCK = "select pg_advisory_xact_lock(7461743)"  # the triggers' own: while it is held no move is under way
LATE = """
select min(on_day), count(*) from fleet_move
where id > (select min(last_move_id) from fleet_snapshot)
    and on_day <= (select max(on_day) from fleet_snapshot)
"""
TAKE_IN = """
insert into fleet_snapshot{name} as t (on_day, site_id, {name}_id, machines, power_w, ghs)
select s.on_day, m.site_id, m.{name}_id, sum(m.machines), sum(m.power_w), sum(m.ghs)
from fleet_snapshot s join fleet_move m on m.id > s.last_move_id and m.on_day <= s.on_day
group by 1, 2, 3 order by 1, 2, 3
on conflict (on_day, site_id, {name}_id) do update set machines = t.machines + excluded.machines,
    power_w = t.power_w + excluded.power_w, ghs = t.ghs + excluded.ghs
"""
TAKE = """
insert into fleet_snapshot{name} (on_day, site_id, {name}_id, machines, power_w, ghs)
select %(day)s, site_id, {name}_id, machines, power_w, ghs from fleet_{name}s_at(%(day)s, null) order by 2, 3
"""
DROP = "delete from fleet_snapshot{name} where on_day >= %s"
COUNTS = "select on_day, count(*) from fleet_move where on_day < %s group by on_day order by on_day"
GRAINS = ("model", "owner")
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def make_snapshots(*, today: date | None = None) -> int:
    """Make the snapshots that are due and take late moves into those there are; returns how many were made.

    Done again it does nothing. Each one is its own transaction, for writers of stays wait meanwhile.
    """
    today = today or timezone.now().date()
    if not _is_behind(today):
        return 0
    _take_in_late_moves()
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [today])
        counts = cursor.fetchall()
    there = set(Snapshot.objects.values_list("on_day", flat=True))
    return sum(_take(day) for day in due(counts, there, today))


def due(counts: Iterable[tuple[date, int]], there: Collection[date], today: date) -> Iterator[date]:
    """The days before today of which a snapshot is missing: ends of quarters, and days where moves pile up.

    Shape: `counts` is days with their numbers of moves, in order; a quarter without any needs no snapshot.
    """
    piled, reached = 0, None
    for day, moves in chain(counts, [(today, 0)]):
        if reached is not None:
            if any(reached <= kept < day for kept in there):
                piled = 0
            elif (end := quarter_end(reached)) < day and piled:
                yield end
                piled = 0
        piled, reached = piled + moves, day
        if piled >= MOST_MOVES and day not in there and day != quarter_end(day):
            yield day
            piled = 0


def quarter_end(day: date) -> date:
    """The last day of the quarter a day is in."""
    return next(end for end in (date(day.year, *last) for last in QUARTER_ENDS) if end >= day)


def _is_behind(today: date) -> bool:
    """Whether moves were written since the last time, or a quarter with moves has ended."""
    newest = Move.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        return False
    kept = Snapshot.objects.order_by("-on_day").first()
    if kept is None or Snapshot.objects.filter(last_move_id__lt=newest).exists():
        return True
    since = Move.objects.filter(on_day__gt=kept.on_day).order_by("on_day").values_list("on_day", flat=True)
    first = since.first()
    return first is not None and quarter_end(first) < today


@transaction.atomic
def _take_in_late_moves() -> None:
    """Bring every snapshot up to the last move; where very many are late it is made anew instead."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(LATE)
        first, late = cursor.fetchone()
        if late > MOST_MOVES:
            for table in ("", *GRAINS):
                cursor.execute(DROP.format(name=table), [first])
        elif late:
            for name in GRAINS:
                cursor.execute(TAKE_IN.format(name=name))
        cursor.execute("update fleet_snapshot set last_move_id = (select max(id) from fleet_move)")


@transaction.atomic
def _take(day: date) -> bool:
    """Write the snapshot of a day from the one before it, unless somebody else just did."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if Snapshot.objects.filter(on_day=day).exists():
            return False
        for name in GRAINS:
            cursor.execute(TAKE.format(name=name), {"day": day})
        cursor.execute(
            "insert into fleet_snapshot (on_day, last_move_id) select %s, max(id) from fleet_move", [day]
        )
    return True
