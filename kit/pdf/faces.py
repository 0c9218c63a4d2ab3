"""Which face draws which character, and how wide it is.

Every character goes to the first face of the language's stack that has it. A character no face has is
reported, never dropped in silence: reportlab itself would draw a box or nothing.
"""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics, ttfonts

from kit.errors import Refusal
from kit.pdf import cutting
from kit.pdf.cuts import ARABIC, CJK


class Style(StrEnum):
    """Cut of a word: weight, width or serif."""

    TEXT = ""
    BOLD = "b"
    LIGHT = "l"
    SERIF = "s"
    SERIF_BOLD = "sb"
    NARROW = "c"
    NARROW_BOLD = "cb"


LANGUAGES = ("en", "ru", "kk", "ar", "ja", "zh")
STACKS: dict[str, tuple[str, ...]] = {
    "en": ("Sans", "Arab", "SC"),
    "ru": ("Sans", "Arab", "SC"),
    "kk": ("Sans", "Arab", "SC"),
    "ar": ("Arab", "Sans", "SC"),
    "ja": ("Sans", "JP", "SC", "Arab"),
    "zh": ("Sans", "SC", "Arab"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "en": ("Sans",),
    "ru": ("Sans",),
    "kk": ("Sans",),
    "ar": ("Arab", "Sans"),
    "ja": ("Sans", "JP"),
    "zh": ("Sans", "SC"),
}
"""Families the language cannot be written without; the rest of its stack serves foreign names."""

_VARIANTS: dict[str, dict[Style, str]] = {
    "Sans": {
        Style.TEXT: "Sans",
        Style.BOLD: "Sans-Bold",
        Style.LIGHT: "Sans-Light",
        Style.SERIF: "Serif",
        Style.SERIF_BOLD: "Serif-Bold",
        Style.NARROW: "Cond",
        Style.NARROW_BOLD: "Cond-Bold",
    }
}
_BOLD = (Style.BOLD, Style.SERIF_BOLD, Style.NARROW_BOLD)
_LIGHT = (Style.LIGHT, Style.SERIF)
_WITHOUT_SERIF = {Style.SERIF_BOLD: Style.BOLD, Style.SERIF: Style.LIGHT}
_HAN_PUNCTUATION = frozenset("“”‘’…—·×")  # these come from the Han face in Japanese and Chinese
STAND_IN = "◊"  # every family has it; an empty glyph in the place of a missing one could not be archived
_SPACES = {
    "\u202f": "\u00a0",
    "\u2009": "\u00a0",
}  # as thin as these faces draw them, figure and unit would touch
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u2066\u2067\u2068\u2069\u00ad\n\r")


class Metrics(NamedTuple):
    """What is needed to choose and measure: glyph and width by code point; widths in thousandths."""

    glyphs: dict[int, int]
    widths: dict[int, float]
    default_width: float


class Run(NamedTuple):
    """A piece of a line drawn with one face; width at size 1."""

    face: str
    text: str
    width: float


class Line(NamedTuple):
    """A measured line: its runs, its width at size 1 and the characters no face has."""

    runs: tuple[Run, ...]
    width: float
    missing: frozenset[str]


def face_name(family: str, style: Style) -> str:
    """Name of the cut that draws a family in a style."""
    if family in _VARIANTS:
        return _VARIANTS[family][style]
    return family + ("-Bold" if style in _BOLD else "-Light" if style in _LIGHT else "")


def faces_of(language: str) -> tuple[str, ...]:
    """All cuts a language needs, for cutting ahead of time."""
    names = [face_name(family, style) for family in NEEDED[language] for style in Style]
    return tuple(dict.fromkeys(names))


@cache
def metrics(face: str) -> Metrics:
    """Load a face into reportlab, cutting it first where needed.

    Raises: Refusal when the wheel that brings it is not installed.
    """
    font = ttfonts.TTFont(face, str(cutting.cut_face(face)), shapable=False)
    pdfmetrics.registerFont(font)
    return Metrics(font.face.charToGlyph, font.face.charWidths, font.face.defaultWidth)


def advance(text: str, face: str) -> float:
    """Width of plain text in one face, at size 1."""
    _, widths, default = metrics(face)
    return sum(widths.get(ord(char), default) for char in text) / 1000


def plain_face(language: str, style: Style) -> str:
    """The face that draws unaccented Latin letters and digits in this language."""
    family = STACKS[language][0]
    return face_name(family, _style_in(language, style))


@lru_cache(200_000)
def measure(text: str, style: Style, language: str) -> Line:
    """Split one line, already in drawing order, into runs and measure them."""
    style = _style_in(language, style)
    runs: list[tuple[str, list[str]]] = []
    missing: set[str] = set()
    for char in text:
        if char in _INVISIBLE:
            continue
        char = _SPACES.get(char, char)
        face = runs[-1][0] if char == " " and runs else _face_for(char, style, language)
        if face is None:
            missing.add(char)
            char, face = STAND_IN, face_name(STACKS[language][0], style)
        if not runs or runs[-1][0] != face:
            runs.append((face, []))
        runs[-1][1].append(char)
    done = tuple(Run(face, "".join(chars), advance("".join(chars), face)) for face, chars in runs)
    return Line(done, sum(run.width for run in done), frozenset(missing))


def package_for(char: str) -> str:
    """Package that would bring a missing character, or an empty text where none of the four does."""
    name = unicodedata.name(char, "")
    if name.startswith(("CJK", "HIRAGANA", "KATAKANA")):
        return CJK
    return ARABIC if name.startswith("ARABIC") else ""


def _style_in(language: str, style: Style) -> Style:
    """No Latin serif stands beside gothic or kufi letters."""
    return _WITHOUT_SERIF.get(style, style) if language in ("ja", "zh", "ar") else style


@lru_cache(50_000)
def _face_for(char: str, style: Style, language: str) -> str | None:
    stack: Sequence[str] = STACKS[language]
    if language in ("ja", "zh") and char in _HAN_PUNCTUATION:
        stack = (*stack[1:], stack[0])
    for family in stack:
        if family == "SC" and family not in NEEDED[language] and not _is_east_asian(char):
            continue  # the largest face is cut only when a Han character really appears
        face = face_name(family, style)
        try:
            known = metrics(face).glyphs
        except Refusal:
            if family in NEEDED[language]:
                raise
            continue
        if ord(char) in known:
            return face
    return None


def _is_east_asian(char: str) -> bool:
    return 0x2E80 <= ord(char) <= 0x9FFF or 0xF900 <= ord(char) <= 0xFAFF or 0xFF00 <= ord(char) <= 0xFFEF


def _text_code(code: int) -> str:
    """UTF-16 of the letter a glyph stands for: presentation forms become base letters, so that search works.

    Lam-alef (FEF5 to FEFC) stays one code, because readers reverse right-to-left text code by code.
    """
    char = unicodedata.normalize("NFKC", chr(code)) if 0xFB50 <= code <= 0xFEF4 else chr(code)
    return char.encode("utf-16-be").hex().upper()


def _to_unicode(font_name: str, subset: list[int]) -> str:
    """ToUnicode map with at most 100 entries a block and surrogate pairs above U+FFFF, as the format asks."""
    rows = [f"<{index:02X}> <{_text_code(code)}>" for index, code in enumerate(subset)]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
            f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
            f"/CMapName /{font_name} def\n/CMapType 2 def\n1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>\nendcodespacerange",
            *(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks),
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
        )
    )


ttfonts.makeToUnicodeCMap = _to_unicode  # reportlab's own writes blocks over 100 entries and five-digit codes
