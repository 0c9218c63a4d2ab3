"""Readings a second through the whole door, beside an empty request in the same run.

Run it against a Pithead that holds miners and that nobody minds filling with readings:

    python benchmarks/readings.py --url http://127.0.0.1:8000 --token ph_... [--seconds 20] [--clients 3]
    python benchmarks/readings.py                       in this process, with the database of the settings

The empty request goes through the same door with a batch of no readings, and is refused. What is printed
are requests and readings a second of this machine and this run; compare the ratios, not the seconds.
"""

import argparse
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PATH = "/api/v1/readings/"
SPREAD_S = 3_000  # readings lie in the last fifty minutes, each of a time of its own

Send = Callable[[str, str, bytes], tuple[int, bytes]]


class Form(NamedTuple):
    """One kind of request: how its body is made, and how many readings it holds."""

    name: str
    readings: int
    body: Callable[[list[tuple[int, str]], float], bytes]


class Outcome(NamedTuple):
    """What one client did with one form."""

    requests: int
    seconds: float
    medians: float
    slowest: float
    refused: int


def compact(miners: list[tuple[int, str]], at: float) -> bytes:
    """A batch of our own form."""
    return json.dumps([[pk, at, 95_000, 3_250, 70, 3] for pk, _serial in miners]).encode()


def pyasic(miners: list[tuple[int, str]], at: float) -> bytes:
    """A batch as pyasic tells it, with the fields around that nobody reads: about 2 kB a miner."""
    rate = {"unit": {"value": 1_000_000_000_000, "suffix": "TH/s"}, "rate": 31.5}
    board = {"hashrate": rate, "inlet_temp": None, "outlet_temp": None, "temp": 61.0, "chip_temp": 71.0}
    board |= {
        "chips": 126,
        "expected_chips": 126,
        "missing": False,
        "tuned": True,
        "active": True,
        "voltage": 13.2,
    }
    pool = {"url": {"scheme": "stratum+tcp", "host": "pool.example", "port": 3333}, "user": "name.worker"}
    pool |= {
        "accepted": 148,
        "rejected": 1,
        "get_failures": 0,
        "remote_failures": 0,
        "active": True,
        "alive": True,
    }
    told = []
    for _pk, serial in miners:
        boards = [board | {"slot": n, "serial_number": f"{serial}-{n}"} for n in range(3)]
        one = {"ip": "10.0.0.1", "serial_number": serial, "mac": None, "fw_ver": "2026.1", "hostname": "rig"}
        one |= {
            "hashrate": rate | {"rate": 94.5},
            "expected_hashrate": rate | {"rate": 95.0},
            "wattage": 3_250,
        }
        one |= {"hashboards": boards, "fans": [{"speed": 5_400}] * 4, "pools": [pool] * 3, "errors": []}
        told.append(one | {"is_mining": True, "uptime": 86_400, "timestamp": at, "firmware": "Stock"})
    return json.dumps(told).encode()


FORMS = (
    Form("empty request", 0, lambda _miners, _at: b"[]"),
    Form("compact, 100 a batch", 100, compact),
    Form("compact, 1,000 a batch", 1_000, compact),
    Form("compact, 5,000 a batch", 5_000, compact),
    Form("pyasic, 500 a batch", 500, pyasic),
)


