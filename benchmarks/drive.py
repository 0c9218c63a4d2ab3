"""Replays a list of HTTP requests against a base URL, or two in turn, and prints how long each took.

    python -m benchmarks.drive http://127.0.0.1:8000 --header "Authorization: Token ..."
    python -m benchmarks.drive OURS --against THEIRS --requests requests.json --times 20

Shape: the file is a JSON list of [name, path] or [name, path, path for the other one].
"""

import argparse
import http.client
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# What a fleet manager asks of an inventory, as NetBox was asked it.
REQUESTS: tuple[tuple[str, ...], ...] = (
    ("list of 50", "/api/v1/miners/?limit=50", "/api/dcim/devices/?limit=50"),
    (
        "list of 50, site and status",
        "/api/v1/miners/?site=site-3&status=mining&limit=50",
        "/api/dcim/devices/?site=site-3&status=active&limit=50",
    ),
    ("list of 1,000", "/api/v1/miners/?limit=1000", "/api/dcim/devices/?limit=1000"),
    (
        "serial fragment",
        "/api/v1/miners/?contains=0004321&limit=50",
        "/api/dcim/devices/?serial__ic=0004321&limit=50",
    ),
)


@dataclass(frozen=True)
class Answered:
    """A request asked some times: seconds each took, bytes of the last answer, every status that came."""

    seconds: tuple[float, ...]
    size: int
    statuses: frozenset[int]

    @property
    def median_ms(self) -> float:
        """Half took longer."""
        return sorted(self.seconds)[len(self.seconds) // 2] * 1000

    @property
    def p95_ms(self) -> float:
        """One in twenty took longer."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, len(self.seconds) * 95 // 100)] * 1000

    @property
    def least_ms(self) -> float:
        """The fastest, least disturbed by whoever shares the machine."""
        return min(self.seconds) * 1000


def main() -> int:
    """Replay and print; the status is 1 if any answer was not 200."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--header", action="append", default=[], help="Name: value")
    parser.add_argument("--against", help="another base URL, asked in the same run")
    parser.add_argument("--against-header", action="append", default=[])
    parser.add_argument("--requests", type=Path)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    requests = json.loads(options.requests.read_text()) if options.requests else REQUESTS
    headers, their_headers = _headers(options.header), _headers(options.against_header)
    status = 0
    for name, path, *other in requests:
        ours = ask(options.base, path, headers=headers, times=options.times)
        line = told(name, ours)
        status |= ours.statuses != {200}
        if options.against:
            theirs = ask(
                options.against, other[0] if other else path, headers=their_headers, times=options.times
            )
            ratio = theirs.median_ms / ours.median_ms
            line += f"  | {theirs.median_ms:8.1f} ms, {theirs.size:9,} bytes  x {ratio:.1f}"
            status |= theirs.statuses != {200}
        print(line)
    return status


def ask(
    base: str,
    path: str,
    *,
    headers: Mapping[str, str],
    times: int = 20,
    body: bytes | None = None,
) -> Answered:
    """Ask so many times, each over a new connection, after one that is not counted."""
    seconds, size, statuses = [], 0, set()
    for turn in range(times + (body is None)):
        begun = time.perf_counter()
        status, size = _once(base, path, headers, body)
        if turn or body is not None:
            seconds.append(time.perf_counter() - begun)
        statuses.add(status)
    return Answered(tuple(seconds), size, frozenset(statuses))


def told(name: str, answered: Answered) -> str:
    """One line of the table."""
    strange = "" if answered.statuses == {200} else f"  status {sorted(answered.statuses)}"
    return (
        f"  {name:34} median {answered.median_ms:8.1f}  p95 {answered.p95_ms:8.1f}"
        f"  min {answered.least_ms:8.1f} ms  {answered.size:9,} bytes{strange}"
    )


def _once(base: str, path: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, int]:
    parts = urlsplit(base)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=600)
    try:
        connection.request("POST" if body is not None else "GET", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    finally:
        connection.close()


def _headers(given: Sequence[str]) -> dict[str, str]:
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in given)}


if __name__ == "__main__":
    sys.exit(main())
