"""A waterfall lying down: a row per step with its amount to the cent; a torn axis is named."""

from dataclasses import dataclass

from kit.charts import Step, Waterfall
from kit.pdf import palette as p
from kit.pdf.charts.frame import draw_title
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.units import divide, money

ROW, BAR = 22.0, 12.0
NAME_ROOM, AMOUNT_ROOM = 0.27, 0.19
LEVELS = ("start", "subtotal", "end")
TEAR_FROM = 0.55  # tear when everything that moves happens above this share of the whole


def draw_waterfall(ink: Ink, chart: Waterfall, x: float, top: float, width: float = p.WIDTH) -> float:
    """Draw title and rows below `top`; returns the lowest y used."""
    y = draw_title(ink, x, top, width, f"{chart.title}, {chart.currency}", chart.note)
    left, right = x + width * NAME_ROOM, x + width * (1 - AMOUNT_ROOM)
    floor = _floor(chart)
    highest = max((upper for _, upper in chart.levels), default=0)
    scale = (right - left) / max(highest - floor, 1)
    ink.rule(x, y + 4, x + width, y + 4, p.INK, 0.6)
    before: float | None = None
    previous, running = ROW, 0
    for step, (lower, upper) in zip(chart.steps, chart.levels, strict=True):
        words = _Words.of(ink, step, width * NAME_ROOM - 10)
        start, end = left + max(lower - floor, 0) * scale, left + max(upper - floor, 0) * scale
        middle = y + 4 - words.high / 2
        if before is not None:
            ink.rule(before, y + 4 + (previous - BAR) / 2, before, middle + BAR / 2, p.STONE, 0.6)
        words.draw(ink, x, y + 4)
        _amount(ink, step, x + width, middle - 3, width * AMOUNT_ROOM - 8)
        _bar(ink, step, start, end, middle - BAR / 2, is_torn=floor > 0 and lower == 0)
        running = upper if step.kind in LEVELS else running + step.amount_cents
        before, previous = left + max(running - floor, 0) * scale, words.high
        y -= words.high
        ink.rule(x, y + 4, x + width, y + 4, weight=0.35)
    if floor:
        torn = ink.words.torn_axis.format(amount=money(floor, chart.currency).text)
        ink.text(left, y - 5, torn, 6.8, color=p.MUTE)
        y -= 10
    return y - 2


def _floor(chart: Waterfall) -> int:
    """Where the axis begins: 0, or a round amount under all moving bars when those are small."""
    moving = [
        lower
        for step, (lower, _) in zip(chart.steps, chart.levels, strict=True)
        if step.kind in ("cost", "aside")
    ]
    ends = [upper for step, (_, upper) in zip(chart.steps, chart.levels, strict=True)]
    if not moving or min(moving) < TEAR_FROM * max(ends):
        return 0
    room = min(moving) - (max(ends) - min(moving)) // 3
    step: int = 10 ** max(len(str(max(room, 1))) - 2, 0)
    return max(room // step * step, 0)


def _color(step: Step) -> str:
    if step.kind == "start":
        return "#8C97A6"
    if step.kind == "cost":
        return p.COPPER
    return p.FILL[step.tone or "review"] if step.kind == "aside" else p.INK


@dataclass(frozen=True, slots=True)
class _Words:
    """Label and note of a row, wrapped, and the height they ask for."""

    label: list[str]
    note: list[str]
    style: Style

    @classmethod
    def of(cls, ink: Ink, step: Step, room: float) -> "_Words":
        style = Style.BOLD if step.kind in LEVELS else Style.TEXT
        note = ink.wrap(step.note, room, 6.8, Style.NARROW) if step.note else []
        return cls(ink.wrap(step.label, room, 8, style), note, style)

    @property
    def high(self) -> float:
        return max(ROW, 8 + 9 * len(self.label) + 8 * len(self.note))

    def draw(self, ink: Ink, x: float, top: float) -> None:
        y = top - (self.high - 9 * len(self.label) - 8 * len(self.note)) / 2 - 7
        for line in self.label:
            ink.text(x, y, line, 8, self.style, p.INK)
            y -= 9
        for line in self.note:
            ink.text(x, y + 0.6, line, 6.8, Style.NARROW, p.MUTE)
            y -= 8


def _amount(ink: Ink, step: Step, right: float, y: float, room: float) -> None:
    """The amount to the cent, flush right in every language: cents under cents."""
    tone = step.tone or "review" if step.kind == "aside" else "t4" if step.kind == "cost" else ""
    style = Style.BOLD if step.kind in LEVELS else Style.TEXT
    words = divide(step.amount_cents, 100, 2)
    ink.figure(right - room, y, words, room, 8.2, style, p.WORD[tone] if tone else p.INK)


def _bar(ink: Ink, step: Step, start: float, end: float, y: float, *, is_torn: bool) -> None:
    """Solid for what is there or gone, hatched for what is set aside, torn white where the axis is torn."""
    if step.kind == "aside":
        ink.hatch(start, y, max(end - start, 0.8), BAR, _color(step), 3)
    else:
        ink.rect(start, y, max(end - start, 0.8), BAR, fill=_color(step))
    if is_torn and end - start > 14:
        zigzag = [(start + 6 + (2 if i % 2 else 0), y - 1 + i * (BAR + 2) / 4) for i in range(5)]
        back = [(tx + 3, ty) for tx, ty in reversed(zigzag)]
        ink.polygon([*zigzag, *back], p.WHITE)
