"""Dates that come and have passed: papers counted by kind and site, words of contractors, deadlines."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Case, Count, DateField, F, Max, Min, Q, Value, When
from django.utils.translation import gettext as _

from compliance.findings.models import Finding
from compliance.lists.reads import Edition
from compliance.lists.sources import LISTS
from compliance.overview.values import DateLine
from compliance.workforce.models import Attestation, Clock, ClockKind
from hosting.liquidation.models import Liquidation
from kit.look.doors import door
from kit.questions import Question, Row, rows
from kit.units import format_count, format_date

AHEAD_DAYS = 180
NEAR_DAYS = 30


def state_of_date(on: date, day: date) -> str:
    """A date that has passed is to be reviewed, a near one watched, a later one waits."""
    if on < day:
        return "review"
    return "watch" if on <= day + timedelta(days=NEAR_DAYS) else "wait"


def papers_question(day: date) -> Question[list[tuple[DateLine, int]]]:
    """Papers in use that end within the horizon or have ended, by kind, site and day, with how many.

    A person stands here by worker number only where the paper is the only one of its line.
    """
    found = Clock.objects.filter(
        Q(superseded_on__isnull=True) | Q(superseded_on__gt=day),
        Q(worker__ended_on__isnull=True) | Q(worker__ended_on__gt=day),
        Q(worker__hired_on__isnull=True) | Q(worker__hired_on__lte=day),
        ends_on__lte=day + timedelta(days=AHEAD_DAYS),
    )
    # What is past is one line a kind and site, since its oldest date; what comes has a line a day.
    on = Case(When(ends_on__lt=day, then=Value(None)), default=F("ends_on"), output_field=DateField())
    counted = (
        found.annotate(on=on)
        .values_list("kind", "worker__site__name", "is_attested", "on")
        .annotate(Count("pk"), Min("ends_on"), Min("worker__number"))
    )

    def lines(found: list[Row]) -> list[tuple[DateLine, int]]:
        return [(_paper(row, day), row[4]) for row in found]

    return rows(counted.order_by("on", "kind"), lines)


def _paper(row: Row, day: date) -> DateLine:
    kind, site, is_attested, _on, papers, oldest, number = row
    ends_on = date.fromisoformat(oldest)
    # A label may be an acronym with a word behind it; only its first letter is made large.
    name = str(ClockKind(kind).label)
    name = name[:1].upper() + name[1:]
    whose = (
        _("worker %(number)s") % {"number": number}
        if papers == 1
        else _("%(n)s workers") % {"n": format_count(papers)}
    )
    note = _("date attested by the contractor") if is_attested else _("date on the recorded document")
    return DateLine(
        ends_on,
        state_of_date(ends_on, day),
        f"{name}, {whose}",
        f"{site} · {note}",
        door("operator:workforce"),
    )


def words_question(day: date) -> Question[list[DateLine]]:
    """The newest word of each contractor at work, with the day it ends, to be asked with other questions."""
    at_work = Q(contractor__to_on__isnull=True) | Q(contractor__to_on__gt=day)
    newest = (
        Attestation.objects.filter(at_work, contractor__from_on__lte=day, signed_on__lte=day)
        .values_list("contractor__party__name", "contractor__site__name")
        .annotate(ends_on=Max("expires_on"))
        .filter(ends_on__lte=day + timedelta(days=AHEAD_DAYS))
    )

    def lines(found: list[Row]) -> list[DateLine]:
        return [_word(name, site, date.fromisoformat(ends_on), day) for name, site, ends_on in found]

    return rows(newest.order_by("ends_on"), lines)


def _word(name: str, site: str, ends_on: date, day: date) -> DateLine:
    return DateLine(
        ends_on,
        state_of_date(ends_on, day),
        _("Attestation, %(name)s") % {"name": name},
        _("%(site)s · contractor on the premises") % {"site": site},
        door("operator:workforce"),
    )


def finding_dates(findings: Iterable[Finding], day: date) -> list[DateLine]:
    """The deadlines of open findings; papers and attestations are told by their own dates."""
    return [
        DateLine(
            row.due_on,
            state_of_date(row.due_on, day),
            row.subject_name,
            row.sentence,
            door("admin:compliance_finding_change", row.pk),
        )
        for row in findings
        if row.subject_kind not in ("worker", "contractor")
        and row.due_on is not None
        and row.due_on <= day + timedelta(days=AHEAD_DAYS)
    ]


def authority_dates(cases: Iterable[Liquidation], day: date) -> list[DateLine]:
    """When the authority of an open liquidation ends."""
    return [
        DateLine(
            case.authority_ends_on,
            state_of_date(case.authority_ends_on, day),
            _("Authority of %(case)s ends") % {"case": case.number},
            case.authority,
            door("operator:liquidation", case.number),
        )
        for case in cases
        if case.authority_ends_on is not None and case.authority_ends_on <= day + timedelta(days=AHEAD_DAYS)
    ]


def list_dates(editions: Iterable[Edition], day: date) -> list[DateLine]:
    """Lists whose newest edition is older than they are expected to rest."""
    rests = {row.code: row.fresh_days for row in LISTS}
    return [
        DateLine(
            due,
            "review",
            _("%(name)s: a newer edition is due") % {"name": row.name},
            _("loaded: the edition of %(day)s; expected every %(n)s days")
            % {"day": format_date(row.published_on), "n": rests[row.source]},
            door("admin:compliance_listversion_changelist"),
        )
        for row in editions
        if row.source in rests and (due := row.published_on + timedelta(days=rests[row.source])) < day
    ]


def nearest_first(lines: Iterable[DateLine], day: date, most: int) -> tuple[tuple[DateLine, ...], int]:
    """The lines nearest to the day, past ones first, and how many are left out."""
    ordered = sorted(lines, key=lambda line: (line.on >= day, abs((line.on - day).days), line.title))
    return tuple(ordered[:most]), max(len(ordered) - most, 0)
