"""The long-running programs of an installation, as children of one process that watches them."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from config.runtime import children
from config.runtime.logs import opened_log
from config.runtime.places import PROJECT

SHORTEST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
PATIENCE_S = 10.0


@dataclass
class Member:
    """One program: it is started again when it ends, later and later while it keeps ending."""

    name: str
    command: list[str]
    log: Path
    # What it gets when this process is killed, and first when it is told to stop.
    killed: signal.Signals
    stopped: signal.Signals
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause_s: float = SHORTEST_PAUSE_S

    def start(self) -> None:
        """Start the program in a process group of its own, so that Ctrl-C reaches it through us only."""
        with opened_log(self.log) as writer:
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                process_group=0,
                preexec_fn=children.tied(self.killed),
            )
        self.started_at = time.monotonic()

    def watch(self) -> None:
        """Start the program again if it ended and its pause is over."""
        if self.process is None or self.process.poll() is None:
            return
        lived_s = time.monotonic() - self.started_at
        if lived_s < self.pause_s:
            return
        self.pause_s = (
            SHORTEST_PAUSE_S if lived_s > STEADY_AFTER_S else min(self.pause_s * 2, LONGEST_PAUSE_S)
        )
        status = self.process.returncode
        print(f"The {self.name} ended with status {status} and is started again: {self.log}", flush=True)
        self.start()


@dataclass
class Crew:
    """All members together; leaving the `with` stops every one of them."""

    members: list[Member] = field(default_factory=list)

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_error: object) -> None:
        """Tell all to stop at once, then wait for each."""
        running = [member for member in self.members if member.process is not None]
        for member in running:
            assert member.process is not None
            if member.process.poll() is None:
                member.process.send_signal(member.stopped)
        for member in running:
            assert member.process is not None
            _await_end(member.process)

    def start(self, member: Member) -> None:
        """Take a member into the crew and start it."""
        self.members.append(member)
        member.start()

    def watch(self) -> None:
        """Look after every member once."""
        for member in self.members:
            member.watch()


def _await_end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        children.stop(process, (signal.SIGQUIT, PATIENCE_S / 2))


def web_server(port: int, log_folder: Path) -> Member:
    """Return gunicorn on the loopback address."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:config.gunicorn",
        "config.wsgi:application",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--preload"]
    command += ["--graceful-timeout", "3", "--timeout", "60", "--access-logfile", "-", "--no-control-socket"]
    return Member("web server", command, log_folder / "web.log", signal.SIGQUIT, signal.SIGTERM)


def worker(log_folder: Path) -> Member:
    """Return the Celery worker; a killed parent ends it cold, and its tasks go back to the queue."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker"]
    command += ["--concurrency", str(min(4, os.cpu_count() or 1)), "--loglevel", "INFO"]
    # One worker has no neighbours to ask.
    command += ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    return Member("worker", command, log_folder / "worker.log", signal.SIGQUIT, signal.SIGTERM)


def beat(log_folder: Path) -> Member:
    """Return the Celery beat that rings for what is due."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--loglevel", "INFO"]
    return Member("beat", command, log_folder / "beat.log", signal.SIGTERM, signal.SIGTERM)
