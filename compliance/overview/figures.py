"""The five key figures of the overview, from what a reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from compliance.exposure.values import Exposure, Figures
from compliance.findings.models import Finding
from compliance.overview.dates import NEAR_DAYS
from compliance.overview.inbox import age_days, inbox_door
from compliance.overview.values import DateLine
from compliance.overview.work import local_time
from compliance.reports.models import ReportSchedule
from hosting.contracts.reads import SiteCapacity
from kit import units
from kit.look.doors import door
from kit.look.values import Kpi

SHOWN = 5


@dataclass(frozen=True)
class Known:
    """What the key figures are made of; a part the reader may not see is None."""

    day: date
    exposure: Exposure | None
    findings: list[Finding] | None
    sites: list[SiteCapacity]
    papers: list[tuple[DateLine, int]] | None
    next_run: ReportSchedule | None
    may_see_contracts: bool


def key_figures(known: Known) -> tuple[Kpi, ...]:
    """Five figures, those about judgements first, filled up from the fleet's own."""
    return tuple(_all(known))[:SHOWN]


def _all(known: Known) -> Iterable[Kpi]:
    if known.exposure is not None:
        yield _blocked(known.exposure)
    if known.findings is not None:
        yield _findings(known.findings, known.day)
    yield _drawn(known.sites)
    if known.papers is not None:
        yield _papers(known.papers, known.day)
    if known.next_run is not None:
        yield _next_report(known.next_run)
    yield from _fleet(known)


def touched_w(figures: Figures) -> int:
    """The watts by which something touched is told: the larger of installed and contracted."""
    return max(figures.installed_w, figures.contracted_w or 0)


def _blocked(exposure: Exposure) -> Kpi:
    figures = exposure.by_standing.get("blocked", Figures())
    note = _("%(machines)s machines · %(owners)s owners") % {
        "machines": units.format_count(figures.machines),
        "owners": units.format_count(figures.owners),
    }
    url = door("operator:exposure", as_of=exposure.as_of)
    is_any = bool(figures.machines or figures.contracted_w)
    return Kpi(
        _("Blocked pending counsel"),
        units.power(touched_w(figures)),
        note if is_any else _("nothing on this day"),
        url,
        "blocked" if is_any else "",
    )


def _findings(findings: list[Finding], day: date) -> Kpi:
    new = sum(age_days(row, day) < 1 for row in findings)
    over = sum(row.due_on is not None and row.due_on < day for row in findings)
    parts = [_("%(n)s new since yesterday") % {"n": new}, _("%(n)s overdue") % {"n": over}]
    return Kpi(_("Open findings"), len(findings), " · ".join(parts), inbox_door())


def _drawn(sites: list[SiteCapacity]) -> Kpi:
    drawn = [row.power.drawn_w for row in sites if row.power.drawn_w is not None]
    energized = [row.power.energized_w for row in sites if row.power.energized_w is not None]
    unknown = len(sites) - len(drawn)
    parts = [
        _("of %(power)s") % {"power": units.format_power(sum(energized), 1)}
        if energized
        else _("energized unknown")
    ]
    if unknown:
        parts.append(_("%(n)s of %(all)s sites unknown") % {"n": unknown, "all": len(sites)})
    return Kpi(
        _("Drawn of energized"),
        units.power(sum(drawn) if drawn else None, 1),
        " · ".join(parts),
        door("admin:fleet_site_changelist"),
        "" if drawn else "unknown",
    )


def _papers(papers: list[tuple[DateLine, int]], day: date) -> Kpi:
    near = sum(count for line, count in papers if day <= line.on <= day + timedelta(days=NEAR_DAYS))
    past = sum(count for line, count in papers if line.on < day)
    return Kpi(
        _("Papers ending in %(n)s days") % {"n": NEAR_DAYS},
        near,
        _("%(n)s already past their date") % {"n": units.format_count(past)},
        door("operator:workforce"),
        "review" if past else "",
    )


def _next_report(schedule: ReportSchedule) -> Kpi:
    at = schedule.next_due_at
    zone = schedule.time_zone.rpartition("/")[2].replace("_", " ")
    shown = units.Figure(local_time(at, schedule.time_zone), zone) if at else units.unknown()
    note = f"{schedule.title}, {units.format_date(at.date())}" if at else schedule.title
    return Kpi(_("Next report"), shown, note, door("admin:compliance_reportschedule_changelist"))


def _fleet(known: Known) -> Iterable[Kpi]:
    sites, miners = known.sites, door("admin:fleet_miner_changelist")
    installed = sum(row.power.installed_w for row in sites)
    machines = sum(row.power.machines for row in sites)
    yield Kpi(
        _("Installed"),
        units.power(installed),
        _("on %(n)s sites") % {"n": len(sites)},
        miners,
    )
    yield Kpi(_("Miners"), machines, _("placed on a site"), miners)
    yield Kpi(_("Hashrate"), units.hashrate(sum(row.power.ghs for row in sites)), _("by catalogue"), miners)
    contracted = sum(row.contracted_w for row in sites)
    contracts = door("admin:hosting_contract_changelist") if known.may_see_contracts else ""
    yield Kpi(_("Contracted"), units.power(contracted), _("contracts in force"), contracts)
