"""What stands on pages beside their content: header, footer, and the list of what could not be drawn."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kit.pdf import palette as p
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.words import Words

ENGLISH = Words()


@dataclass(frozen=True, slots=True)
class Furniture:
    """Facts about the document, printed on its pages and kept in its properties.

    Shape: `at` is the data time with its zone; it dates the file. `as_of` is the date as it is to be read.
    `digest` is the SHA-256 of the data, of which the footer shows the first 16 letters.
    """

    title: str
    owner: str
    as_of: str
    document: str
    at: datetime
    digest: str = ""
    keywords: str = ""
    is_synthetic: bool = False
    has_eastern_digits: bool = False
    words: Words = ENGLISH

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("The data time of a document needs a time zone")


def draw_furniture(ink: Ink, about: Furniture) -> None:
    """Header and footer of one page, without the page number."""
    top = p.PAGE_HEIGHT - 36
    end = ink.width(about.as_of, 7.2)
    room = p.WIDTH - end - 16
    owner = ink.text(p.LEFT, top, about.owner, 7.2, Style.BOLD, p.INK, room=room * 0.6)
    ink.text(p.LEFT + owner + 8, top, about.title, 7.2, color=p.MUTE, room=room - owner - 8)
    ink.text(p.RIGHT, top, about.as_of, 7.2, color=p.MUTE, align="end")
    ink.rule(p.LEFT, p.HEADER_RULE, p.RIGHT, p.HEADER_RULE, p.INK, 0.8)
    ink.rule(p.LEFT, p.FOOTER_RULE, p.RIGHT, p.FOOTER_RULE)
    x = p.LEFT
    if about.is_synthetic:
        x += ink.pill(x, 28.5, about.words.synthetic, p.COPPER, 5.8) + 8
    number = about.document + (f"   SHA-256 {about.digest[:16]}" if about.digest else "")
    ink.text(x, 28.5, number, 6.6, Style.NARROW, p.MUTE, room=p.RIGHT - 74 - x)


def draw_missing(
    ink: Ink, words: Words, missing: dict[str, tuple[str, ...]], package_for: Callable[[str], str]
) -> None:
    """Name each missing character by its number and Unicode name, where it stood, and what would bring it."""
    y = p.FIRST_LINE
    ink.text(p.LEFT, y - 10, words.missing_title, 23, Style.SERIF_BOLD, p.INK, room=p.WIDTH)
    y = ink.paragraph(p.LEFT, y - 34, words.missing_lead, p.columns_wide(10), 10.5, 15, Style.LIGHT) - 8
    for done, (char, fields) in enumerate(missing.items()):
        if y < p.LAST_LINE + 14:
            ink.text(p.LEFT, y, words.missing_more.format(count=len(missing) - done), 8.4, color=p.MUTE)
            return
        y = _draw_one_missing(ink, words, char, tuple(filter(None, fields)), package_for(char), y)


def _draw_one_missing(
    ink: Ink, words: Words, char: str, fields: tuple[str, ...], package: str, y: float
) -> float:
    """One entry; returns the next free baseline."""
    bring = words.missing_package.format(package=package) if package else words.missing_anywhere
    place = words.missing_place.format(fields=", ".join(fields)) + "; " if fields else ""
    ink.text(p.LEFT, y, f"U+{ord(char):04X}", 8.4, Style.BOLD, p.INK)
    name = f"{unicodedata.name(char, '')}: {place}{bring}"
    y = ink.paragraph(p.column_left(2), y, name, p.columns_wide(10), 8.4, 11.4)
    ink.rule(p.LEFT, y + 7.4, p.RIGHT, y + 7.4, weight=0.4)
    return y - 4
