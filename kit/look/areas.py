"""How an amount spread over kinds, by period: stepped areas with labels at the right end, no legend."""

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kit import units
from kit.charts import Series, StackedBars
from kit.look import svg

HEIGHT, HEAD, FOOT = 230, 8, 22
ENDS, LETTER = 128, 6.3  # how wide the labels at the right end are at least, and each of their letters
LABEL_GAP, NOTE_GAP = 15, 27


@dataclass(frozen=True, slots=True)
class Layer:
    """One series with the sums it stands on."""

    row: Series
    lows: tuple[int, ...]

    @property
    def last(self) -> int:
        """The value at the right edge; a gap counts as nothing."""
        return (self.row.values[-1] or 0) if self.row.values else 0


def _height_of(value: float, top: float) -> float:
    return HEIGHT - (HEIGHT - HEAD) * value / top


def layers_of(chart: StackedBars) -> list[Layer]:
    """The series, bottom first, each with what lies below it."""
    layers, lows = [], [0] * len(chart.labels)
    for row in chart.series:
        layers.append(Layer(row, tuple(lows)))
        lows = [low + (value or 0) for low, value in zip(lows, row.values, strict=True)]
    return layers


def outlines(layer: Layer, top: float) -> list[str]:
    """The stepped shapes of one series; a gap in the source breaks it in two."""
    values = layer.row.values
    width = 1000 / max(len(values), 1)
    shapes: list[str] = []
    run: list[int] = []
    for number, value in enumerate((*values, None)):
        if value:
            run.append(number)
        elif run:
            shapes.append(_outline(layer, run, width, top))
            run = []
    return shapes


def _outline(layer: Layer, run: list[int], width: float, top: float) -> str:
    def y(value: float) -> str:
        return svg.short(_height_of(value, top))

    upper = (f"V{y(layer.lows[i] + (layer.row.values[i] or 0))}H{svg.short(width * (i + 1))}" for i in run)
    lower = (f"V{y(layer.lows[i])}H{svg.short(width * i)}" for i in reversed(run))
    return f"M{svg.short(width * run[0])} {y(layer.lows[run[0]])}{''.join(upper)}{''.join(lower)}Z"


def end_places(layers: list[Layer], top: float) -> list[tuple[float, Layer]]:
    """Heights of the labels at the right end, pushed apart so that none covers another."""
    ending = [layer for layer in layers if layer.last]
    places = sorted(
        ((_height_of(layer.lows[-1] + layer.last / 2, top), layer) for layer in ending),
        key=lambda place: place[0],
    )
    heights = [y for y, _ in places]
    gaps = [NOTE_GAP if layer.row.note else LABEL_GAP for _, layer in places]
    for number in range(1, len(heights)):
        heights[number] = max(heights[number], heights[number - 1] + gaps[number - 1])
    floor = HEIGHT + FOOT / 2
    for number in reversed(range(len(heights))):
        heights[number] = min(heights[number], floor - gaps[number] + 10)
        floor = heights[number] - 10
    return [(y, layer) for y, (_, layer) in zip(heights, places, strict=True)]


def _end_label(y: float, layer: Layer, chart: StackedBars) -> str:
    line = f'<text x="8" y="{svg.short(y + 4)}" class="b">{escape(_end_words(layer, chart))}</text>'
    note = f'<text x="8" y="{svg.short(y + 17)}">{escape(layer.row.note)}</text>' if layer.row.note else ""
    return line + note


def _end_words(layer: Layer, chart: StackedBars) -> str:
    return f"{layer.row.label} {units.divide(layer.last, chart.per_unit, chart.decimals)}"


