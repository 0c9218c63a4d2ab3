"""What the rules find in the facts of the day, gravest first; a person is told by number."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.findings.models import Finding
from compliance.findings.reads import found_at
from compliance.findings.rules import RULES
from compliance.findings.values import Found
from compliance.reports.parts import FindingRow
from compliance.reports.sections.exposure import measured
from compliance.reports.sections.persons import persons_in_sight
from compliance.reports.sections.scope import Scope
from compliance.reports.sections.words import SEVERITY
from kit.asof import end_of

Key = tuple[str, str, str]
TITLES = {rule.code: rule.title for rule in RULES}


def build_findings(scope: Scope) -> tuple[FindingRow, ...]:
    """The findings over the sites in scope; over all sites those about no site too.

    Shape: findings about single workers are told as one row per rule, site and standing, with their count.
    """
    stored = _stored(scope.day)
    listed_on = {each.uid: each.listed_on for each in scope.designated}
    persons = persons_in_sight()
    rows: list[FindingRow] = []
    workers: dict[tuple[str, int, str], list[Found]] = {}
    for found in found_at(scope.day):
        if not _is_in_scope(found, scope):
            continue
        if found.subject_kind == "worker" and found.site_id is not None:
            workers.setdefault((found.rule, found.site_id, found.standing), []).append(found)
            continue
        standing = stored.get((found.rule, found.subject_kind, found.subject_key))
        opened_on = standing.opened_at.date() if standing else None
        rows.append(
            _row(
                found,
                number=f"F-{standing.pk}" if standing else found.rule,
                about=persons.without_names(str(found.subject_name)),
                sentence=persons.without_names(str(found.sentence)),
                since=listed_on.get(found.subject_key.rpartition(":")[2], opened_on),
            )
        )
    rows += [
        _counted(scope.sites[site_id].name, group) for (_rule, site_id, _standing), group in workers.items()
    ]
    return tuple(
        sorted(rows, key=lambda row: (SEVERITY.index(row.standing), -row.measure.installed_w, row.rule))
    )


def _row(found: Found, *, number: str, about: str, sentence: str, since: date | None) -> FindingRow:
    return FindingRow(
        number=number,
        rule=found.rule,
        title=str(TITLES.get(found.rule, found.rule)),
        standing=found.standing,
        about=about,
        sentence=sentence,
        authority=str(found.authority),
        source=str(found.source),
        confidence=found.confidence,
        measure=measured(found.figures),
        since=since,
        due_on=found.due_on,
        is_synthetic=found.is_synthetic,
    )


def _counted(site: str, group: list[Found]) -> FindingRow:
    """Findings about workers as a count with their dates, without saying whose they are."""
    days = sorted(found.due_on for found in group if found.due_on is not None)
    words = {"title": TITLES[group[0].rule], "count": len(group)}
    sentence = (
        ngettext(
            "%(title)s, for %(count)d worker",
            "%(title)s, for %(count)d workers",
            len(group),
        )
        % words
    )
    if days and days[0] == days[-1]:
        sentence += " " + _("(%(day)s)") % {"day": days[0]}
    elif days:
        sentence += " " + _("(%(first)s to %(last)s)") % {"first": days[0], "last": days[-1]}
    first = replace(
        group[0], due_on=days[0] if days else None, is_synthetic=any(found.is_synthetic for found in group)
    )
    since = days[0] if days and group[0].standing == "review" else None
    return _row(first, number=first.rule, about=site, sentence=f"{sentence}.", since=since)


def _stored(day: date) -> dict[Key, Finding]:
    """Findings that had been written down by the day's end, by subject; the newest counts."""
    rows = Finding.objects.filter(opened_at__lt=end_of(day)).order_by("opened_at", "pk")
    return {(row.rule, row.subject_kind, row.subject_key): row for row in rows}


def _is_in_scope(found: Found, scope: Scope) -> bool:
    if not scope.codes or found.site_id in scope.sites:
        return True
    return found.site_id is None and bool(found.figures.owner_ids & scope.exposure.total.owner_ids)
