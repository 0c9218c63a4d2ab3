"""`make run`: prepare, start web server, worker and beat, do the main job, stay up until Ctrl-C.

ONCE=1 ends after the main job with its status. SEEDS=none loads no seeds, does no main job and makes one
administrator. PORT names another port.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from config.runtime import children, crew, locks
from config.runtime.clients import ensure
from config.runtime.command import run_plainly
from config.runtime.faults import Fault
from config.runtime.places import PROJECT, made, var_folder

WEB_START_S = 60
HAS_TERMINAL = os.isatty(0)


class Failed(SystemExit):
    """A step before the pages are up ended with this status and has said why."""


def main() -> None:
    """Run an installation until its end."""
    # SIGINT too: a shell starts its background jobs with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    if "MAKELEVEL" in os.environ:
        # make gets killed, not us: nothing may stay.
        children.die_with_parent(signal.SIGTERM)
    port = wanted_port()
    with only_one(made(var_folder())):
        refuse_taken(port)
        say("Pithead: preparing the database, the seeds and the static files.")
        step([sys.executable, "-m", "config.runtime.prepare"])
        with crew.Crew() as company:
            start(company, port)
            status = main_job(company)
            if os.environ.get("ONCE") == "1":
                raise Failed(status)
            if status:
                say(f"\nThe main job ended with status {status}.")
            say(f"\nPithead is at http://127.0.0.1:{port}/ until Ctrl-C; logs are in {var_folder() / 'log'}.")
            stay(company)


def start(company: crew.Crew, port: int) -> None:
    """Start the crew and wait until the pages answer."""
    log_folder = made(var_folder() / "log")
    web = crew.web_server(port, log_folder)
    for member in (web, crew.worker(log_folder), crew.beat(log_folder)):
        company.start(member)
    deadline = time.monotonic() + WEB_START_S
    while not answers(port):
        look_after(company)
        if time.monotonic() > deadline:
            raise Fault(f"The web server does not answer on port {port}: read {web.log}.")


def main_job(company: crew.Crew) -> int:
    """Return the status of the main job, done in this terminal while the crew is looked after."""
    name = "make_admin" if os.environ.get("SEEDS") == "none" else "main_job"
    return step([sys.executable, "manage.py", name], company, must_succeed=False)


def stay(company: crew.Crew) -> None:
    """Look after the crew until somebody interrupts."""
    while True:
        look_after(company)


def look_after(company: crew.Crew) -> None:
    """Have the embedded servers and every member run; takes a fifth of a second."""
    if HAS_TERMINAL and terminal_is_gone():
        raise KeyboardInterrupt
    ensure()
    company.watch()
    time.sleep(0.2)


def terminal_is_gone() -> bool:
    """Tell whether the window was closed or the line dropped; make may keep that signal to itself."""
    try:
        os.tcgetpgrp(0)
    except OSError:
        return True
    return False


def step(command: list[str], company: crew.Crew | None = None, *, must_succeed: bool = True) -> int:
    """Run a program in this terminal and return its status.

    Raises: Failed with that status when it had to succeed.
    """
    process = subprocess.Popen(command, cwd=PROJECT, preexec_fn=children.tied(signal.SIGTERM))
    try:
        while process.poll() is None:
            look_after(company or crew.Crew())
    finally:
        children.stop(process, (signal.SIGTERM, 5.0))
    if process.returncode and must_succeed:
        raise Failed(1)
    return process.returncode


def wanted_port() -> int:
    """Return the port of the pages.

    Raises: Fault when PORT is not the number of a port.
    """
    written = os.environ.get("PORT") or "8000"
    if not written.isdecimal() or not 0 < int(written) < 65536:
        raise Fault(
            f"PORT={written} is not a port: name one between 1024 and 65535, as in make run PORT=8001."
        )
    return int(written)


def refuse_taken(port: int) -> None:
    """Check that nobody listens where the pages are to be.

    Raises: Fault when the port cannot be taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Fault(
                f"Port {port} on 127.0.0.1 cannot be used ({error.strerror}): stop the program that uses it,"
                " or name another with make run PORT=8001."
            ) from error


def answers(port: int) -> bool:
    """Tell whether somebody accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def only_one(var: Path) -> IO[str]:
    """Return the lock that makes this the only supervisor of its folder: two beats would ring twice.

    Raises: Fault when there is one already.
    """
    lock = locks.opened(var / "supervise.lock")
    if not locks.locked(lock, locks.EXCLUSIVE):
        raise Fault(f"Pithead is already running from {var}: stop it with Ctrl-C in its terminal first.")
    return lock


def say(words: str) -> None:
    """Print at once, even into a pipe."""
    print(words, flush=True)


if __name__ == "__main__":
    ended = run_plainly(main, with_servers=False)
    sys.exit(0 if ended == 130 else ended)
