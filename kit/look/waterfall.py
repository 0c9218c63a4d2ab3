"""Where the money went: a waterfall lying down, a table row per step, a broken axis torn and named."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from kit import units
from kit.charts import Step, Waterfall
from kit.look import svg

ROW_HEIGHT = 24
TORN = '<path class="f-brk" d="M1 20 5 14 1 8 5 2h3L4 8l4 6-4 6z"/>'
TONES = {"start": "t1", "cost": "t3", "aside": "aside", "subtotal": "brand", "end": "brand"}
BREAK_WHEN_LOWEST_ABOVE = 0.6


@dataclass(frozen=True, slots=True)
class WaterfallRow:
    """One step with its drawing and its amount."""

    step: Step
    bar: SafeString
    amount: units.Figure
    is_total: bool


def axis_floor(chart: Waterfall) -> int:
    """Where the axis starts, in cents: zero, unless the steps would be hairlines at the far end."""
    ends = [end for low_high in chart.levels for end in low_high if end > 0]
    if not ends:
        return 0
    lowest, highest = min(ends), max(ends)
    if lowest < highest * BREAK_WHEN_LOWEST_ABOVE:
        return 0
    floor = lowest - max((highest - lowest) // 4, highest // 100)
    grain: int = 10 ** max(len(str(highest)) - 3, 0)
    return floor // grain * grain


def waterfall_rows(chart: Waterfall) -> list[WaterfallRow]:
    """The steps in order, each with its bar between the running sums before and after it."""
    floor = axis_floor(chart)
    highest = max((high for _, high in chart.levels), default=0)
    reach = max(highest - floor, 1)

    def at(cents: int) -> float:
        if not floor:
            return 100 * cents / reach
        return 0.0 if cents <= floor else 5 + 95 * (cents - floor) / reach

    rows = []
    for step, (low, high) in zip(chart.steps, chart.levels, strict=True):
        tone = step.tone or TONES[step.kind]
        width = max(at(high) - at(low), 0.25)
        parts = [svg.fill(at(low), 5, width, 14, tone, 1)]
        if tone in svg.PATTERNS:
            parts.append(svg.rect(at(low), 5, width, 14, 'class="f-name"', 1))
        if floor and low == 0:
            parts.append(f'<svg x="2.2%" y="2" width="9" height="20">{TORN}</svg>')
        bar = svg.drawing(ROW_HEIGHT, "", *parts, kind="w flip")
        amount = units.money(step.amount_cents, chart.currency).bare
        rows.append(WaterfallRow(step, bar, amount, step.kind in ("start", "subtotal", "end")))
    return rows
