"""A file as lines: every line that can be read is, and one that cannot says why."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext

from fleet.imports.columns import meaning_of
from fleet.imports.reasons import BIT
from kit.errors import Refusal

LONGEST_LINE = 1 << 20
LONGEST_CELL = 500
FIRST_DAY = datetime(2009, 1, 3, tzinfo=UTC)  # nothing was mined before
DELIMITERS = ",;\t"
SHOWN = 300
# The marks by which other encodings give themselves away.
MARKS = (
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
IS_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
IS_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Line(NamedTuple):
    """One line of the file: its number, the flaws found so far, its cells by column, or its text."""

    number: int
    flaws: int
    cells: dict[str, str]
    raw: str


class Sheet:
    """A CSV file being read.

    Shape: `columns` pairs each column's meaning with the name it has in the file.

    Raises: Refusal where the file as a whole cannot be read: encoding, header, endless lines.
    """

    def __init__(self, pieces: Iterable[bytes], *, now: datetime) -> None:
        self._now = now
        self._texts = _texts(pieces)
        first = next(self._texts, "")
        self._delimiter = _delimiter(first)
        try:
            header = next(csv.reader([first], delimiter=self._delimiter), [])
        except csv.Error:
            header = []
        if "\0" in first or not any(cell.strip() for cell in header):
            raise Refusal(gettext("The first line holds no header."), where=gettext("Line 1"))
        self._names = meaning_of(header)
        self.columns = [(name, cell.strip()) for name, cell in zip(self._names, header, strict=True) if name]

    def lines(self) -> Iterator[Line]:
        """Every line after the header that is not blank."""
        reader = csv.reader(self._texts, delimiter=self._delimiter)
        while True:
            number = reader.line_num + 2
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Line(number, BIT["unclosed"], {}, "")
                continue
            if cells and (len(cells) > 1 or cells[0].strip()):
                yield self._line(number, cells, several=reader.line_num + 1 > number)

    def _line(self, number: int, cells: list[str], *, several: bool) -> Line:
        text = self._delimiter.join(cells)
        flaws = BIT["unclosed"] if several else 0
        if "\0" in text:
            flaws |= BIT["nul"]
        if len(cells) != len(self._names):
            flaws |= BIT["ragged"]
        if len(text) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
            flaws |= BIT["too_long"]
        if flaws:
            return Line(number, flaws, {}, text[:SHOWN].replace("\0", "�"))
        return with_instant(number, dict(zip(self._names, cells, strict=True)), self._now)


def with_instant(number: int, values: dict[str, str], now: datetime) -> Line:
    """A line that could be read, with the instant from which it is so, or the flaw of that."""
    if values.get("from"):
        instant = _instant(values["from"].strip())
        if instant is None or not FIRST_DAY <= instant <= now:
            return Line(number, BIT["bad_from"], values, "")
        values["from_at"] = instant.isoformat()
    return Line(number, 0, values, "")


def _texts(pieces: Iterable[bytes]) -> Iterator[str]:
    """The file's physical lines as text.

    Raises: Refusal, naming the line and the byte, where the file is not UTF-8.
    """
    for number, line in enumerate(_bytes(pieces), start=1):
        if number == 1:
            if line.startswith(IS_OLD_OR_LOCKED[:4]):
                raise Refusal(
                    gettext(
                        "This is an old workbook (.xls) or one protected by a password. "
                        "Save it as .xlsx without a password, or as “CSV UTF-8”."
                    )
                )
            for mark, name in MARKS:
                if line.startswith(mark):
                    raise Refusal(_not_utf8(gettext("it looks like {name}").format(name=name)))
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            found = gettext("byte {place} is {byte}").format(
                place=error.start + 1, byte=f"0x{line[error.start]:02X}"
            )
            raise Refusal(_not_utf8(found), where=gettext("Line {number}").format(number=number)) from None


def _not_utf8(found: str) -> str:
    return gettext("The file is not UTF-8: {found}. Save it as “CSV UTF-8” and upload it again.").format(
        found=found
    )


def _bytes(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines as bytes across the pieces, ended by LF, CR LF or CR."""
    rest = b""
    count = 0
    for piece in pieces:
        lines = (rest + piece).splitlines(keepends=True)
        # The last one may go on in the next piece; so may the LF of a CR LF.
        rest = lines.pop() if lines else b""
        if len(rest) > LONGEST_LINE:
            raise Refusal(
                gettext("Line {number} is longer than a megabyte; this is no table of miners.").format(
                    number=count + len(lines) + 1
                )
            )
        count += len(lines)
        yield from lines
    if rest:
        yield rest


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


@lru_cache(maxsize=1_024)
def _instant(text: str) -> datetime | None:
    """The instant a text names, a day being its first instant UTC; None if it names none."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
