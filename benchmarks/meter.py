"""What a piece of work costs: processor time and private memory of this process and of the database."""

import os
import threading
import time
from types import TracebackType
from typing import Self

import psutil
from django.db import connection

MB = 1024 * 1024
EVERY_S = 0.05


class Meter:
    """Measures what runs inside its `with`.

    Shape: `server_s` is the time of all of the database's processes, also workers that came and went,
        autovacuum and the checkpointer, so nothing else may use the server; `backend_s` is that of the one
        that answers this process. Memory is what is shared with nobody, at its peak.
    Units: seconds, megabytes.
    """

    def __enter__(self) -> Self:
        connection.ensure_connection()
        self._backend = psutil.Process(connection.connection.info.backend_pid)
        self._server = self._backend.parent()
        self.python_mb = self.backend_mb = 0.0
        self._is_over = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()
        self._from = (time.monotonic(), time.process_time(), self._server_s(), self._backend_s())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        wall, python, server, backend = self._from
        self.wall_s = time.monotonic() - wall
        self.python_s = time.process_time() - python
        self.server_s = self._server_s() - server
        self.backend_s = self._backend_s() - backend
        self._is_over.set()
        self._sampler.join()

    @property
    def cpu_s(self) -> float:
        """Both together."""
        return self.python_s + self.server_s

    @property
    def private_mb(self) -> float:
        """Both together; an upper bound, for the two peaks need not be at once."""
        return self.python_mb + self.backend_mb

    def __str__(self) -> str:
        return (
            f"{self.cpu_s:7.1f} cpu s (python {self.python_s:.1f}, database {self.server_s:.1f}),"
            f" {self.wall_s:6.1f} s on the clock, private {self.python_mb:.0f} + {self.backend_mb:.0f} MB"
        )

    def _server_s(self) -> float:
        assert self._server is not None
        own = self._server.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for child in self._server.children():
            try:
                times = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        return float(total)

    def _backend_s(self) -> float:
        times = self._backend.cpu_times()
        return float(times.user + times.system)

    def _sample(self) -> None:
        own = os.getpid()
        while not self._is_over.wait(EVERY_S):
            self.python_mb = max(self.python_mb, private_mb(own))
            self.backend_mb = max(self.backend_mb, private_mb(self._backend.pid))


def private_mb(pid: int) -> float:
    """Memory of a process that is backed by no file and shared with nobody."""
    try:
        with open(f"/proc/{pid}/status") as status:
            lines = dict(line.split(":", 1) for line in status)
    except FileNotFoundError:
        return 0.0
    return int(lines["RssAnon"].split()[0]) / 1024


def memory_of(server: psutil.Process) -> str:
    """Memory of a server's workers: resident, with their part of what is shared, and their own; in MB."""
    infos = [worker.memory_full_info() for worker in server.children()]
    parts = {"resident": "rss", "proportional": "pss", "own": "uss"}
    return "; ".join(
        f"{name} {', '.join(f'{getattr(of, part) / MB:.1f}' for of in infos)}" for name, part in parts.items()
    )


def load() -> str:
    """How busy the machine is, so that a figure is not read as more than it is."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} (1 min), {five:.1f} (5 min), {os.cpu_count()} cores"


def milliseconds(times_s: list[float]) -> str:
    """Smallest and median of some times."""
    ordered = sorted(times_s)
    return f"min {ordered[0] * 1000:7.1f}  median {ordered[len(ordered) // 2] * 1000:7.1f} ms"
