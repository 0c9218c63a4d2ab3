"""Which lists can be saved and exported; the room that has the list offers it here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext

from kit.errors import Refusal


@dataclass(frozen=True)
class Source:
    """One list: how a query selects its rows, and what a file tells of each.

    Shape: `asked` brings a query into one form and refuses what it does not know; `shown` makes the cells of
        the values at `paths`.
    """

    name: str
    title: Promise | str
    header: tuple[str, ...]
    paths: tuple[str, ...]
    asked: Callable[[str], str]
    rows: Callable[[str], QuerySet[Any]]
    shown: Callable[[tuple[Any, ...]], Sequence[Any]]


SOURCES: dict[str, Source] = {}


def offer(source: Source) -> Source:
    """Let a list be saved and exported."""
    SOURCES[source.name] = source
    return source


def source_of(name: str) -> Source:
    """The list of a name.

    Raises: Refusal, naming the lists there are.
    """
    if name not in SOURCES:
        raise Refusal(
            gettext("“{name}” is no list. There are: {known}.").format(
                name=name[:40], known=", ".join(sorted(SOURCES))
            ),
            where="list",
        )
    return SOURCES[name]
