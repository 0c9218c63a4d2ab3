from datetime import date

from django.db.models import QuerySet

from compliance.findings.facts import facts_at
from compliance.findings.models import Finding
from compliance.findings.rules import judge_all
from compliance.findings.values import Found
from kit.asof import instants_at


def found_at(day: date) -> tuple[Found, ...]:
    """What the rules find in the facts of any day, without writing anything; gravest first, then the largest.

    Raises: Refusal for a day before any fact.
    """
    order = ("blocked", "review", "unknown", "watch", "none")
    found = judge_all(facts_at(day))
    return tuple(
        sorted(found, key=lambda row: (order.index(row.standing), -row.figures.installed_w, row.subject_key))
    )


def findings_at(day: date) -> QuerySet[Finding]:
    """The findings that were open at the end of a day, as they were run."""
    return Finding.objects.filter(instants_at(day, "opened_at", "resolved_at")).select_related("assigned_to")


def open_findings() -> QuerySet[Finding]:
    """The findings that stand now."""
    return Finding.objects.filter(resolved_at__isnull=True).select_related("assigned_to")
