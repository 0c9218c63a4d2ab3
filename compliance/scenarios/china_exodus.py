"""Fourteen operators move more than two million machines out of China in 2021; most went nobody says where.

Rows go in by COPY, fifty thousand machines a transaction: a load that is broken off goes on where it stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from compliance.scenarios.ground import SYNTHETIC, bring_parties, bring_sites
from compliance.scenarios.rows import Tally, keep_many
from compliance.scenarios.seedfiles import Seed, read_seed
from fleet.catalog.models import MinerModel
from fleet.miners.models import Miner, MinerStatus, Owner
from fleet.sites.models import Site
from hosting.parties.models import Party
from hosting.parties.verbs import NewParty, register_parties
from kit.allocate import largest_remainder
from kit.errors import Refusal

NAME = "china-exodus-2021"
DEFAULT_SCALE, LEAST_SCALE = 20_000, 100
CHUNK = 50_000

IN_CHINA_FROM = datetime(2021, 1, 1, tzinfo=UTC)
FIRST_LEFT_AT = datetime(2021, 6, 1, tzinfo=UTC)
LEAVING_DAYS = 90
# Invented, and none of them has a price in these seeds: what they were worth is unknown.
MODELS = (
    "Antminer S9",
    "WhatsMiner M20S",
    "Antminer S17",
    "Antminer S9",
    "AvalonMiner 1066",
    "Antminer T17",
    "WhatsMiner M21S",
    "Antminer S19",
    "Antminer S9",
    "WhatsMiner M30S",
)

KEYS = "select nextval(pg_get_serial_sequence('fleet_miner', 'id')) from generate_series(1, %s)"
MINER_COPY = """
copy fleet_miner (id, serial, model_id, owner_id, site_id, status, board_family, power_w, ghs, mac, firmware,
                  is_synthetic) from stdin
