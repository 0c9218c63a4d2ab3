"""Set pieces that several reports share: headings, key figures, boxes, footnotes, facts, gates, hashes."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.pdf import palette as p
from kit.pdf.charts.ticks import draw_sparkline
from kit.pdf.faces import Style
from kit.pdf.ink import Ink

HEADLINE_SIZE = {"ru": 19.5, "kk": 19.5, "ar": 19.5}  # longer words; else 22


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large figure with its label, unit, change in words and course over time.

    Shape: `tone` is empty, or a standing that colours the figure.
    """

    label: str
    figure: str
    unit: str = ""
    change: str = ""
    tone: str = ""
    trend: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """One step of a case: its name, its date in words, whether it is done."""

    label: str
    when: str
    is_done: bool


def draw_heading(ink: Ink, number: str, title: str, lead: str = "", y: float = p.FIRST_LINE) -> float:
    """Section number, title and lead paragraph; returns the baseline for what follows."""
    ink.text(p.LEFT, y, number, 9, Style.BOLD, p.COPPER)
    y -= 26
    for line in ink.wrap(title, p.WIDTH, 23, Style.SERIF_BOLD):
        ink.text(p.LEFT, y, line, 23, Style.SERIF_BOLD, p.INK)
        y -= 28
    y += 6
    if lead:
        y = ink.paragraph(p.LEFT, y, lead, p.columns_wide(10), 10.5, 15, Style.LIGHT)
    return y - 8


def draw_headline(ink: Ink, section: str, sentence: str, below: str = "", y: float = p.FIRST_LINE) -> float:
    """The page's one sentence, set large under its section's name; returns the baseline for what follows."""
    size = HEADLINE_SIZE.get(ink.language, 22.0)
    ink.text(p.LEFT, y, section, 9, Style.BOLD, p.COPPER)
    y = ink.paragraph(p.LEFT, y - 32, sentence, p.WIDTH - 6, size, size * 1.28, Style.SERIF_BOLD, p.INK)
    if below:
        ink.text(p.LEFT, y, below, 8.2, color=p.MUTE)
        y -= 12
    return y - 10


def draw_key_figures(ink: Ink, figures: Sequence[KeyFigure], y: float, columns: int = 3) -> float:
    """Key figures in rows of `columns`; returns the baseline for what follows."""
    span = 12 // columns
    for number, figure in enumerate(figures):
        row, column = divmod(number, columns)
        _key_figure(ink, figure, p.column_left(column * span), y - row * 92, p.columns_wide(span))
    return y - 92 * -(-len(figures) // columns) - 8


def _key_figure(ink: Ink, figure: KeyFigure, x: float, y: float, width: float) -> None:
    color = p.FILL[figure.tone] if figure.tone else p.INK
    ink.rule(x, y, x + width, y, color, 1.4)
    for number, line in enumerate(ink.wrap(figure.label, width, 8, Style.BOLD)[:2]):
        ink.text(x, y - 13 - number * 9.6, line, 8, Style.BOLD, color)
    size = 29.0
    while size > 16 and ink.width(figure.figure, size, Style.LIGHT) + ink.width(figure.unit, 9) + 5 > width:
        size -= 1
    wide = ink.text(x, y - 53, figure.figure, size, Style.LIGHT, color)
    if figure.unit:
        wide += 5 + ink.text(x + wide + 5, y - 53, figure.unit, 9, color=p.MUTE)
    room = min(46.0, width - wide - 12)
    if room >= 22 and figure.trend:
        draw_sparkline(
            ink, figure.trend, x + width - room - 2, y - 51, room, 17, color if figure.tone else p.FILL["t2"]
        )
    ink.text(x, y - 68, figure.change, 7.6, color=p.MUTE, room=width)


def draw_note(ink: Ink, title: str, text: str, y: float, x: float = p.LEFT, width: float = p.WIDTH) -> float:
    """A paper-coloured box with a bold first line; returns the baseline for what follows."""
    lines = ink.wrap(text, width - 24, 8)
    title_room = 14 if title else 0
    high = 18 + title_room + 11.2 * len(lines) - 4
    ink.rect(x, y - high + 10, width, high, fill=p.PAPER)
    if title:
        ink.text(x + 12, y - 6, title, 8.6, Style.BOLD, p.INK)
    ink.paragraph(x + 12, y - 6 - title_room, text, width - 24, 8, 11.2)
    return y - high - 8


def draw_footnote(ink: Ink, text: str) -> None:
    """Small print above the footer, growing upwards so that it never meets the rule."""
    lines = ink.wrap(text, p.WIDTH, 6.8)
    y = max(p.FOOTNOTE_LINE, 51 + 8.6 * (len(lines) - 1))
    ink.paragraph(p.LEFT, y, text, p.WIDTH, 6.8, 8.6, color=p.MUTE)


def draw_facts(
    ink: Ink,
    rows: Sequence[tuple[str, str]],
    y: float,
    x: float = p.LEFT,
    width: float = p.WIDTH,
    label_room: float = 110,
    colors: tuple[str, str] = (p.MUTE, p.BODY),
) -> float:
    """Names and values in two columns; returns the next free baseline."""
    for label, value in rows:
        ink.text(x, y, label, 8.2, Style.BOLD, colors[0], room=label_room - 8)
        y = ink.paragraph(x + label_room, y, value, width - label_room, 8.2, 11.4, color=colors[1]) - 4.1
    return y


def draw_gates(ink: Ink, gates: Sequence[Gate], y: float, x: float = p.LEFT, width: float = p.WIDTH) -> float:
    """The steps of a case as a line of dots, done ones filled; returns the next free baseline."""
    step = width / max(len(gates), 1)
    for number, gate in enumerate(gates[1:], 1):
        at = x + 4 + number * step
        line = (p.INK, 1.4, None) if gate.is_done else (p.STONE, 1.0, (2.0, 2.0))
        ink.rule(at - step, y, at, y, *line)
    lowest = y
    for number, gate in enumerate(gates):
        at = x + 4 + number * step
        ink.dot(at, y, 4, fill=p.INK if gate.is_done else p.WHITE, stroke=p.INK, weight=1.1)
        color = p.INK if gate.is_done else p.MUTE
        below = ink.paragraph(at - 4, y - 15, gate.label, step - 6, 7.1, 8.6, Style.BOLD, color)
        ink.text(at - 4, below - 0.4, gate.when, 6.8, Style.NARROW, p.MUTE, room=step - 4)
        lowest = min(lowest, below - 10)
    return lowest - 6


def draw_hash(
    ink: Ink, label: str, digest: str, x: float, y: float, color: str = p.BODY, *, is_bold: bool = False
) -> float:
    """A hash in groups of eight at fixed places, so that two of them can be compared downwards."""
    ink.text(x, y, label, 7, Style.BOLD, color, room=42)
    style = Style.NARROW_BOLD if is_bold else Style.NARROW
    with ink.unmirrored(x + 44, len(digest) / 8 * 39.5) as left:
        for number in range(0, len(digest), 8):
            ink.text(left + number / 8 * 39.5, y, digest[number : number + 8], 7, style, color)
    return y - 10.6
