"""Arabic lines in drawing order: joined letters, numbers and Latin words left to right, brackets mirrored.

Break lines before calling: reordering a paragraph first would put its beginning on the last line.
"""

import re
from functools import lru_cache

import arabic_reshaper
from bidi import get_display

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
# A Latin or digit run with the signs inside it, but never a bracket: brackets belong to the Arabic line.
_LATIN_RUN = re.compile("[+\\-−$€£#]?[0-9A-Za-z](?:[0-9A-Za-z \u00a0\u202f.,:/_%§+\\-–−#&@=]*[0-9A-Za-z%])?")
_EASTERN_NUMBER = re.compile("[+−-]?[\u0660-\u0669][\u0660-\u0669\u066a-\u066c.,/:-]*")
_ARABIC_RUN = re.compile(
    "[\u0590-\u08ff\ufb50-\ufdff\ufe70-\ufefc](?:[^A-Za-z\u0370-\u052f\u3000-\u9fff]*[\u0590-\u08ff\ufb50-\ufdff\ufe70-\ufefc])?"
)
_ISOLATE, _END = "\u2066", "\u2069"
_ISOLATED = re.compile(f"({_ISOLATE}[^{_END}]*{_END})")
_CONTROLS = re.compile("[\u2066-\u2069\u200e\u200f]")
_MIRRORED = str.maketrans("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤")
_EASTERN = str.maketrans("0123456789.,%", "٠١٢٣٤٥٦٧٨٩٫٬٪")


def has_arabic(text: str) -> bool:
    """True when the line holds a letter that is read from the right."""
    return _RIGHT_TO_LEFT.search(text) is not None


def eastern_digits(text: str) -> str:
    """The figure with Arabic-Indic digits and separators."""
    return text.translate(_EASTERN)


@lru_cache(100_000)
def drawing_order(text: str, *, is_mirrored: bool = True) -> str:
    """One line as the canvas must draw it, from left to right; a line without Arabic comes back unchanged.

    Shape: on a page read from the left (`is_mirrored` false) only the Arabic names inside are turned.
    """
    if text.isascii() or not has_arabic(text):
        return text
    return _turn(text) if is_mirrored else _ARABIC_RUN.sub(lambda match: _turn(match.group(0)), text)


def _turn(text: str) -> str:
    line = _LATIN_RUN.sub(_isolate, text)
    line = _EASTERN_NUMBER.sub(_isolate, line)
    # python-bidi reorders but does not mirror: swap brackets outside the isolates ourselves.
    pieces = [
        piece if piece.startswith(_ISOLATE) else piece.translate(_MIRRORED) for piece in _ISOLATED.split(line)
    ]
    shaped = arabic_reshaper.reshape("".join(pieces))
    return _CONTROLS.sub("", str(get_display(shaped, base_dir="R")))


def _isolate(match: re.Match[str]) -> str:
    return f"{_ISOLATE}{match.group(0)}{_END}"