"""
STAY_COPY = """
copy fleet_stay (miner_id, site_id, owner_id, model_id, power_w, ghs, from_at, to_at, reason) from stdin
"""


@dataclass(frozen=True)
class Group:
    """Machines that went the same way.

    Shape: no destination is an unknown one; `moved_by` and `bought_by` are numbers of owners, blank for the
        operators whose names are not known and for machines that kept their owner.
    """

    code: str
    destination: str
    machines: int
    moved_by: str = ""
    bought_by: str = ""


@dataclass(frozen=True)
class Ground:
    """The rows that machines refer to, found once."""

    origin: Site
    sites: dict[str, Site]
    models: tuple[MinerModel, ...]
    operators: tuple[Owner, ...]
    owners: dict[str, Owner]


def load(tally: Tally, scale: int | None, tell: Callable[[str], None]) -> None:
    """Load the fourteen operators and so many machines in all, each group in proportion.

    Shape: no scale means twenty thousand at first, and later what is there; a smaller one changes nothing.
    Raises: Refusal for a scale that the documents do not cover.
    """
    seed = read_seed(NAME)
    most = seed.whole("machines")
    if scale is not None and not LEAST_SCALE <= scale <= most:
        raise Refusal(
            _("A scale of %(scale)d machines does not fit: give %(least)d to %(most)d.")
            % {"scale": scale, "least": LEAST_SCALE, "most": most}
        )
    with transaction.atomic():
        ground = _ground(tally, seed)
    total = scale or DEFAULT_SCALE
    new = 0
    for group in groups(seed, total):
        new += _load_group(tally, group, ground, lambda done: tell(f"{NAME}: {done:,} machines"), new)


def groups(seed: Seed, total: int) -> list[Group]:
    """The ways that machines went, with their shares of a total, exact in sum."""
    russia, bitriver = seed.whole("to-russia"), seed.whole("to-bitriver")
    kazakhstan, states = seed.whole("to-kazakhstan"), seed.whole("to-united-states")
    ways = [
        Group("RB", "russia-bitriver", bitriver, bought_by="BITRIVER-AG"),
        Group("RO", "russia-others", russia - bitriver),
        Group("KZ", "kazakhstan-bitfufu", kazakhstan, moved_by="BITFUFU"),
        Group("US", "us-farms", states),
        Group("UN", "", seed.whole("machines") - russia - kazakhstan - states),
    ]
    shares = largest_remainder(total, [way.machines for way in ways], [way.code for way in ways])
    return [
        Group(way.code, way.destination, share, way.moved_by, way.bought_by)
        for way, share in zip(ways, shares, strict=True)
    ]


def _ground(tally: Tally, seed: Seed) -> Ground:
    bring_parties(tally, seed)
    bring_parties(tally, read_seed("bitriver-2022"), {"BITRIVER-AG"})
    sites = bring_sites(tally, seed)
    operators = _operators(tally, seed.whole("operators"))
    named = Owner.objects.in_bulk(["BITFUFU", "BITRIVER-AG"], field_name="number")
    models = MinerModel.objects.in_bulk(MODELS, field_name="name")
    return Ground(sites.pop("china"), sites, tuple(models[name] for name in MODELS), operators, named)


def _operators(tally: Tally, count: int) -> tuple[Owner, ...]:
    """The operators besides BitFuFu, by number: how many there were is known, what they are called is not."""
    numbers = [f"CE-{position:02d}" for position in range(2, count + 1)]
    labels = [
        Owner(number=number, name=f"Operator {number[-2:]} of {count}, name unknown") for number in numbers
    ]
    keep_many(tally, labels, ("number",), is_synthetic=True)
    owners = Owner.objects.filter(number__in=numbers).order_by("number")
    there = set(Party.objects.filter(number__in=numbers).values_list("number", flat=True))
    new = [
        NewParty(
            number=owner.number,
            kind="organisation",
            name=owner.name,
            owner=owner,
            source=f"S1 L11: one of {count}; {SYNTHETIC}",
            is_synthetic=True,
        )
        for owner in owners
        if owner.number not in there
    ]
    register_parties(new, by=None)
    tally.add(len(numbers), new=len(new), is_synthetic=True)
    return tuple(owners)


def _load_group(tally: Tally, group: Group, ground: Ground, tell: Callable[[int], None], before: int) -> int:
    prefix = f"SYN-CE-{group.code}"
    there = Miner.objects.filter(serial__startswith=prefix).count()
    stays_each = 2 if group.destination else 1
    new = max(group.machines - there, 0)
    for first in range(there, there + new, CHUNK):
        last = min(first + CHUNK, there + new)
        with transaction.atomic():
            _copy(group, ground, prefix, first, last)
        tell(before + last - there)
    tally.add((there + new) * (1 + stays_each), new=new * (1 + stays_each), is_synthetic=True)
    return new


def _copy(group: Group, ground: Ground, prefix: str, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [last - first])
        ids = [row[0] for row in cursor.fetchall()]
        with cursor.copy(MINER_COPY) as copy:
            copy.write("".join(_miner_lines(group, ground, prefix, range(first, last), ids)))
        with cursor.copy(STAY_COPY) as copy:
            copy.write("".join(_stay_lines(group, ground, range(first, last), ids)))


def _miner_lines(group: Group, ground: Ground, prefix: str, places: range, ids: list[int]) -> Iterator[str]:
    site = str(ground.sites[group.destination].pk) if group.destination else r"\N"
    status = MinerStatus.MINING if group.destination else MinerStatus.IN_TRANSIT
    for place, pk in zip(places, ids, strict=True):
        model, owner = _model(ground, place), _owners(group, ground, place)[1]
        yield (
            f"{pk}\t{prefix}{place + 1:07d}\t{model.pk}\t{owner.pk}\t{site}\t{status.value}\tunknown\t"
            f"{model.power_w}\t{model.ghs}\t\t\tt\n"
        )


def _stay_lines(group: Group, ground: Ground, places: range, ids: list[int]) -> Iterator[str]:
    site = ground.sites[group.destination].pk if group.destination else None
    for place, pk in zip(places, ids, strict=True):
        model, (before, after) = _model(ground, place), _owners(group, ground, place)
        left_at = (FIRST_LEFT_AT + timedelta(days=place % LEAVING_DAYS)).isoformat()
        figures = f"{model.pk}\t{model.power_w}\t{model.ghs}"
        began_at = IN_CHINA_FROM.isoformat()
        yield f"{pk}\t{ground.origin.pk}\t{before.pk}\t{figures}\t{began_at}\t{left_at}\t{SYNTHETIC}\n"
        if site is not None:
            yield f"{pk}\t{site}\t{after.pk}\t{figures}\t{left_at}\t\\N\t{SYNTHETIC}\n"


def _model(ground: Ground, place: int) -> MinerModel:
    return ground.models[place % len(ground.models)]


def _owners(group: Group, ground: Ground, place: int) -> tuple[Owner, Owner]:
    """Whose the machine was in China, and whose it is since."""
    operators = ground.operators
    before = ground.owners[group.moved_by] if group.moved_by else operators[place % len(operators)]
    return before, ground.owners[group.bought_by] if group.bought_by else before
