from datetime import date
from typing import cast

from compliance.territory.facts import Confidence, Measure, RegimeRow
from compliance.territory.models import Law, Regime
from kit.asof import days_at


def regimes_at(day: date) -> tuple[RegimeRow, ...]:
    """The measures in force on a day, as rows of this installation, edited or not."""
    rows = Regime.objects.filter(days_at(day)).order_by("territory", "code", "from_on")
    return tuple(frozen(row) for row in rows)


def laws_at(day: date) -> tuple[Law, ...]:
    """The rows that describe a day, one per rule."""
    return tuple(Law.objects.filter(days_at(day)).order_by("code"))


def change_days(territories: set[str]) -> set[date]:
    """The days on which a measure on one of these territories begins or ends."""
    spans = Regime.objects.filter(territory__in=territories).values_list("from_on", "to_on")
    return {day for span in spans for day in span if day is not None}


def frozen(row: Regime) -> RegimeRow:
    """A stored measure as the rules see it."""
    return RegimeRow(
        code=row.code,
        territory=row.territory,
        name=row.name,
        measure=cast(Measure, row.measure),
        authority=row.authority,
        citation=row.citation,
        from_on=row.from_on,
        to_on=row.to_on,
        confidence=cast(Confidence, row.confidence),
        source=row.source,
        reviewed_on=row.reviewed_on,
        note=row.note,
    )
