"""What the verbs of miners share: rows locked in order, and how they are named when refused."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext

from fleet.miners.models import Miner
from fleet.miners.steps import ENDED
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal

NAMED = 5  # serials named in a sentence or a trail entry
AT_A_TIME = 2_000  # miners written between two signs of progress

Told = Callable[[int], None]


# In order of the keys, so that two of these never wait for each other; no row comes here for it.
LOCK = """
with found as (select id from fleet_miner where id = any(%s::bigint[]) order by id for no key update)
select count(*) from found
"""


def lock(miner_ids: Collection[int]) -> list[int]:
    """Lock miners, however many, all before the first is changed; returns their keys in order."""
    keys = sorted(set(miner_ids))
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [_array(keys)])
        _refuse_unknown(len(keys) - cursor.fetchone()[0])
    return keys


def these(keys: Collection[int]) -> QuerySet[Miner]:
    """The miners of keys, however many, as a set to be asked about."""
    return Miner.objects.filter(pk__in=RawSQL("select unnest(%s::bigint[])", [_array(keys)])).order_by("pk")


def _array(keys: Collection[int]) -> str:
    # As text: of half a million keys the driver would make a list three times as large.
    return "{" + ",".join(map(str, keys)) + "}"


def in_turn(keys: list[int], changing: Q, told: Told | None) -> Iterator[list[Miner]]:
    """The rows that are to change, in stretches; whoever wants to know is told how many are done with."""
    for start in range(0, len(keys), AT_A_TIME):
        stretch = keys[start : start + AT_A_TIME]
        if rows := list(Miner.objects.filter(changing, pk__in=stretch).order_by("pk")):
            yield rows
        if told is not None:
            told(len(stretch))


class Changed:
    """The miners a verb has changed: how many, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[Miner] = []

    def add(self, rows: list[Miner]) -> None:
        self.count += len(rows)
        self._first += rows[: NAMED - len(self._first)]

    @property
    def only(self) -> Miner | None:
        """The miner, where it is one."""
        return self._first[0] if self.count == 1 else None

    def detail(self) -> dict[str, Any]:
        """What the trail keeps of them."""
        return {"machines": self.count, "serials": [row.serial for row in self._first]}


def may(by: User | None, act: str) -> None:
    """Refuse a person whose role lacks the act; the system itself is nobody."""
    if by is not None:
        require(by, act)


def locked(miner_ids: Collection[int]) -> list[Miner]:
    """The miners' rows, locked in order of their keys so that two of these never wait for each other."""
    wanted = set(miner_ids)
    rows = list(Miner.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    _refuse_unknown(len(wanted) - len(rows))
    return rows


def _refuse_unknown(count: int) -> None:
    if count:
        raise Refusal(
            gettext("{count} of the miners are not known. Nothing was changed.").format(count=count)
        )


def update(rows: Collection[Miner], **changes: Any) -> None:
    """Change the rows in one statement."""
    Miner.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)


def refuse_ended(rows: Collection[Miner]) -> None:
    """Refuse rows that were sold or scrapped."""
    refuse_any([row for row in rows if row.status in ENDED], _already())


def refuse_ended_of(miners: QuerySet[Miner]) -> None:
    """The same for a set of miners."""
    refuse_any(miners.filter(status__in=ENDED), _already())


def _already() -> str:
    return gettext("{serials}: {status} already. Nothing was changed.")


def refuse_any(wrong: list[Miner] | QuerySet[Miner], sentence: str, **words: Any) -> None:
    """Refuse miners if there are any, by a sentence with their serials and the state of the first.

    Raises: Refusal
    """
    shown = list(wrong[:NAMED])
    if shown:
        in_all = len(wrong) if isinstance(wrong, list) else wrong.count()
        state = shown[0].get_status_display()
        raise Refusal(sentence.format(serials=names(shown, in_all), status=state, **words))


def check_figures(fields: Mapping[str, Any]) -> None:
    """Refuse power or hashrate that cannot be."""
    if fields.get("power_w", 1) <= 0:
        raise Refusal(
            gettext("{watts} is not a power a miner can draw.").format(watts=fields["power_w"]),
            where="power_w",
        )
    if fields.get("ghs", 0) < 0:
        raise Refusal(gettext("{ghs} is below zero.").format(ghs=fields["ghs"]), where="ghs")


def names(rows: Collection[Miner], in_all: int | None = None) -> str:
    """The first few serials and how many more there are."""
    shown = ", ".join(row.serial for row in list(rows)[:NAMED])
    more = (len(rows) if in_all is None else in_all) - NAMED
    return gettext("{shown} and {more} more").format(shown=shown, more=f"{more:,}") if more > 0 else shown


def detail(rows: Collection[Miner]) -> dict[str, Any]:
    """What the trail keeps of many miners."""
    return {"machines": len(rows), "serials": [row.serial for row in list(rows)[:NAMED]]}
