"""A keeper: one process that owns one embedded server and ends with the last of its clients.

It holds the keeper's lock. Its server inherits a lock of its own, so that the next keeper can tell that it
is really gone even when this one was killed. Twice a second the keeper tries the clients' lock: when it
gets it twice running, no client is left; it stops the server while holding that lock, and ends.

`python -m config.runtime.keeper wait` waits until all keepers have ended.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import IO

from config.runtime import locks
from config.runtime.clients import wait_until_stopped
from config.runtime.explain import explained
from config.runtime.faults import Fault
from config.runtime.places import made, socket_folder, var_folder
from config.runtime.postgres import Postgres
from config.runtime.redis import Redis

SERVERS: dict[str, type[Postgres] | type[Redis]] = {"postgres": Postgres, "redis": Redis}
POLL_S = 0.5
LEFT_OVER_S = 30


def main(name: str, word: IO[str]) -> None:
    """Start the server, say so, keep it until no client is left, stop it."""
    var = made(var_folder())
    folder = made(var / "locks")
    ready = folder / f"{name}.ready"
    signal.signal(signal.SIGTERM, _asked_to_stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (
        locks.opened(folder / f"{name}.keeper") as keeper,
        locks.opened(folder / f"{name}.clients") as clients,
    ):
        try:
            _take(keeper, ready)
            server = _started(name, var, folder)
            try:
                ready.write_text(f"{os.getpid()}\n")
                word.write("ready")
                word.close()
                _keep(clients, server)
            finally:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                ready.unlink(missing_ok=True)
                server.stop()
                _leave_sockets(folder)
        except Exception as error:
            sentence = explained(error)
            if sentence is None:
                raise
            if not word.closed:
                word.write(sentence)
            print(time.strftime("%Y-%m-%d %H:%M:%S"), sentence, file=sys.stderr, flush=True)


def _take(keeper: IO[str], ready: Path) -> None:
    if not locks.locked_within(keeper, locks.EXCLUSIVE, seconds=10):
        raise Fault(f"Another keeper holds {keeper.name}: try again.")
    ready.unlink(missing_ok=True)


def _started(name: str, var: Path, folder: Path) -> Postgres | Redis:
    """Return the server, started once that of a killed keeper is gone."""
    kind = SERVERS[name]
    with locks.opened(folder / f"{name}.server") as lock, locks.opened(folder / "sockets") as sockets:
        if not locks.locked_within(lock, locks.EXCLUSIVE, seconds=2):
            kind.end_left_over(var)
            if not locks.locked_within(lock, locks.EXCLUSIVE, seconds=LEFT_OVER_S):
                raise Fault(
                    f"The {name} of an earlier start still holds {lock.name}: end it, then start again."
                )
        # Until the socket is in its folder, another keeper must not take the folder for an empty one.
        locks.locked_within(sockets, locks.EXCLUSIVE, seconds=LEFT_OVER_S)
        return kind.started(var, lock)


def _keep(clients: IO[str], server: Postgres | Redis) -> None:
    """Return once nobody has been a client for two looks; a server that ended by itself is a fault."""
    alone = 0
    while alone < 2:
        time.sleep(POLL_S)
        status = server.process.poll()
        if status is not None:
            raise Fault(f"{server.name} ended by itself with status {status}.")
        if not locks.locked(clients, locks.EXCLUSIVE):
            alone = 0
            continue
        alone += 1
        if alone < 2:
            locks.released(clients)


def _leave_sockets(folder: Path) -> None:
    """Remove the folder of the sockets when this server's was the last."""
    with locks.opened(folder / "sockets") as sockets:
        if locks.locked_within(sockets, locks.EXCLUSIVE, seconds=5):
            place = socket_folder()
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()


def _asked_to_stop(_signal: int, _frame: object) -> None:
    raise Fault("The keeper was asked to stop.")


if __name__ == "__main__":
    if sys.argv[1:] == ["wait"]:
        sys.exit(0 if wait_until_stopped() else 1)
    if os.fork():
        os._exit(0)
    with os.fdopen(int(sys.argv[2]), "w") as pipe:
        main(sys.argv[1], pipe)
