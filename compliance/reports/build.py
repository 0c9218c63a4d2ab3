"""Read every fact of a report once and freeze it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from compliance.exposure.reads import refuse_before_facts
from compliance.reports.models import ReportKind
from compliance.reports.parts import Measure
from compliance.reports.schedule import months_earlier
from compliance.reports.sections.capacity import build_capacity
from compliance.reports.sections.checklist import build_checklists
from compliance.reports.sections.course import build_course
from compliance.reports.sections.executive import Parts, build_executive
from compliance.reports.sections.exposure import build_exposure, build_world, measured
from compliance.reports.sections.findings import build_findings
from compliance.reports.sections.origin import build_origin
from compliance.reports.sections.sales import build_sales
from compliance.reports.sections.scope import Scope, scope_of
from compliance.reports.sections.sources import build_sources, data_time
from compliance.reports.sections.staff import build_staff, staff_is_synthetic
from compliance.reports.value import FORMAT, ComplianceReport
from fleet.miners.models import Owner, Stay
from kit.asof import instants_at

CURRENCY = "USD"


def build(
    day: date, scope: tuple[str, ...] = (), *, compared_on: date | None = None, language: str = "en"
) -> ComplianceReport:
    """The compliance report of a day over some sites, or all.

    Shape: all reads see one snapshot of the database, so that no figure contradicts another.
    Raises: Refusal for an unknown site, and for a day before any fact.
    """
    with translation.override(language), _one_snapshot():
        refuse_before_facts(day)
        return _build(scope_of(day, scope, compared_on or months_earlier(day, 1)), language)


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """One snapshot for all reads; inside a transaction of the caller, the caller's."""
    is_ours = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_ours:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def _build(scope: Scope, language: str) -> ComplianceReport:
    course, world = build_course(scope), build_world(scope)
    findings, staff, origin, sales = (
        build_findings(scope),
        build_staff(scope),
        build_origin(scope),
        build_sales(scope),
    )
    capacity = build_capacity(scope)
    sources = build_sources(scope, world, language)
    parts = Parts(scope, course, findings, staff, origin, sales, sources, CURRENCY)
    before = scope.before
    return ComplianceReport(
        format=FORMAT,
        kind=ReportKind.COMPLIANCE.value,
        language=language,
        operator=settings.OPERATOR_NAME,
        as_of=scope.day,
        compared_on=scope.compared_on,
        data_time=data_time(scope),
        scope=scope.codes,
        currency=CURRENCY,
        is_synthetic=is_synthetic(scope)
        or any(row.is_synthetic for row in findings)
        or any(sale.is_synthetic for sale in sales)
        or any(site.is_synthetic for site in capacity.sites),
        fleet=measured(scope.exposure.total),
        before=measured(before.total) if before else Measure(),
        sites=len(scope.exposure.rows),
        executive=build_executive(parts),
        course=course,
        world=world,
        exposure=build_exposure(scope),
        findings=findings,
        checklists=build_checklists(scope),
        staff=staff,
        origin=origin,
        sales=sales,
        capacity=capacity,
        sources=sources,
    )


def is_synthetic(scope: Scope) -> bool:
    """Whether any machine, owner, site or worker behind the figures was invented."""
    if scope.exposure.is_synthetic or staff_is_synthetic(scope):
        return True
    stays = Stay.objects.filter(instants_at(scope.day), site__in=scope.sites)
    owners = Owner.objects.filter(pk__in=scope.exposure.total.owner_ids, is_synthetic=True)
    return stays.filter(miner__is_synthetic=True).exists() or owners.exists()
