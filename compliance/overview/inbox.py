"""Findings as they were open at the end of a day: counts by severity and age, and the weightiest."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.findings.models import Finding, Standing
from compliance.findings.verbs import TITLES
from compliance.overview.values import FindingsCard, Line
from kit.asof import end_of
from kit.look.doors import door
from kit.look.values import CountGrid, CountRow
from kit.questions import Question, instances
from kit.units import megawatts

SEVERITY = (Standing.BLOCKED, Standing.REVIEW, Standing.WATCH, Standing.UNKNOWN)
AGES = (1, 7, 30)  # days; what is older has a column of its own
LARGEST = 3
PEOPLE = "worker"  # the kind of subject that is a person
FIELDS = (
    "rule",
    "subject_kind",
    "standing",
    "sentence",
    "authority",
    "subject_name",
    "site_id",
    "power_w",
    "machines",
    "due_on",
    "opened_at",
    "is_synthetic",
)


def open_findings(day: date, site_id: int | None = None) -> list[Finding]:
    """The findings open at the end of a day, worst first, then by megawatts."""
    return findings_question(day, site_id).answer


def findings_question(day: date, site_id: int | None = None) -> Question[list[Finding]]:
    """The same, to be asked together with other questions."""
    moment = end_of(day)
    is_open = Q(opened_at__lt=moment) & (Q(resolved_at__isnull=True) | Q(resolved_at__gte=moment))
    rows = Finding.objects.filter(is_open)
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    return instances(rows, shape=_worst_first, only=FIELDS)


def _worst_first(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda row: (SEVERITY.index(Standing(row.standing)), -row.power_w, row.pk))


def age_days(finding: Finding, day: date) -> int:
    """For how many days a finding had been open at the end of a day."""
    return (end_of(day) - finding.opened_at).days


def findings_card(findings: Iterable[Finding], day: date) -> FindingsCard:
    """The card of the overview: a count per severity and age, and what weighs most."""
    findings = list(findings)
    counts = {standing: [0] * (len(AGES) + 1) for standing in SEVERITY}
    for row in findings:
        age = age_days(row, day)
        column = next((number for number, most in enumerate(AGES) if age < most), len(AGES))
        counts[Standing(row.standing)][column] += 1
    heaviest = sorted(
        findings, key=lambda row: (-row.power_w, SEVERITY.index(Standing(row.standing)), row.pk)
    )
    return FindingsCard(
        total=len(findings),
        grid=CountGrid(
            _("Severity"),
            (*(_("≤ %(n)s d") % {"n": days} for days in AGES), _("older")),
            tuple(
                CountRow(standing, tuple(counts[standing]), tuple(_age_doors(standing, day)))
                for standing in SEVERITY
            ),
        ),
        largest=tuple(finding_line(row, day) for row in _once_a_subject(heaviest)[:LARGEST] if row.power_w),
        oldest_days=max((age_days(row, day) for row in findings), default=None),
        url=inbox_door(),
        since=None if findings else _first_run_after(day),
    )


def _once_a_subject(findings: Iterable[Finding]) -> list[Finding]:
    """The first finding about each subject."""
    first: dict[str, Finding] = {}
    for row in findings:
        first.setdefault(row.subject_name, row)
    return list(first.values())


def _first_run_after(day: date) -> date | None:
    """The day the rules first ran, where that is later than the day asked for."""
    first: datetime | None = Finding.objects.aggregate(first=Min("opened_at"))["first"]
    return first.date() if first is not None and first >= end_of(day) else None


def finding_line(row: Finding, day: date, *, with_age: bool = False) -> Line:
    """One finding in a list: about what, why, and its megawatts or its age."""
    age = age_days(row, day)
    return Line(
        state=row.standing,
        title=row.subject_name,
        note=row.sentence,
        url=door("admin:compliance_finding_change", row.pk),
        figure=_("%(n)s d") % {"n": age} if with_age else megawatts(row.power_w),
        rule=str(TITLES.get(row.rule, row.rule)),
    )


def finding_lines(findings: Iterable[Finding], day: date, *, may_see_people: bool) -> tuple[Line, ...]:
    """Findings as a list with their age; those about workers are one line a rule, without numbers."""
    people: dict[str, list[Finding]] = defaultdict(list)
    lines: list[Line] = []
    for row in findings:
        if row.subject_kind == PEOPLE:
            people[row.rule].append(row)
        else:
            lines.append(finding_line(row, day, with_age=True))
    if may_see_people:
        lines += [_about_people(rule, rows, day) for rule, rows in people.items()]
    return tuple(sorted(lines, key=lambda line: SEVERITY.index(Standing(line.state))))


def _about_people(rule: str, rows: list[Finding], day: date) -> Line:
    title = TITLES.get(rule, rule)
    oldest = max(age_days(row, day) for row in rows)
    return Line(
        state=rows[0].standing,
        title=ngettext("%(title)s: %(n)d worker", "%(title)s: %(n)d workers", len(rows))
        % {"title": title, "n": len(rows)},
        note=rows[0].authority,
        url=inbox_door(rule__exact=rule, site_id__exact=rows[0].site_id),
        figure=_("%(n)s d") % {"n": oldest},
    )


def inbox_door(**asked: object) -> str:
    """The findings list, open ones only."""
    return door("admin:compliance_finding_changelist", resolved_at__isnull="True", **asked)


def _age_doors(standing: str, day: date) -> Iterable[str | None]:
    """One address per age; only today's ages can be asked of the list."""
    edges = [None, *AGES]
    for number, newest in enumerate(edges):
        oldest = AGES[number] if number < len(AGES) else None
        if day != timezone.now().date():
            yield inbox_door(standing__exact=standing) or None
            continue
        yield (
            inbox_door(
                standing__exact=standing,
                opened_at__gte=(end_of(day) - timedelta(days=oldest)).isoformat() if oldest else None,
                opened_at__lt=(end_of(day) - timedelta(days=newest)).isoformat() if newest else None,
            )
            or None
        )
