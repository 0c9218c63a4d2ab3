"""Break a paragraph into lines that fit a width.

Lines break at U+0020 only, so U+00A0 keeps words together (Python's `\\s` would split there). Japanese and
Chinese break between letters under two rules: some signs may not begin a line, some may not end one.
"""

import re
from collections.abc import Callable, Iterator

_WORDS = re.compile("[^ ]+ *| +")
_EAST_ASIAN_PIECES = re.compile("[\u3000-\u9fff\uff00-\uffef]|[^ \u3000-\u9fff\uff00-\uffef]+ *| +")
_NEVER_FIRST = "、。，．：；！？）」』】％・ー¹²³⁴⁵”’"
_NEVER_LAST = "（「『【“‘"

Measure = Callable[[str], float]


def wrap(text: str, width: float, measure: Measure, *, between_letters: bool = False) -> list[str]:
    """Lines of a text, none wider than `width` but for a hanging East Asian full stop."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, width, measure, between_letters))
    return lines


def _wrap_paragraph(text: str, width: float, measure: Measure, between_letters: bool) -> Iterator[str]:
    pattern = _EAST_ASIAN_PIECES if between_letters else _WORDS
    line = ""
    for piece in _pieces(text, pattern, width, measure):
        if not line or measure((line + piece).rstrip(" ")) <= width + 0.01:
            line += piece
        elif between_letters and piece[0] in _NEVER_FIRST:
            line += piece  # hang in the margin rather than begin a line
        else:
            carried = ""
            if between_letters and len(line) > 1 and line[-1] in _NEVER_LAST:
                line, carried = line[:-1], line[-1]
            yield line.rstrip(" ")
            line = carried + piece
    yield line.rstrip(" ")


def _pieces(text: str, pattern: re.Pattern[str], width: float, measure: Measure) -> Iterator[str]:
    """Words, with a word longer than the whole line (a hash, an address) cut where it stops fitting."""
    for piece in pattern.findall(text):
        while len(piece) > 1 and measure(piece.rstrip(" ")) > width + 0.01:
            keep = len(piece) - 1
            while keep > 1 and measure(piece[:keep]) > width:
                keep -= 1
            yield piece[:keep]
            piece = piece[keep:]
        yield piece
