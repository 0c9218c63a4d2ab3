"""Inline SVG without a library: geometry in attributes, colour in classes, never a style attribute.

Rectangles, lines and words are placed in per cent of the width, so text keeps its size on any screen;
paths go into a nested drawing 1,000 units wide that stretches.
"""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

PATTERNS = {
    "unknown": "unk",
    "aside": "free",
    "free": "free",
    "over": "over",
    "hold": "hold",
    "synthetic": "syn",
}
CLASSES = {
    "other": "f-other",
    "brand": "f-brand",
    "energized": "f-ener",
    "installed": "f-inst",
    "drawn": "f-drawn",
    "line": "f-line",
    "card": "f-card",
    "ink3": "f-ink3",
    **{tone: f"f-{tone}" for tone in ("t1", "t2", "t3", "t4", "t5", "blocked", "review", "watch", "fine")},
}


def paint(tone: str) -> str:
    """The attribute that fills a shape: a class for a tone, a pattern for what is not known or set aside.

    Raises: LookupError for a tone without a meaning.
    """
    if tone in PATTERNS:
        return f'fill="url(#ph-{PATTERNS[tone]})"'
    if tone not in CLASSES:
        raise LookupError(f"Tone {tone!r} has no meaning; use one of {', '.join((*CLASSES, *PATTERNS))}.")
    return f'class="{CLASSES[tone]}"'


def short(value: float) -> str:
    """A coordinate with at most three decimals."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def pct(value: float) -> str:
    """A place on the width, in per cent."""
    return f"{short(value)}%"


def rect(x: float, y: float, width: float, height: float, attributes: str, round_px: float = 0) -> str:
    """A rectangle placed in per cent across and pixels down."""
    corner = f' rx="{short(round_px)}"' if round_px else ""
    size = f'width="{pct(max(width, 0))}" height="{short(height)}"'
    return f'<rect x="{pct(x)}" y="{short(y)}" {size} {attributes}{corner}/>'


def fill(x: float, y: float, width: float, height: float, tone: str, round_px: float = 0) -> str:
    """A rectangle in a tone."""
    return rect(x, y, width, height, paint(tone), round_px)


def upright(x: float, top: float, bottom: float, kind: str) -> str:
    """A vertical line."""
    at = pct(x)
    return f'<line x1="{at}" x2="{at}" y1="{short(top)}" y2="{short(bottom)}" class="{kind}"/>'


def level(y: float, kind: str) -> str:
    """A horizontal line over the whole width."""
    return f'<line x1="0" x2="100%" y1="{short(y)}" y2="{short(y)}" class="{kind}"/>'


def words(x: float, y: float, text: object, kind: str = "", dx: float = 0) -> str:
    """A line of text; class `m` centres it and `e` ends it at its place."""
    shift = f' dx="{short(dx)}"' if dx else ""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{pct(x)}" y="{short(y)}"{shift}{named}>{escape(text)}</text>'


def spot(x: float, y: float, inner: str) -> str:
    """A shape drawn around its own zero, set down at a place."""
    return f'<svg x="{pct(x)}" y="{short(y)}" width="1" height="1">{inner}</svg>'


def stretched(height: float, inner: str) -> str:
    """Paths in a box 1,000 wide that follows the width of the page."""
    box = f'viewBox="0 0 1000 {short(height)}" preserveAspectRatio="none"'
    return f'<svg x="0" y="0" width="100%" height="{short(height)}" {box}>{inner}</svg>'


def drawing(
    height: float, sentence: object, *parts: str, kind: str = "w", width: float | None = None
) -> SafeString:
    """A whole chart with the sentence a screen reader says for it; without a width it fills its place."""
    said = f'role="img" aria-label="{escape(sentence)}"' if sentence else 'aria-hidden="true"'
    named = f' class="{kind}"' if kind else ""
    wide = f' width="{short(width)}" viewBox="0 0 {short(width)} {short(height)}"' if width else ""
    # Every word inside passed through escape(); the rest is our own markup.
    return mark_safe(f'<svg{named} height="{short(height)}"{wide} {said}>{"".join(parts)}</svg>')


def icon(name: str, kind: str = "") -> SafeString:
    """A symbol of the sprite, silent for screen readers."""
    named = f' class="{escape(kind)}"' if kind else ""
    return mark_safe(f'<svg{named} aria-hidden="true"><use href="#{escape(name)}"/></svg>')


def nice_ticks(top: float, lines: int = 4) -> list[float]:
    """Round values from zero upwards that carry three to five axis lines."""
    if top <= 0:
        return [0]
    step = 10.0 ** len(str(int(top)))
    while top / step < lines - 1:
        step = step / 2 if f"{step:.0e}"[0] in "12" else step / 2.5
    return [step * number for number in range(int(top / step) + 1)]
