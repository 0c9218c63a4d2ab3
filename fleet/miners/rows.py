"""What the verbs of miners share: rows locked in order, and how they are named when refused."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from fleet.miners.models import Miner
from fleet.miners.steps import ENDED
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal

NAMED = 5  # serials named in a sentence or a trail entry
AT_A_TIME = 2_000  # miners written between two signs of progress

Told = Callable[[int], None]


def in_turn(rows: Collection[Miner], told: Told | None) -> Iterator[list[Miner]]:
    """The rows in stretches; after each, whoever wants to know is told how many were done with."""
    waiting = list(rows)
    for start in range(0, len(waiting), AT_A_TIME):
        stretch = waiting[start : start + AT_A_TIME]
        yield stretch
        if told is not None:
            told(len(stretch))


def may(by: User | None, act: str) -> None:
    """Refuse a person whose role lacks the act; the system itself is nobody."""
    if by is not None:
        require(by, act)


def locked(miner_ids: Collection[int]) -> list[Miner]:
    """The miners' rows, locked in order of their keys so that two of these never wait for each other."""
    wanted = set(miner_ids)
    rows = list(Miner.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    if len(rows) != len(wanted):
        raise Refusal(
            gettext("{count} of the miners are not known. Nothing was changed.").format(
                count=len(wanted) - len(rows)
            )
        )
    return rows


def update(rows: Collection[Miner], **changes: Any) -> None:
    """Change the rows in one statement."""
    Miner.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)


def refuse_ended(rows: Collection[Miner]) -> None:
    """Refuse rows that were sold or scrapped."""
    if ended := [row for row in rows if row.status in ENDED]:
        raise Refusal(
            gettext("{serials}: {status} already. Nothing was changed.").format(
                serials=names(ended), status=ended[0].get_status_display()
            )
        )


def check_figures(fields: Mapping[str, Any]) -> None:
    """Refuse power or hashrate that cannot be."""
    if fields.get("power_w", 1) <= 0:
        raise Refusal(
            gettext("{watts} is not a power a miner can draw.").format(watts=fields["power_w"]),
            where="power_w",
        )
    if fields.get("ghs", 0) < 0:
        raise Refusal(gettext("{ghs} is below zero.").format(ghs=fields["ghs"]), where="ghs")


def names(rows: Collection[Miner]) -> str:
    """The first few serials and how many more there are."""
    shown = ", ".join(row.serial for row in list(rows)[:NAMED])
    more = len(rows) - NAMED
    return gettext("{shown} and {more} more").format(shown=shown, more=more) if more > 0 else shown


def detail(rows: Collection[Miner]) -> dict[str, Any]:
    """What the trail keeps of many miners."""
    return {"machines": len(rows), "serials": [row.serial for row in list(rows)[:NAMED]]}
