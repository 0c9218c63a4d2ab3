"""A measure on a territory, and any other rule of law, as one dated row."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Measure = Literal["EMBARGO", "GOV", "LIST", "SECTOR", "INVEST", "SERVICE", "BAN"]
Confidence = Literal["high", "medium", "low", "unknown"]
Status = Literal["in force", "suspended", "proposed", "ended", "unknown"]

REVIEWED_ON = date(2026, 11, 22)


@dataclass(frozen=True)
class RegimeRow:
    """One measure on one territory for one period; the day it ends no longer counts.

    Shape: `territory` is an ISO 3166-1 country or an ISO 3166-2 region.
    """

    code: str
    territory: str
    name: str
    measure: Measure
    authority: str
    citation: str
    from_on: date
    to_on: date | None
    confidence: Confidence
    source: str
    reviewed_on: date = REVIEWED_ON
    note: str = ""

    def is_in_force(self, as_of: date) -> bool:
        """Whether the measure stands on this day."""
        return self.from_on <= as_of and (self.to_on is None or as_of < self.to_on)


@dataclass(frozen=True)
class LawRow:
    """One rule for one period; the day it ends no longer counts.

    Shape: rows of one `code` follow each other in time. `status` is `unknown` from the day on which
        the sources behind this table end without saying what holds.
    """

    code: str
    title: str
    authority: str
    citation: str
    from_on: date
    to_on: date | None
    status: Status
    confidence: Confidence
    source: str
    note: str = ""
    reviewed_on: date = REVIEWED_ON

    def is_current(self, as_of: date) -> bool:
        """Whether the row is the one that describes this day."""
        return self.from_on <= as_of and (self.to_on is None or as_of < self.to_on)
