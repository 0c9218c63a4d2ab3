"""Memory of the web workers: at the start, after a list of requests, and whether it stays as it is."""

import argparse
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psutil

import benchmarks.ready  # noqa: F401
from benchmarks.drive import ask
from benchmarks.fleet import make_fleet
from benchmarks.lists import Askers, enter, questions, served
from benchmarks.meter import MB, load, memory_of
from fleet.miners.models import Miner

ASKERS = 3  # at once, so that no worker waits
FIRST = 2_000
EVERY = 7_000
MOST_MB = 120
# One in 25 asks for a page, which takes ten times as long as a list; one in a thousand enters miners.
A_PAGE, AN_ENTRY = 25, 1_000
WORKERS = 2
FINE = {200, 201}


def main() -> int:
    """Make the fleet, start the server, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--miners", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=30_000)
    options = parser.parse_args()
    make_fleet(options.miners)
    print(f"Memory of the web workers in MB, {options.miners:,} miners; {load()}")
    with served() as (base, server):
        while len(server.children()) < WORKERS:
            time.sleep(0.1)
        print(f"  at the start: {memory_of(server)}")
        asked = Asked(base, options.miners)
        asked.some(0, FIRST)
        first = _resident(server)
        print(f"  after {FIRST:,} requests: {memory_of(server)}")
        for begin in range(FIRST, options.requests, EVERY):
            end = min(begin + EVERY, options.requests)
            asked.some(begin, end)
            print(f"  after {end:,}: {memory_of(server)}", flush=True)
        last = _resident(server)
    print(f"  resident after {options.requests:,} to {FIRST:,}: x {last / first:.3f}", end="; ")
    print(f"the largest {last / MB:.1f} MB, asked {MOST_MB} (x {last / MB / MOST_MB:.2f})")
    print(f"  {asked.strange} strange answers; {load()}")
    return int(asked.strange > 0)


class Asked:
    """The requests of the list benchmark by chance, each about another miner."""

    def __init__(self, base: str, miners: int) -> None:
        self._base, self._askers, self.strange = base, Askers.made(), 0
        chosen = random.Random(3).sample(range(miners), min(miners, 500))
        serials = Miner.objects.order_by("serial").values_list("serial", flat=True)
        self._miners = list(Miner.objects.filter(serial__in=[serials[n] for n in chosen]))

    def some(self, begin: int, end: int) -> None:
        """Ask the requests of these numbers, several at once."""
        with ThreadPoolExecutor(ASKERS) as threads:
            self.strange += sum(threads.map(self._is_strange, range(begin, end)))

    def _is_strange(self, number: int) -> bool:
        chance = random.Random(number)
        if number % AN_ENTRY == AN_ENTRY - 1:
            return enter(self._base, self._askers, f"NEW{number}").statuses.isdisjoint(FINE)
        of_all = questions(self._askers, chance.choice(self._miners))
        pages = [each for each in of_all if each[1].startswith("/admin/")]
        others = [each for each in of_all if each not in pages]
        _name, path, headers = chance.choice(pages if number % A_PAGE == 0 else others)
        return ask(self._base, path, headers=headers, times=0).statuses.isdisjoint(FINE)


def _resident(server: psutil.Process) -> int:
    return max(worker.memory_info().rss for worker in server.children())


if __name__ == "__main__":
    sys.exit(main())