def over_http(url: str, token: str) -> Send:
    """Requests over one connection that is kept open where the server allows."""
    parts = urlsplit(url)
    line = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)

    def send(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        return answer.status, answer.read()

    return send


def in_process(token: str) -> Send:
    """Requests straight to the WSGI application."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    def send(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        status: list[int] = []
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": f"Token {token}",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        answer = application(environ, lambda line, _headers, _error=None: status.append(int(line[:3])))
        told = b"".join(answer)
        answer.close()
        return status[0], told

    return send


def some_miners(send: Send, most: int) -> list[tuple[int, str]]:
    """Ids and serials of miners, page by page."""
    miners: list[tuple[int, str]] = []
    path: str | None = "/api/v1/miners/?fields=id,serial&limit=1000"
    while path and len(miners) < most:
        status, body = send("GET", path, b"")
        if status != 200:
            sys.exit(f"{path} answers {status}: {body[:200].decode(errors='replace')}")
        page = json.loads(body)
        miners += [(row["id"], row["serial"]) for row in page["results"]]
        following = urlsplit(page["next"] or "")
        path = f"{following.path}?{following.query}" if following.path else None
    return miners[:most]


def drive(send: Send, form: Form, miners: list[tuple[int, str]], seconds: float, client: int) -> Outcome:
    """Send one form for so long; every reading is of a time nobody sent before."""
    times: list[float] = []
    refused, turn = 0, 0
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < seconds:
        first = turn * form.readings % max(1, len(miners))
        some = (miners[first:] + miners[:first])[: form.readings]
        body = form.body(some, time.time() - SPREAD_S * (now / seconds) - client / 100)
        began = time.perf_counter()
        status, _told = send("POST", PATH, body)
        times.append(time.perf_counter() - began)
        refused += status != (400 if form.readings == 0 else 200)
        turn += 1
    # Making the bodies is the client's work and not counted.
    return Outcome(turn, sum(times), statistics.median(times), max(times), refused)


def _client(task: tuple[str, str, int, list[tuple[int, str]], float, int]) -> Outcome:
    url, token, form, miners, seconds, client = task
    return drive(over_http(url, token), FORMS[form], miners, seconds, client)


def main() -> None:
    """Every form after the other, then a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url")
    parser.add_argument("--token", default=os.environ.get("PITHEAD_TOKEN", ""))
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--miners", type=int, default=100_000)
    given = parser.parse_args()
    end = None
    if not given.url:
        given.token, end = _token_of_this_process()
        given.clients = 1
    send = over_http(given.url, given.token) if given.url else in_process(given.token)
    miners = some_miners(send, given.miners)
    if not miners:
        sys.exit("There are no miners. Load some first: python manage.py load_seeds.")
    print(f"{len(miners):,} miners, {given.clients} clients, {given.seconds:g} s each form")
    baseline = 0.0
    for number, form in enumerate(FORMS):
        if given.url:
            tasks = [
                (given.url, given.token, number, miners, given.seconds, client)
                for client in range(given.clients)
            ]
            with Pool(given.clients) as pool:
                outcomes = pool.map(_client, tasks)
        else:
            outcomes = [drive(send, form, miners, given.seconds, 0)]
        baseline = _show(form, min(form.readings, len(miners)), outcomes, baseline)
    if end:
        end()


def _show(form: Form, readings: int, outcomes: list[Outcome], baseline: float) -> float:
    rate = sum(one.requests / one.seconds for one in outcomes)
    median = statistics.median(one.medians for one in outcomes)
    baseline = baseline or median
    line = f"{form.name:<24} {rate:>8,.1f} requests/s  median {median / baseline:>7.1f} x empty"
    line += f"  slowest {max(one.slowest for one in outcomes) / baseline:>8.1f} x"
    if readings:
        line += f"  {rate * readings:>10,.0f} readings/s"
    if refused := sum(one.refused for one in outcomes):
        line += f"  {refused} answered otherwise than expected"
    print(line, flush=True)
    return baseline


def _token_of_this_process() -> tuple[str, Callable[[], None]]:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    from config import runtime

    runtime.ensure()
    django.setup()
    from kit.accounts.models import ApiToken, User
    from kit.accounts.tokens import end_token, issue_token

    user = User.objects.filter(role="admin").first()
    if user is None:
        sys.exit("There is no administrator. Make one first: python manage.py make_admin.")
    key = issue_token(user, name="benchmark of readings", by=None)
    token = ApiToken.objects.get(starts_with=key[:8], ended_at=None, name="benchmark of readings")
    return key, lambda: end_token(token, by=None)


if __name__ == "__main__":
    main()
