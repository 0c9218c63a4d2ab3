"""What the tests of the PDF kit share: a document's facts, its text read back, pages that use every part."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2

from kit import charts as c
from kit.pdf import blocks, code
from kit.pdf import charts as drawing
from kit.pdf import palette as p
from kit.pdf.furniture import Furniture
from kit.pdf.marks import STANDINGS, marked_word
from kit.pdf.sheet import Sheet

AT = datetime(2025, 10, 1, 4, 12, 37, tzinfo=UTC)
MW = 1_000_000


def about(**changes: Any) -> Furniture:
    facts = {
        "title": "Compliance report",
        "owner": "Northfield Hosting",
        "as_of": "As of 1 October 2025",
        "document": "PH-CR-2025-10-01-0007",
        "at": AT,
        "digest": "e9e91b3191573525" * 4,
        "is_synthetic": True,
    }
    return Furniture(**(facts | changes))


def texts(pdf: bytes) -> list[str]:
    """Text of each page, as a reader's search would see it."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def lines_seen(pdf: bytes) -> list[str]:
    """Lines of all pages as the eye sees them: letters sorted by their place on paper, spaces left out.

    Independent of a reader's guesses about right-to-left text; ligatures come apart in seen order.
    """
    found: list[str] = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        places: dict[int, list[tuple[float, str]]] = {}
        for index in range(text.count_chars()):
            letter = chr(pypdfium2.raw.FPDFText_GetUnicode(text, index))
            if not letter.isspace():
                left, bottom, _, _ = text.get_charbox(index, loose=True)
                places.setdefault(round(bottom), []).append((left, letter))
        found += [
            "".join(letter for _, letter in sorted(line)) for _, line in sorted(places.items(), reverse=True)
        ]
    return found


BARS = c.StackedBars(
    "Contracted power",
    "MW",
    ("2021", "", "", "", "2022", ""),
    (
        c.Series("Russia", "t4", tuple(v * MW for v in (20, 26, 34, 38, 36, 12))),
        c.Series("China", "t5", tuple(v * MW for v in (30, 24, 6, 0, 0, 0))),
        c.Series("Not known", "unknown", (None, None, 4 * MW, 4 * MW, 4 * MW, 4 * MW)),
        c.Series("United States", "t1", tuple(v * MW for v in (12, 14, 18, 22, 26, 30))),
    ),
    (c.Event(1.75, "21 May 2021: a crackdown is vowed"), c.Event(5.2, "20 Apr 2022: designation")),
    "Contracts in force at the end of each quarter",
    MW,
    is_synthetic=True,
)
STANDING = c.StandingBar(
    "Standing of 212.0 MW",
    "MW",
    (
        c.Part("Blocked pending counsel", "blocked", 12 * MW),
        c.Part("Review", "review", 96 * MW),
        c.Part("Unknown", "unknown", 4 * MW),
        c.Part("No open finding", "fine", 100 * MW),
    ),
    MW,
)
SITES = (
    c.Bullet("Pyote", 96 * MW, 90 * MW, 80 * MW, 72 * MW, 70 * MW, "metered"),
    c.Bullet("Over-committed", 60 * MW, 60 * MW, 63 * MW, 50 * MW, 49 * MW, "reported"),
    c.Bullet("Bratsk", 12 * MW, 12 * MW, 12 * MW, 11 * MW, None, "unknown", is_held=True),
)
MONEY = c.Waterfall(
    "From sale to payout",
    "USD",
    (
        c.Step("Sale proceeds", 21_587_500_00, "start"),
        c.Step("Costs", -3_841_305_00, "cost", "dismantling, broker, licences, taxes, reserve"),
        c.Step("Distributable", 17_746_195_00, "subtotal"),
        c.Step("Set aside: held", -1_501_068_24, "aside", "171 owners", "blocked"),
        c.Step("Paid out", 16_245_126_76, "end"),
    ),
)
FIRST = date(2025, 10, 1)
LANES = c.Lanes(
    "Documents that end in the next twelve months",
    FIRST,
    (
        c.Lane(
            "Admit-until date", tuple(c.Dot(FIRST + timedelta(day)) for day in (-40, -4, 18, 47, 96, 344))
        ),
        c.Lane("Contractor attestation", (c.Dot(FIRST + timedelta(44), 2), c.Dot(FIRST + timedelta(500)))),
    ),
)
ORIGIN = c.Matrix(
    "Evidence of origin, per cent",
    ("S19j Pro", "M50S"),
    ("ASIC chip", "Control board"),
    ((c.Cell(92, 6, 2, "TW"), c.Cell(38, 20, 42, "CN", is_listed=True)), (c.Cell(0, 0, 50), None)),
    ("14,200 machines", "8,730 machines"),
)
SHARES = c.Shares(
    "Fleet against the world",
    "fleet",
    "world",
    (c.Share("United States", 4530, 3540), c.Share("Canada", 2080, 955, "t3"), c.Share("Ireland", None, 470)),
)
FIGURES = (
    blocks.KeyFigure("Contracted power", "212.0", "MW", "+8.0 since 1 September", trend=(170, 186, 204, 212)),
    blocks.KeyFigure("Blocked pending counsel", "12.0", "MW", "unchanged", "blocked", (12, 12)),
)


