"""A workbook goes the way of a CSV file, or is refused before anything in it can do harm."""

import io
import zipfile
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from fleet.imports import packing, verbs
from fleet.imports.models import BatchStatus
from fleet.imports.reads import refused_csv
from fleet.miners.models import Miner, Stay
from fleet.miners.verbs import register_miner
from tests.fleet.conftest import LONG_AGO
from tests.fleet.test_imports import counts, planned, problems
from tests.fleet.test_imports_fuzz import GOOD, NAMES, ODD, must_stand, one_miner

FUZZ = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEAD = ["serial", "model", "site", "power_w", "ths", "from", "exportable"]
MEGABYTE = 1 << 20


def book(*rows, sheets=()) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for title, lines in sheets:
        sheet = workbook.create_sheet(title)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def repacked(content: bytes, changes: dict[str, bytes | None] | None = None, **added: bytes) -> bytes:
    """The same package with members replaced, added or, for None, left out."""
    changes = changes or {}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if changes.get(name, b"") is not None:
                new.writestr(name, changes.get(name) or old.read(name))
        for name, extra in added.items():
            new.writestr(name, extra)
    return out.getvalue()


def member(content: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(name)


SHEET, STRINGS, TYPES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def as_excel_writes_it() -> bytes:
    """One miner, its texts in the table of shared strings."""
    content = book(["serial", "model"], ["sn-1", "Antminer S19"])
    texts = b"".join(b"<si><t>%s</t></si>" % text for text in (b"serial", b"model", b"sn-1", b"Antminer S19"))
    rows = b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    rows += b'<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>'
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + STRINGS_TYPE + b'"/></Types>'
    changes = {
        SHEET: b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData></worksheet>",
        TYPES: member(content, TYPES).replace(b"</Types>", part),
    }
    return repacked(content, changes, **{STRINGS: b"<sst " + MAIN + b">" + texts + b"</sst>"})


PLAIN = as_excel_writes_it()


def test_a_workbook_as_excel_writes_it_is_read(fleet):
    assert counts(planned(PLAIN)) == (1, 0, 0, 0)


def test_a_workbook_becomes_miners_with_figures_and_days_as_they_were_typed(fleet):
    batch = planned(
        book(
            HEAD,
            ["sn-1", "Antminer S19", "bratsk", 3250, 95.4, date(2022, 3, 1), True],
            [],
            ["sn-2", "Antminer S19", "bratsk", 3250.0, 0.30001, datetime(2022, 3, 1, 10, 30), "no"],
            [10002, "Antminer S19", "pecos", "3250", 0.1 + 0.2, "2022-03-01T10:00:00+09:00", "unknown"],
        )
    )
    assert problems(batch) == [(4, "ths", "not a number with at most three decimals")]
    verbs.apply(batch, token=batch.token, by=None)
    first, second = Miner.objects.order_by("-serial")
    assert (first.serial, first.power_w, first.ghs, first.is_exportable) == ("SN-1", 3_250, 95_400, True)
    assert first.stays.get().from_at == datetime(2022, 3, 1, tzinfo=UTC)
    assert (second.serial, second.ghs) == ("10002", 300)
    assert second.stays.get().from_at == datetime(2022, 3, 1, 1, tzinfo=UTC)


def test_the_same_workbook_again_changes_nothing(fleet):
    content = book(HEAD[:3], ["sn-1", "Antminer S19", "bratsk"], ["sn-2", "Antminer S19", None])
    batch = planned(content)
    verbs.apply(batch, token=batch.token, by=None)
    assert counts(planned(content)) == (0, 0, 2, 0)


REFUSED_ROWS = {
    "a cell holds an error of the spreadsheet, such as #N/A": "#N/A",
    "a cell holds a formula without a result; save the workbook in a spreadsheet": "=A1",
    "a date stands in a column that holds none; format that column as text": date(2022, 3, 1),
    "a number is longer than the 15 digits a spreadsheet keeps; use text": 1234567890123456789,
    "a cell holds a line break": "Antminer\nS19",
    "a cell is longer than 500 characters": "x" * 501,
    "no such model in the catalogue": time(10, 30).isoformat(),
}


@pytest.mark.parametrize("reason", REFUSED_ROWS)
def test_a_bad_row_is_refused_by_its_number_and_the_others_pass(fleet, reason):
    batch = planned(book(HEAD[:2], ["sn-1", "Antminer S19"], [None], ["sn-2", REFUSED_ROWS[reason]]))
    assert [(line, why) for line, _column, why in problems(batch)] == [(4, reason)]
    assert (batch.creates, batch.refused) == (1, 1)
    assert f",{reason}" in "".join(refused_csv(batch)) or reason in "".join(refused_csv(batch))


def test_a_row_wider_than_the_header_is_refused_and_a_narrower_one_is_not(fleet):
    batch = planned(book(HEAD[:3], ["sn-1", "Antminer S19"], ["sn-2", "Antminer S19", "", "note"]))
    assert [(line, why) for line, _c, why in problems(batch)] == [
        (3, "the line has more or fewer cells than the header")
    ]


def test_of_several_sheets_the_one_called_miners_is_read(fleet):
    lines = [["serial", "model"], ["sn-7", "Antminer S19"]]
    assert planned(book(["notes"], sheets=[("Miners", lines)])).creates == 1
    batch = planned(book(["notes"], sheets=[("Other", lines)]))
    assert (
        batch.refusal
        == "Several sheets hold something: “Sheet”, “Other”. Keep one, or call the one “miners”."
    )
    assert planned(book(*lines, sheets=[("Empty", [])])).creates == 1


def bomb(name: str, start: bytes, unit: bytes, times: int, end: bytes) -> bytes:
    return repacked(PLAIN, {name: start + unit * times + end})


BROKEN = {
    "a table packed a thousandfold": lambda: (
        bomb(
            SHEET,
            b"<worksheet " + MAIN + b"><sheetData>",
            b"<row></row>",
            MEGABYTE,
            b"</sheetData></worksheet>",
        ),
        "far larger unpacked",
    ),
    "strings of many megabytes": lambda: (
        bomb(STRINGS, b"<sst " + MAIN + b">", b"<si><t>abc</t></si>", 2 * MEGABYTE, b"</sst>"),
        "far larger unpacked",
    ),
    "styles without end": lambda: (
        bomb("xl/styles.xml", b"<styleSheet " + MAIN + b">", b"<x/>", 300_000, b"</styleSheet>"),
        "far larger unpacked",
    ),
    "entities that grow": lambda: (
        repacked(
            PLAIN,
            {
                SHEET: b'<?xml version="1.0"?><!-- <a --><!DOCTYPE x [<!ENTITY a "aaaa">]>'
                + member(PLAIN, SHEET).split(b"?>")[-1]
            },
        ),
        "damaged or is none",
    ),
    "another encoding of XML": lambda: (
        repacked(PLAIN, {SHEET: member(PLAIN, SHEET).decode().encode("utf-16")}),
        "damaged or is none",
    ),
    "a table without rows' place": lambda: (
        repacked(PLAIN, {SHEET: b"<worksheet " + MAIN + b"/>"}),
        "damaged or is none",
    ),
    "macros": lambda: (repacked(PLAIN, **{"xl/vbaProject.bin": b"x"}), "holds macros"),
    "macros by its type": lambda: (
        repacked(
            PLAIN,
            {
                TYPES: member(PLAIN, TYPES).replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            },
        ),
        "holds macros",
    ),
    "a binary workbook": lambda: (repacked(PLAIN, **{"xl/workbook.bin": b"x"}), "binary workbook"),
    "another package": lambda: (
        repacked(
            PLAIN, {name: None for name in zipfile.ZipFile(io.BytesIO(PLAIN)).namelist() if "xl/" in name}
        ),
        "no workbook but another kind",
    ),
    "a package without a table": lambda: (repacked(PLAIN, {SHEET: None}), "no header"),
    "half a file": lambda: (PLAIN[: len(PLAIN) // 2], "damaged or is none"),
    "thousands of members": lambda: (
        repacked(PLAIN, **{f"xl/media/{n}.png": b"" for n in range(2_001)}),
        "damaged or is none",
    ),
    "one part that is two things": lambda: (
        repacked(
            PLAIN,
            {
                TYPES: member(PLAIN, TYPES).replace(
                    b"</Types>",
                    b'<Override PartName="/xl/worksheets/sheet1&#46;xml" ContentType="application/vnd.openxml'
                    b'formats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
                )
            },
        ),
        "damaged or is none",
    ),
    "a row of a megabyte": lambda: (
        bomb(
            SHEET,
            b"<worksheet " + MAIN + b'><sheetData><row r="1">',
            b"".join(b"<c><v>%d</v></c>" % (n * 7919 % 100_003) for n in range(100_000)),
            1,
            b"</row></sheetData></worksheet>",
        ),
        "longer than a megabyte",
    ),
    "rows in no order": lambda: (
        repacked(PLAIN, {SHEET: member(PLAIN, SHEET).replace(b'<row r="2"', b'<row r="1"')}),
        "damaged or is none",
    ),
    "a row beyond the last": lambda: (
        repacked(PLAIN, {SHEET: member(PLAIN, SHEET).replace(b'<row r="2"', b'<row r="99999999999"')}),
        "damaged or is none",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_workbook_that_is_none_or_means_harm_is_refused_with_a_sentence(fleet, what):
    content, why = BROKEN[what]()
    batch = planned(content)
    assert batch.status == BatchStatus.REFUSED
    assert why in batch.refusal
    assert not Miner.objects.exists()


def test_a_password_is_named(fleet):
    marked = bytearray(PLAIN)
    at = marked.find(b"PK\x01\x02")
    marked[at + 8] |= 1
    assert "protected by a password" in planned(bytes(marked)).refusal


def test_a_package_larger_than_any_table_is_not_opened(fleet, monkeypatch):
    monkeypatch.setattr(packing, "LARGEST_PACKAGE", 100)
    assert "far larger" in planned(PLAIN).refusal


def test_a_cell_of_ten_megabytes_refuses_its_row_only(fleet):
    import random

    noise = random.Random(1).randbytes(10 * MEGABYTE // 2).hex()
    strings = f"<sst {MAIN.decode()}><si><t>serial</t></si><si><t>{noise}</t></si><si><t>sn-2</t></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in (1, 2, 3))
    sheet = f"<worksheet {MAIN.decode()}><sheetData>{rows}</sheetData></worksheet>"
    batch = planned(repacked(PLAIN, {STRINGS: strings.encode(), SHEET: sheet.encode()}))
    assert [line for line, _column, _why in problems(batch)] == [2, 3]
    assert problems(batch)[0][2] == "a cell is longer than 500 characters"


@FUZZ
@given(where=st.integers(0, len(PLAIN) - 1), bite=st.binary(min_size=1, max_size=40))
def test_any_bytes_put_into_a_workbook(fleet, where, bite):
    one_miner(fleet)
    must_stand(b"PK\x03\x04" + (PLAIN[:where] + bite + PLAIN[where + len(bite) :])[4:])


@FUZZ
@given(
    where=st.integers(0, 900),
    bite=st.binary(min_size=1, max_size=20),
    name=st.sampled_from([SHEET, STRINGS, TYPES, "xl/workbook.xml", "xl/styles.xml"]),
)
def test_any_bytes_put_into_a_part_of_a_workbook(fleet, where, bite, name):
    one_miner(fleet)
    part = member(PLAIN, name)
    must_stand(repacked(PLAIN, {name: part[:where] + bite + part[where + len(bite) :]}))


XML_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
values = st.one_of(
    st.sampled_from(GOOD),
    st.sampled_from([text for text in ODD if "\0" not in text]),
    XML_TEXT,
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)),
    st.dates(date(1900, 3, 1)),
    st.times(),
    st.timedeltas(),
)


@FUZZ
@given(
    names=st.lists(st.sampled_from(NAMES), unique=True),
    rows=st.lists(st.lists(values, max_size=16), max_size=5),
)
def test_any_values_under_any_columns(fleet, names, rows):
    one_miner(fleet)
    must_stand(book(names, *rows))


def test_a_plan_of_a_workbook_writes_nothing(fleet):
    register_miner("SN-9", fleet.s19, site=fleet.bratsk, at=LONG_AGO, by=None)
    planned(book(HEAD[:3], ["sn-9", "Antminer S19", "pecos"]))
    assert (Stay.objects.count(), Miner.objects.get().site) == (1, fleet.bratsk)
