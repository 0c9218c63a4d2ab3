"""Long tables: repeated head, no row split over pages, every row once, from an iterator of any length.

Fast because each page is filled column by column (one text object, font and colour per column) and its
hairlines are one path. A cell that does not fit its column is wrapped, never shrunk and never cut off.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from kit.pdf import palette as p
from kit.pdf.faces import Style, advance, metrics, plain_face
from kit.pdf.ink import Ink
from kit.pdf.marks import mark
from kit.pdf.sheet import Sheet

SIZE, HEAD_SIZE = 7.4, 7.4
ROW, LEADING = 12.6, 9.4  # height of a row with one line; distance between lines of one cell
MOST_LINES = 60  # of one cell on one page
GAP = 6.0  # kept free between columns
MARK_ROOM = 11.0  # before the words of a standing column


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its share of the width, and how its cells stand.

    Shape: `figures` stand flush right in every language, so that units come under units. With `standings`,
    cells hold a standing's name and the page shows its mark and the word given here.
    """

    head: str
    share: float
    align: Literal["start", "figures"] = "start"
    style: Style = Style.NARROW
    color: str = p.BODY
    standings: dict[str, str] | None = None


class _Placed(NamedTuple):
    """A column with its place on the page."""

    column: Column
    left: float
    width: float
    face: str


