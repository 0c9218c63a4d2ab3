"""Dates on papers as counts by day; whose they are does not get into the report."""

from compliance.reports.parts import DateCount, Lane, Staff
from compliance.reports.sections.scope import Scope
from compliance.workforce.lines import lanes_at
from compliance.workforce.reads import contractors_at, judgements_at, records_at


def build_staff(scope: Scope) -> Staff:
    """Lanes of dates and how many are over, near and later; only whose date is unknown is in no lane."""
    chart = lanes_at(scope.day, scope.site_ids)
    contractors = contractors_at(scope.day, scope.site_ids)
    judgements = judgements_at(scope.day, scope.site_ids)
    unknown = sum(row.judgement.standing == "unknown" and row.judgement.due_on is None for row in judgements)
    unknown += sum(row.judgement.due_on is None for row in contractors)
    return Staff(
        workers=len(records_at(scope.day, scope.site_ids)),
        contractors=len(contractors),
        lanes=tuple(
            Lane(f"lane-{number}", lane.label, tuple(DateCount(dot.on, dot.count) for dot in lane.dots))
            for number, lane in enumerate(chart.lanes, 1)
            if lane.dots
        ),
        overdue=chart.count(None, -1),
        within_30=chart.count(0, 30),
        within_90=chart.count(31, 90),
        later=chart.count(91, None),
        unknown=unknown,
    )


def staff_is_synthetic(scope: Scope) -> bool:
    """Whether a worker or contractor counted here was invented."""
    people = records_at(scope.day, scope.site_ids)
    firms = contractors_at(scope.day, scope.site_ids)
    return any(row.is_synthetic for row in people) or any(row.is_synthetic for row in firms)
