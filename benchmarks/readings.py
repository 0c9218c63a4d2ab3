"""Readings a second through HTTP, from two gunicorn workers, beside a bare COPY of as many readings.

    python -m benchmarks.scratch readings --miners 100000 --seconds 120

Clients share the cores with the server, so they make their batches from prepared text and their processor
time is printed as well. What stays true on a busy machine is the processor time a reading.
"""

import argparse
import gc
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from multiprocessing import Pool
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psutil
from django.db import connection, connections

import benchmarks.ready  # noqa: F401
from benchmarks.fleet import make_fleet
from benchmarks.lists import served
from benchmarks.meter import Meter, load
from fleet.miners.models import Miner
from fleet.telemetry.models import SeenParts
from fleet.telemetry.verbs import keep_partitions
from kit.accounts.models import User
from kit.accounts.tokens import issue_token

PATH = "/api/v1/readings/"
SPREAD_S = 3_000  # readings lie in the last fifty minutes, each of a time of its own
Body = Callable[[list[tuple[int, str]], float], bytes]


class Form(NamedTuple):
    """One kind of request: how its body is made, how many readings it holds, and what was asked of it."""

    name: str
    readings: int
    body: Body
    asked: int


class Outcome(NamedTuple):
    """What one client did."""

    requests: int
    readings: int
    refused: int
    cpu_s: float


def compact(miners: list[tuple[int, str]], at: float) -> bytes:
    """A batch of our own form."""
    return b"[%b]" % b",".join(b"[%d,%.6f,95000,3250,70,3]" % (pk, at) for pk, _serial in miners)


def pyasic(miners: list[tuple[int, str]], at: float) -> bytes:
    """A batch as pyasic tells it, with the fields around that nobody reads: about 2 kB a miner."""
    when = b"%.6f" % at
    told = (MINER_DATA.replace(b"SERIAL", serial.encode()).replace(b"1234.5", when) for _pk, serial in miners)
    return b"[%b]" % b",".join(told)


def _miner_data() -> bytes:
    rate = {"unit": {"value": 1_000_000_000_000, "suffix": "TH/s"}, "rate": 31.5}
    board = {"hashrate": rate, "inlet_temp": None, "outlet_temp": None, "temp": 61.0, "chip_temp": 71.0}
    board |= {"chips": 126, "expected_chips": 126, "missing": False, "tuned": True, "active": True}
    board |= {"voltage": 13.2}
    pool = {"url": {"scheme": "stratum+tcp", "host": "pool.example", "port": 3333}, "user": "name.worker"}
    pool |= {"accepted": 148, "rejected": 1, "get_failures": 0, "remote_failures": 0}
    pool |= {"active": True, "alive": True}
    boards = [board | {"slot": n, "serial_number": f"SERIAL-{n}"} for n in range(3)]
    one = {"ip": "10.0.0.1", "serial_number": "SERIAL", "mac": None, "fw_ver": "2026.1", "hostname": "rig"}
    one |= {"hashrate": rate | {"rate": 94.5}, "expected_hashrate": rate | {"rate": 95.0}, "wattage": 3_250}
    one |= {"hashboards": boards, "fans": [{"speed": 5_400}] * 4, "pools": [pool] * 3, "errors": []}
    one |= {"is_mining": True, "uptime": 86_400, "timestamp": 1234.5, "firmware": "Stock"}
    return json.dumps(one).encode()


MINER_DATA = _miner_data()
FORMS = (
    Form("compact, 1,000 a batch", 1_000, compact, 30_000),
    Form("compact, 5,000 a batch", 5_000, compact, 30_000),
    Form("pyasic, 500 a batch", 500, pyasic, 10_000),
)


def main() -> int:
    """Make the fleet, copy, start the server, send every form for so long, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--miners", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=3)
    options = parser.parse_args()
    make_fleet(options.miners)
    keep_partitions()
    miners = list(Miner.objects.order_by("id").values_list("id", "serial"))
    print(f"Readings of {len(miners):,} miners, {options.clients} clients, {options.seconds:g} s each form")
    print(f"  autovacuum is {_one('show autovacuum')}; {load()}")
    bare_s = bare_copy(miners)
    user = User.objects.create(username="bench", role="fleet_manager", is_staff=True)
    token = issue_token(user, name="bench", by=None)
    with served() as (base, server):
        before = _autovacuums()
        for form in FORMS:
            if form.body is pyasic:
                _send_parts(base, token, form, miners, options.clients)
            _measure(base, token, form, miners, server, bare_s, options.seconds, options.clients)
        print(f"  autovacuum ran {_autovacuums() - before} times on the tables meanwhile; {load()}")
    return 0


def bare_copy(miners: list[tuple[int, str]]) -> float:
    """The database's processor time of a bare COPY of one reading of each miner, in batches of a thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create table bare (like fleet_reading including all);"
            " alter table bare set (autovacuum_enabled = off)"
        )
        with Meter() as meter:
            for batch, some in enumerate(_cut(miners, 1_000)):
                at = datetime.fromtimestamp(time.time() - batch / 1000, UTC).isoformat()
                with cursor.copy("copy bare from stdin") as copy:
                    copy.write(
                        "".join(f"{pk}\t{at}\t95000\t3250\t70\tt\tt\t\\N\t\\N\n" for pk, _serial in some)
                    )
        cursor.execute("drop table bare")
    each = meter.backend_s / len(miners)
    print(f"  bare COPY, 1,000 a batch     {each * 1e6:6.1f} cpu µs a reading, the database's alone")
    return each


