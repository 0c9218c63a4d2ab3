from datetime import date
from typing import cast

from compliance.territory.facts import Confidence, Measure, RegimeRow
from compliance.territory.models import Law, Regime
from kit.asof import days_at
from kit.questions import Question, Row, instances, rows


def regimes_at(day: date) -> tuple[RegimeRow, ...]:
    """The measures in force on a day, as rows of this installation, edited or not."""
    return regimes_question(day).answer


def regimes_question(day: date) -> Question[tuple[RegimeRow, ...]]:
    """The same, to be asked together with other questions."""
    found = Regime.objects.filter(days_at(day)).order_by("territory", "code", "from_on")
    return instances(found, shape=lambda found: tuple(frozen(row) for row in found))


def laws_at(day: date) -> tuple[Law, ...]:
    """The rows that describe a day, one per rule."""
    return tuple(Law.objects.filter(days_at(day)).order_by("code"))


def changes_question() -> Question[list[tuple[str, date]]]:
    """Every territory and day on which a measure on it begins or ends, to be asked with other questions."""
    spans = Regime.objects.order_by("pk").values_list("territory", "from_on", "to_on")
    return rows(spans, _changes)


def _changes(spans: list[Row]) -> list[tuple[str, date]]:
    return [
        (territory, date.fromisoformat(day)) for territory, *days in spans for day in days if day is not None
    ]


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
