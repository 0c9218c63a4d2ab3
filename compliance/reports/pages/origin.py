"""Component origin: what papers show, what makers only declare, and what nobody knows."""

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper
from compliance.reports.parts import Origin, OriginCell, OriginRow
from kit import charts as c
from kit.pdf import palette as p
from kit.pdf.blocks import draw_footnote, draw_heading
from kit.pdf.charts import draw_matrix
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.sheet import Sheet
from kit.pdf.table import Column, Table
from kit.units import share

MOST_ROWS = 11


def draw_origin(sheet: Sheet, paper: Paper) -> None:
    """The matrix, then the supply channels."""
    ink, origin = sheet.ink, paper.report.origin
    y = draw_heading(ink, paper.section, paper.title, _lead(origin))
    y = draw_matrix(ink, _matrix(origin, shown_rows(origin)), p.LEFT, y - 6) - 26
    note = _(
        "Two-letter codes: country of the largest documented share. A triangle: a listed party is named "
        "behind a part; the list restricts transfers to that party and does not by itself bar owning or "
        "running the machine."
    )
    draw_footnote(ink, note)
    if y - 34 - 14 * min(len(origin.channels), 6) < p.LAST_LINE + 8:
        y = sheet.turn()
    _channels(sheet, origin, y)


def shown_rows(origin: Origin) -> tuple[OriginRow, ...]:
    """Models behind which a listed party is named, then the largest; the rest in one row."""
    rows = sorted(origin.rows, key=lambda row: not any(cell and cell.is_listed for cell in row.cells))
    if len(rows) <= MOST_ROWS:
        return tuple(rows)
    rest = rows[MOST_ROWS - 1 :]
    cells = tuple(_together([row.cells[number] for row in rest]) for number in range(len(origin.kinds)))
    name = _("%(count)s other models") % {"count": len(rest)}
    return (*rows[: MOST_ROWS - 1], OriginRow(name, sum(row.machines for row in rest), cells))


def _together(cells: list[OriginCell | None]) -> OriginCell | None:
    known = [cell for cell in cells if cell is not None]
    if not known:
        return None
    return OriginCell(
        sum(cell.known for cell in known),
        sum(cell.declared for cell in known),
        sum(cell.unknown for cell in known),
        "",
        any(cell.is_listed for cell in known),
    )


def _lead(origin: Origin) -> str:
    if not origin.boards:
        return _("No part is on record in these machines: where they come from is unknown.")
    words = {
        "unknown": f"{origin.unknown_boards:,}",
        "boards": f"{origin.boards:,}",
        "share": share(origin.unknown_boards, origin.boards, 1).text,
    }
    text = _(
        "The origin of %(unknown)s of %(boards)s control boards is unknown (%(share)s). Unknown is "
        "counted, not guessed."
    )
    return text % words


def _matrix(origin: Origin, rows: tuple[OriginRow, ...]) -> c.Matrix:
    return c.Matrix(
        _("Share of parts by evidence of origin, per cent"),
        tuple(row.model for row in rows),
        tuple(kind[:1].upper() + kind[1:] for kind in origin.kinds),
        tuple(
            tuple(
                c.Cell(cell.known, cell.declared, cell.unknown, cell.country, cell.is_listed)
                if cell
                else None
                for cell in row.cells
            )
            for row in rows
        ),
        tuple(_("%(count)s machines") % {"count": f"{row.machines:,}"} for row in rows),
    )


def _channels(sheet: Sheet, origin: Origin, y: float) -> None:
    ink: Ink = sheet.ink
    ink.text(p.LEFT, y, _("Supply channels"), 9, Style.BOLD, p.INK)
    if not origin.channels:
        words = _(
            "None is recorded. Backup suppliers in several countries are the third question of the checklist."
        )
        ink.paragraph(p.LEFT, y - 14, words, p.columns_wide(8), 8, 11.2)
        return
    table = Table(
        (
            Column(_("Channel"), 0.3, style=Style.NARROW_BOLD, color=p.INK),
            Column(_("Supplies"), 0.4),
            Column(_("Country"), 0.15),
            Column(_("In house"), 0.15),
        )
    )
    rows = (
        (row.name, row.supplies, row.country or _("unknown"), _("yes") if row.is_in_house else _("no"))
        for row in origin.channels
    )
    table.draw(sheet, rows, y - 18)