def _send_parts(base: str, token: str, form: Form, miners: list[tuple[int, str]], clients: int) -> None:
    """Have every miner tell its parts for the first time, which costs more than telling them again."""
    begun = time.monotonic()
    shares = [miners[client::clients] for client in range(clients)]
    with _pool(clients) as pool:
        pool.map(_send_once, [(base, token, FORMS.index(form), share) for share in shares])
    took = time.monotonic() - begun
    print(
        f"  first sight of parts         {len(miners) / took:8,.0f} readings/s,"
        f" {SeenParts.objects.count():,} miners told theirs"
    )


def _measure(
    base: str,
    token: str,
    form: Form,
    miners: list[tuple[int, str]],
    server: psutil.Process,
    bare_s: float,
    seconds: float,
    clients: int,
) -> None:
    shares = [miners[client::clients] for client in range(clients)]
    worked = _worked_s(server)
    with _pool(clients) as pool, Meter() as meter:
        tasks = [(base, token, FORMS.index(form), share, seconds) for share in shares]
        begun = time.monotonic()
        outcomes = pool.map(_send_for, tasks)
        took = time.monotonic() - begun
    readings = sum(one.readings for one in outcomes)
    workers = (_worked_s(server) - worked) / readings
    database = meter.server_s / readings
    theirs = sum(one.cpu_s for one in outcomes) / readings
    print(
        f"  {form.name:28} {readings / took:8,.0f} readings/s (asked {form.asked:,})"
        f"  cpu µs a reading: workers {workers * 1e6:.1f}, database {database * 1e6:.1f},"
        f" clients {theirs * 1e6:.1f}; {(workers + database) / bare_s:.1f} x bare COPY"
    )
    if refused := sum(one.refused for one in outcomes):
        print(f"  {refused} REQUESTS WERE ANSWERED OTHERWISE THAN EXPECTED")


def _send_once(task: tuple[str, str, int, list[tuple[int, str]]]) -> None:
    base, token, form, miners = task
    line = _line(base)
    for some in _cut(miners, FORMS[form].readings):
        _post(line, token, FORMS[form].body(some, time.time() - SPREAD_S))


def _send_for(task: tuple[str, str, int, list[tuple[int, str]], float]) -> Outcome:
    """Send one form for so long; every reading is of a time nobody sent before."""
    base, token, number, miners, seconds = task
    form, line = FORMS[number], _line(base)
    batches = list(_cut(miners, form.readings))
    requests = readings = refused = 0
    begun = time.monotonic()
    for some in itertools.cycle(batches):
        if (now := time.monotonic() - begun) >= seconds:
            break
        # Forms and rounds lie side by side in the last hour: whole seconds by round, parts by form.
        at = time.time() - SPREAD_S * (1 - now / seconds) + number / 7
        refused += _post(line, token, form.body(some, at)) != len(some)
        requests, readings = requests + 1, readings + len(some)
    return Outcome(requests, readings, refused, time.process_time())


def _post(line: HTTPConnection, token: str, body: bytes) -> int:
    """How many readings of a batch were new to the server; none if it would not have the batch."""
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    line.request("POST", PATH, body, headers)
    answer = line.getresponse()
    told = answer.read()
    return int(json.loads(told)["accepted"]) if answer.status == 200 else 0


def _line(base: str) -> HTTPConnection:
    parts = urlsplit(base)
    return HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)


def _pool(clients: int) -> Any:
    connections.close_all()  # a fork would share it
    gc.freeze()
    return Pool(clients)


def _cut(miners: list[tuple[int, str]], size: int) -> Iterator[list[tuple[int, str]]]:
    return (miners[start : start + size] for start in range(0, len(miners), size))


def _worked_s(server: psutil.Process) -> float:
    times = [worker.cpu_times() for worker in server.children()]
    return float(sum(of.user + of.system for of in times))


def _autovacuums() -> int:
    return int(_one("select coalesce(sum(autovacuum_count), 0) from pg_stat_user_tables"))


def _one(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
