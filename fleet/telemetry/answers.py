"""A miner's raw answers by the name of what was asked, looked into without ever failing."""

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)")


class Answers:
    """Answers by name; `read` remembers which of them were looked at.

    Shape: `at("summary", "SUMMARY", 0, "GHS 5s")` is None wherever the way is not there.
    """

    def __init__(self, by_name: Mapping[str, Any]) -> None:
        self._by_name = by_name
        self.read: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def at(self, name: str, *way: str | int) -> Any:
        """What stands at the end of the way into one answer, or None."""
        if name not in self._by_name:
            return None
        found: Any = self._by_name[name]
        for step in way:
            found = inside(found, step)
        if found is not None:
            self.read.add(name)
        return found

    def number(self, name: str, *way: str | int) -> float | None:
        """The number there, also out of a text such as `58.94W`."""
        return number(self.at(name, *way))

    def text(self, name: str, *way: str | int) -> str:
        """The text there, or nothing."""
        return text(self.at(name, *way))

    def rows(self, name: str, *way: str | int) -> list[dict[str, Any]]:
        """The objects of the list there."""
        return rows(self.at(name, *way))


def inside(found: Any, step: str | int) -> Any:
    """One step into a dict by its key or a list by its place."""
    if isinstance(step, str):
        return found.get(step) if isinstance(found, dict) else None
    return found[step] if isinstance(found, list) and -len(found) <= step < len(found) else None


def number(told: Any) -> float | None:
    """A finite number out of a number or of a text that begins with one."""
    if isinstance(told, str) and (match := NUMBER.match(told[:40])):
        told = float(match[1])
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    try:
        figure = float(told)
    except OverflowError:
        return None
    return figure if isfinite(figure) else None


def text(told: Any) -> str:
    """A text as it is, a whole number as its digits, anything else as nothing."""
    if isinstance(told, str):
        return told.strip()
    return str(told) if isinstance(told, int) and not isinstance(told, bool) and abs(told) < 10**18 else ""


def rows(told: Any) -> list[dict[str, Any]]:
    """The objects of a list; anything else is no rows."""
    return [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []


def scaled(told: Any, by: float) -> float | None:
    """A number in another unit."""
    figure = number(told)
    return None if figure is None else figure * by


def total(figures: list[float | None]) -> float | None:
    """The sum of what was told, or None if nothing was."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None
