"""How much of a site is promised on its fullest day; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Promise:
    """Watts promised from a day until another; no end is for ever."""

    watts: int
    from_on: date
    to_on: date | None = None


def peak_w(promises: Iterable[Promise], from_on: date | None = None) -> tuple[int, date | None]:
    """The largest sum of promises on any day from `from_on` on, and the first day that has it.

    Shape: a promise no longer counts on its end day.
    Units: watts.
    """
    changes: dict[date, int] = {}
    for promise in promises:
        if from_on is not None and promise.to_on is not None and promise.to_on <= from_on:
            continue
        start = max(promise.from_on, from_on) if from_on is not None else promise.from_on
        changes[start] = changes.get(start, 0) + promise.watts
        if promise.to_on is not None:
            changes[promise.to_on] = changes.get(promise.to_on, 0) - promise.watts
    running, highest, first = 0, 0, None
    for day in sorted(changes):
        running += changes[day]
        if running > highest:
            highest, first = running, day
    return highest, first
