"""A workbook as lines: the same as a CSV file gives, with the row's number for the line's."""

import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.etree.ElementTree import iterparse

from django.utils.translation import gettext
from openpyxl import load_workbook
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser

from fleet.imports.columns import meaning_of
from fleet.imports.packing import damaged, open_package
from fleet.imports.reading import LONGEST_CELL, LONGEST_LINE, SHOWN, Line, with_instant
from fleet.imports.reasons import BIT
from kit.errors import Refusal
from kit.jobs.watch import Watch

IN_MEMORY = 16 << 20
LAST_ROW = 1_048_576  # of any sheet
LAST_COLUMN = 256
ROWS_A_COUNT = 1_000
MINERS = "miners"  # the name by which one of several sheets is chosen
# A spreadsheet keeps fifteen digits of a number; a longer one is no longer what was typed.
LOST_DIGITS = 10**15
Cells = list[tuple[str, int]]  # text and flaw


class Book:
    """A workbook being read; the first row is the header.

    Shape: as `Sheet` of fleet.imports.reading.

    Raises: Refusal where the file as a whole cannot be read.
    """

    def __init__(self, pieces: Iterable[bytes], *, now: datetime, watch: Watch) -> None:
        self._now, self._watch = now, watch
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - read until the lines end
        size = sum(self._file.write(piece) for piece in pieces)
        open_package(self._file, size).close()
        self._rows = _rows(self._file)
        number, cells = next(self._rows, (0, []))
        header = [text for text, _flaw in cells]
        if number != 1 or not any(header):
            raise Refusal(gettext("The first line holds no header."), where=gettext("Line 1"))
        self._names = meaning_of(header)
        self.columns = [(name, cell) for name, cell in zip(self._names, header, strict=True) if name]

    def lines(self) -> Iterator[Line]:
        """Every row after the header that is not blank."""
        self._watch.say(gettext("Reading the rows"))
        for read, (number, cells) in enumerate(self._rows, start=1):
            if read % ROWS_A_COUNT == 0:
                self._watch.count(ROWS_A_COUNT)
            if any(text for text, _flaw in cells):
                yield self._line(number, cells)

    def _line(self, number: int, cells: Cells) -> Line:
        width = len(self._names)
        flaws = 0 if len(cells) <= width else BIT["ragged"]
        cells = cells + [("", 0)] * (width - len(cells))
        for name, (text, flaw) in zip(self._names, cells[:width], strict=True):
            if name:
                flaws |= flaw if flaw != BIT["date_cell"] or name != "from" else 0
                flaws |= BIT["too_long"] if len(text) > LONGEST_CELL else 0
        if flaws:
            return Line(number, flaws, {}, ",".join(text for text, _flaw in cells)[:SHOWN])
        texts = [text for text, _flaw in cells]
        return with_instant(number, dict(zip(self._names, texts, strict=True)), self._now)


def _rows(file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    """The rows that hold something, as text, by their numbers.

    Raises: Refusal where the package or a row cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        yield from _parsed(*_the_table(book))
    except Refusal:
        raise
    except Exception:  # openpyxl lets through whatever a wrong file makes Python raise
        raise Refusal(damaged()) from None


def _the_table(book: Any) -> tuple[WorkSheetParser, "_Guarded"]:
    """The sheet that is read: the only one with rows, or the one that is called miners."""
    filled = [sheet for sheet in book.worksheets if _first_row(book, sheet)]
    named = [sheet for sheet in filled if sheet.title.strip().casefold() == MINERS]
    if not filled:
        raise Refusal(gettext("The first line holds no header."), where=gettext("Line 1"))
    if len(filled) > 1 and len(named) != 1:
        titles = ", ".join(f"“{sheet.title[:40]}”" for sheet in filled[:8])
        raise Refusal(
            gettext("Several sheets hold something: {titles}. Keep one, or call the one “miners”.").format(
                titles=titles
            )
        )
    return _parser(book, named[0] if len(filled) > 1 else filled[0])


def _first_row(book: Any, sheet: Any) -> bool:
    parser, source = _parser(book, sheet)
    return next(_parsed(parser, source), None) is not None


def _parser(book: Any, sheet: Any) -> tuple[WorkSheetParser, "_Guarded"]:
    source = _Guarded(book._archive.open(sheet._worksheet_path))
    parser = WorkSheetParser(
        source,
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )
    return parser, source


class _Guarded:
    """A sheet's bytes, given out only while its rows have a sensible length."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._since_row, self._rows = part, 0, 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._part.read(size if size > 0 else 1 << 16)
        end = chunk.rfind(b"row>")
        self._since_row = self._since_row + len(chunk) if end < 0 else len(chunk) - end
        self._rows += chunk.count(b"row>")
        if self._since_row > LONGEST_LINE + (1 << 16):
            raise Refusal(
                gettext("Line {number} is longer than a megabyte; this is no table of miners.").format(
                    number=self._rows + 1
                )
            )
        return chunk


def _parsed(parser: WorkSheetParser, source: _Guarded) -> Iterator[tuple[int, Cells]]:
    last, table = 0, None
    for event, element in iterparse(source, events=("start", "end")):
        if element.tag == DATA_TAG:
            if event == "end":
                return
            table = element
        elif element.tag == ROW_TAG and event == "end":
            number, cells = _row(parser, element)
            if not last < number <= LAST_ROW:
                raise Refusal(damaged())
            last = number
            if table is not None:
                table.clear()  # or a million empty rows stay behind
            if cells:
                yield number, cells


def _row(parser: WorkSheetParser, element: Any) -> tuple[int, Cells]:
    # A formula nobody has worked out has no value to import, and must not pass for an empty cell.
    unsolved = {
        number
        for number, cell in enumerate(element)
        if cell.find(FORMULA_TAG) is not None and not cell.findtext("{*}v")
    }
    number, found = parser.parse_row(element)
    row: Cells = []
    for place, cell in enumerate(found):
        column = cell["column"]
        if not len(row) < column <= LAST_COLUMN:
            if cell["value"] is None:
                continue
            raise Refusal(damaged() if column <= LAST_COLUMN else _too_wide(), where=_line(number))
        row += [("", 0)] * (column - 1 - len(row))
        row.append(("=", BIT["unsolved"]) if place in unsolved else _shown(cell["value"], cell["data_type"]))
    while row and not row[-1][0]:
        row.pop()
    return number, row


def _line(number: int) -> str:
    return gettext("Line {number}").format(number=number)


def _too_wide() -> str:
    return gettext("The table has more than {count} columns; this is no table of miners.").format(
        count=LAST_COLUMN
    )


def _shown(value: Any, kind: str) -> tuple[str, int]:
    """A cell as the text a CSV file would hold, and what is wrong with it."""
    if value is None:
        return "", 0
    if isinstance(value, bool):
        return ("yes" if value else "no"), 0
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return (value.date() if is_day else value).isoformat(), BIT["date_cell"]
    if isinstance(value, date | time | timedelta):
        return str(value), BIT["date_cell"]
    text = str(value).strip()
    if kind == "e":
        return text, BIT["error_cell"]
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        return "�", BIT["nul"]
    return text, BIT["line_break"] if "\n" in text or "\r" in text else 0


def _number(value: int | float) -> tuple[str, int]:
    if value != value or abs(value) >= LOST_DIGITS:
        return str(value)[:40], BIT["lost_digits"]
    return f"{Decimal(f'{value:.15g}'):f}", 0  # fifteen digits are what a spreadsheet shows
