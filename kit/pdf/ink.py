"""Text on a page, in one language, on top of the shapes.

Units: points from the lower left; `x` counts from the reading side, `y` is a baseline or a lower edge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from kit.pdf import palette as p
from kit.pdf.arabic import drawing_order
from kit.pdf.faces import Line, Style, measure
from kit.pdf.shapes import Shapes
from kit.pdf.words import Words
from kit.pdf.wrapping import wrap

ENGLISH = Words()
Align = Literal["start", "end", "center"]
_OPPOSITE: dict[Align, Align] = {"start": "end", "end": "start", "center": "center"}


@dataclass(frozen=True, slots=True)
class Overflow:
    """Words drawn wider than the room they were given: a fault of the page that drew them."""

    text: str
    width: float
    room: float


class Ink(Shapes):
    """Draws on one canvas in one language; remembers characters no face has and words that did not fit."""

    def __init__(self, canvas: Any, language: str, words: Words = ENGLISH) -> None:
        super().__init__(canvas, is_mirrored=language == "ar")
        self.language = language
        self.words = words
        self.missing: dict[str, set[str]] = {}
        self.overflows: list[Overflow] = []
        self._field = ""

    @contextmanager
    def field(self, name: str) -> Iterator[None]:
        """Name what is being drawn, so that a missing character can be reported with its place."""
        before, self._field = self._field, name
        try:
            yield
        finally:
            self._field = before

    def line(self, text: str, style: Style = Style.TEXT) -> Line:
        """The line in drawing order, measured at size 1; its missing characters are noted."""
        measured = self._measure(text, style)
        for char in measured.missing:
            self.missing.setdefault(char, set()).add(self._field)
        return measured

    def width(self, text: str, size: float, style: Style = Style.TEXT) -> float:
        """Width of a line on paper."""
        return size * self._measure(text, style).width

    def _measure(self, text: str, style: Style) -> Line:
        return measure(drawing_order(text, is_mirrored=self.language == "ar"), style, self.language)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        style: Style = Style.TEXT,
        color: str = p.BODY,
        align: Align = "start",
        *,
        room: float | None = None,
        track: float = 0.0,
    ) -> float:
        """Draw one line and return its width; `align` is logical, so `start` is the right side in Arabic.

        Words that exceed `room` are set narrow; if they still do, that is recorded as an overflow.
        """
        if room is not None and self.width(text, size, style) > room:
            style = Style.NARROW_BOLD if style in (Style.BOLD, Style.NARROW_BOLD) else Style.NARROW
        measured = self.line(text, style)
        wide = size * measured.width + track * max(0, len(text) - 1)
        if room is not None and wide > room + 0.05:
            self.overflows.append(Overflow(text, wide, room))
        left = p.PAGE_WIDTH - x if self.is_mirrored else x
        side = _OPPOSITE[align] if self.is_mirrored else align
        left -= {"start": 0.0, "end": wide, "center": wide / 2}[side]
        self._write(left, y, measured, size, color, track)
        return wide

    def figure(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        size: float = 8.2,
        style: Style = Style.TEXT,
        color: str = p.BODY,
    ) -> float:
        """A figure flush right in a column in every language, so that units stand under units."""
        with self.unmirrored(x, width) as left:
            return self.text(left + width, y, text, size, style, color, "end", room=width)

    def _write(self, left: float, y: float, line: Line, size: float, color: str, track: float) -> None:
        writing = self.canvas.beginText(left, y)
        writing.setFillColor(p.color(color))
        if track:
            writing.setCharSpace(track)
        for run in line.runs:
            writing.setFont(run.face, size)
            writing.textOut(run.text)
        if track:
            writing.setCharSpace(0)
        self.canvas.drawText(writing)

    def wrap(self, text: str, width: float, size: float, style: Style = Style.TEXT) -> list[str]:
        """Lines of a paragraph that fit the width."""
        between = self.language in ("ja", "zh")
        return wrap(text, width, lambda line: self.width(line, size, style), between_letters=between)

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        size: float = 8.6,
        leading: float = 12,
        style: Style = Style.TEXT,
        color: str = p.BODY,
        align: Align = "start",
    ) -> float:
        """Draw wrapped lines from baseline `y` downwards; return the next free baseline."""
        offset = {"start": 0.0, "end": width, "center": width / 2}[align]
        for line in self.wrap(text, width, size, style):
            self.text(x + offset, y, line, size, style, color, align)
            y -= leading
        return y

    def pill(
        self, x: float, y: float, label: str, color: str, size: float = p.SMALLEST, *, is_solid: bool = False
    ) -> float:
        """A rounded label; returns its width."""
        wide = self.width(label, size, Style.BOLD) + 10
        self._paint(color, color, 0.7)
        box = (self.physical(x, wide), y - 3.2, wide, size + 5, 2)
        self.canvas.roundRect(*box, stroke=1, fill=int(is_solid))
        self.text(x + wide / 2, y, label, size, Style.BOLD, p.WHITE if is_solid else color, "center")
        return wide
