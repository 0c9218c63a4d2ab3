"""Every measure on a territory as dated rows, and what they ask for at a place on a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from compliance.territory.facts import Measure, RegimeRow
from compliance.territory.russia import RUSSIA
from compliance.territory.world import WORLD

Standing = Literal["blocked", "review", "watch", "unknown", "none"]

REGIMES: tuple[RegimeRow, ...] = WORLD + RUSSIA

STANDING_OF_MEASURE: dict[Measure, Standing] = {
    "EMBARGO": "blocked",
    "GOV": "review",
    "SECTOR": "review",
    "INVEST": "review",
    "SERVICE": "review",
    "BAN": "review",
    # A list names parties, not a place: the parties are screened, the place is not marked.
    "LIST": "none",
}
_SEVERITY: tuple[Standing, ...] = ("none", "unknown", "review", "blocked")
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


@dataclass(frozen=True)
class TerritoryStanding:
    """What the measures in force at a place ask for, and the rows that say so, gravest first."""

    standing: Standing
    sentence: str
    rows: tuple[RegimeRow, ...]


def standing_of(rows: Iterable[RegimeRow], country: str, region: str, as_of: date) -> TerritoryStanding:
    """An embargoed territory is blocked pending counsel; a measure on a government, sector, investment
    or service is a review; a list-based programme asks for the screening of parties only.

    Shape: `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2 or blank. A country with measures on
        some of its regions is unknown until the region is recorded.
    """
    country, region = country.strip().upper(), region.strip().upper()
    if not _REGION.fullmatch(region):
        region = ""
    if not country and not region:
        return TerritoryStanding("unknown", _("Unknown: the country is not recorded."), ())
    in_force = [row for row in rows if row.is_in_force(as_of)]
    # A region counts whichever country it was recorded under: Crimea under RU is still UA-43.
    found = sorted(
        (row for row in in_force if row.territory in {country, region, region[:2]}),
        key=lambda row: (-_SEVERITY.index(STANDING_OF_MEASURE[row.measure]), row.code, row.from_on),
    )
    standing: Standing = STANDING_OF_MEASURE[found[0].measure] if found else "none"
    if standing == "none" and not region:
        regional = [row for row in in_force if row.territory.startswith(f"{country}-")]
        if regional:
            sentence = _("Unknown: some regions of this country are under a measure; record the region.")
            return TerritoryStanding("unknown", sentence, (*found, *regional))
    return TerritoryStanding(standing, _sentence(standing, found), tuple(found))


def _sentence(standing: Standing, rows: list[RegimeRow]) -> str:
    if not rows:
        return _("No open finding: no measure on this territory is recorded for this day.")
    if standing == "none":
        text = _("No open finding: %(name)s has list-based measures; screen the parties.")
        return text % {"name": rows[0].name}
    first, text = next(
        (row, text) for measures, text in _sentences() for row in rows if row.measure in measures
    )
    return text % {"name": first.name, "authority": first.authority, "citation": first.citation}


def _sentences() -> tuple[tuple[set[Measure], str], ...]:
    """What is said of the gravest measures found, gravest first."""
    return (
        ({"EMBARGO"}, _("Blocked pending counsel: %(name)s, embargo (%(authority)s, %(citation)s).")),
        (
            {"GOV"},
            _(
                "Review: %(name)s, government blocked (%(authority)s, %(citation)s); screen "
                "counterparties for government ownership."
            ),
        ),
        (
            {"SECTOR", "INVEST", "SERVICE"},
            _(
                "Enhanced review: %(name)s, measures on sectors, investment or services "
                "(%(authority)s, %(citation)s)."
            ),
        ),
        ({"BAN"}, _("Review: %(name)s, local measure on mining (%(authority)s, %(citation)s).")),
    )
