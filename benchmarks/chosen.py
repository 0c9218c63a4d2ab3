"""Acts on the miners chosen in a list: what the page that shows them costs, asking for the job, and the job.

python -m benchmarks.scratch chosen --miners 500000
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

import benchmarks.ready  # noqa: F401
from benchmarks.fleet import make_fleet
from benchmarks.meter import Meter, load
from fleet.miners.acts import touched_by
from fleet.miners.chosen import MOST, act_soon, choose
from fleet.miners.models import Miner
from fleet.sites.models import Site
from kit.jobs import verbs
from kit.jobs.models import Job
from kit.jobs.verbs import LIVE


def main() -> int:
    """Choose every miner of a fleet, have them moved, and another move stopped; print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--miners", type=int, default=100_000)
    miners = min(parser.parse_args().miners, MOST)
    make_fleet(miners)
    verbs.ring = lambda job_id: None  # the job is done here, where it can be measured
    here, there = Site.objects.order_by("pk")[:2]
    Site.objects.update(energized_w=None, nameplate_w=None)
    print(f"{miners:,} miners chosen in a list; {load()}")
    choice = _shown("chosen", lambda: choose(Miner.objects.all(), by=None))
    _shown("shown with what is touched", lambda: touched_by(choice))
    job = _shown("asked to be moved, checked", lambda: act_soon(choice, "move", here, by=None))
    _shown("moved by the job", lambda: verbs.run(job.pk))
    again = act_soon(choose(Miner.objects.all(), by=None), "move", there, by=None)
    stopping = threading.Thread(target=_stop, args=[again])
    stopping.start()
    verbs.run(again.pk)
    stopping.join()
    ended = list(Job.objects.order_by("pk").values_list("status", "outcome"))
    print("  " + "; ".join(f"{status}: {outcome}" for status, outcome in ended), f"; {load()}")
    return 0 if [status for status, _outcome in ended] == ["done", "cancelled"] else 1


def _shown(what: str, work: Callable[[], Any]) -> Any:
    with Meter() as meter:
        found = work()
    print(f"  {what:28} {meter}")
    return found


def _stop(job: Job) -> None:
    """Ask a job to stop once it has written something, and tell how long it took."""
    rows = Job.objects.filter(pk=job.pk)
    try:
        while not rows.filter(done__gt=0).exists():
            time.sleep(0.05)
        begun = time.monotonic()
        verbs.cancel(job, by=None)
        while rows.filter(status__in=LIVE).exists():
            time.sleep(0.02)
        print(f"  {'stopped in the middle':28} {time.monotonic() - begun:7.2f} s on the clock")
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
