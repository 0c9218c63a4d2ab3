"""Grid of the page and colours by meaning. Units: points; colours as hex."""

from functools import cache

from reportlab.lib.colors import Color, HexColor

PAGE_WIDTH, PAGE_HEIGHT = 595.276, 841.89  # A4
MARGIN, TOP, BOTTOM = 56.0, 64.0, 60.0
WIDTH = PAGE_WIDTH - 2 * MARGIN  # of the text area
GUTTER = 12.0
COLUMN = (WIDTH - 11 * GUTTER) / 12
LEFT, RIGHT = MARGIN, PAGE_WIDTH - MARGIN  # reading side and far side, before mirroring
FIRST_LINE = PAGE_HEIGHT - 86  # baseline of the first line under the header
LAST_LINE = BOTTOM + 12  # nothing of a page's body stands below
FOOTNOTE_LINE = 62.0
HEADER_RULE, FOOTER_RULE = PAGE_HEIGHT - 44, 42.0
SMALLEST = 6.6  # no words are set smaller

INK, BODY, MUTE, HAIR = "#13233A", "#2B3645", "#667180", "#D5D9DE"
PAPER, WHITE, STONE, MIST = "#F5F3EE", "#FFFFFF", "#A9AEB5", "#B9C4D3"
COPPER = "#B5522B"  # section numbers, costs and the mark of synthetic data
BLOCKED, REVIEW, LATER, FINE = "#9B1C31", "#B7791F", "#4A6FA5", "#DDE2E8"  # no green: nothing is "clean"

FILL = {
    "blocked": BLOCKED,
    "review": REVIEW,
    "watch": LATER,
    "later": LATER,
    "unknown": MUTE,
    "fine": FINE,
    "t1": "#1F4068",
    "t2": "#2E7D7A",
    "t3": "#7FA3C4",
    "t4": COPPER,
    "t5": "#C9B68C",
    "other": STONE,
}
"""Fill of a shape by tone; `unknown` is drawn hatched, never as this flat colour."""

WORD = {
    "blocked": BLOCKED,
    "review": "#8A5A12",
    "watch": "#3F618F",
    "later": "#3F618F",
    "unknown": MUTE,
    "fine": MUTE,
    "t1": "#1F4068",
    "t2": "#236663",
    "t3": "#3F6A92",
    "t4": "#9C4523",
    "t5": "#7A6533",
    "other": MUTE,
}
"""Colour of words about a tone: the fill where it reads well on white, else a darker shade of it."""

BAND = {"blocked": "#F6E3E4", "review": "#FBF0DC", "later": "#F7F5EF"}
"""Pale grounds behind a stretch of time."""


def column_left(number: int) -> float:
    """Left edge of column 0 to 11."""
    return LEFT + number * (COLUMN + GUTTER)


def columns_wide(count: int) -> float:
    """Width of some neighbouring columns with the gutters between them."""
    return count * COLUMN + (count - 1) * GUTTER


@cache
def color(hex_code: str) -> Color:
    """A reportlab colour, made once."""
    return HexColor(hex_code)