def _numbers(sheet: Sheet) -> None:
    ink = sheet.ink
    y = blocks.draw_headline(
        ink, "1  Executive page", "Twelve megawatts stay blocked.", "As of 1 October 2025"
    )
    y = blocks.draw_key_figures(ink, FIGURES, y)
    y = drawing.draw_standing_bar(ink, STANDING, p.LEFT, y)
    y = drawing.draw_bullets(ink, SITES, p.LEFT, y - 20)
    for number, standing in enumerate(STANDINGS):
        marked_word(ink, standing, standing, p.column_left(2 * number), y - 20)
    code.draw(ink, "https://example.invalid/v/PH", p.LEFT, y - 120, 80)
    drawing.draw_ticks(ink, c.Ticks("Runs", (3, None, 4, 5)), p.LEFT + 120, y - 60)
    blocks.draw_footnote(ink, "¹ Reported fact, see Sources.")


def _power(sheet: Sheet) -> None:
    y = blocks.draw_heading(sheet.ink, "2", "Exposure", "What is left has stood still since April 2022.")
    y = drawing.draw_stacked_bars(sheet.ink, BARS, p.LEFT, y)
    y = drawing.draw_shares(sheet.ink, SHARES, p.LEFT, y - 20)
    blocks.draw_note(sheet.ink, "Reading", "The fleet is heavier than the world in two countries.", y - 10)


def _rest(sheet: Sheet) -> None:
    ink = sheet.ink
    y = drawing.draw_waterfall(ink, MONEY, p.LEFT, p.FIRST_LINE)
    y = drawing.draw_lanes(ink, LANES, p.LEFT, y - 10)
    y = drawing.draw_matrix(ink, ORIGIN, p.LEFT, y - 20)
    y = blocks.draw_gates(
        ink, (blocks.Gate("Scope frozen", "2 Jun", True), blocks.Gate("Closed", "", False)), y - 30
    )
    y = blocks.draw_facts(
        ink, (("Scope", "4 sites, 212.0 MW"), ("Data time", "1 October 2025, 04:12 UTC")), y
    )
    blocks.draw_hash(ink, "Root", "bea2c3ce" * 8, p.LEFT, y, is_bold=True)


def everything(language: str = "en") -> Sheet:
    """A document that uses every drawing of the kit; not written yet."""
    sheet = Sheet(about(), language)
    sheet.add(_numbers, title="Executive page", key="numbers")
    sheet.add(_power, title="Exposure", key="power")
    sheet.add(_rest, title="The rest", key="rest")
    return sheet
