"""How long the operator's pages take beside a large fleet: time in the server, and how many queries."""

import argparse
import sys
import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import benchmarks.ready  # noqa: F401
from benchmarks.fleet import make_fleet
from benchmarks.meter import load, milliseconds
from compliance.findings.verbs import run_findings
from compliance.scenarios.compass_siberia import NAME, SITE
from compliance.scenarios.verbs import load_seeds
from fleet.miners.past import make_snapshots
from kit.accounts.models import User
from kit.trail.verbs import record

PAST = ("2021-09-15", "2022-04-20")
PAGES = {"overview": "/admin/", "exposure": "/admin/exposure/", "one site": f"/admin/sites/{SITE}/"}
LINE = "/admin/exposure/timeline/"


def main() -> int:
    """Make the fleet and the Siberian case in it, open the pages, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--miners", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    make_fleet(options.miners)
    load_seeds([NAME])
    make_snapshots()
    run_findings()
    print(f"Pages beside {options.miners:,} miners; {load()}")
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create(username="bench", role="admin", is_staff=True))
    for name, address in PAGES.items():
        told(client, f"{name}, today", address, options.times)
        for day in PAST:
            told(client, f"{name}, {day}", f"{address}?as_of={day}", options.times)
    told(client, "line of days, remembered", LINE, options.times)
    told(client, "line of days, after an act", LINE, 3, is_after_an_act=True)
    print(f"  {load()}")
    return 0


def told(client: Client, name: str, address: str, times: int, *, is_after_an_act: bool = False) -> None:
    """Open a page some times and print how long it took, its processor time in Python and its queries."""
    client.get(address)
    spent, cpu_s = [], 0.0
    for _number in range(times):
        if is_after_an_act:
            record("benchmark.act", None, by=None)
        begun, cpu = time.perf_counter(), time.process_time()
        status = client.get(address).status_code
        spent.append(time.perf_counter() - begun)
        cpu_s += time.process_time() - cpu
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    python = f"{cpu_s / times * 1000:.0f} of them Python"
    print(f"  {name:28} {milliseconds(spent)}  {python:18} {len(asked):3} queries  {status}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
