from collections import defaultdict
from datetime import date

from django.db.models import Count, Q, QuerySet

from compliance.checklist.models import ChecklistRun, ItemEvidence
from compliance.checklist.values import Evidence, SiteFacts
from compliance.exposure.reads import measure
from compliance.findings.reads import findings_at
from compliance.lists.reads import editions_at, stale_lists
from compliance.origin.reads import judgements_at as origin_at
from compliance.origin.reads import supply_channels_at
from compliance.screening.models import Match, MatchStatus
from compliance.workforce.reads import contractors_at, records_at
from compliance.workforce.reads import judgements_at as judgements_of_workers
from fleet.sites.models import Site
from kit.asof import days_at, end_of


def site_facts(site: Site, template: str, day: date) -> SiteFacts:
    """What the items of a checklist look at, at one site at the end of a day.

    Raises: Refusal for a day before any fact.
    """
    here = [site.pk]
    found = findings_at(day).filter(site_id=site.pk)
    counts = found.aggregate(all=Count("pk"), seen=Count("pk", filter=Q(acknowledged_at__lt=end_of(day))))
    matches = Match.objects.filter(days_at(day, "listed__listed_on", "listed__delisted_on"))
    decided = matches.aggregate(all=Count("pk"), open=Count("pk", filter=Q(status=MatchStatus.OPEN)))
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in ItemEvidence.objects.filter(site=site, template=template, on_day__lte=day).order_by("pk"):
        evidence[row.item].append(Evidence(row.text, row.on_day))
    return SiteFacts(
        day=day,
        workers=records_at(day, here),
        judgements=judgements_of_workers(day, here),
        contractors=contractors_at(day, here),
        origin=origin_at(day, here),
        channels=supply_channels_at(day),
        exposure=measure(day),
        lists=len(editions_at(day)),
        stale_lists=tuple(source.name for source, _newest, _allowed in stale_lists(day)),
        open_matches=decided["open"],
        matches=decided["all"],
        findings=counts["all"],
        findings_acknowledged=counts["seen"],
        evidence={item: tuple(rows) for item, rows in evidence.items()},
    )


def newest_runs(day: date | None = None) -> QuerySet[ChecklistRun]:
    """The newest run of each checklist at each site, as of a day or at all."""
    runs = ChecklistRun.objects.all() if day is None else ChecklistRun.objects.filter(as_of__lte=day)
    newest = runs.order_by("template", "site_id", "-as_of", "-pk").distinct("template", "site_id")
    return newest.select_related("site", "made_by")


def runs_of(site: Site, template: str) -> QuerySet[ChecklistRun]:
    """Every run of a checklist at a site, newest first."""
    return (
        ChecklistRun.objects.filter(site=site, template=template)
        .select_related("made_by")
        .order_by("-as_of", "-pk")
    )


def runs_with_site() -> QuerySet[ChecklistRun]:
    """Runs with what a list shows of them, in one query."""
    return ChecklistRun.objects.select_related("site", "made_by")
