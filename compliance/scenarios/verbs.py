from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from compliance.scenarios import (
    bcause,
    bitriver,
    china_exodus,
    compass_siberia,
    hashrate,
    hive_kazakhstan,
    lonestar_dream,
)
from compliance.scenarios.ground import load_reference
from compliance.scenarios.rows import Tally
from compliance.scenarios.seedfiles import read_seed
from compliance.screening.verbs import screen_parties
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record

REFERENCE = "reference"
SEEDS_LOCK = 7_461_747
ANALYSE_FROM = 1_000


@dataclass(frozen=True)
class Scenario:
    """A founding incident by name, what it stands on, and how it is loaded."""

    name: str
    load: Callable[[Tally], None] | None
    needs: tuple[str, ...] = ()


SCENARIOS: tuple[Scenario, ...] = (
    Scenario(bitriver.NAME, bitriver.load),
    Scenario(compass_siberia.NAME, compass_siberia.load, needs=(bitriver.NAME,)),
    Scenario(lonestar_dream.NAME, lonestar_dream.load),
    # Loaded by its own rules: it has a scale and more rows than one transaction should hold.
    Scenario(china_exodus.NAME, None, needs=(bitriver.NAME,)),
    Scenario(hive_kazakhstan.NAME, hive_kazakhstan.load),
    Scenario(bcause.NAME, bcause.load),
    Scenario(hashrate.NAME, hashrate.load),
)


@dataclass(frozen=True)
class Loaded:
    """What one scenario holds: facts in its file, rows in the database, and how many of those are new."""

    name: str
    facts: int
    facts_unknown: int
    from_sources: int
    synthetic: int
    new: int


@dataclass(frozen=True)
class SeedsLoaded:
    """What a load holds and found: a line per scenario, and the matches that screening found new."""

    rows: tuple[Loaded, ...]
    new_matches: int


def load_seeds(
    names: Sequence[str] = (),
    *,
    scale: int | None = None,
    by: User | None = None,
    tell: Callable[[str], None] = lambda _line: None,
) -> SeedsLoaded:
    """Load scenarios, all if none is named, with what they stand on; rows that are there stay as they are.

    Raises: Refusal for an unknown scenario, a scale that fits none, or while another load is running.
    """
    if by is not None:
        require(by, "accounts.edit")
    wanted = _with_needs(names)
    if scale is not None and china_exodus.NAME not in [scenario.name for scenario in wanted]:
        raise Refusal(
            _("A scale belongs to %(name)s; name that scenario as well.") % {"name": china_exodus.NAME}
        )
    with _alone():
        found = [_load(REFERENCE, load_reference)]
        tell(REFERENCE)
        for scenario in wanted:
            if scenario.load is None:
                found.append(_load_in_pieces(scenario.name, scale, tell))
            else:
                found.append(_load(scenario.name, scenario.load))
            tell(scenario.name)
        matches = screen_parties(by=by) if any(row.new for row in found) else ()
    return SeedsLoaded(tuple(found), len(matches))


def _with_needs(names: Sequence[str]) -> list[Scenario]:
    """The scenarios asked for and those they stand on, in the order of the table."""
    by_name = {scenario.name: scenario for scenario in SCENARIOS}
    strange = [name for name in names if name not in by_name]
    if strange:
        raise Refusal(
            _("“%(name)s” is not a scenario. Choose from: %(names)s.")
            % {"name": strange[0], "names": ", ".join(by_name)}
        )
    asked = set(names or by_name)
    asked |= {need for name in asked for need in by_name[name].needs}
    return [scenario for scenario in SCENARIOS if scenario.name in asked]


def _load(name: str, load: Callable[[Tally], None]) -> Loaded:
    tally = Tally()
    with transaction.atomic():
        load(tally)
        if tally.new >= ANALYSE_FROM:
            _tell_the_planner()
        return _closed(name, tally)


def _load_in_pieces(name: str, scale: int | None, tell: Callable[[str], None]) -> Loaded:
    tally = Tally()
    china_exodus.load(tally, scale, tell)
    if tally.new >= ANALYSE_FROM:
        _tell_the_planner()
    return _closed(name, tally)


def _tell_the_planner() -> None:
    """Count the tables anew: a planner that takes them for empty ones joins every row with every other."""
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _closed(name: str, tally: Tally) -> Loaded:
    """Write a load that brought something new into the trail, and put it into figures."""
    if tally.new:
        detail = {
            "scenario": name,
            "new": tally.new,
            "sources": tally.from_sources,
            "synthetic": tally.synthetic,
        }
        record("seeds.loaded", None, by=None, detail=detail)
    facts = () if name == REFERENCE else tuple(read_seed(name).facts.values())
    unknown = sum(not fact.is_known for fact in facts)
    return Loaded(name, len(facts), unknown, tally.from_sources, tally.synthetic, tally.new)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [SEEDS_LOCK])
        if not cursor.fetchone()[0]:
            raise Refusal(_("Seeds are being loaded already. Wait until that load has ended."))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [SEEDS_LOCK])
