"""Shapes on a page; where the language is read from the right every x is mirrored here and nowhere else.

Units: points from the lower left; `x` counts from the reading side, `y` is a baseline or a lower edge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kit.pdf import palette as p


class Shapes:
    """Lines, boxes, hatching and links on one canvas."""

    def __init__(self, canvas: Any, *, is_mirrored: bool) -> None:
        self.canvas: Any = canvas  # a reportlab Canvas, which ships without types
        self.is_mirrored = is_mirrored

    @contextmanager
    def unmirrored(self, x: float, width: float) -> Iterator[float]:
        """Draw a box left to right in every language (time axes); yields the box's left edge."""
        left, before = self.physical(x, width), self.is_mirrored
        self.is_mirrored = False
        try:
            yield left
        finally:
            self.is_mirrored = before

    def physical(self, x: float, width: float = 0.0) -> float:
        """Left edge on paper of something `width` wide that begins at logical `x`."""
        return p.PAGE_WIDTH - x - width if self.is_mirrored else x

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str | None = None,
        stroke: str | None = None,
        weight: float = 0.5,
    ) -> None:
        """A rectangle, filled or outlined or both."""
        self._paint(fill, stroke, weight)
        left = self.physical(x, width)
        self.canvas.rect(left, y, width, height, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def rule(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        color: str = p.HAIR,
        weight: float = 0.5,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """A straight line, dotted when `dash` is given."""
        self._paint(None, color, weight)
        self.canvas.setDash(*dash) if dash else self.canvas.setDash()
        self.canvas.line(self.physical(x1), y1, self.physical(x2), y2)
        self.canvas.setDash()

    def dot(
        self,
        x: float,
        y: float,
        radius: float,
        fill: str | None = None,
        stroke: str | None = None,
        weight: float = 0.8,
    ) -> None:
        """A circle about its centre."""
        self._paint(fill, stroke, weight)
        self.canvas.circle(self.physical(x), y, radius, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def polyline(self, points: list[tuple[float, float]], color: str = p.INK, weight: float = 0.9) -> None:
        """A broken line through points."""
        self._paint(None, color, weight)
        path = self.canvas.beginPath()
        path.moveTo(self.physical(points[0][0]), points[0][1])
        for x, y in points[1:]:
            path.lineTo(self.physical(x), y)
        self.canvas.drawPath(path, stroke=1, fill=0)

    def polygon(self, points: list[tuple[float, float]], fill: str) -> None:
        """A filled shape through points."""
        self._paint(fill, None, 0)
        path = self.canvas.beginPath()
        path.moveTo(self.physical(points[0][0]), points[0][1])
        for x, y in points[1:]:
            path.lineTo(self.physical(x), y)
        path.close()
        self.canvas.drawPath(path, stroke=0, fill=1)

    def hatch(
        self, x: float, y: float, width: float, height: float, color: str = p.MUTE, step: float = 3.2
    ) -> None:
        """White with strokes at 45 degrees: not known, or set aside when in a standing's colour."""
        if width <= 0 or height <= 0:
            return
        left = self.physical(x, width)
        self.canvas.saveState()
        clip = self.canvas.beginPath()
        clip.rect(left, y, width, height)
        self.canvas.clipPath(clip, stroke=0, fill=0)
        self._paint(p.WHITE, color, 0.45)
        self.canvas.rect(left, y, width, height, stroke=0, fill=1)
        strokes = self.canvas.beginPath()
        for i in range(int((width + height) / step) + 1):
            strokes.moveTo(left - height + i * step, y)
            strokes.lineTo(left + i * step, y + height)
        self.canvas.drawPath(strokes, stroke=1, fill=0)
        self.canvas.restoreState()
        self._paint(None, color, 0.4)
        self.canvas.rect(left, y, width, height, stroke=1, fill=0)

    def _paint(self, fill: str | None, stroke: str | None, weight: float) -> None:
        if fill:
            self.canvas.setFillColor(p.color(fill))
        if stroke:
            self.canvas.setStrokeColor(p.color(stroke))
            self.canvas.setLineWidth(weight)

    # ---- links

    def link(self, key: str, x: float, y: float, width: float, height: float) -> None:
        """A place to click that leads to a page of this document."""
        left = self.physical(x, width)
        self.canvas.linkRect("", key, (left, y, left + width, y + height), thickness=0)

    def web_link(self, address: str, x: float, y: float, width: float, height: float) -> None:
        """A place to click that leads to an address."""
        left = self.physical(x, width)
        self.canvas.linkURL(address, (left, y, left + width, y + height), thickness=0)
