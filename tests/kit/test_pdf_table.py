"""Tables: every row once, the head on every page, nothing wider than its column, bounded work."""

import re
from collections.abc import Iterator

import pytest

from kit.pdf import palette as p
from kit.pdf.sheet import Sheet
from kit.pdf.table import Column, Table
from tests.kit.pdf_pages import about, lines_seen, texts

WORDS = {
    "fine": "No open finding",
    "review": "Review",
    "unknown": "Unknown",
    "blocked": "Blocked pending counsel",
}
TABLE = Table(
    (
        Column("Serial", 70),
        Column("Model", 80),
        Column("Owner", 60),
        Column("Standing", 104, standings=WORDS),
        Column("Value, USD", 70, "figures"),
    )
)


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    for number in range(count):
        model = (
            "Antminer S19j Pro with a note too long for one line of its column" if number % 9 == 0 else "M50S"
        )
        owner = "Братск 北京" if number % 50 == 0 else f"C-{number % 900:04d}"
        standing = list(WORDS)[number % 4]
        yield (f"SN{number:08d}", model, owner, standing, f"{1500 + number:,}.00")


def _sheet(
    rows: Iterator[tuple[str, ...]], language: str = "en", total: tuple[str, ...] | None = None
) -> Sheet:
    sheet = Sheet(about(), language)

    def draw(sheet: Sheet) -> None:
        TABLE.draw(sheet, rows, total=total)

    sheet.add(draw, title="Register")
    return sheet


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_thousand_rows_stand_each_once_over_many_pages(language: str) -> None:
    sheet = _sheet(_rows(2000), language)
    pdf = sheet.write()
    serials = re.findall(r"SN\d{8}", "\n".join(lines_seen(pdf)))
    assert sorted(serials) == [f"SN{number:08d}" for number in range(2000)]
    assert len(texts(pdf)) > 30
    assert sheet.ink.overflows == []


def test_the_head_is_repeated_on_every_page() -> None:
    assert all("Value, USD" in page and "Standing" in page for page in texts(_sheet(_rows(200)).write()))


def test_a_standing_is_shown_as_its_word() -> None:
    page = texts(_sheet(_rows(4)).write())[0]
    assert all(word in page for word in WORDS.values())


def test_a_wrapped_row_is_not_split_over_pages() -> None:
    note = "too long for one"
    for page in texts(_sheet(_rows(300)).write()):
        joined = " ".join(page.split())
        assert joined.count("Antminer S19j") == joined.count("of its column"), note


def test_no_line_of_a_cell_is_wider_than_its_column() -> None:
    sheet = _sheet(iter(()))
    placed = TABLE._placed(sheet.ink)
    for row in _rows(200):
        for part in TABLE._prepare(sheet.ink, placed, row):
            for place, lines in zip(placed, part.cells, strict=True):
                style = place.column.style
                assert all(sheet.ink.width(line, TABLE.size, style) <= place.width + 0.1 for line in lines)


def test_nothing_is_drawn_below_the_last_line_of_the_page() -> None:
    bottoms: list[float] = []
    sheet = Sheet(about())
    sheet.add(lambda sheet: bottoms.append(TABLE.draw(sheet, _rows(47))))
    sheet.write()
    assert bottoms[0] >= p.LAST_LINE - TABLE.size


@pytest.mark.parametrize("count", range(44, 60))
def test_the_total_row_is_never_alone_on_a_page(count: int) -> None:
    plain = ((f"SN{number:08d}", "M50S", "C-0001", "fine", "1.00") for number in range(count))
    pages = texts(_sheet(plain, total=("Total", "", "", "", "47,000.00")).write())
    assert "Total" in pages[-1]
    assert re.search(r"SN\d{8}", pages[-1])


def test_a_cell_longer_than_a_page_goes_on_instead_of_being_lost() -> None:
    words = [f"w{number:04d}" for number in range(400)]
    row = ("SN00000001", " ".join(words), "C-1", "review", "1.00")
    pages = texts(_sheet(iter([row])).write())
    assert re.findall(r"w\d{4}", " ".join(pages)) == words


def test_a_row_with_the_wrong_number_of_cells_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        _sheet(iter([("SN1", "M50S")])).write()


def test_an_empty_table_still_has_its_head() -> None:
    assert "Serial" in texts(_sheet(iter(())).write())[0]
