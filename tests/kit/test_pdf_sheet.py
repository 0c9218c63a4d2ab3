"""Documents: the same calls give the same bytes, pages know their number, what is missing is named."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import pdfa

from kit.pdf import palette as p
from kit.pdf.archive import archive
from kit.pdf.faces import Style
from kit.pdf.sheet import Sheet
from tests.kit.pdf_pages import AT, about, everything, texts


def _small() -> bytes:
    sheet = Sheet(about())

    def draw(sheet: Sheet) -> None:
        sheet.ink.text(p.LEFT, p.FIRST_LINE, "Twelve megawatts", 9)
        sheet.ink.text(p.LEFT, p.FIRST_LINE - 20, "Narrow", 9, Style.NARROW)

    sheet.add(draw, title="One")
    return sheet.write()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_same_calls_give_the_same_bytes(language: str) -> None:
    assert everything(language).write() == everything(language).write()


@pytest.mark.processes
def test_another_process_with_other_fonts_directory_and_hash_seed_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    script = (
        "import hashlib; from tests.kit import test_pdf_sheet as t; "
        "print(hashlib.sha256(t._small()).hexdigest())"
    )
    changes = {
        "PITHEAD_VAR": str(tmp_path),
        "PYTHONHASHSEED": "77",
        "SOURCE_DATE_EPOCH": "1",
        "TZ": "Asia/Tokyo",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | changes, capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == hashlib.sha256(_small()).hexdigest()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_words_of_any_chart_or_block_exceed_their_room(language: str) -> None:
    sheet = everything(language)
    sheet.write()
    assert sheet.ink.overflows == []
    assert sheet.missing == {}


def test_every_page_says_its_number_the_total_the_document_and_that_data_is_synthetic() -> None:
    pages = texts(everything().write())
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of 3" in page
        assert "PH-CR-2025-10-01-0007" in page
        assert "As of 1 October 2025" in page
        assert "CONTAINS SYNTHETIC DATA" in page


def test_a_document_of_real_data_does_not_say_synthetic() -> None:
    sheet = Sheet(about(is_synthetic=False))
    sheet.add(lambda sheet: None)
    assert "SYNTHETIC" not in texts(sheet.write())[0]


def test_a_cover_has_no_furniture_but_is_counted() -> None:
    sheet = Sheet(about())
    sheet.add(lambda sheet: None, has_furniture=False)
    sheet.add(lambda sheet: None)
    cover, body = texts(sheet.write())
    assert "Page" not in cover
    assert "Page 2 of 2" in body


def test_contents_name_the_page_of_a_section_that_is_drawn_later() -> None:
    def contents(sheet: Sheet) -> None:
        sheet.later(p.LEFT, 700, lambda: "Register: page " + sheet.page_of("register"))
        sheet.ink.link("register", p.LEFT, 697, 100, 12)
        sheet.turn()

    sheet = Sheet(about())
    sheet.add(contents)
    sheet.add(lambda sheet: None, title="Register", key="register")
    assert "Register: page 3" in texts(sheet.write())[0]


def test_the_file_is_dated_by_its_data_and_carries_its_properties_and_outline() -> None:
    with pikepdf.open(BytesIO(everything().write())) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20251001041237")
        assert str(document.docinfo["/Title"]) == "Compliance report"
        assert str(document.Root.Lang) == "en"
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Executive page", "Exposure", "The rest"]


def test_all_fonts_are_embedded_with_a_map_to_text() -> None:
    with pikepdf.open(BytesIO(everything("ar").write())) as document:
        fonts = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        ]
        assert fonts
        for font in fonts:
            assert "/ToUnicode" in font
            assert "/FontFile2" in font.FontDescriptor


def test_missing_letters_are_named_on_the_last_page_with_their_field() -> None:
    def draw(sheet: Sheet) -> None:
        with sheet.ink.field("Owner"):
            sheet.ink.text(p.LEFT, 700, "C-0417 მ")

    sheet = Sheet(about())
    sheet.add(draw)
    pages = texts(sheet.write())
    assert sheet.missing == {"მ": ("Owner",)}
    assert "Page 2 of 2" in pages[-1]
    assert "U+10DB" in pages[-1]
    assert "GEORGIAN LETTER MAN: in: Owner" in pages[-1].replace("\r\n", " ")


def test_a_data_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        about(at=AT.replace(tzinfo=None))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_archive_form_repeats_and_passes_the_check(language: str) -> None:
    pdf = everything(language).write()
    kept = archive(pdf, AT)
    assert kept == archive(pdf, AT)
    assert pdfa.validate_written(BytesIO(kept), "2b").passed
    with pikepdf.open(BytesIO(kept)) as document:
        assert b"2025-10-01T04:12:37" in document.Root.Metadata.read_bytes()


def test_a_document_with_missing_letters_can_still_be_archived() -> None:
    sheet = Sheet(about())
    sheet.add(lambda sheet: sheet.ink.text(p.LEFT, 700, "მ") and None)
    assert archive(sheet.write(), AT).startswith(b"%PDF-")
