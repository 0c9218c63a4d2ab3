"""What all charts share: title, scale steps, figures, fills by tone."""

from kit.pdf import palette as p
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.units import divide


def draw_title(ink: Ink, x: float, y: float, width: float, title: str, note: str = "") -> float:
    """Title in bold with an optional quiet line; returns the baseline of the next free line."""
    for line in ink.wrap(title, width, 9, Style.BOLD):
        ink.text(x, y, line, 9, Style.BOLD, p.INK)
        y -= 12
    if note:
        y = ink.paragraph(x, y, note, width, 7.4, 9.6, color=p.MUTE)
    return y


def steps(largest: int, count: int = 4) -> list[int]:
    """Round numbers from 0 to at most `largest`, about `count` steps apart.

    Shape: 212 with 4 gives 0, 50, 100, 150, 200.
    """
    if largest <= 0:
        return [0]
    magnitude = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * magnitude
            if largest // step <= count:
                return list(range(0, largest + 1, step))
        magnitude *= 10


def short_share(bps: int) -> str:
    """Basis points as per cent with no more decimals than the figure needs: 3540 is 35.4."""
    text = divide(bps, 100, 2)
    return text.rstrip("0").rstrip(".")


def fill_box(ink: Ink, tone: str, x: float, y: float, width: float, height: float) -> None:
    """A box in the fill of its tone; the unknown is hatched, never a flat colour."""
    if width <= 0 or height <= 0:
        return
    if tone == "unknown":
        ink.hatch(x, y, width, height, step=2.8)
    else:
        ink.rect(x, y, width, height, fill=p.FILL[tone])


def spread(wanted: list[float], distance: float) -> list[float]:
    """Positions in rising order moved apart to a least distance, none below its wanted place."""
    placed: list[float] = []
    for place in wanted:
        placed.append(max(place, placed[-1] + distance) if placed else place)
    return placed
