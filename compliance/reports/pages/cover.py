"""The cover: one stroke per megawatt, by country, as tall as it has run; facts, code and hash."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper, format_day
from compliance.reports.parts import Course, CourseRow
from compliance.reports.value import ComplianceReport
from kit.pdf import code
from kit.pdf import palette as p
from kit.pdf.blocks import draw_facts
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.sheet import Sheet
from kit.units import format_instant, format_power, power

STROKE = {
    "t1": "#8FB0D6",
    "t2": "#5FB3AE",
    "t3": "#C6D6E6",
    "t4": "#E07A4F",
    "t5": "#D9C79A",
    "other": "#A9B3C1",
}
PALE, RULE = "#B9C4D3", "#4A5B75"
MOST_STROKES = 240
UNITS: tuple[int, ...] = tuple(factor * 10**power for power in range(3, 13) for factor in (1, 2, 5))
LOW, HIGH = p.PAGE_HEIGHT - 392, p.PAGE_HEIGHT - 150


@dataclass(frozen=True, slots=True)
class Strokes:
    """One country's strokes: for each, in how many of the periods its power has run without a break."""

    row: CourseRow
    runs: tuple[int, ...]


def unit_of(total_w: int) -> int:
    """Watts a stroke stands for: one megawatt, or the next round step that keeps the page readable.

    Shape: a fleet under ten megawatts is drawn in smaller strokes, a very large one in larger.
    """
    wanted = total_w // MOST_STROKES
    if 10_000_000 <= total_w <= MOST_STROKES * 1_000_000:
        return 1_000_000
    return next((unit for unit in UNITS if unit >= wanted and unit * 8 >= total_w // 30), UNITS[-1])


def strokes_of(course: Course, unit_w: int) -> tuple[Strokes, ...]:
    """The strokes of every country that still has power at the end, largest country first."""
    standing = (row for row in course.rows if row.contracted_w and row.contracted_w[-1])
    rows = sorted(standing, key=lambda row: -row.contracted_w[-1])
    found = []
    for row in rows:
        count = max(1, (row.contracted_w[-1] + unit_w // 2) // unit_w)
        runs = tuple(_periods_run(row.contracted_w, number * unit_w + unit_w // 2) for number in range(count))
        found.append(Strokes(row, runs))
    return tuple(found)


def _periods_run(power_w: tuple[int, ...], level_w: int) -> int:
    """For how many periods up to the last the power has stood at a level or above."""
    count = 0
    for value in reversed(power_w):
        if value < level_w:
            break
        count += 1
    return max(count, 1)


def draw_cover(sheet: Sheet, paper: Paper) -> None:
    """The whole page."""
    ink, report = sheet.ink, paper.report
    ink.rect(0, 0, p.PAGE_WIDTH, p.PAGE_HEIGHT, fill=p.INK)
    ink.text(p.LEFT, p.PAGE_HEIGHT - 62, "PITHEAD", 9, Style.BOLD, p.WHITE, track=2.4)
    ink.text(p.RIGHT, p.PAGE_HEIGHT - 62, _("Compliance and fleet record"), 8, color=PALE, align="end")
    ink.rule(p.LEFT, p.PAGE_HEIGHT - 72, p.RIGHT, p.PAGE_HEIGHT - 72, RULE, 0.6)
    _strokes(ink, report)
    y = 352.0
    ink.text(p.LEFT, y, _("Compliance report"), 42, Style.SERIF, p.WHITE)
    ink.text(p.LEFT, y - 32, report.operator, 20, Style.LIGHT, "#D9E0EA", room=p.WIDTH)
    ink.text(p.LEFT, y - 50, _subtitle(report), 8.4, color=PALE, room=p.WIDTH)
    ink.rule(p.LEFT, y - 74, p.RIGHT, y - 74, RULE, 0.6)
    below = draw_facts(ink, _facts(paper), y - 94, width=p.WIDTH - 124, label_room=92, colors=(PALE, p.WHITE))
    code.draw(ink, f"{paper.document} SHA-256 {report.sha256}", p.RIGHT - 92, y - 186, 86, p.INK, p.WHITE)
    ink.text(p.RIGHT, y - 206, _("Number and hash"), 7, color=PALE, align="end")
    _hash(ink, report.sha256, below - 8)
    if report.is_synthetic:
        ink.rect(p.LEFT, 44, p.WIDTH, 22, fill=p.COPPER)
        ink.text(p.LEFT + 8, 51.5, _("CONTAINS SYNTHETIC DATA"), 8.4, Style.BOLD, p.WHITE, track=0.8)
        note = _("Invented figures stand beside reported ones; the pages say which.")
        ink.text(p.RIGHT - 8, 51.5, note, 8, color=p.WHITE, align="end", room=p.WIDTH - 200)


def _subtitle(report: ComplianceReport) -> str:
    if not report.scope:
        return _(
            "Every site. “Review” and “blocked pending counsel” say who must look next, not what the law is."
        )
    return _("Sites: %(sites)s") % {"sites": ", ".join(report.scope)}


def _facts(paper: Paper) -> list[tuple[str, str]]:
    report = paper.report
    fleet = report.fleet
    scope = _("%(sites)s sites, %(power)s, %(machines)s machines, %(owners)s owners") % {
        "sites": f"{report.sites:,}",
        "power": format_power(fleet.installed_w, 1),
        "machines": f"{fleet.machines:,}",
        "owners": f"{fleet.owners:,}",
    }
    lists = "; ".join(f"{edition.name} {edition.published_on}" for edition in report.sources.lists[:2])
    return [
        (_("Scope"), scope),
        (_("As of"), _("the end of %(day)s, UTC") % {"day": format_day(report.as_of)}),
        (_("Data time"), format_instant(report.data_time)),
        (_("Compared with"), format_day(report.compared_on)),
        (_("Lists"), lists or _("no edition of a list had been loaded")),
        (
            _("Rules"),
            _("%(count)s rules, %(hash)s")
            % {"count": len(report.sources.rules), "hash": report.sources.rules_sha256[:16]},
        ),
        (_("Document"), paper.document),
        (_("Classification"), _("Confidential. Prepared for the board and counsel.")),
    ]


def _hash(ink: Ink, digest: str, y: float) -> None:
    """The hash of the data: a document cannot print the hash of its own file."""
    ink.text(p.LEFT, y, _("SHA-256 of the report’s data"), 7.2, Style.BOLD, PALE)
    for number in range(8):
        ink.text(p.LEFT + number * 48, y - 12, digest[number * 8 : number * 8 + 8], 8, Style.NARROW, p.WHITE)


def _strokes(ink: Ink, report: ComplianceReport) -> None:
    total_w = sum(row.contracted_w[-1] for row in report.course.rows if row.contracted_w)
    if not total_w:
        words = _("No machine stood at a site at the end of this day.")
        ink.text(p.LEFT, p.PAGE_HEIGHT - 108, words, 7.4, color=PALE)
        return
    unit_w = unit_of(total_w)
    strokes = strokes_of(report.course, unit_w)
    explained = _(
        "One stroke is %(unit)s under contract. The taller the stroke, the longer it has run; "
        "the shortest began this quarter."
    ) % {"unit": _unit_words(unit_w)}
    ink.text(p.LEFT, p.PAGE_HEIGHT - 108, explained, 7.4, color=PALE)
    step = p.WIDTH / sum(len(each.runs) for each in strokes)
    x = p.LEFT
    periods = len(report.course.ends)
    labelled_to = 0.0
    for each in strokes:
        color = STROKE.get(each.row.tone, STROKE["other"])
        for number, run in enumerate(each.runs):
            high = (HIGH - LOW) * (0.16 + 0.84 * (run - 1) / max(periods - 1, 1))
            at = x + (number + 0.5) * step
            ink.rule(at, LOW, at, LOW + high, color, min(step * 0.46, 9))
        labelled_to = _label(ink, each.row, x, labelled_to)
        x += len(each.runs) * step


def _unit_words(unit_w: int) -> str:
    return power(unit_w, 0).text if unit_w >= 1_000_000 else power(unit_w).text.replace(".0", "")


def _label(ink: Ink, row: CourseRow, x: float, labelled_to: float) -> float:
    """Name and power under a country's first stroke, a line lower where its neighbour's words reach."""
    figure = format_power(row.contracted_w[-1], 1)
    wide = max(ink.width(row.label, 7.4, Style.BOLD), ink.width(figure, 7.4)) + 10
    left = min(x, p.RIGHT - wide + 10)
    drop = 24.0 if left < labelled_to else 0.0
    if drop:
        ink.rule(x + 0.4, LOW - 4, x + 0.4, LOW - 30, RULE, 0.5)
    ink.text(left + (4 if drop else 0), LOW - 13 - drop, row.label, 7.4, Style.BOLD, p.WHITE)
    ink.text(left + (4 if drop else 0), LOW - 23 - drop, figure, 7.4, color=PALE)
    return labelled_to if drop else left + wide
