"""Which maker, part, country: counts by row and column in four heat classes; not known is hatched."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from kit import units
from kit.charts import Cell, Matrix
from kit.look import svg
from kit.look.values import CountGrid, Heat, HeatCell

HEAT_STEPS = (0.6, 0.25, 0.1)


@dataclass(frozen=True, slots=True)
class HeatSpot:
    """A cell with the class of its ground."""

    cell: HeatCell | None
    ground: str
    figure: units.Figure


def heat_class(count: int, most: int) -> str:
    """The ground of a count: h4 from six tenths of the largest, then h3, h2, h1."""
    for number, step in enumerate(HEAT_STEPS):
        if count >= most * step:
            return f"h{4 - number}"
    return "h1"


def heat_spots(heat: Heat, cells: tuple[HeatCell | None, ...], most: int) -> list[HeatSpot]:
    """The cells of one row; the column of what is not known is hatched, never heated."""
    spots = []
    for number, cell in enumerate(cells):
        if cell is None or not cell.count:
            spots.append(HeatSpot(None, "", units.Figure(units.NOTHING)))
            continue
        ground = "hatch" if number == heat.unknown_column else heat_class(cell.count, most)
        flag = f" flag-{cell.flag}" if cell.flag else ""
        spots.append(HeatSpot(cell, ground + flag, units.count(cell.count)))
    return spots


def heat_most(heat: Heat) -> int:
    """The largest known count of the whole matrix."""
    return max(
        (
            cell.count
            for group in heat.groups
            for row in group.rows
            for number, cell in enumerate(row.cells)
            if cell is not None and number != heat.unknown_column
        ),
        default=0,
    )


def evidence_bar(cell: Cell) -> SafeString:
    """Known dark, declared pale, unknown hatched."""
    whole = max(cell.total, 1)
    parts, before = [], 0
    for value, tone in ((cell.known, "t1"), (cell.declared, "t3"), (cell.unknown, "unknown")):
        parts.append(svg.fill(100 * before / whole, 1, 100 * value / whole, 6, tone))
        before += value
    return svg.drawing(8, "", *parts, kind="w flip")


def evidence_rows(matrix: Matrix) -> list[tuple[str, str, list[tuple[Cell | None, SafeString | str, str]]]]:
    """Rows of a matrix of evidence: label, note, and per cell its bar and the share that is known."""
    notes = matrix.row_notes or ("",) * len(matrix.rows)
    rows = []
    for label, note, cells in zip(matrix.rows, notes, matrix.cells, strict=True):
        drawn: list[tuple[Cell | None, SafeString | str, str]] = []
        for cell in cells:
            if cell is None:
                drawn.append((None, "", ""))
            else:
                drawn.append((cell, evidence_bar(cell), units.share(cell.known, cell.total, 0).text))
        rows.append((label, note, drawn))
    return rows


def count_most(grid: CountGrid) -> int:
    """The largest count of a grid, which every bar is measured against."""
    return max((count for row in grid.rows for count in row.counts), default=0)
