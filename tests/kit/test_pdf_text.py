"""Text: lines fit, words stay together, Arabic reads back, figures keep their order."""

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from kit.pdf import palette as p
from kit.pdf.arabic import drawing_order, eastern_digits
from kit.pdf.sheet import Sheet
from kit.pdf.wrapping import wrap
from tests.kit.pdf_pages import about, lines_seen


def _by_letters(line: str) -> float:
    return float(len(line))


def test_no_line_is_wider_than_its_column() -> None:
    text = "Payments, moves and sales are held by the software until counsel releases them in writing."
    lines = wrap(text, 20, _by_letters)
    assert max(map(len, lines)) <= 20
    assert " ".join(lines) == text


def test_a_hard_space_keeps_figure_and_unit_together() -> None:
    assert wrap("held: 12\u00a0MW", 8, _by_letters) == ["held:", "12\u00a0MW"]


def test_a_word_longer_than_the_line_is_cut_not_lost() -> None:
    digest = "bea2c3ced4d30407ba2a91f5228d2b57"
    lines = wrap(f"root {digest} end", 12, _by_letters)
    assert max(map(len, lines)) <= 12
    assert digest in "".join(lines)


def test_japanese_lines_never_begin_with_a_full_stop_nor_end_with_a_bracket() -> None:
    lines = wrap("契約電力は十二。「保留」とする。", 7, _by_letters, between_letters=True)
    assert not any(line[0] in "。」、" for line in lines)
    assert not any(line[-1] in "「" for line in lines)
    assert "".join(lines) == "契約電力は十二。「保留」とする。"


def test_words_that_do_not_fit_are_set_narrow_and_then_recorded() -> None:
    ink = Sheet(about()).ink
    text = "Reverification due"
    room = ink.width(text, 9) - 4
    ink.text(p.LEFT, 700, text, 9, room=room)
    assert ink.overflows == []
    ink.text(p.LEFT, 700, text, 9, room=20)
    assert [(found.text, found.room) for found in ink.overflows] == [(text, 20)]


def test_a_line_without_arabic_is_left_alone() -> None:
    assert drawing_order("Bratsk (12 MW)") == "Bratsk (12 MW)"


def test_digits_and_latin_runs_keep_their_order_in_an_arabic_line() -> None:
    drawn = drawing_order("القدرة 1250 و 12 MW (٢١٢٫٠)")
    assert "1250" in drawn
    assert "12 MW" in drawn
    assert "٢١٢٫٠" in drawn
    assert drawn.startswith("("), "brackets are mirrored with the line"


def test_an_arabic_name_does_not_turn_an_english_line() -> None:
    drawn = drawing_order("Owner محمد علي, 12 MW", is_mirrored=False)
    assert drawn.startswith("Owner ")
    assert drawn.endswith(", 12 MW")


def test_eastern_digits_take_their_separators_along() -> None:
    assert eastern_digits("1,250.5") == "١٬٢٥٠٫٥"


LINES = ("القدرة ٢١٢٫٠ ميغاواط", "لوحات ٢٠٬٠٩٨ في ٢٠٢٥", "محجوب (12 MW) منذ", "ورد USD 4.1 m من 1250")
DIGITS = ("٢١٢٫٠", "٢٠٬٠٩٨", "٢٠٢٥", "12MW", "USD4.1m", "1250")
WORDS = ("محجوب", "القدرة", "ميغاواط")


def _arabic_page() -> bytes:
    def draw(sheet: Sheet) -> None:
        for number, line in enumerate(LINES):
            sheet.ink.text(p.LEFT, 700 - 20 * number, line, 9)

    sheet = Sheet(about(), "ar")
    sheet.add(draw)
    pdf = sheet.write()
    assert sheet.missing == {}
    return pdf


@pytest.mark.parametrize("figure", DIGITS)
def test_figures_in_an_arabic_line_stand_left_to_right_on_paper(figure: str) -> None:
    assert figure in "\n".join(lines_seen(_arabic_page()))


@pytest.mark.parametrize("word", WORDS)
def test_arabic_words_stand_right_to_left_on_paper_and_are_kept_as_plain_letters(word: str) -> None:
    assert word[::-1] in "\n".join(lines_seen(_arabic_page()))


def test_the_brackets_of_an_arabic_line_open_towards_their_words() -> None:
    assert " (12 MW) " in drawing_order(LINES[2])
    assert drawing_order("«محجوب»").startswith("«")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext of poppler is not installed")
@pytest.mark.parametrize("probe", DIGITS + WORDS)
def test_a_reader_finds_arabic_words_and_figures(probe: str, tmp_path: Path) -> None:
    """Readers move spaces, mirror brackets and add direction marks; letters and digits must be the same."""
    file = tmp_path / "page.pdf"
    file.write_bytes(_arabic_page())
    read = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    read = unicodedata.normalize("NFKC", read)
    assert probe in re.sub(r"[\s()\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", read)
