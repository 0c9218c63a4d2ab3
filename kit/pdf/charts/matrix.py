"""Origin by model and part: each cell a bar of documented, declared and unknown, with its figures beneath."""

from kit.charts import Cell, Matrix
from kit.pdf import palette as p
from kit.pdf.charts.frame import draw_title
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.units import divide

ROW, BAR, GAP = 40.0, 12.0, 10.0
NAME_ROOM = 0.17
MANY_UNKNOWN = 25  # per cent from which the unknown figure is set in the colour of blocked
KNOWN, DECLARED = p.INK, p.FILL["t3"]


def draw_matrix(ink: Ink, chart: Matrix, x: float, top: float, width: float = p.WIDTH) -> float:
    """Draw title, key, column heads and rows below `top`; returns the lowest y used."""
    y = draw_title(ink, x, top, width * 0.52, chart.title, chart.note)
    _key(ink, x + width * 0.56, top - 8)
    y = min(y, top - 26) - 8
    left = x + width * NAME_ROOM
    wide = width * (1 - NAME_ROOM) / max(len(chart.columns), 1)
    for number, column in enumerate(chart.columns):
        ink.text(left + number * wide, y, column, 7.8, Style.BOLD, p.INK, room=wide - GAP)
    ink.rule(x, y - 6, x + width, y - 6, p.INK, 0.9)
    y -= 8
    notes = chart.row_notes or ("",) * len(chart.rows)
    for row, note, cells in zip(chart.rows, notes, chart.cells, strict=True):
        ink.text(x, y - 19, row, 8.4, Style.BOLD, p.INK, room=width * NAME_ROOM - 6)
        ink.text(x, y - 29, note, 7, color=p.MUTE, room=width * NAME_ROOM - 6)
        for number, cell in enumerate(cells):
            if cell is not None:
                _cell(ink, cell, left + number * wide, y - 21, wide - GAP)
        y -= ROW
        ink.rule(x, y, x + width, y, weight=0.4)
    return y


def _key(ink: Ink, x: float, y: float) -> None:
    """The key is a worked cell."""
    words = ink.words
    parts = (
        (words.documented, KNOWN, p.INK),
        (words.declared, DECLARED, p.WORD["t3"]),
        (words.unknown, "", p.MUTE),
    )
    for name, fill, color in parts:
        wide = max(ink.width(name, 6.8, Style.BOLD) + 6, 34)
        if fill:
            ink.rect(x, y - 4, wide, 10, fill=fill)
        else:
            ink.hatch(x, y - 4, wide, 10, step=2.8)
        ink.text(x, y + 10, name, 6.8, Style.BOLD, color)
        x += wide
    _flag(ink, x + 12, y + 1)
    ink.text(x + 19, y - 1, words.listed_party, 6.8, Style.BOLD, p.BLOCKED)


def _flag(ink: Ink, x: float, y: float) -> None:
    ink.polygon([(x - 3.6, y - 2.4), (x + 3.6, y - 2.4), (x, y + 3.8)], p.BLOCKED)


def _cell(ink: Ink, cell: Cell, x: float, y: float, wide: float) -> None:
    """One bar in three parts, the country's code inside, three shares in per cent under it."""
    whole = max(cell.total, 1)
    known, declared = wide * cell.known / whole, wide * cell.declared / whole
    if cell.known:
        ink.rect(x, y, known, BAR, fill=KNOWN)
    if cell.declared:
        ink.rect(x + known, y, declared, BAR, fill=DECLARED)
    if cell.unknown:
        ink.hatch(x + known + declared, y, wide - known - declared, BAR, step=2.8)
    if cell.code and ink.width(cell.code, 7, Style.BOLD) + 6 <= known:
        ink.text(x + 3, y + 3.4, cell.code, 7, Style.BOLD, p.WHITE)
    if cell.is_listed:
        _flag(ink, x + wide - 4, y + BAR + 4.4)
    is_dark = cell.unknown * 100 >= MANY_UNKNOWN * whole
    _shares(ink, cell, x, y - 8.6, wide, p.BLOCKED if is_dark else p.MUTE, is_dark=is_dark)


def _shares(ink: Ink, cell: Cell, x: float, y: float, wide: float, color: str, *, is_dark: bool) -> None:
    known, declared, unknown = (divide(part * 100, max(cell.total, 1), 0) for part in _parts(cell))
    ink.text(x, y, known, 6.8, Style.NARROW_BOLD, p.INK)
    ink.text(x + wide / 2, y, declared, 6.8, Style.NARROW, p.WORD["t3"], "center")
    ink.text(x + wide, y, unknown, 6.8, Style.NARROW_BOLD if is_dark else Style.NARROW, color, "end")


def _parts(cell: Cell) -> tuple[int, int, int]:
    return cell.known, cell.declared, cell.unknown
