"""The pages of the checklists as frozen values: runs by site, and one run item by item with its score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _

from compliance.checklist.models import ChecklistRun, ItemEvidence
from compliance.checklist.reads import newest_runs, runs_of
from compliance.checklist.templates import TEMPLATES
from compliance.findings.models import Finding
from compliance.findings.reads import findings_at
from fleet.sites.choice import SiteChoice
from kit.charts import Part, StandingBar
from kit.look.doors import door
from kit.look.values import Column, Columns
from kit.units import format_count, share

RUNS_SHOWN = 9
FINDINGS_SHOWN = 6
STATES = {"none": "fine", "watch": "watch", "unknown": "unknown", "review": "review", "blocked": "blocked"}


@dataclass(frozen=True)
class LineShown:
    """One measured line with its bar and the rows behind it."""

    text: str
    how: str
    bar: StandingBar
    figure: str
    state: str
    url: str


@dataclass(frozen=True)
class ItemShown:
    """One item with its lines, what is missing, and the evidence people put down."""

    code: str
    title: str
    asks: str
    source: str
    state: str
    lines: tuple[LineShown, ...]
    missing: tuple[str, ...]
    evidence: tuple[ItemEvidence, ...]


@dataclass(frozen=True)
class RunPage:
    """One run of a checklist, what came before it, and what was open at the site on its day.

    Shape: scores are hundredths of what was measured; `before` is that of the run before, if there is one.
    """

    run: ChecklistRun
    title: str
    items: tuple[ItemShown, ...]
    score: int
    before: int | None
    columns: Columns
    runs: tuple[tuple[ChecklistRun, int], ...]
    findings: tuple[Finding, ...]
    is_synthetic: bool


@dataclass(frozen=True)
class RunLine:
    """One row of the list of runs: the newest of a checklist at a site."""

    run: ChecklistRun
    title: str
    states: tuple[tuple[str, str], ...]
    score: int
    url: str


def score_of(result: Mapping[str, Any]) -> int:
    """How much of what was measured asks for nothing, each item counting alike, in hundredths, rounded down.

    Shape: an item without a line counts as nothing measured, which is zero; it counts what is evidenced and
        is no assurance.
    """
    items = result["items"]
    if not items:
        return 0
    parts = [
        Fraction(sum(line["state"] == "none" for line in item["lines"]), len(item["lines"]) or 1)
        for item in items
    ]
    return int(100 * sum(parts, Fraction()) / len(parts))


def title_of(run: ChecklistRun) -> str:
    """The name of a run's checklist in the reader's language, or as it was stored."""
    known = {row.code: str(row.title) for row in TEMPLATES}
    return known.get(run.template, str(run.result.get("title", run.template)))


def run_lines(day: date, sites: SiteChoice) -> tuple[RunLine, ...]:
    """The newest run of every checklist at every site by a day, the latest first, in one query."""
    runs = newest_runs(day)
    if sites.chosen is not None:
        runs = runs.filter(site=sites.chosen)
    lines = [
        RunLine(
            run=run,
            title=title_of(run),
            states=tuple((STATES[item["state"]], item["title"]) for item in run.result["items"]),
            score=score_of(run.result),
            url=door("operator:checklist", run.pk),
        )
        for run in runs
    ]
    return tuple(
        sorted(lines, key=lambda line: (-line.run.as_of.toordinal(), line.run.site.name, line.title))
    )


def run_page(run: ChecklistRun) -> RunPage:
    """One run with what it is compared with, in three queries."""
    evidence = list(
        ItemEvidence.objects.filter(site=run.site_id, template=run.template, on_day__lte=run.as_of)
        .select_related("recorded_by")
        .order_by("-on_day", "-pk")
    )
    runs = _one_a_day(list(runs_of(run.site, run.template)[: 4 * RUNS_SHOWN]), run)
    scored = tuple((row, score_of(row.result)) for row in runs)
    earlier = [score for row, score in scored if row.as_of < run.as_of]
    shown = [row for row in scored if row[0].as_of <= run.as_of][:RUNS_SHOWN][::-1]
    return RunPage(
        run=run,
        title=title_of(run),
        items=tuple(_item(item, run, evidence) for item in run.result["items"]),
        score=score_of(run.result),
        before=earlier[0] if earlier else None,
        columns=Columns(
            _("Score over time"),
            tuple(Column(dateformat.format(row.as_of, "j M y"), score) for row, score in shown),
        ),
        runs=scored,
        findings=tuple(findings_at(run.as_of).filter(site_id=run.site_id).order_by("pk")[:FINDINGS_SHOWN]),
        is_synthetic=bool(run.result.get("is_synthetic")),
    )


def _one_a_day(runs: Sequence[ChecklistRun], run: ChecklistRun) -> list[ChecklistRun]:
    """The newest run of each day, newest day first; the run that is looked at stands for its own day."""
    found = {row.as_of: row for row in reversed(runs)}
    found[run.as_of] = run
    return [found[day] for day in sorted(found, reverse=True)]


def _item(item: Mapping[str, Any], run: ChecklistRun, evidence: Sequence[ItemEvidence]) -> ItemShown:
    url = rows_url(item["code"], run)
    return ItemShown(
        code=item["code"],
        title=item["title"],
        asks=item["asks"],
        source=item["source"],
        state=STATES[item["state"]],
        lines=tuple(_line(line, url, item["code"]) for line in item["lines"]),
        missing=tuple(item["missing"]),
        evidence=tuple(row for row in evidence if row.item == item["code"]),
    )


def rows_url(item: str, run: ChecklistRun) -> str:
    """The page with the rows that an item was measured from."""
    site, day = run.site.code, run.as_of.isoformat()
    if item in ("work-authorisation", "immigration"):
        return door("operator:workforce", site=site, as_of=day)
    if item in ("equipment-origin", "export"):
        return door("operator:origin", site=site, as_of=day)
    if item in ("supply-channels", "alternative-suppliers", "own-repair"):
        return door("operator:origin", as_of=day) + "#channels"
    if item == "spread":
        return door("operator:exposure", as_of=day, by="country")
    return door("admin:compliance_finding_changelist")


def _line(line: Mapping[str, Any], url: str, item: str) -> LineShown:
    done, whole, state = line["done"], line["whole"], line["state"]
    is_person, counts_open = line["how"] == "person", bool(line.get("counts_open"))
    open_tone = state if state in ("review", "watch", "unknown", "blocked") else "t2"
    rest = max(whole - done, 0)
    if counts_open:
        parts = (Part(_("open"), open_tone, done), Part(_("other"), "t2", rest))
    else:
        parts = (Part(_("done"), "t2", done), Part(_("open"), open_tone, rest))
    of = _("%(done)s of %(whole)s") % {"done": format_count(done), "whole": format_count(whole)}
    return LineShown(
        text=line["text"],
        how=_("by a person") if is_person else _("from data"),
        bar=StandingBar(line["text"], "", parts, decimals=0),
        figure=share(done, whole, 0).text if whole == 10_000 and counts_open else of,
        state=STATES[state],
        url=f"#evidence-{item}" if is_person else url,
    )
