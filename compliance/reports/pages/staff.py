"""Dates on papers: lanes of dots and four counts; nothing on this page names or marks a person."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.reports.pages.paper import Paper
from compliance.reports.parts import Staff
from kit import charts as c
from kit.pdf import palette as p
from kit.pdf.blocks import draw_footnote, draw_heading, draw_note
from kit.pdf.charts import draw_lanes
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.sheet import Sheet

COUNTS_HIGH = 150.0


def draw_staff(sheet: Sheet, paper: Paper) -> None:
    """The lanes, then what each count asks for."""
    ink, staff = sheet.ink, paper.report.staff
    lead = _(
        "Everybody on the premises passes the same steps, driven by dates on documents. Names and "
        "nationalities are not used, not stored with findings and not shown. One dot is one document."
    )
    y = draw_heading(ink, paper.section, paper.title, lead)
    workers = ngettext("%(count)s worker", "%(count)s workers", staff.workers)
    firms = ngettext("%(count)s contractor", "%(count)s contractors", staff.contractors)
    note = _("%(workers)s and %(contractors)s on the premises") % {
        "workers": workers % {"count": f"{staff.workers:,}"},
        "contractors": firms % {"count": f"{staff.contractors:,}"},
    }
    if staff.lanes:
        y = draw_lanes(ink, _lanes(paper, note), p.LEFT, y - 6) - 28
    if y - COUNTS_HIGH < p.LAST_LINE:
        y = sheet.turn()
    y = _counts(ink, staff, y)
    title = _("What these dates are, and are not")
    text = _(
        "A visa’s expiry is not the end of a lawful stay: this page counts the admit-until date and the "
        "work authorisation instead. A contractor answers for its own people by an attestation; its "
        "people’s papers are not asked for. The worker chooses which acceptable document to show."
    )
    draw_note(ink, title, text, y - 4)
    if staff.unknown:
        unknown = _("%(count)s dates are not recorded: they are unknown, and in none of the four counts.")
        draw_footnote(ink, unknown % {"count": f"{staff.unknown:,}"})


def _lanes(paper: Paper, note: str) -> c.Lanes:
    return c.Lanes(
        _("Documents by the day they end, next twelve months"),
        paper.report.as_of,
        tuple(
            c.Lane(
                lane.label[:1].upper() + lane.label[1:], tuple(c.Dot(day.on, day.count) for day in lane.days)
            )
            for lane in paper.report.staff.lanes
        ),
        note,
    )


def _counts(ink: Ink, staff: Staff, y: float) -> float:
    """Overdue, 30 days, 90 days, later: the figure and the next step."""
    rows = (
        (
            _("Overdue"),
            staff.overdue,
            _("Tell the responsible person and counsel; ask for nothing beyond the date."),
            "blocked",
        ),
        (
            _("Within 30 days"),
            staff.within_30,
            _("Reverify on or before the date, or ask the contractor to attest again."),
            "review",
        ),
        (
            _("31 to 90 days"),
            staff.within_90,
            _("Second notice; a renewal is filed where one exists."),
            "watch",
        ),
        (_("Later"), staff.later, _("First notice 180 days ahead."), "other"),
    )
    for number, (title, count, step, tone) in enumerate(rows):
        x, wide = p.column_left(number * 3), p.columns_wide(3)
        ink.rule(x, y + 12, x + wide, y + 12, p.FILL[tone], 1.4)
        ink.text(x, y - 2, title, 8, Style.BOLD, p.WORD[tone])
        ink.text(x, y - 30, f"{count:,}", 25, Style.LIGHT, p.INK)
        ink.paragraph(x, y - 45, step, wide - 4, 7.8, 10.6)
    return y - 92