class _Row(NamedTuple):
    """A row ready to draw: lines per cell, standing names by column number, height."""

    cells: list[list[str]]
    standings: dict[int, str]
    height: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table that flows over as many pages as its rows need."""

    columns: tuple[Column, ...]
    x: float = p.LEFT
    width: float = p.WIDTH
    size: float = SIZE

    def draw(
        self,
        sheet: Sheet,
        rows: Iterable[tuple[str, ...]],
        y: float = p.FIRST_LINE + 16,
        bottom: float = p.LAST_LINE,
        total: tuple[str, ...] | None = None,
    ) -> float:
        """Draw all rows from baseline `y`, turning pages; returns the next free baseline.

        Shape: each row has one text per column; `total` is a bold last row that stays with the row before it.
        """
        placed = self._placed(sheet.ink)
        prepared = (part for row in rows for part in self._prepare(sheet.ink, placed, row))
        waiting: list[_Row] = []
        first = y - ROW - 4.4
        room = first - bottom
        for row in prepared:
            if waiting and row.height > room:
                self._page(sheet.ink, placed, waiting, y)
                y, waiting = sheet.turn() + 16, []
                first = y - ROW - 4.4
                room = first - bottom
            waiting.append(row)
            room -= row.height
        if total is not None and room < ROW and len(waiting) > 1:
            last = waiting.pop()
            self._page(sheet.ink, placed, waiting, y)
            y, waiting = sheet.turn() + 16, [last]
        return self._finish(sheet.ink, placed, waiting, y, total)

    def _finish(
        self, ink: Ink, placed: list[_Placed], rows: list[_Row], y: float, total: tuple[str, ...] | None
    ) -> float:
        """Draw the last page and the total row."""
        y = self._page(ink, placed, rows, y)
        if total is None:
            return y
        for place, words in zip(placed, total, strict=True):
            self._cell(ink, place, y, words, self.size, Style.NARROW_BOLD)
        ink.rule(self.x, y - 5, self.x + self.width, y - 5, p.INK, 0.9)
        return y - ROW - 4

    def _placed(self, ink: Ink) -> list[_Placed]:
        whole = sum(column.share for column in self.columns)
        placed, left = [], self.x
        for number, column in enumerate(self.columns):
            full = self.width * column.share / whole
            width = full if number == len(self.columns) - 1 else full - GAP
            placed.append(_Placed(column, left, width, plain_face(ink.language, column.style)))
            left += full
        return placed

    def _prepare(self, ink: Ink, placed: list[_Placed], row: tuple[str, ...]) -> Iterator[_Row]:
        """Wrap what does not fit and work out the height; a row taller than a page goes on in another."""
        cells: list[list[str]] = []
        standings: dict[int, str] = {}
        for number, (place, words) in enumerate(zip(placed, row, strict=True)):
            room = place.width
            if place.column.standings is not None:
                standings[number], room = words, room - MARK_ROOM
                words = place.column.standings[words]
            cells.append(self._lines(ink, place, words, room))
        for start in range(0, max(map(len, cells)), MOST_LINES):
            part = [lines[start : start + MOST_LINES] for lines in cells]
            tallest = max(map(len, part))
            yield _Row(part, standings, ROW + (tallest - 1) * LEADING)

    def _lines(self, ink: Ink, place: _Placed, words: str, room: float) -> list[str]:
        if words.isascii() and "\n" not in words and advance(words, place.face) * self.size <= room:
            return [words]
        return ink.wrap(words, room, self.size, place.column.style)

    def _page(self, ink: Ink, placed: list[_Placed], rows: list[_Row], y: float) -> float:
        """Draw the head and these rows; returns the next free baseline."""
        self._head(ink, placed, y)
        baselines, bottom = [], y - ROW - 4.4
        for row in rows:
            baselines.append(bottom)
            bottom -= row.height
        self._hairlines(ink, rows, baselines)
        for number, place in enumerate(placed):
            if place.column.standings is not None:
                self._standings(ink, place, number, rows, baselines)
            else:
                self._column(ink, place, number, rows, baselines)
        return bottom

    def _head(self, ink: Ink, placed: list[_Placed], y: float) -> None:
        ink.rule(self.x, y + 10.5, self.x + self.width, y + 10.5, p.INK, 0.9)
        for place in placed:
            self._cell(ink, place, y, place.column.head, HEAD_SIZE, Style.BOLD)
        ink.rule(self.x, y - 5, self.x + self.width, y - 5, p.INK, 0.5)

    def _cell(self, ink: Ink, place: _Placed, y: float, words: str, size: float, style: Style) -> None:
        """One cell of the head or the total row."""
        if place.column.align == "figures":
            ink.figure(place.left, y, words, place.width, size, style, p.INK)
        else:
            ink.text(place.left, y, words, size, style, p.INK, room=place.width)

    def _hairlines(self, ink: Ink, rows: list[_Row], baselines: list[float]) -> None:
        left = ink.physical(self.x, self.width)
        path = ink.canvas.beginPath()
        for row, baseline in zip(rows, baselines, strict=True):
            bottom = baseline - row.height + ROW - 4
            path.moveTo(left, bottom)
            path.lineTo(left + self.width, bottom)
        ink.canvas.setStrokeColor(p.color(p.HAIR))
        ink.canvas.setLineWidth(0.35)
        ink.canvas.drawPath(path, stroke=1, fill=0)

    def _standings(
        self, ink: Ink, place: _Placed, number: int, rows: list[_Row], baselines: list[float]
    ) -> None:
        """Mark and word of each row, in the standing's colour."""
        with ink.field(place.column.head):
            for row, baseline in zip(rows, baselines, strict=True):
                name = row.standings[number]
                if row.cells[number]:
                    mark(ink, name, place.left, baseline - 1.1, self.size)
                for count, line in enumerate(row.cells[number]):
                    at = (place.left + MARK_ROOM, baseline - count * LEADING)
                    ink.text(*at, line, self.size, Style.NARROW_BOLD, p.WORD[name])

    def _column(
        self, ink: Ink, place: _Placed, number: int, rows: list[_Row], baselines: list[float]
    ) -> None:
        """All cells of a column in one text object."""
        writing = ink.canvas.beginText()
        writing.setFillColor(p.color(place.column.color))
        draw = _Writer(ink, writing, place, self.size).draw
        with ink.field(place.column.head):
            for row, baseline in zip(rows, baselines, strict=True):
                for count, line in enumerate(row.cells[number]):
                    if line:
                        draw(line, baseline - count * LEADING)
        ink.canvas.drawText(writing)


class _Writer:
    """Writes the cells of one column, changing the font only where a cell needs another face."""

    def __init__(self, ink: Ink, writing: Any, place: _Placed, size: float) -> None:
        self.ink, self.place, self.size = ink, place, size
        self.writing = writing
        self.is_flush_right = place.column.align == "figures" or ink.is_mirrored
        self.left = ink.physical(place.left, place.width)
        self.face = ""
        metrics(place.face)

    def draw(self, line: str, y: float) -> None:
        if line.isascii():
            runs: Iterator[tuple[str, str]] = iter(((self.place.face, line),))
            wide = advance(line, self.place.face) * self.size if self.is_flush_right else 0.0
        else:
            measured = self.ink.line(line, self.place.column.style)
            runs = ((run.face, run.text) for run in measured.runs)
            wide = measured.width * self.size
        self.writing.setTextOrigin(self.left + (self.place.width - wide if self.is_flush_right else 0), y)
        for face, text in runs:
            if face != self.face:
                self.writing.setFont(face, self.size)
                self.face = face
            self.writing.textOut(text)
