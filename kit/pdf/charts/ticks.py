"""Small rows without an axis: ticks for steadiness, a line for direction; time runs left to right."""

from kit.charts import Ticks
from kit.pdf import palette as p
from kit.pdf.ink import Ink

MISSED = 2.0  # height of the low grey tick of a missed run


def draw_ticks(ink: Ink, chart: Ticks, x: float, y: float, width: float = 60, height: float = 12) -> None:
    """One tick per run above baseline `y`; height is the value, a missed run is a low grey tick."""
    largest = max((value for value in chart.values if value is not None), default=1) or 1
    with ink.unmirrored(x, width) as left:
        step = width / max(len(chart.values), 1)
        for number, value in enumerate(chart.values):
            high = MISSED if value is None else MISSED + (height - MISSED) * value / largest
            fill = p.STONE if value is None else p.FILL["t2"]
            ink.rect(left + number * step, y, step * 0.6, high, fill=fill)


def draw_sparkline(
    ink: Ink,
    values: tuple[int, ...],
    x: float,
    y: float,
    width: float,
    height: float,
    color: str = p.FILL["t2"],
) -> None:
    """A line through the values with a dot on the last; level values run through the middle."""
    if len(values) < 2:
        return
    lowest, highest = min(values), max(values)
    range_ = highest - lowest
    with ink.unmirrored(x, width) as left:
        points = [
            (
                left + i * width / (len(values) - 1),
                y + (height * (value - lowest) / range_ if range_ else height / 2),
            )
            for i, value in enumerate(values)
        ]
        ink.polyline(points, color)
        ink.dot(*points[-1], 1.6, fill=color)
