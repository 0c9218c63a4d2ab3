"""Gathers the facts of a day for the rules, in a fixed number of queries."""

import json
from datetime import date

from django.db import connection

from compliance.exposure.reads import measure
from compliance.findings.values import ChecklistGap, DayFacts, StaleList
from compliance.lists.reads import stale_lists
from compliance.origin.reads import judgements_at as origin_at
from compliance.ownership.reads import owned_at
from compliance.screening.reads import listed_matches_at
from compliance.workforce.reads import contractors_at
from compliance.workforce.reads import judgements_at as workers_at
from hosting.contracts.reads import site_capacity

# The checklists stand above this room; their table is read by name, their code is not imported.
NEWEST_RUNS = """
select distinct on (template, site_id) template, site_id, as_of, result
from compliance_checklistrun where as_of <= %s order by template, site_id, as_of desc, id desc
"""
CLOSED_STATES = ("none",)


def facts_at(day: date) -> DayFacts:
    """Everything the rules look at, as it stood at the end of a day.

    Raises: Refusal for a day before any fact.
    """
    matches = listed_matches_at(day)
    return DayFacts(
        day=day,
        exposure=measure(day),
        matches=matches,
        owned=owned_at(day, matches),
        workers=workers_at(day),
        contractors=contractors_at(day),
        origin=origin_at(day),
        capacity=tuple(site_capacity(day)),
        stale=tuple(
            StaleList(source.code, source.name, source.authority, newest, allowed)
            for source, newest, allowed in stale_lists(day)
        ),
        gaps=_gaps(day),
    )


def _gaps(day: date) -> tuple[ChecklistGap, ...]:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_RUNS, [day])
        runs = cursor.fetchall()
    found = []
    for template, site_id, as_of, result in runs:
        value = json.loads(result) if isinstance(result, str) else result
        found += [
            ChecklistGap(
                template=template,
                item=item["code"],
                title=item["title"],
                site_id=site_id,
                state=item["state"],
                missing=tuple(item["missing"]),
                as_of=as_of,
            )
            for item in value["items"]
            if item["state"] not in CLOSED_STATES
        ]
    return tuple(found)
