"""Power by country over the last quarters, from the stays of machines and the contracts of sites."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Min

from compliance.reports.parts import Course, CourseRow, Event
from compliance.reports.sections.scope import Scope
from compliance.reports.sections.words import TONES, country_words, listed_words, other_countries
from fleet.miners.models import Stay
from hosting.contracts.reads import contracted_at
from kit.asof import end_of

QUARTERS = 20
MOST_EVENTS = 6

# One scan however many quarters: a stay adds its watts from the first end it reaches, and takes them away
# from the first end it does not reach any more.
DELTAS = """
select site_id, reached, sum(power_w)::bigint from (
    select site_id, width_bucket(from_at, %(ends)s::timestamptz[]) reached, power_w from fleet_stay
    where from_at < %(last)s
    union all
    select site_id, width_bucket(to_at, %(ends)s::timestamptz[]), -power_w from fleet_stay
    where to_at < %(last)s
) changes group by site_id, reached
"""


def build_course(scope: Scope) -> Course:
    """Countries by quarter, smallest below; those without a colour of their own together on top."""
    ends = quarter_ends(_first_stay(scope), scope.day)
    installed = _installed(ends)
    power: dict[str, list[int]] = defaultdict(lambda: [0] * len(ends))
    contracted: dict[str, list[int]] = defaultdict(lambda: [0] * len(ends))
    for number, end in enumerate(ends):
        promised = contracted_at(end)
        for site_id, site in scope.sites.items():
            watts = installed[site_id][number] if site_id in installed else 0
            power[site.country][number] += watts
            contracted[site.country][number] += promised.get(site_id) or watts
    rows = _rows(power, contracted)
    return Course(ends, rows, _events(scope, ends))


def quarter_ends(first: date | None, last: date) -> tuple[date, ...]:
    """Ends of quarters from the one a day falls in, at most so many, and the last day itself."""
    start = first or last
    ends: list[date] = [last]
    day = last.replace(day=1, month=(last.month - 1) // 3 * 3 + 1) - timedelta(days=1)
    while day >= start and len(ends) < QUARTERS:
        ends.append(day)
        day = day.replace(day=1, month=day.month - 2) - timedelta(days=1)
    return tuple(reversed(ends))


def _first_stay(scope: Scope) -> date | None:
    first: datetime | None = Stay.objects.filter(site__in=scope.sites).aggregate(first=Min("from_at"))[
        "first"
    ]
    return first.date() if first else None


def _installed(ends: tuple[date, ...]) -> dict[int, list[int]]:
    """Watts of machines by site at each end."""
    moments = [end_of(end) for end in ends]
    with connection.cursor() as cursor:
        cursor.execute(DELTAS, {"ends": moments, "last": moments[-1]})
        deltas: dict[int, list[int]] = defaultdict(lambda: [0] * len(ends))
        for site_id, reached, watts in cursor.fetchall():
            deltas[site_id][reached] += watts
    found = {}
    for site_id, changes in deltas.items():
        running, watts_at = 0, []
        for change in changes:
            running += change
            watts_at.append(running)
        found[site_id] = watts_at
    return found


def _rows(power: dict[str, list[int]], contracted: dict[str, list[int]]) -> tuple[CourseRow, ...]:
    """Named countries in the order of their last figure, the rest as one row."""
    named = sorted(
        (code for code in power if code in TONES and any(contracted[code])),
        key=lambda code: (power[code][-1], code),
    )
    rows = [
        CourseRow(code, country_words(code), TONES[code], tuple(power[code]), tuple(contracted[code]))
        for code in named
    ]
    rest = [code for code in sorted(power) if code not in TONES and any(contracted[code])]
    if rest:
        label = country_words(rest[0]) if len(rest) == 1 else other_countries()
        columns = [[table[code] for code in rest] for table in (power, contracted)]
        sums = [tuple(map(sum, zip(*column, strict=True))) for column in columns]
        rows.append(CourseRow(rest[0] if len(rest) == 1 else "", label, "other", sums[0], sums[1]))
    return tuple(rows)


def _events(scope: Scope, ends: tuple[date, ...]) -> tuple[Event, ...]:
    """The days on which lists first named a party behind a reason of the day; newest kept."""
    by_day: dict[date, list[str]] = defaultdict(list)
    for listed in scope.designated:
        if listed.listed_on > ends[0] or len(ends) == 1:
            by_day[listed.listed_on].append(listed.name)
    events = [Event(on, listed_words(sorted(names))) for on, names in sorted(by_day.items())]
    return tuple(events[-MOST_EVENTS:])
