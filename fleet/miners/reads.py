import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner, MoveHold, Stay
from kit.asof import end_of
from kit.errors import Refusal
from kit.questions import Question, Row

FRAGMENT_AT_LEAST = 4  # three letters have one trigram, which half of a fleet shares


class FleetGroup(NamedTuple):
    """The machines of one model at one site on a day."""

    site_id: int
    model_id: int
    machines: int
    power_w: int
    ghs: int


class HoldingGroup(NamedTuple):
    """The machines of one owner at one site on a day; an owner nobody named is None."""

    site_id: int
    owner_id: int | None
    machines: int
    power_w: int
    ghs: int


class OwnerGroup(NamedTuple):
    """The machines of one owner and model at one site on a day."""

    site_id: int
    owner_id: int
    model_id: int
    machines: int
    power_w: int
    ghs: int


class BoardGroup(NamedTuple):
    """The machines of one model and control board family at one site today."""

    site_id: int
    model_id: int
    board_family: str
    machines: int
    power_w: int
    ghs: int


SUMS = "sum(machines)::bigint machines, sum(power_w)::bigint power_w, sum(ghs)::bigint ghs"
THEN = """
select site_id, {shown}, machines, power_w, ghs from fleet_{name}s_at(%(day)s, %(sites)s::bigint[])
order by site_id, {name}_id
"""
SUMMARY = """
select site_id, {shown}, {sums} from {table}
where site_id > 0 and (%(sites)s::bigint[] is null or site_id = any(%(sites)s))
group by site_id, {key} having sum(machines) <> 0 order by site_id, {key}
"""


HELD_NOW = """
(select site_id, owner_id from fleet_holding where site_id > 0 and machines <> 0
    and (%(sites)s::bigint[] is null or site_id = any(%(sites)s))) held
"""
HELD_THEN = "fleet_owners_at(%(day)s, %(sites)s::bigint[])"


def groups_at(day: date, site_ids: Collection[int] | None = None) -> list[FleetGroup]:
    """Machines by site and model at the end of a day, in one query: today's by summary, others by moves."""
    return groups_question(day, site_ids).answer


def groups_question(day: date, site_ids: Collection[int] | None = None) -> Question[list[FleetGroup]]:
    """The same, to be asked together with other questions."""
    now = SUMMARY.format(table="fleet_capacity", shown="model_id", key="model_id", sums=SUMS)
    then = THEN.format(name="model", shown="model_id")
    return Question(
        _of_day(day, now, then), _asked(day, site_ids), lambda found: [FleetGroup(*row) for row in found]
    )


def holdings_at(day: date, site_ids: Collection[int] | None = None) -> list[HoldingGroup]:
    """Machines by site and owner at the end of a day, in one query."""
    shown = "nullif(owner_id, 0)"
    now = SUMMARY.format(table="fleet_holding", shown=shown, key="owner_id", sums=SUMS)
    return list(map(HoldingGroup._make, _rows(day, site_ids, now, THEN.format(name="owner", shown=shown))))


def owners_at(day: date, site_ids: Collection[int] | None = None) -> dict[int, int]:
    """How many owners have machines at each site at the end of a day."""
    counted = "select site_id, count(*) filter (where owner_id > 0) from {held} group by site_id"
    return dict(_rows(day, site_ids, counted.format(held=HELD_NOW), counted.format(held=HELD_THEN)))


def owner_groups_question(day: date, owner_ids: Collection[int]) -> Question[list[OwnerGroup]]:
    """What some owners have at each site at the end of a day, by moves, to be asked with other questions."""
    query = f"""
        select site_id, owner_id, model_id, {SUMS} from fleet_move
        where owner_id = any(%(owners)s) and on_day <= %(day)s
        group by 1, 2, 3 having sum(machines) <> 0 order by 1, 2, 3
    """
    asked = {"day": day, "owners": list(owner_ids)}
    return Question(query, asked, lambda found: [OwnerGroup(*row) for row in found])


def days_of_moves_question() -> Question[list[date]]:
    """The days on which machines came to a site or left it, to be asked with other questions."""
    query = "select distinct on_day from fleet_move order by on_day"
    return Question(query, (), lambda found: [date.fromisoformat(day) for (day,) in found])


def owner_count_at(day: date, site_ids: Collection[int] | None = None) -> int:
    """How many different owners have machines on the sites together; one with machines on two counts once."""
    counted = "select count(distinct owner_id) from {held} where owner_id > 0"
    rows = _rows(day, site_ids, counted.format(held=HELD_NOW), counted.format(held=HELD_THEN))
    return int(rows[0][0])


def power_question(days: list[date]) -> Question[dict[int, list[int]]]:
    """Installed watts of each site at the end of each day, by moves, to be asked with other questions."""
    query = """
        select site_id, number, sum(power_w)::bigint power_w
        from unnest(%(days)s::date[]) with ordinality wanted(day, number),
            lateral fleet_models_at(wanted.day, null)
        group by site_id, number
    """

    def by_site(found: list[Row]) -> dict[int, list[int]]:
        watts: dict[int, list[int]] = defaultdict(lambda: [0] * len(days))
        for site_id, number, power_w in found:
            watts[site_id][number - 1] = power_w
        return dict(watts)

    return Question(query, {"days": days}, by_site)


def boards_now(site_ids: Collection[int] | None = None) -> list[BoardGroup]:
    """Machines by site, model and control board family as they stand."""
    key = "model_id, board_family"
    query = SUMMARY.format(table="fleet_capacity", shown=key, key=key, sums=SUMS)
    return [BoardGroup(*row) for row in _fetch(query, {"sites": _array(site_ids)})]


