"""Colours by calculation: WCAG 2.2 contrast in both themes, and states apart for colour-blind eyes."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from kit.look.states import JUDGEMENTS

SHEETS = Path(__file__).resolve().parents[2] / "kit" / "static" / "pithead"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in PAIR.findall((SHEETS / "tokens.css").read_text())}
THEMES = ("light", "dark")

TEXT = 4.5
SHAPE = 3.0
# Below this distance two fills can be mistaken for each other at the size of a state shape.
APART = 13.0

TEXT_PAIRS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "brand")
        for ground in ("card", "page", "sunk", "hover")
    ),
    *((ink, "brand-tint") for ink in ("ink-2", "ink-3", "brand")),
    ("brand-on", "brand"),
    *(
        pair
        for state in JUDGEMENTS
        for pair in (
            (f"{state}-ink", f"{state}-tint"),
            (f"{state}-ink", "card"),
            (f"{state}-ink", "sunk"),
            (f"{state}-ink", "blocked-tint"),
            ("ink-2", f"{state}-tint"),
            ("ink-3", f"{state}-tint"),
        )
    ),
    *(("ink", heat) for heat in ("h1", "h2", "h3", "h4")),
    ("ink-3", "h1"),
    ("ink-2", "h2"),
]
SHAPE_PAIRS = [
    *((state, "card") for state in JUDGEMENTS),
    *((fill, "card") for fill in ("brand", "p-drawn", "p-installed", "p-mark", "p-frame", "t1", "t2")),
    ("p-drawn", "p-installed"),
    ("p-mark", "p-installed"),
    ("p-mark", "p-energized"),
]

Row = tuple[float, float, float]
# Source: Machado, Oliveira, Fernandes 2009, severity 1.0, on linear light.
VISION: dict[str, tuple[Row, Row, Row]] = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Row:
    def channel(at: int) -> float:
        value = int(colour[at : at + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return channel(1), channel(3), channel(5)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(light: Row) -> Row:
    red, green, blue = light
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, vision: str) -> Row:
    light = linear(colour)
    mixed = [max(0.0, sum(a * b for a, b in zip(row, light, strict=True))) for row in VISION[vision]]
    return lab((mixed[0], mixed[1], mixed[2]))


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_words_can_be_read_on_their_ground(ink: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= TEXT


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
@pytest.mark.parametrize(("fill", "ground"), SHAPE_PAIRS)
def test_shapes_can_be_seen_on_their_ground(fill: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[fill][theme], TOKENS[ground][theme]) >= SHAPE


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_fills_of_states_stay_apart_for_colour_blind_eyes(vision: str, theme: int) -> None:
    for one, other in combinations(JUDGEMENTS, 2):
        a, b = (seen(TOKENS[state][theme], vision) for state in (one, other))
        assert sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5 >= APART, (one, other)


def test_every_colour_used_in_the_sheets_is_a_token() -> None:
    tokens = set(re.findall(r"--([\w-]+):", "".join(path.read_text() for path in SHEETS.glob("*.css"))))
    used = {
        name for path in SHEETS.glob("*.css") for name in re.findall(r"var\(--([\w-]+)\)", path.read_text())
    }
    assert used <= tokens


def test_no_sheet_asks_another_host() -> None:
    for path in SHEETS.iterdir():
        if path.suffix in {".css", ".js"}:
            assert not re.search(r"https?://|@import|url\(", path.read_text()), path.name
