"""Lists, a row, a page and a bulk entry over HTTP, from two gunicorn workers as `make run` starts them."""

import argparse
import json
import socket
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import quote

import psutil
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore

import benchmarks.ready  # noqa: F401
from benchmarks.drive import Answered, ask, told
from benchmarks.fleet import make_fleet
from benchmarks.meter import load, memory_of
from config.runtime.crew import Crew, web_server
from fleet.miners.models import Miner, Owner
from hosting.contracts.models import Membership
from hosting.parties.models import Party
from kit.accounts.models import User
from kit.accounts.tokens import issue_token

ENTERED = 1_000
# Milliseconds of NetBox 4.4.10 with 100,000 devices, from another run: a direction, not a ratio.
NETBOX = {
    "list of 50": 300,
    "list of 50, site and status": 286,
    "list of 1,000": 1_815,
    "deep page": 2_508,
    "serial fragment": 642,
    "a customer's list": 417,
    "one miner": 178,
    "page of the list": 569,
    f"enter {ENTERED:,}": 164_000,
}


def main() -> int:
    """Make the fleet, start the server, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--miners", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    make_fleet(options.miners)
    print(f"Lists of {options.miners:,} miners; {load()}")
    with served() as (base, server):
        _ask_all(base, server, options.miners, options.times)
        print(f"  workers' memory: {memory_of(server)}")
    print(f"  {load()}")
    return 0


@contextmanager
def served() -> Iterator[tuple[str, psutil.Process]]:
    """The web server as `make run` starts it, on a free port; its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as logs, Crew() as crew:
        member = web_server(port, Path(logs))
        crew.start(member)
        base = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                ask(base, "/accounts/login/", headers={}, times=1)
                break
            except OSError:
                time.sleep(0.1)
        assert member.process is not None
        yield base, psutil.Process(member.process.pid)


def _ask_all(base: str, server: psutil.Process, miners: int, times: int) -> None:
    askers = Askers.made()
    for name, path, headers in questions(askers, Miner.objects.order_by("serial")[miners // 2]):
        begun = _worked_s(server)
        answered = ask(base, path, headers=headers, times=times)
        # The first of them is not timed but worked for.
        worked_ms = (_worked_s(server) - begun) / (times + 1) * 1000
        print(f"{told(name, answered)}  {worked_ms:5.1f} cpu ms{_beside(name, answered)}")
    entered = enter(base, askers, "NEW")
    print(told(f"enter {ENTERED:,}", entered) + _beside(f"enter {ENTERED:,}", entered))


@dataclass(frozen=True)
class Askers:
    """What they send along: a fleet manager's key and page, and a customer's key."""

    key: dict[str, str]
    their_key: dict[str, str]
    page: dict[str, str]

    @classmethod
    def made(cls) -> Self:
        """Two new users, logged in."""
        staff, customer = _staff(), _customer()
        return cls(
            key={"Authorization": f"Token {issue_token(staff, name='bench', by=None)}"},
            their_key={"Authorization": f"Token {issue_token(customer, name='bench', by=None)}"},
            page={"Cookie": f"sessionid={_session(staff)}"},
        )


def questions(askers: Askers, one: Miner) -> list[tuple[str, str, dict[str, str]]]:
    """Name, path and headers of what is asked; some of it about one miner."""
    key, page = askers.key, askers.page
    deep = quote(_cursor(one.serial))
    return [
        ("list of 50", "/api/v1/miners/?limit=50", key),
        ("list of 50, site and status", "/api/v1/miners/?site=site-3&status=mining&limit=50", key),
        ("list of 1,000", "/api/v1/miners/?limit=1000", key),
        ("deep page", f"/api/v1/miners/?ordering=serial&limit=50&cursor={deep}", key),
        ("serial fragment", f"/api/v1/miners/?contains={one.serial[-9:-2]}&limit=50", key),
        ("a customer's list", "/api/v1/my/miners/?limit=50", askers.their_key),
        ("one miner", f"/api/v1/miners/{one.pk}/", key),
        ("page of the list", "/admin/fleet/miner/", page),
        ("page of a filtered list", "/admin/fleet/miner/?status__exact=mining", page),
        ("the log-in page, for comparison", "/accounts/login/", {}),
    ]


JSON = {"Content-Type": "application/json"}


def enter(base: str, askers: Askers, prefix: str) -> Answered:
    """Enter some new miners in one request, their serials beginning so."""
    headers, body = askers.key | JSON, _entries(prefix)
    return ask(base, "/api/v1/miners/bulk-create/", headers=headers, times=1, body=body)


def _worked_s(server: psutil.Process) -> float:
    """Processor time of the workers so far, which does not depend on who else uses the machine."""
    times = [worker.cpu_times() for worker in server.children()]
    return float(sum(of.user + of.system for of in times))


def _entries(prefix: str) -> bytes:
    model = Miner.objects.select_related("model").first()
    assert model is not None
    rows = [
        {"serial": f"{prefix}-{n:06}", "model": model.model.name, "owner": "C-00001", "site": "site-3"}
        for n in range(ENTERED)
    ]
    return json.dumps({"rows": rows}).encode()


def _beside(name: str, answered: Answered) -> str:
    return f"  NetBox {NETBOX[name]:,} (x {NETBOX[name] / answered.median_ms:.0f})" if name in NETBOX else ""


def _staff() -> User:
    return User.objects.create(username="bench", role="fleet_manager", is_staff=True)


def _customer() -> User:
    user = User.objects.create(username="bench-customer", role="customer")
    owner = Owner.objects.order_by("id")[7]
    party = Party.objects.create(number=owner.number, name=owner.name, kind="organisation", owner=owner)
    Membership.objects.create(user=user, party=party)
    return user


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _cursor(serial: str) -> str:
    """Where a page by serial begins, as the lists' own “next” would write it."""
    return urlsafe_b64encode(json.dumps(["serial", [serial], False]).encode()).decode()


if __name__ == "__main__":
    sys.exit(main())
