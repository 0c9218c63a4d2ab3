"""Marks of standing as vectors: shape first, then word, then colour."""

from collections.abc import Callable

from kit.charts import Standing
from kit.pdf import palette as p
from kit.pdf.faces import Style
from kit.pdf.ink import Ink

_UNIT = 16.0  # the marks are designed on a 16 by 16 square, y downwards, like the page's symbols


def mark(ink: Ink, standing: str, x: float, y: float, size: float = 7.5) -> None:
    """Draw a standing's shape in a square whose lower corner at the reading side is (x, y)."""
    with ink.unmirrored(x, size) as left:
        _SHAPES[standing](_Square(ink, left, y, size), p.FILL[standing] if standing != "fine" else p.MUTE)


def marked_word(
    ink: Ink, standing: str, word: str, x: float, y: float, size: float = 7.6, style: Style = Style.BOLD
) -> float:
    """Mark and word on one baseline; returns the width of both."""
    mark(ink, standing, x, y - size * 0.16, size)
    return size * 1.4 + ink.text(x + size * 1.4, y, word, size, style, p.WORD[standing])


class _Square:
    """Turns the design's 16-unit square into points on paper."""

    def __init__(self, ink: Ink, left: float, bottom: float, size: float) -> None:
        self.ink, self.left, self.bottom, self.scale = ink, left, bottom, size / _UNIT

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x * self.scale, self.bottom + (_UNIT - y) * self.scale

    def points(self, *pairs: tuple[float, float]) -> list[tuple[float, float]]:
        return [self.at(*pair) for pair in pairs]

    def ring(self, radius: float, color: str, weight: float, dash: tuple[float, float] | None = None) -> None:
        canvas, (x, y) = self.ink.canvas, self.at(8, 8)
        if dash:
            canvas.setDash(dash[0] * self.scale, dash[1] * self.scale)
        self.ink.dot(x, y, radius * self.scale, stroke=color, weight=weight * self.scale)
        canvas.setDash()

    def disc(self, x: float, y: float, radius: float, color: str) -> None:
        self.ink.dot(*self.at(x, y), radius * self.scale, fill=color)


def _blocked(square: _Square, color: str) -> None:
    """Filled octagon with a bar."""
    corners = ((5, 1), (11, 1), (15, 5), (15, 11), (11, 15), (5, 15), (1, 11), (1, 5))
    square.ink.polygon(square.points(*corners), color)
    square.ink.polygon(square.points((4, 7), (12, 7), (12, 9), (4, 9)), p.WHITE)


def _review(square: _Square, color: str) -> None:
    """Filled diamond with an exclamation stroke."""
    square.ink.polygon(square.points((8, 0.8), (15.2, 8), (8, 15.2), (0.8, 8)), color)
    square.ink.polygon(square.points((7.1, 4), (8.9, 4), (8.9, 9), (7.1, 9)), p.WHITE)
    square.ink.polygon(square.points((7.1, 10.2), (8.9, 10.2), (8.9, 12), (7.1, 12)), p.WHITE)


def _watch(square: _Square, color: str) -> None:
    """Ring with a dot."""
    square.ring(6.2, color, 1.8)
    square.disc(8, 8, 2.6, color)


def _unknown(square: _Square, color: str) -> None:
    """Dashed ring with a question mark."""
    square.ring(6.6, color, 1.4, (2.6, 1.9))
    canvas = square.ink.canvas
    canvas.setLineWidth(1.5 * square.scale)
    hook = canvas.beginPath()
    hook.moveTo(*square.at(6, 6.4))
    for curve in (
        ((6, 5.1), (6.9, 4.4), (8, 4.4)),
        ((9.1, 4.4), (10, 5.2), (10, 6.3)),
        ((10, 7.8), (8, 7.9), (8, 9.3)),
    ):
        hook.curveTo(*(value for point in curve for value in square.at(*point)))
    canvas.drawPath(hook, stroke=1, fill=0)
    square.disc(8, 11.4, 0.95, color)


def _fine(square: _Square, color: str) -> None:
    """Tick without a ground."""
    square.ink.polyline(square.points((2.5, 8.6), (6.1, 12.2), (13.5, 4.2)), color, 2 * square.scale)


_SHAPES: dict[str, Callable[[_Square, str], None]] = {
    "blocked": _blocked,
    "review": _review,
    "watch": _watch,
    "later": _watch,
    "unknown": _unknown,
    "fine": _fine,
}
STANDINGS: tuple[Standing, ...] = ("blocked", "review", "watch", "unknown", "fine")
