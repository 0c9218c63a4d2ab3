"""A process that uses the embedded servers: it announces itself, and starts their keepers if none are there.

Being a client is holding a shared lock on a file. The kernel drops the lock with the process, so a keeper
knows when nobody is left, even after `kill -9`.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from config.runtime import locks
from config.runtime.faults import Fault
from config.runtime.places import PROJECT, made, var_folder

# The embedded servers, and what replaces each.
REPLACED_BY = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
LONGEST_START_S = 120
LONGEST_STOP_S = 60

_announced: dict[Path, IO[str]] = {}


def ensure() -> None:
    """Have the embedded servers run for as long as this process lives; a no-op when both URLs are given.

    Raises: Fault when they cannot be started.
    """
    for server, variable in REPLACED_BY.items():
        if not os.environ.get(variable):
            _ensure(made(var_folder()), server)


def wait_until_stopped() -> bool:
    """Tell whether the keepers were gone, or went in time; for scripts that must leave nothing running."""
    folder = var_folder() / "locks"
    return not folder.is_dir() or all(_is_stopped(folder, server) for server in REPLACED_BY)


def _ensure(var: Path, server: str) -> None:
    made(var / "log")
    folder = made(var / "locks")
    if folder / server not in _announced:
        _announced[folder / server] = _announce(var, folder, server)
    deadline = time.monotonic() + LONGEST_START_S
    while not _is_ready(var, folder, server):
        if time.monotonic() > deadline:
            raise Fault(f"The embedded {server} did not start: read {_log(var)}.")
        time.sleep(0.05)


def _announce(var: Path, folder: Path, server: str) -> IO[str]:
    """Hold the clients' lock; while a keeper is stopping its server this waits for it."""
    lock = locks.opened(folder / f"{server}.clients")
    if not locks.locked_within(lock, locks.SHARED, seconds=LONGEST_STOP_S):
        raise Fault(f"The embedded {server} does not stop: read {_log(var)}.")
    return lock


def _is_ready(var: Path, folder: Path, server: str) -> bool:
    """Tell whether a keeper is up and its server answers; starts a keeper when there is none."""
    with (
        locks.opened(folder / f"{server}.start") as start,
        locks.opened(folder / f"{server}.keeper") as keeper,
    ):
        if not locks.locked_within(start, locks.EXCLUSIVE, seconds=LONGEST_START_S):
            return False
        if not locks.locked(keeper, locks.SHARED):
            return (folder / f"{server}.ready").exists()
        locks.released(keeper)
        return _start_keeper(var, server)


def _is_stopped(folder: Path, server: str) -> bool:
    with locks.opened(folder / f"{server}.keeper") as keeper:
        return locks.locked_within(keeper, locks.SHARED, seconds=LONGEST_STOP_S)


def _start_keeper(var: Path, server: str) -> bool:
    """Start a keeper outside this process's session and wait for its word.

    Shape: the keeper writes "ready", or the sentence that says what is wrong, into a pipe.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading) as word, _log(var).open("a") as log:
        try:
            # The started process forks and returns, so that no zombie of a keeper hangs on this process.
            subprocess.run(
                [sys.executable, "-m", "config.runtime.keeper", server, str(writing)],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[writing],
                env=os.environ | {"PITHEAD_VAR": str(var)},
                start_new_session=True,
                check=False,
            )
        finally:
            os.close(writing)
        said = word.read().strip()
    if said != "ready":
        raise Fault(said or f"The keeper of the embedded {server} ended: read {_log(var)}.")
    return True


def _log(var: Path) -> Path:
    return var / "log" / "keeper.log"
