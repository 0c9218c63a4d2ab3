"""Sources and versions: what was known, in which edition, and how to check this document."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper, confidence_words
from compliance.reports.parts import LawRow, Sources
from kit.pdf import palette as p
from kit.pdf.blocks import draw_hash, draw_heading
from kit.pdf.faces import Style
from kit.pdf.sheet import Sheet
from kit.pdf.table import Column, Table

ROOM = 64.0


def draw_sources(sheet: Sheet, paper: Paper) -> None:
    """Tables one after another, over as many pages as they need."""
    ink, sources = sheet.ink, paper.report.sources
    lead = _(
        "What was known, in which version, when this report was built. Rendering the same value again "
        "gives the same bytes, a year from now as well."
    )
    y = draw_heading(ink, paper.section, paper.title, lead) - 6
    y = _lists(sheet, sources, y)
    y = _documents(sheet, sources, y)
    y = _rules(sheet, sources, y)
    y = _law_table(sheet, _("Measures on territories in scope, in force on the day"), sources.regimes, y)
    y = _law_table(sheet, _("Rules of law recorded for the day"), sources.laws, y)
    _how_to_check(sheet, paper, y)


def _section(
    sheet: Sheet,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[str, ...]],
    y: float,
    none: str,
) -> float:
    if y < p.LAST_LINE + ROOM:
        y = sheet.turn()
    sheet.ink.text(p.LEFT, y, title, 9, Style.BOLD, p.INK)
    if not rows:
        return sheet.ink.paragraph(p.LEFT, y - 14, none, p.WIDTH, 8, 11, color=p.MUTE) - 18
    return Table(columns).draw(sheet, rows, y - 18) - 18


def _lists(sheet: Sheet, sources: Sources, y: float) -> float:
    columns = (
        Column(_("List"), 0.32, style=Style.NARROW_BOLD, color=p.INK),
        Column(_("Edition"), 0.13),
        Column(_("Entries"), 0.12, "figures"),
        Column(_("SHA-256 of the file"), 0.43, "figures"),
    )
    rows = [
        (
            edition.name + (" " + _("(excerpt)") if edition.is_excerpt else ""),
            edition.published_on.isoformat(),
            f"{edition.entries:,}",
            _in_groups(edition.sha256, 4),
        )
        for edition in sources.lists
    ]
    none = _("No edition of a list had been published and loaded by this day; nobody could be matched.")
    return _section(sheet, _("Lists that stood on the day"), columns, rows, y, none)


def _documents(sheet: Sheet, sources: Sources, y: float) -> float:
    columns = (
        Column(_("Document or source"), 0.5, style=Style.NARROW_BOLD, color=p.INK),
        Column(_("What rests on it"), 0.38),
        Column(_("Records"), 0.12, "figures"),
    )
    rows = [(row.document, ", ".join(row.kinds), f"{row.facts:,}") for row in sources.documents]
    none = _("No record in scope names the document it was read from.")
    return _section(sheet, _("Documents the records were read from"), columns, rows, y, none)


def _rules(sheet: Sheet, sources: Sources, y: float) -> float:
    columns = (
        Column(_("Rule"), 0.26, style=Style.NARROW_BOLD, color=p.INK),
        Column(_("What it asks"), 0.74),
    )
    title = _("Rules applied, table %(hash)s") % {"hash": sources.rules_sha256[:16]}
    return _section(sheet, title, columns, [(row.code, row.asks) for row in sources.rules], y, _("None."))


def _law_table(sheet: Sheet, title: str, laws: tuple[LawRow, ...], y: float) -> float:
    columns = (
        Column(_("Rule"), 0.3, style=Style.NARROW_BOLD, color=p.INK),
        Column(_("Authority and citation"), 0.34),
        Column(_("In force"), 0.14),
        Column(_("Confidence"), 0.12),
        Column(_("Reviewed"), 0.1, "figures"),
    )
    rows = [
        (
            law.title,
            f"{law.authority}; {law.citation}",
            f"{law.from_on} –" if law.to_on is None else f"{law.from_on} – {law.to_on}",
            confidence_words().get(law.confidence, law.confidence),
            law.reviewed_on.isoformat(),
        )
        for law in laws
    ]
    return _section(sheet, title, columns, rows, y, _("None is recorded."))


def _how_to_check(sheet: Sheet, paper: Paper, y: float) -> None:
    ink, report = sheet.ink, paper.report
    if y < p.LAST_LINE + 150:
        y = sheet.turn()
    ink.rule(p.LEFT, y + 12, p.RIGHT, y + 12)
    ink.text(p.LEFT, y - 4, _("How to check this document"), 9, Style.BOLD, p.INK)
    text = _(
        "The hash on the cover is of the report’s data (canonical JSON, keys sorted), which the library "
        "hands out beside this file, so that PDF, CSV and JSON can be compared. The hash of this file is "
        "in the library: a document cannot print its own. The trail’s hash names the last business act "
        "before the report."
    )
    below = ink.paragraph(p.LEFT, y - 19, text, p.columns_wide(7), 8, 11.2)
    x = p.column_left(7) + 14
    ink.text(x, y - 4, _("What this report does not say"), 9, Style.BOLD, p.INK)
    says = _("It draws no conclusion of law. Unknown is shown as unknown.")
    if paper.left_out:
        says += " " + _("Left out because nothing is on record: %(names)s.") % {
            "names": ", ".join(paper.left_out)
        }
    aside = ink.paragraph(x, y - 19, says, p.RIGHT - x, 8, 11.2)
    y = min(below, aside) - 8
    y = draw_hash(ink, _("Data"), report.sha256, p.LEFT, y)
    y = draw_hash(ink, _("Trail"), report.sources.trail_sha256, p.LEFT, y)
    y = draw_hash(ink, _("Rules"), report.sources.rules_sha256, p.LEFT, y)
    draw_hash(ink, _("Fonts"), report.sources.fonts_sha256, p.LEFT, y)


def _in_groups(digest: str, count: int) -> str:
    """The first groups of eight letters of a hash."""
    return " ".join(digest[number * 8 : number * 8 + 8] for number in range(count)) + " …"
