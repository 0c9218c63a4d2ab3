"""Which papers end when: one lane per kind, one dot per paper, near dates on coloured bands; no names."""

from datetime import date

from kit.charts import Lane, Lanes
from kit.pdf import palette as p
from kit.pdf.charts.frame import draw_title
from kit.pdf.faces import Style
from kit.pdf.ink import Ink

BEFORE = 12  # days shown left of the as-of date; whatever is older stands at that edge
DOT, STACK = 3.4, 8.0
NEAR = 7  # papers within so many days of each other are stacked
NAME_ROOM = 0.26
LOWEST_LANE = 40.0


def draw_lanes(ink: Ink, chart: Lanes, x: float, top: float, width: float = p.WIDTH) -> float:
    """Draw title, bands, lanes and the axis below `top`; returns the lowest y used."""
    first = draw_title(ink, x, top, width, chart.title, chart.note) - 16
    heights = [_height(lane, chart) for lane in chart.lanes]
    ground = first - sum(heights)
    with ink.unmirrored(x + width * NAME_ROOM, width * (1 - NAME_ROOM)) as left:
        scale = width * (1 - NAME_ROOM) / (BEFORE + chart.days)
        zero = left + BEFORE * scale
        _bands(ink, zero, scale, ground, first)
        _months(ink, chart, zero, scale, ground, first)
    y = first
    for lane, height in zip(chart.lanes, heights, strict=True):
        _name(ink, chart, lane, x, y, width)
        with ink.unmirrored(x, width):
            _dots(ink, chart, lane, zero, scale, y - height)
        y -= height
    ink.rule(x, ground, x + width, ground, p.INK, 0.8)
    return ground - 22


def _days(chart: Lanes, on: date) -> int:
    return (on - chart.as_of).days


def _levels(chart: Lanes, lane: Lane) -> list[tuple[int, int]]:
    """Day and stacking level of each dot on the axis; older than the axis stands at its edge."""
    placed: list[tuple[int, int]] = []
    for dot in sorted(lane.dots, key=lambda dot: dot.on):
        day = max(_days(chart, dot.on), 2 - BEFORE)
        for _ in range(dot.count if day <= chart.days else 0):
            used = {level for other, level in placed if abs(other - day) < NEAR}
            placed.append((day, next(level for level in range(len(placed) + 1) if level not in used)))
    return placed


def _height(lane: Lane, chart: Lanes) -> float:
    tallest = max((level for _, level in _levels(chart, lane)), default=0)
    return max(LOWEST_LANE, 22 + tallest * STACK)


def _bands(ink: Ink, zero: float, scale: float, ground: float, first: float) -> None:
    """Pale grounds for overdue, 30 and 90 days, named above."""
    words = ink.words
    bands = (
        (-BEFORE, 0, "blocked", words.overdue),
        (0, 30, "review", words.within_30),
        (30, 90, "later", words.within_90),
    )
    for start, end, tone, word in bands:
        ink.rect(zero + start * scale, ground, (end - start) * scale, first - ground, fill=p.BAND[tone])
        line = first + (12 if start < 0 else 4)  # the overdue band is narrower than its word
        ink.text(zero + start * scale, line, word, 6.8, Style.BOLD, p.WORD[tone])


def _months(ink: Ink, chart: Lanes, zero: float, scale: float, ground: float, first: float) -> None:
    """A hairline and a name at each first of a month, the year under January, and the as-of date in ink."""
    month, year = chart.as_of.month, chart.as_of.year
    while True:
        month, year = (1, year + 1) if month == 12 else (month + 1, year)
        day = _days(chart, date(year, month, 1))
        if day > chart.days - 6:
            break
        at = zero + day * scale
        ink.rule(at, ground, at, first, weight=0.4)
        style = Style.BOLD if month == 1 else Style.TEXT
        color = p.INK if month == 1 else p.MUTE
        ink.text(at + 2, ground - 10, ink.words.months[month - 1], 6.8, style, color)
        if month == 1:
            ink.text(at + 2, ground - 18, str(year), 6.8, Style.BOLD, p.INK)
    ink.rule(zero, ground - 3, zero, first, p.INK, 0.9)
    ink.text(zero - BEFORE * scale, ground - 18, chart.as_of.isoformat(), 6.8, Style.BOLD, p.INK)


def _name(ink: Ink, chart: Lanes, lane: Lane, x: float, y: float, width: float) -> None:
    """Name of the lane, and how many of its papers are near or beyond the axis."""
    ink.rule(x, y, x + width, y, weight=0.5)
    room = width * NAME_ROOM - 14
    below = ink.paragraph(x, y - 11, lane.label, room, 8, 10, Style.BOLD, p.INK)
    near = sum(dot.count for dot in lane.dots if _days(chart, dot.on) <= 30)
    late = sum(dot.count for dot in lane.dots if _days(chart, dot.on) > chart.days)
    if near:
        is_over = any(dot.on < chart.as_of for dot in lane.dots)
        words = ink.words.urgent.format(count=near)
        ink.text(x, below, words, 7, color=p.WORD["blocked" if is_over else "review"], room=room)
    elif lane.note or late:
        ink.text(x, below, lane.note or ink.words.beyond.format(count=late), 7, color=p.MUTE, room=room)


def _dots(ink: Ink, chart: Lanes, lane: Lane, zero: float, scale: float, bottom: float) -> None:
    for day, level in _levels(chart, lane):
        tone = "blocked" if day < 0 else "review" if day <= 30 else "later" if day <= 90 else "other"
        ink.dot(zero + day * scale, bottom + 11 + level * STACK, DOT, fill=p.FILL[tone])
