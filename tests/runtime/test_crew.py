"""Long-running children are started again when they end, and never outlive their parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from config.runtime import crew
from config.runtime.crew import Crew, Member
from config.runtime.places import PROJECT
from tests.runtime.conftest import comes_true

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
ENDS = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('deaf', flush=True)\n"
    "time.sleep(60)\n",
]
# A parent with one child, which the test kills.
PARENT = """
import sys, time
from pathlib import Path
from signal import SIGTERM
from config.runtime.crew import Crew, Member
with Crew() as company:
    sleeps = [sys.executable, "-c", "import time; time.sleep(60)"]
    member = Member("sleeper", sleeps, Path(sys.argv[1]), SIGTERM, SIGTERM)
    company.start(member)
    print(member.process.pid, flush=True)
    time.sleep(60)
"""


def member(command: list[str], log: Path) -> Member:
    return Member("sleeper", command, log, signal.SIGTERM, signal.SIGTERM)


def test_leaving_the_crew_stops_every_member(tmp_path):
    with Crew() as company:
        for name in ("a.log", "b.log"):
            company.start(member(SLEEPS, tmp_path / name))
        pids = [one.process.pid for one in company.members]
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_an_error_among_them_stops_them_too(tmp_path):
    company = Crew()

    def fail() -> None:
        with company:
            company.start(member(SLEEPS, tmp_path / "a.log"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not psutil.pid_exists(company.members[0].process.pid)


def test_a_member_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(crew, "PATIENCE_S", 0.2)
    with Crew() as company:
        deaf = member(DEAF, tmp_path / "a.log")
        company.start(deaf)
        assert comes_true(lambda: (tmp_path / "a.log").read_text() == "deaf\n", seconds=15)
    assert deaf.process.returncode in (-signal.SIGQUIT, -signal.SIGKILL)


def test_a_member_that_was_killed_is_started_again_and_that_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(crew, "SHORTEST_PAUSE_S", 0.0)
    with Crew() as company:
        one = member(SLEEPS, tmp_path / "a.log")
        one.pause_s = 0.0
        company.start(one)
        first = one.process.pid
        os.kill(first, signal.SIGKILL)
        one.process.wait()
        company.watch()
        assert one.process.pid != first
        assert one.process.poll() is None
    assert "The sleeper ended with status -9 and is started again" in capsys.readouterr().out


def test_a_member_that_keeps_ending_is_started_later_and_later(tmp_path):
    with Crew() as company:
        one = member(ENDS, tmp_path / "a.log")
        company.start(one)
        one.process.wait()
        for _ in range(20):
            company.watch()
        assert one.process.returncode == 3
        assert one.pause_s == crew.SHORTEST_PAUSE_S
        one.started_at -= crew.SHORTEST_PAUSE_S
        company.watch()
        assert one.pause_s == 2 * crew.SHORTEST_PAUSE_S


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux signals the children of a killed parent"
)
def test_children_go_with_a_killed_parent(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "a.log")],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    parent.wait()
    assert comes_true(lambda: not is_alive(child), seconds=15)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