def families() -> list[str]:
    """The control board families that occur, from the summary."""
    return [row[0] for row in _fetch("select distinct board_family from fleet_capacity order by 1", {})]


def serials_at(day: date, site_id: int) -> list[str]:
    """The serials at a site at the end of a day, in order."""
    query = """
        select miner.serial from fleet_stay stay join fleet_miner miner on miner.id = stay.miner_id
        where stay.site_id = %(site)s and stay.from_at < %(moment)s
            and (stay.to_at is null or stay.to_at >= %(moment)s)
        order by miner.serial
    """
    return [row[0] for row in _fetch(query, {"site": site_id, "moment": end_of(day)})]


def miner_list() -> QuerySet[Miner]:
    """Miners with what a list shows of them, in one query."""
    return Miner.objects.select_related("model", "owner", "site", "rack", "slot")


def with_fragment(miners: QuerySet[Miner], fragment: str) -> QuerySet[Miner]:
    """Miners whose serial contains a fragment of at least four characters.

    Raises: Refusal for a shorter one.
    """
    fragment = fragment.strip().upper()
    if len(fragment) < FRAGMENT_AT_LEAST:
        raise Refusal(gettext("Give at least four characters of the serial."), where=gettext("serial"))
    # Serials are upper case, so `contains` meets the trigram index where `icontains` would not.
    return miners.filter(serial__contains=fragment)


# As an array the racks are found first, and the miners by the index over racks.
IN_RACKS = """
"fleet_miner"."rack_id" = any(array(select rack.id from fleet_rack rack
    join fleet_building building on building.id = rack.building_id
    left join fleet_powerfeed feed on feed.id = building.feed_id where {column} = %s))
"""
# What each word names among the few models, owners and sites, so that the many miners are asked by key.
NAMED = """
select word.n, 'model_id', model.id from unnest(%(words)s::text[]) with ordinality as word (part, n)
join fleet_minermodel model on true join fleet_maker maker on maker.id = model.maker_id
where model.name ilike word.part or maker.name ilike word.part
union all
select word.n, 'owner_id', owner.id from unnest(%(words)s::text[]) with ordinality as word (part, n)
join fleet_owner owner on owner.number ilike word.part or owner.name ilike word.part
union all
select word.n, 'site_id', site.id from unnest(%(words)s::text[]) with ordinality as word (part, n)
join fleet_site site on site.code ilike word.part or site.name ilike word.part
    or site.locality ilike word.part
"""
FEW = 5_000  # keys a question may carry
WORD_AT_LEAST, WORDS_AT_MOST = 3, 5


def in_racks(miners: QuerySet[Miner], column: str, value: Any) -> QuerySet[Miner]:
    """Miners in the racks of a rack's, building's or feed's name or key."""
    condition = RawSQL(IN_RACKS.format(column=column), [value], output_field=BooleanField())
    return miners.filter(condition)


def since_between(
    miners: QuerySet[Miner], after: datetime | None, before: datetime | None
) -> QuerySet[Miner]:
    """Miners that stand where they are since a time between two; asks first how many there are.

    Shape: of few the keys are gathered, for of many some are soon met in whatever order.
    """
    stays = Stay.objects.filter(to_at__isnull=True).order_by()
    stays = stays.filter(from_at__gt=after) if after else stays
    stays = stays.filter(from_at__lt=before) if before else stays
    keys = list(stays.values_list("miner_id", flat=True)[: FEW + 1])
    if len(keys) <= FEW:
        return miners.filter(pk__in=keys)
    return miners.filter(Exists(stays.filter(miner_id=OuterRef("pk"))))


def with_words(miners: QuerySet[Miner], text: str) -> QuerySet[Miner]:
    """Miners that every word of a text is found in: serial, model, maker, owner or site; asks once first.

    Raises: Refusal for words that are too short or too many.
    """
    words = text.split()
    if not words or len(words) > WORDS_AT_MOST or min(map(len, words)) < WORD_AT_LEAST:
        raise Refusal(
            gettext("Give one to five words of at least three letters each."), where=gettext("text")
        )
    parts = ["%" + re.sub(r"([%_\\])", r"\\\1", word) + "%" for word in words]
    named: dict[tuple[int, str], list[int]] = {}
    for number, column, key in _fetch(NAMED, {"words": parts}):
        named.setdefault((number - 1, column), []).append(key)
    for number, word in enumerate(words):
        found = Q(serial__contains=word.upper())
        for column in ("model_id", "owner_id", "site_id"):
            if keys := named.get((number, column)):
                found |= Q(**{f"{column}__in": keys})
        miners = miners.filter(found)
    return miners


def open_holds(
    miner_ids: Collection[int] | QuerySet[Miner, Any], site_ids: Collection[int] | QuerySet[Miner, Any]
) -> QuerySet[MoveHold]:
    """Holds not released on any of the miners or sites."""
    subjects = Q(miner_id__in=miner_ids) | Q(site_id__in=site_ids)
    return (
        MoveHold.objects.filter(subjects, released_at__isnull=True)
        .select_related("site", "miner")
        .order_by("id")
    )


def _rows(day: date, site_ids: Collection[int] | None, now: str, then: str) -> list[tuple[Any, ...]]:
    return _fetch(_of_day(day, now, then), _asked(day, site_ids))


def _of_day(day: date, now: str, then: str) -> str:
    return now if day == timezone.now().date() else then


def _asked(day: date, site_ids: Collection[int] | None) -> dict[str, Any]:
    return {"day": day, "sites": _array(site_ids)}


def _array(site_ids: Collection[int] | None) -> list[int] | None:
    return None if site_ids is None else list(site_ids)


def _fetch(query: str, arguments: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return list(cursor.fetchall())
