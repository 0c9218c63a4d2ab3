"""Stacked bars over time: white seams, names at the right, events above; time runs left to right."""

from dataclasses import dataclass
from itertools import zip_longest

from kit.charts import StackedBars
from kit.pdf import palette as p
from kit.pdf.charts.frame import draw_title, fill_box, spread, steps
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.units import divide

AXIS_ROOM, NAME_ROOM, EVENT_ROOM = 26.0, 90.0, 84.0
SEAM = 0.7


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the bars stand and how high a unit is."""

    left: float
    right: float
    ground: float
    bar: float
    scale: float

    def top_of(self, value: int) -> float:
        return self.ground + value * self.scale

    def at(self, position: float) -> float:
        return self.left + position * self.bar


def draw_stacked_bars(
    ink: Ink, chart: StackedBars, x: float, top: float, width: float = p.WIDTH, height: float = 300
) -> float:
    """Draw the chart with its title below `top`; returns the lowest y used."""
    title = f"{chart.title}, {chart.unit}" if chart.unit else chart.title
    y = draw_title(ink, x, top, width, title, chart.note)
    if chart.is_synthetic:
        pill_at = x + min(ink.width(title, 9, Style.BOLD) + 8, width - 60)
        ink.pill(pill_at, top, ink.words.synthetic_chart, p.COPPER, 5.8)
    with ink.unmirrored(x, width) as left:
        ground = top - height + 16
        share = 0.8 if chart.events else 0.92  # room above the bars for the words of events
        largest = max((*chart.totals, 1))
        plot = _Plot(
            left + AXIS_ROOM,
            left + width - NAME_ROOM,
            ground,
            (width - AXIS_ROOM - NAME_ROOM) / max(len(chart.labels), 1),
            (y - ground) * share / largest,
        )
        _axis(ink, chart, plot)
        _bars(ink, chart, plot)
        _names(ink, chart, plot)
        _events(ink, chart, plot)
        ink.rule(plot.left, plot.ground, plot.right, plot.ground, p.INK, 0.8)
    return top - height


def _axis(ink: Ink, chart: StackedBars, plot: _Plot) -> None:
    """Scale lines at round numbers of the shown unit, and the labels of the bars."""
    for step in steps(max((*chart.totals, 1)) // chart.per_unit):
        y = plot.top_of(step * chart.per_unit)
        if step:
            ink.rule(plot.left, y, plot.right, y, weight=0.4)
        ink.text(plot.left - 5, y - 2.4, f"{step:,}", 6.8, color=p.MUTE, align="end")
    for number, label in enumerate(chart.labels):
        if label:
            ink.text(plot.at(number) + 2, plot.ground - 12, label, 7.2, Style.BOLD, p.INK)
            ink.rule(plot.at(number) + 0.6, plot.ground, plot.at(number) + 0.6, plot.ground - 14)


def _bars(ink: Ink, chart: StackedBars, plot: _Plot) -> None:
    gap = min(2.2, plot.bar * 0.12)
    for number in range(len(chart.labels)):
        base = plot.ground
        for series in chart.series:
            height = (series.values[number] or 0) * plot.scale
            fill_box(ink, series.tone, plot.at(number) + gap, base, plot.bar - 2 * gap, max(height - SEAM, 0))
            base += height
    for number in {0, len(chart.labels) - 1}:
        total = chart.totals[number]
        words = divide(total, chart.per_unit, chart.decimals)
        ink.text(plot.at(number + 0.5), plot.top_of(total) + 4, words, 7.6, Style.BOLD, p.INK, "center")


def _names(ink: Ink, chart: StackedBars, plot: _Plot) -> None:
    """Name and last figure of each series beside its last segment, moved apart where segments are thin."""
    base, wanted = plot.ground, []
    for series in chart.series:
        height = (series.values[-1] or 0) * plot.scale
        wanted.append(base + height / 2 - 3)
        base += height
    for series, y in zip(chart.series, spread(wanted, 21), strict=True):
        last = series.values[-1]
        figure = ink.words.unknown if last is None else divide(last, chart.per_unit, chart.decimals)
        note = f"{figure} {chart.unit}".rstrip() if last is not None else figure
        color = p.WORD[series.tone]
        ink.text(plot.right + 8, y + 3, series.label, 8, Style.BOLD, color, room=NAME_ROOM - 8)
        ink.text(plot.right + 8, y - 7, series.note or note, 7.4, color=p.MUTE, room=NAME_ROOM - 8)


def _events(ink: Ink, chart: StackedBars, plot: _Plot) -> None:
    """Dotted lines; the words stand above the bars they cross and above each other."""
    taken: list[tuple[float, float, float, float]] = []
    events = sorted(chart.events, key=lambda event: event.position)
    for event, following in zip_longest(events, events[1:]):
        ahead = (following.position - event.position) * plot.bar - 8 if following else EVENT_ROOM
        lines = ink.wrap(event.label, min(EVENT_ROOM, max(ahead, 42)), 7.2)
        wide = max(ink.width(line, 7.2) for line in lines) + 6
        x = plot.at(event.position)
        is_late = x + wide > plot.right + 6
        left, right = (x - wide, x) if is_late else (x, x + wide)
        bottom = _highest(chart, plot, left, right) + 12
        high = 9.0 * len(lines)
        for other_left, other_right, other_bottom, other_top in taken:
            if (
                left < other_right
                and right > other_left
                and bottom < other_top
                and bottom + high > other_bottom
            ):
                bottom = other_top + 4
        taken.append((left, right, bottom, bottom + high))
        ink.rect(left, bottom - 1, right - left, high, fill=p.WHITE)  # scale lines stop behind the words
        ink.rule(x, plot.ground, x, bottom + high - 2, p.INK, 0.5, (1.5, 1.5))
        for number, line in enumerate(lines):
            y = bottom + high - 9 * (number + 1) + 2
            ink.text(
                x - 4 if is_late else x + 4, y, line, 7.2, color=p.INK, align="end" if is_late else "start"
            )


def _highest(chart: StackedBars, plot: _Plot, left: float, right: float) -> float:
    """Top of the tallest bar between two places on the axis."""
    crossed = [
        total
        for number, total in enumerate(chart.totals)
        if plot.at(number + 1) > left and plot.at(number) < right
    ]
    return plot.top_of(max(crossed, default=0))
