"""The page for who reads only one."""

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper, format_day, tone_of
from compliance.reports.parts import Change
from kit import charts as c
from kit.pdf import palette as p
from kit.pdf.blocks import KeyFigure, draw_footnote, draw_headline, draw_key_figures
from kit.pdf.charts import draw_standing_bar
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.sheet import Sheet
from kit.units import W_PER_MW, format_power

LOWEST, ENTRY = 78.0, 12.4  # where the two columns end, above the footnote


def draw_executive(sheet: Sheet, paper: Paper) -> None:
    """Headline, six figures, one bar, then what changed beside what is asked and what follows."""
    ink, report = sheet.ink, paper.report
    days = _("End of %(day)s · compared with %(before)s") % {
        "day": format_day(report.as_of),
        "before": format_day(report.compared_on),
    }
    y = draw_headline(ink, f"{paper.section}   {paper.title}", report.executive.headline, days)
    figures = [
        KeyFigure(each.label, each.figure, each.unit, each.change, each.tone, each.trend)
        for each in report.executive.figures
    ]
    y = draw_key_figures(ink, figures, y - 6)
    if report.fleet.installed_w:
        y = draw_standing_bar(ink, _standings(paper), p.LEFT, y - 4) - 14
    ink.rule(p.LEFT, y, p.LEFT + p.columns_wide(8), y)
    x = p.column_left(8) + 6
    ink.rule(x, y, p.RIGHT, y)
    _changes(ink, report.executive.changes, y - 16)
    entries = len(paper.contents) - 1
    below = _decisions(ink, report.executive.decisions, x, y - 16, LOWEST + ENTRY * entries + 34)
    _contents(sheet, paper, x, below - 8)
    draw_footnote(
        ink,
        _(
            "“Review” and “blocked pending counsel” are standings: they say who must look next. They are not "
            "conclusions of law. Unknown is counted as unknown."
        ),
    )


def _standings(paper: Paper) -> c.StandingBar:
    report = paper.report
    parts = tuple(
        c.Part(each.label, tone_of(each.standing), each.power_w)
        for each in report.executive.standings
        if each.power_w
    )
    title = _("Standing of %(power)s") % {"power": format_power(report.fleet.installed_w, 1)}
    if report.fleet.installed_w < W_PER_MW:
        return c.StandingBar(title, "kW", parts, 1_000)
    return c.StandingBar(title, "MW", parts, W_PER_MW)


def _changes(ink: Ink, changes: tuple[Change, ...], y: float) -> None:
    """Newest first; what does not fit is counted."""
    ink.text(p.LEFT, y, _("What changed"), 9.5, Style.BOLD, p.INK)
    y -= 18
    left, wide = p.column_left(1) + 24, p.columns_wide(7) - 32
    if not changes:
        ink.text(p.LEFT, y, _("Nothing that this report measures changed between the two days."), 8.6)
        return
    for number, change in enumerate(changes):
        lines = len(ink.wrap(change.sentence, wide, 8.6))
        if y - 12 * (lines - 1) < LOWEST + 10:
            more = _("and %(count)s more changes") % {"count": len(changes) - number}
            ink.text(left, y, more, 8.2, color=p.MUTE)
            return
        ink.text(p.LEFT, y, format_day(change.on), 8.2, Style.BOLD, p.COPPER, room=62)
        y = ink.paragraph(left, y, change.sentence, wide, 8.6, 12) - 5.5


def _decisions(ink: Ink, decisions: tuple[str, ...], x: float, y: float, lowest: float) -> float:
    """As many as leave room for the list of contents; the others are counted."""
    ink.text(x, y, _("Decisions asked"), 9.5, Style.BOLD, p.INK)
    y -= 19
    if not decisions:
        return ink.paragraph(x, y, _("None: no blocked or review finding waits."), p.RIGHT - x, 8.4, 11.6) - 6
    for number, sentence in enumerate(decisions, 1):
        lines = len(ink.wrap(sentence, p.RIGHT - x - 20, 8.4))
        if y - 11.6 * (lines - 1) < lowest + 12:
            left = _("and %(count)s more under Findings") % {"count": len(decisions) - number + 1}
            ink.text(x + 20, y, left, 8.2, color=p.MUTE)
            return y - 17
        ink.rect(x, y - 3.5, 13, 13, fill=p.INK)
        ink.text(x + 6.5, y, str(number), 8, Style.BOLD, p.WHITE, "center")
        y = ink.paragraph(x + 20, y, sentence, p.RIGHT - x - 20, 8.4, 11.6) - 6
    return y


def _contents(sheet: Sheet, paper: Paper, x: float, y: float) -> None:
    """Titles with links; page numbers are filled in when every page is drawn."""
    ink = sheet.ink
    entries = [entry for entry in paper.contents if entry.key not in ("cover", "executive")]
    y = max(y, LOWEST + ENTRY * (len(entries) - 1) + 16)
    ink.rule(x, y + 16, p.RIGHT, y + 16)
    ink.text(x, y, _("In this report"), 9.5, Style.BOLD, p.INK)
    y -= 16
    for entry in entries:
        ink.text(x, y, entry.title, 8.2, room=p.RIGHT - x - 24)
        sheet.later(p.RIGHT, y, lambda key=entry.key: sheet.page_of(key), 8.2, Style.BOLD, p.INK, "end")  # type: ignore[misc]
        ink.link(entry.key, x, y - 3, p.RIGHT - x, 12)
        y -= ENTRY
