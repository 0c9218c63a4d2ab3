"""The overview as one frozen value: read once, rendered once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from compliance.exposure.day import today
from compliance.exposure.facts import FactQuestions, LawQuestions, fact_questions, law_questions
from compliance.exposure.reads import measured
from compliance.exposure.values import Exposure
from compliance.findings.models import Finding
from compliance.overview import course, dates, inbox, work
from compliance.overview.capacity import site_line
from compliance.overview.figures import Known, key_figures
from compliance.overview.touched import blocked_notices, blocked_sites
from compliance.overview.values import DateLine, Notice, OverviewPage, ScheduleLine
from compliance.reports.models import ReportSchedule
from fleet.miners.models import MoveHold
from fleet.miners.reads import power_question
from hosting.contracts.reads import CapacityQuestions, SiteCapacity, capacity_questions, site_capacity
from hosting.liquidation.models import CaseStatus, Liquidation
from hosting.liquidation.steps import GATES, next_gate
from kit.accounts.models import User
from kit.asof import instants_at
from kit.charts import StackedBars
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.look.doors import door
from kit.look.values import JobLine, SiteLine
from kit.questions import Question, ask, instances
from kit.units import format_count, format_date

SHOWN_DATES = 6


@dataclass(frozen=True)
class Asked:
    """What the overview asks for a reader, all in one query; what this reader may not see is none."""

    capacity: CapacityQuestions
    facts: FactQuestions | None
    law: LawQuestions | None
    findings: Question[list[Finding]] | None
    holds: Question[list[MoveHold]]
    cases: Question[list[Liquidation]]
    papers: Question[list[tuple[DateLine, int]]] | None
    words: Question[list[DateLine]] | None
    schedules: Question[list[ReportSchedule]] | None
    jobs: Question[list[Job]] | None
    course: Question[dict[int, list[int]]]

    @classmethod
    def by(cls, reader: User, day: date) -> "Asked":
        """Ask what this reader may see of a day."""
        capacity, may_judge = capacity_questions(day), reader.may("compliance.view")
        may_see_people = reader.may("workforce.view")
        asked = cls(
            capacity=capacity,
            facts=fact_questions(day, capacity=capacity) if may_judge else None,
            law=law_questions(day) if may_judge else None,
            findings=inbox.findings_question(day) if may_judge else None,
            holds=holds_question(day),
            cases=cases_question(day),
            papers=dates.papers_question(day) if may_see_people else None,
            words=dates.words_question(day) if may_see_people else None,
            schedules=work.schedules_question() if reader.may("reports.view") else None,
            jobs=work.jobs_question() if reader.may("jobs.view") else None,
            course=power_question(course.quarter_ends(day)),
        )
        alone = (asked.findings, asked.holds, asked.cases, asked.papers, asked.words, asked.schedules)
        ask(*capacity, *(asked.facts or ()), *(asked.law or ()), *alone, asked.jobs, asked.course)
        return asked


@dataclass(frozen=True)
class Judged:
    """What the judging storey knows on the day, for those who may see it."""

    exposure: Exposure | None
    findings: list[Finding]
    refusal: str = ""


def overview(day: date, reader: User) -> OverviewPage:
    """Everything the overview shows of a day to this reader."""
    asked = Asked.by(reader, day)
    sites = site_capacity(day, asked=asked.capacity)
    next_run, schedule_lines = _schedules(asked)
    if not sites:
        return OverviewPage(
            day, first_steps=first_steps(reader), jobs=_jobs(asked, reader), schedules=schedule_lines
        )
    judged = _judged(day, asked)
    holds, cases = asked.holds.answer, asked.cases.answer
    held = {hold.site_id for hold in holds if hold.site_id is not None}
    papers = asked.papers.answer if asked.papers else None
    found, later = _dates(day, judged, asked, cases if reader.may("money.view") else [])
    exposure = judged.exposure if judged else None
    blocked = blocked_sites(exposure) if exposure else []
    known = Known(
        day=day,
        exposure=exposure,
        findings=judged.findings if judged else None,
        sites=sites,
        papers=papers,
        next_run=next_run,
        may_see_contracts=reader.may("hosting.view"),
    )
    return OverviewPage(
        day=day,
        notices=(
            *_refusals(judged),
            *(blocked_notices(exposure, blocked, case_doors(cases, reader), held) if exposure else ()),
            *(hold_notices(holds) if judged is None else ()),
        ),
        kpis=key_figures(known),
        sites=_lines(day, sites, judged, held, reader),
        total_label=_("%(n)s sites") % {"n": format_count(len(sites))},
        territory=_territory(day, sites, asked.course.answer, blocked),
        findings=inbox.findings_card(judged.findings, day) if judged else None,
        dates=found,
        later_dates=later,
        jobs=_jobs(asked, reader),
        schedules=schedule_lines,
        is_synthetic=any(row.power.is_synthetic for row in sites) or bool(exposure and exposure.is_synthetic),
    )


def _judged(day: date, asked: Asked) -> Judged | None:
    if asked.facts is None or asked.law is None or asked.findings is None:
        return None
    try:
        return Judged(measured(day, asked.facts, day, asked.law), asked.findings.answer)
    except Refusal as refusal:
        return Judged(None, asked.findings.answer, refusal.message)


def _refusals(judged: Judged | None) -> tuple[Notice, ...]:
    if judged is None or not judged.refusal:
        return ()
    return (Notice("unknown", _("Exposure is not known on this day."), judged.refusal),)


def _lines(
    day: date, sites: Iterable[SiteCapacity], judged: Judged | None, held: set[int], reader: User
) -> tuple[SiteLine, ...]:
    touched = {row.site_id: row for row in judged.exposure.rows} if judged and judged.exposure else {}
    found: dict[int, str] = {}
    for finding in judged.findings if judged else ():
        if finding.site_id is not None:
            found.setdefault(finding.site_id, finding.standing)  # they come worst first
    rows = [
        site_line(
            row,
            day,
            None if judged is None else touched,
            found,
            row.power.site_id in held,
            reader.may("hosting.view"),
        )
        for row in sites
    ]
    return tuple(sorted(rows, key=lambda line: (-line.bullet.scale_w, line.bullet.label)))


def _territory(
    day: date,
    sites: Iterable[SiteCapacity],
    power: Mapping[int, list[int]],
    blocked: Iterable[course.BlockedSite],
) -> StackedBars:
    rows = list(sites)
    ends = course.quarter_ends(day)
    start = course.from_the_first_power(ends, power)
    return course.territory_chart(
        ends[start:],
        {site_id: watts[start:] for site_id, watts in power.items()},
        {row.power.site_id: row.power.country for row in rows},
        blocked,
        any(row.power.is_synthetic for row in rows),
    )


def _dates(
    day: date, judged: Judged | None, asked: Asked, cases: list[Liquidation]
) -> tuple[tuple[DateLine, ...] | None, int]:
    if judged is None and asked.papers is None and not cases:
        return None, 0
    lines = [line for line, _count in asked.papers.answer] if asked.papers else []
    lines += asked.words.answer if asked.words else []
    if judged is not None:
        lines += dates.finding_dates(judged.findings, day)
        lines += dates.list_dates(judged.exposure.editions if judged.exposure else (), day)
    lines += dates.authority_dates(cases, day)
    return dates.nearest_first(lines, day, SHOWN_DATES)


def _jobs(asked: Asked, reader: User) -> tuple[JobLine, ...] | None:
    if asked.jobs is None:
        return None
    return tuple(work.job_line(job, reader) for job in asked.jobs.answer)


def _schedules(asked: Asked) -> tuple[ReportSchedule | None, tuple[ScheduleLine, ...] | None]:
    if asked.schedules is None:
        return None, None
    rows = asked.schedules.answer
    return work.next_report(rows), tuple(work.schedule_line(row) for row in rows)


def holds_question(day: date, site_id: int | None = None) -> Question[list[MoveHold]]:
    """Stops on moving in force at the end of a day: of whole sites, or every one at a site."""
    rows = MoveHold.objects.filter(instants_at(day, "placed_at", "released_at"))
    if site_id is None:
        rows = rows.filter(site__isnull=False)
    else:
        rows = rows.filter(Q(site_id=site_id) | Q(miner__site_id=site_id))
    return instances(rows.order_by("placed_at", "pk"), "site", "miner", shape=list)


def hold_notices(holds: Iterable[MoveHold]) -> tuple[Notice, ...]:
    """What may not move, once for each site, for readers to whom the judgement behind it is not shown."""
    oldest: dict[int, MoveHold] = {}
    for hold in holds:
        if hold.site_id is not None:
            oldest.setdefault(hold.site_id, hold)
    return tuple(
        Notice(
            "review",
            _("Moves at %(site)s are on hold since %(day)s.")
            % {"site": hold.site, "day": format_date(hold.placed_at.date())},
        )
        for hold in oldest.values()
    )


def cases_question(day: date, site_id: int | None = None) -> Question[list[Liquidation]]:
    """The liquidations opened by the day; of a single site closed ones too."""
    rows = Liquidation.objects.filter(as_of__lte=day)
    rows = rows.exclude(status=CaseStatus.CLOSED) if site_id is None else rows.filter(site_id=site_id)
    return instances(rows.order_by("-opened_at"), "site", shape=list)


def case_words(case: Liquidation) -> str:
    """Which gate a case stands before."""
    gate = next_gate(case.status)
    if gate is None:
        return _("closed")
    words = {"n": gate.number, "all": len(GATES), "name": gate.title, "who": gate.awaits}
    return _("gate %(n)s of %(all)s: %(name)s, waits for %(who)s") % words


def case_doors(cases: Iterable[Liquidation], reader: User) -> dict[int, tuple[str, str]]:
    """Words and address of the open liquidation by site, for those who may see money."""
    if not reader.may("money.view"):
        return {}
    return {
        case.site_id: (
            _("Liquidation %(number)s, %(gate)s") % {"number": case.number, "gate": case_words(case)},
            door("operator:liquidation", case.number),
        )
        for case in cases
    }


def first_steps(reader: User) -> tuple[tuple[str, str, str], ...]:
    """What to do first in an empty installation: a title, a sentence and a door where this reader has one."""
    may_edit = reader.may("fleet.edit")
    return (
        (
            _("Add your sites"),
            _("Name, country and region, what the substation can carry. What you do not know stays unknown."),
            door("admin:fleet_site_add") if may_edit else "",
        ),
        (
            _("Import your miners"),
            _(
                "A CSV file with serial, model, owner and place. "
                "A dry run shows each line before anything is written."
            ),
            door("admin:fleet_importbatch_changelist") if reader.may("imports.apply") else "",
        ),
        (
            _("Load the lists"),
            _(
                "Published lists of restricted parties: ./manage.py load_list. "
                "The catalogue of models and the dated measures are here already."
            ),
            door("admin:compliance_listversion_changelist") if reader.may("compliance.view") else "",
        ),
        (
            _("Look around with the founding incidents"),
            _("./manage.py load_seeds brings six documented cases; invented rows are marked synthetic."),
            "",
        ),
    )


def is_today(day: date) -> bool:
    """Whether a page shows the day it is."""
    return day == today()
