"""Real processes with servers of their own, in a folder of their own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.runtime import locks
from config.runtime.home import OUTSIDE
from config.runtime.places import PROJECT

SERVERS = ("postgres", "redis")


class Place:
    """A `var/` of a test's own, and the processes that use it."""

    def __init__(self, var: Path):
        self.var = var
        self.clients: list[subprocess.Popen[str]] = []
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
        } | {"PITHEAD_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}

    def manage(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run manage.py by the system's way of starting it and return what it said."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def client(self, code: str = "") -> "subprocess.Popen[str]":
        """Start a process that has the servers run, does this, says "up" and waits for its end of input."""
        program = (
            f"import sys\nfrom config import runtime\nruntime.ensure()\n{code}\nprint('up', flush=True)\n"
        )
        started = subprocess.Popen(
            [sys.executable, "-c", program + "sys.stdin.read()"],
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.clients.append(started)
        return started

    def keeper(self, server: str) -> int:
        """Return the process id of a server's keeper."""
        return int((self.var / "locks" / f"{server}.ready").read_text())

    def is_empty(self) -> bool:
        """Tell whether no keeper and no server lives: each holds a lock that only its death releases."""
        if not (self.var / "locks").is_dir():
            return True
        for server in SERVERS:
            for part in ("keeper", "server"):
                with locks.opened(self.var / "locks" / f"{server}.{part}") as lock:
                    if not locks.locked(lock, locks.EXCLUSIVE):
                        return False
        return True


def comes_true(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Tell whether something became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    """Give a module's tests one folder; the database in it is made once."""
    var = tmp_path_factory.mktemp("var")
    place = Place(var)
    yield place
    for client in place.clients:
        client.kill()
        client.wait()
    assert comes_true(place.is_empty, seconds=20)
    mark = var / "postgres.elsewhere"
    if mark.exists():
        shutil.rmtree(OUTSIDE / mark.read_text().strip())
