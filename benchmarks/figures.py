"""How long figures take to read, today's and past ones, and what keeping them right adds to a change."""

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

import benchmarks.ready  # noqa: F401
from benchmarks.fleet import BATCH, make_fleet
from benchmarks.meter import Meter, load, milliseconds
from fleet.miners import reads
from fleet.miners.past import make_snapshots
from fleet.miners.summaries import Move, Snapshot
from fleet.sites.reads import power_of_sites
from kit.asof import end_of

READS: dict[str, Callable[[date], Any]] = {
    "machines by site and model": reads.groups_at,
    "machines by site and owner": reads.holdings_at,
    "owners of each site, counted": reads.owners_at,
    "sites with power and their owners": power_of_sites,
}
COUNTED = """
select site_id, owner_id, count(*), sum(power_w)::bigint, sum(ghs)::bigint from {table} where {when}
group by 1, 2 order by 1, 2 nulls first
"""
THEN = "from_at < %(moment)s and (to_at is null or to_at >= %(moment)s)"
TRIGGERS = {
    "fleet_miner": ("summarise_insert", "summarise_update", "summarise_delete"),
    "fleet_stay": ("keep_moves_insert", "keep_moves_update", "keep_moves_delete"),
}
CHOSEN = "select id from fleet_miner order by hashint8(id) limit %(rows)s"
CHANGES: dict[str, tuple[str, ...]] = {
    "another state": (f"update fleet_miner set status = 'in_repair' where id = any(array({CHOSEN}))",),
    "another site, with their stays": (
        f"update fleet_miner set site_id = (select min(id) from fleet_site) where id = any(array({CHOSEN}))",
        f"update fleet_stay set to_at = now() where to_at is null and miner_id = any(array({CHOSEN}))",
        "insert into fleet_stay (miner_id, site_id, owner_id, model_id, power_w, ghs, from_at, reason)"
        " select id, site_id, owner_id, model_id, power_w, ghs, now(), 'benchmark' from fleet_miner"
        f" where id = any(array({CHOSEN}))",
    ),
}


class _TakenBackError(Exception):
    pass


def main() -> int:
    """Make the fleet, read, change, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--miners", type=int, default=100_000)
    parser.add_argument(
        "--changed", type=int, default=0, help="machines of a change; a hundred thousand at most"
    )
    parser.add_argument(
        "--batch", type=int, default=BATCH, help="machines that move together; 1 is the worst"
    )
    options = parser.parse_args()
    begun = time.monotonic()
    stays = make_fleet(options.miners, batch=options.batch)
    print(
        f"Figures of {options.miners:,} miners and {stays:,} stays, {Move.objects.count():,} moves; {load()}"
    )
    print(f"  fleet made in {time.monotonic() - begun:.0f} s")
    read_today()
    are_equal = read_then()
    change(options.changed or min(100_000, options.miners))
    print(f"  {load()}")
    return 0 if are_equal else 1


def read_today() -> None:
    """Today's figures, and the count over all miners that they stand for."""
    today = timezone.now().date()
    full = _timed(lambda: _fetch(COUNTED.format(table="fleet_miner", when="true"), {}), 3)
    print(f"  counting every miner          {milliseconds(full)}")
    for name, read in READS.items():
        times = _timed(lambda read=read: read(today), 9)  # type: ignore[misc]
        print(f"  {name:29} {milliseconds(times)}   1/{min(full) / min(times):.0f} of counting")


def read_then() -> bool:
    """Past days before and after snapshots, each compared with the stays."""
    chance = random.Random(2022)
    days = [date(2018, 2, 1) + timedelta(days=chance.randrange(3_200)) for _ in range(15)]
    _read_days("without snapshots", days[:3])
    begun = time.monotonic()
    made = make_snapshots()
    kept = Snapshot.objects.count()
    print(f"  {made} snapshots made in {time.monotonic() - begun:.1f} s, {kept} kept")
    _read_days("with snapshots", days)
    full = []
    are_equal = True
    for day in days[:4]:
        begun = time.monotonic()
        counted = _fetch(COUNTED.format(table="fleet_stay", when=THEN), {"moment": end_of(day)})
        full.append(time.monotonic() - begun)
        are_equal &= reads.holdings_at(day) == [reads.HoldingGroup(*row) for row in counted]
    print(f"  counting the stays of a day   {milliseconds(full)}   equal: {'yes' if are_equal else 'NO'}")
    return are_equal


def _read_days(when: str, days: list[date]) -> None:
    for name, read in READS.items():
        times = [time_of for day in days for time_of in _timed(lambda d=day, r=read: r(d), 1)]  # type: ignore[misc]
        slowest = max(times) * 1000
        print(
            f"  as of {len(days):2} days {when:18} {name:29} {milliseconds(times)}  slowest {slowest:.0f} ms"
        )


def change(rows: int) -> None:
    """The processor time of one change with and without the triggers that keep the figures; taken back."""
    for name, statements in CHANGES.items():
        with_s, without_s = [], []
        for _ in range(3):
            without_s.append(_changed(statements, rows, is_kept=False))
            with_s.append(_changed(statements, rows, is_kept=True))
        kept, bare = sorted(with_s)[1], sorted(without_s)[1]
        print(
            f"  {rows:,} miners get {name}: {bare:.2f} cpu s bare, {kept:.2f} with figures kept,"
            f" {kept - bare:+.2f} s (x {kept / bare:.2f})"
        )


def _changed(statements: tuple[str, ...], rows: int, *, is_kept: bool) -> float:
    with Meter() as meter:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if not is_kept:
                    for table, triggers in TRIGGERS.items():
                        for trigger in triggers:
                            cursor.execute(f"alter table {table} disable trigger {trigger}")
                for statement in statements:
                    cursor.execute(statement, {"rows": rows})
                cursor.execute("set constraints all immediate")
                raise _TakenBackError
        except _TakenBackError:
            pass
    with connection.cursor() as cursor:
        cursor.execute("vacuum fleet_miner, fleet_stay")
    return meter.backend_s


def _timed(work: Callable[[], Any], times: int) -> list[float]:
    found = []
    for _ in range(times):
        begun = time.monotonic()
        work()
        found.append(time.monotonic() - begun)
    return found


def _fetch(query: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


if __name__ == "__main__":
    sys.exit(main())
