"""What readings set off: the cost of each task of beat when much of a fleet changes, and when nothing does.

python -m benchmarks.scratch set_off --miners 100000
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

import benchmarks.ready  # noqa: F401
from benchmarks.fleet import make_fleet
from benchmarks.meter import Meter, load
from benchmarks.readings import Body, compact, pyasic
from fleet.miners.models import Miner
from fleet.telemetry import verbs
from fleet.workshop.models import Ticket
from fleet.workshop.verbs import watch_readings

BATCH = 1_000
Miners = Sequence[tuple[int, str]]


def main() -> int:
    """Make a fleet that told something for an hour, run every task, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--miners", type=int, default=100_000)
    options = parser.parse_args()
    make_fleet(options.miners)
    verbs.keep_partitions()
    miners = list(Miner.objects.order_by("id").values_list("id", "serial"))
    print(f"What readings of {len(miners):,} miners set off; {load()}")
    now = timezone.now()
    wrong = miners[::50]  # too hot all the time, and too few for a ticket of the place
    well = [miner for n, miner in enumerate(miners) if n % 50]
    for minutes in range(90, -1, -5):
        _tell(well, now - timedelta(minutes=minutes), compact)
        _tell(wrong, now - timedelta(minutes=minutes), compact_hot)
    _tell(well, now + timedelta(seconds=1), pyasic)
    now += timedelta(seconds=1)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    _shown("first sight of parts", lambda: verbs.compare_seen_parts(most=len(miners)), len(well))
    _shown("one window of five minutes", lambda: verbs.roll_up(now=now, most=1), len(miners))
    _shown("states, most change", lambda: verbs.follow_readings(now=now), len(miners))
    _shown("states, none changes", lambda: verbs.follow_readings(now=now), len(miners))
    _shown("what sites draw", lambda: verbs.add_up_drawn(now=now), len(miners))
    _shown(f"rules, {len(wrong):,} machines wrong", lambda: watch_readings(now=now), len(miners))
    _shown("rules, the same again", lambda: watch_readings(now=now), len(miners))
    later = now + timedelta(minutes=35)
    _shown("states, all fall silent", lambda: verbs.follow_readings(now=later), len(miners))
    _shown("rules, every site silent", lambda: watch_readings(now=later), len(miners))
    print(f"  {Ticket.objects.filter(miner=None).count()} tickets of sites in all; {load()}")
    return 0


def compact_hot(miners: list[tuple[int, str]], at: float) -> bytes:
    """A batch of machines that are too hot."""
    return b"[%b]" % b",".join(b"[%d,%.6f,95000,3250,99,3]" % (pk, at) for pk, _serial in miners)


def _tell(miners: Miners, at: datetime, body: Body) -> None:
    for start in range(0, len(miners), BATCH):
        verbs.take_readings(body(list(miners[start : start + BATCH]), at.timestamp()), by=None, now=at)


def _shown(name: str, work: Callable[[], int], rows: int) -> None:
    begun = time.monotonic()
    with Meter() as meter:
        found = work()
    took = time.monotonic() - begun
    print(
        f"  {name:28} {meter.cpu_s:6.2f} cpu s, {took:6.2f} s on the clock,"
        f" {meter.cpu_s / rows * 1e6:7.1f} cpu µs a machine, {found:,} changed or opened"
    )


if __name__ == "__main__":
    sys.exit(main())