def _inner_label(layer: Layer, top: float) -> str:
    """The name of a series that ended before the right edge, written where it was thickest."""
    values = [value or 0 for value in layer.row.values]
    best = max(range(len(values)), key=values.__getitem__)
    if (HEIGHT - HEAD) * values[best] / top < LABEL_GAP:
        return ""
    middle = _height_of(layer.lows[best] + values[best] / 2, top)
    x = 100 * (best + 0.5) / len(values)
    kind, x = ("i", 1.0) if x < 8 else ("i e", 99.0) if x > 92 else ("i m", x)
    return svg.words(x, middle + 4, layer.row.label, f"halo {kind}")


def _gaps(chart: StackedBars, top: float) -> list[str]:
    """Hatching over a period in which a series has no reading, so that a low column is not read as low."""
    width = 100 / max(len(chart.labels), 1)
    totals, parts = chart.totals, []
    for number, total in enumerate(totals):
        if any(row.values[number] is None for row in chart.series):
            level = max(totals[max(number - 1, 0) : number + 2])
            upper, lower = _height_of(level, top), _height_of(total, top)
            parts.append(svg.fill(width * number, upper, width, lower - upper, "unknown"))
    return parts


def _happenings(chart: StackedBars) -> list[str]:
    parts = []
    for number, event in enumerate(chart.events):
        x = 100 * event.position / max(len(chart.labels), 1)
        row = number % 2 * LABEL_GAP
        kind, dx = ("i halo e", -4) if x > 55 else ("i halo", 4)
        parts.append(svg.upright(x, 6 + row, HEIGHT, "ev"))
        parts.append(svg.words(x, 14 + row, event.label, kind, dx))
    return parts


def _axis_words(labels: tuple[str, ...]) -> list[str]:
    parts = []
    for number, label in enumerate(labels):
        if label:
            x = 100 * (number + 0.5) / len(labels)
            kind, x = (
                ("", 0.0) if number == 0 else ("e", 100.0) if number == len(labels) - 1 else ("m between", x)
            )
            parts.append(svg.words(x, HEIGHT + 16, label, kind))
    return parts


def stacked(chart: StackedBars) -> SafeString:
    """Periods as steps, names at the right end, happenings as dotted lines; an empty chart keeps its axis."""
    most = max(chart.totals, default=0)
    top = (most or chart.per_unit) * 1.04
    levels = [
        (tick, _height_of(tick * chart.per_unit, top)) for tick in svg.nice_ticks(most / chart.per_unit)
    ]
    layers = layers_of(chart)
    shapes = [
        f'<path d="{shape}" {svg.paint(layer.row.tone)}/><path d="{shape}" class="sep"/>'
        for layer in layers
        for shape in outlines(layer, top)
    ]
    parts = [
        *(svg.level(y, "ax" if tick else "ax0") for tick, y in levels),
        svg.fill(0, HEAD, 100, HEIGHT - HEAD, "synthetic") if chart.is_synthetic else "",
        svg.stretched(HEIGHT, "".join(shapes)),
        *_gaps(chart, top),
        *(_inner_label(layer, top) for layer in layers if most and layer.row.label and not layer.last),
        *_happenings(chart),
        *_axis_words(chart.labels),
    ]
    if not most:
        parts.append(svg.words(50, HEIGHT / 2, chart.note or gettext("No readings in this time."), "m"))
    figures = "".join(
        f'<text x="34" y="{svg.short(y + 4)}" class="e">{svg.short(tick)}</text>' for tick, y in levels
    )
    ending = end_places(layers, top)
    names = "".join(_end_label(y, layer, chart) for y, layer in ending)
    longest = max((len(_end_words(layer, chart)) for _y, layer in ending), default=0)
    beside = max(ENDS, 16 + round(LETTER * longest))
    height = HEIGHT + FOOT
    middle = svg.drawing(height, f"{chart.title}, {chart.unit}", *parts)
    # Words were escaped where they were placed; the frame is our own markup.
    return mark_safe(
        f'<div class="plot"><svg width="40" height="{height}" aria-hidden="true">{figures}</svg>{middle}'
        f'<svg width="{beside}" height="{height}" aria-hidden="true">{names}</svg></div>'
    )
