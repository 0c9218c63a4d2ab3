"""QR codes as vectors, through reportlab's encoder with one fixed mask.

Trying all eight masks costs half the time of a statement.
"""

from functools import lru_cache

from kit.errors import Refusal
from kit.pdf import palette as p
from kit.pdf.ink import Ink

MASK = 3
LONGEST = 2_200  # bytes at level M in the largest version of the encoder, rounded down
QUIET = 4  # modules of white that readers need around the code


@lru_cache(256)
def modules(value: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of dark and light modules, error correction level M.

    Raises: Refusal when the text is too long for one code.
    """
    size = len(value.encode())
    from reportlab.graphics.barcode.qr import QrCodeWidget  # half a second that few processes need

    if not 0 < size <= LONGEST:
        raise Refusal(f"A QR code holds 1 to {LONGEST} bytes; this text has {size}.", where="qr")
    code = QrCodeWidget(value, barLevel="M").qr
    code.version = code.version or code.calculate_version()
    code.makeImpl(False, MASK)
    side = code.getModuleCount()
    return tuple(tuple(bool(code.isDark(row, column)) for column in range(side)) for row in range(side))


def draw(
    ink: Ink, value: str, x: float, y: float, size: float, color: str = p.INK, ground: str | None = None
) -> None:
    """Draw the code in a square of `size`; a `ground` for dark pages adds the quiet zone."""
    rows = modules(value)
    step = size / len(rows)
    if ground:
        edge = QUIET * step
        ink.rect(x - edge, y - edge, size + 2 * edge, size + 2 * edge, fill=ground)
    left = ink.physical(x, size)
    path = ink.canvas.beginPath()
    for number, row in enumerate(rows):
        for start, length in _dark_stretches(row):  # merged stretches: fewer operators and no seams
            path.rect(left + start * step, y + size - (number + 1) * step, length * step, step)
    ink.canvas.setFillColor(p.color(color))
    ink.canvas.drawPath(path, stroke=0, fill=1)


def _dark_stretches(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    stretches: list[tuple[int, int]] = []
    for place, is_dark in enumerate(row):
        if not is_dark:
            continue
        if stretches and sum(stretches[-1]) == place:
            stretches[-1] = (stretches[-1][0], stretches[-1][1] + 1)
        else:
            stretches.append((place, 1))
    return stretches
