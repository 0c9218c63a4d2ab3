"""One bar for one whole: pieces labelled inside, thin ones by a leader below."""

from kit.charts import Part, StandingBar
from kit.pdf import palette as p
from kit.pdf.charts.frame import draw_title, fill_box
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.units import divide

HIGH, SEAM, LEADER = 19.0, 1.4, 12.0


def draw_standing_bar(ink: Ink, chart: StandingBar, x: float, top: float, width: float = p.WIDTH) -> float:
    """Draw the bar with its title below `top`; returns the lowest y used."""
    y = draw_title(ink, x, top, width, chart.title) - HIGH + 2
    whole = max(chart.total, 1)
    outside: list[tuple[Part, float]] = []
    left = x
    for part in chart.parts:
        wide = width * part.value / whole
        fill_box(ink, part.tone, left, y, max(wide - SEAM, 0.6) if part.value else 0, HIGH)
        if part.value and not _draw_inside(ink, chart, part, left, y, wide):
            outside.append((part, left))
        left += wide
    for row, (part, left) in enumerate(outside):
        _draw_leader(ink, chart, part, left, y, LEADER * (row + 1), x + width)
    return y - LEADER * len(outside) - (4 if outside else 0)


def _figure(chart: StandingBar, part: Part) -> str:
    return divide(part.value, chart.per_unit, chart.decimals)


def _draw_inside(ink: Ink, chart: StandingBar, part: Part, left: float, y: float, wide: float) -> bool:
    """Figure and word inside the piece; False when they do not fit."""
    figure = _figure(chart, part)
    number_wide = ink.width(figure, 9.5, Style.BOLD)
    if number_wide + ink.width(part.label, 8) + 20 > wide:
        return False
    color = p.INK if part.tone in ("fine", "unknown", "t3", "t5", "other") else p.WHITE
    if part.tone == "unknown":  # words need a quiet ground on hatching
        ink.rect(left + 4, y + 3, number_wide + ink.width(part.label, 8) + 14, HIGH - 6, fill=p.WHITE)
    ink.text(left + 7, y + 5.8, figure, 9.5, Style.BOLD, color)
    ink.text(left + 13 + number_wide, y + 5.8, part.label, 8, color=color)
    return True


def _draw_leader(
    ink: Ink, chart: StandingBar, part: Part, left: float, y: float, drop: float, limit: float
) -> None:
    """A line down from a thin piece to its figure and word; it turns back where the edge is near."""
    figure = _figure(chart, part)
    color = p.WORD[part.tone]
    wide = ink.width(figure, 8.4, Style.BOLD) + ink.width(part.label, 8) + 12
    ink.rule(left + 0.6, y, left + 0.6, y - drop, color, 1.2)
    start = left + 6 if left + 6 + wide <= limit else left - wide - 4
    number_wide = ink.text(start, y - drop + 1, figure, 8.4, Style.BOLD, color)
    ink.text(start + number_wide + 5, y - drop + 1, part.label, 8, color=color)
