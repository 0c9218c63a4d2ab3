"""What every importer makes of a published list: one frozen entry per party, and how its tables are read."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import pycountry
from django.utils.translation import gettext as _

from kit.errors import Refusal

END_OF_FILE = "\x1a"
"""A mark that OFAC's files still end with; it is not a row."""

COUNTRY_NAMES = {
    "burma": "MM",
    "congo, democratic republic of the": "CD",
    "cote d ivoire": "CI",
    "iran": "IR",
    "korea, north": "KP",
    "korea, south": "KR",
    "north korea": "KP",
    "russia": "RU",
    "south korea": "KR",
    "syria": "SY",
    "the gambia": "GM",
    "turkey": "TR",
    "venezuela": "VE",
    "virgin islands, british": "VG",
}


@dataclass(frozen=True)
class EntryNumber:
    """A number of a listed party as printed; the country is blank where none is printed."""

    kind: str
    country: str
    value: str


@dataclass(frozen=True)
class EntryAddress:
    """An address as printed, with the country as printed."""

    text: str
    country: str


@dataclass(frozen=True)
class Entry:
    """One party as one edition of a list names it.

    Shape: `listed_on` is none where the file does not say since when the party is listed.
    """

    uid: str
    kind: str
    name: str
    programmes: tuple[str, ...]
    authority: str
    measure: str
    citation: str
    remarks: str = ""
    listed_on: date | None = None
    confidence: str = "high"
    aliases: tuple[str, ...] = ()
    numbers: tuple[EntryNumber, ...] = ()
    addresses: tuple[EntryAddress, ...] = ()


@dataclass(frozen=True)
class Line:
    """One row of a file and where it stands."""

    filename: str
    number: int
    cells: tuple[str, ...]

    def refuse(self, column: str, message: str) -> Refusal:
        """A refusal that names the file, the line and the column."""
        where = _("%(file)s, line %(line)d, column %(column)s")
        return Refusal(message, where=where % {"file": self.filename, "line": self.number, "column": column})


def read_lines(filename: str, content: bytes) -> Iterator[Line]:
    """The rows of a comma-separated file in UTF-8.

    Raises: Refusal, naming the line, for other encodings and broken quotes.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refusal(
            _("The file is not UTF-8 text: byte %(byte)d cannot be read. Save it as UTF-8 and load it again.")
            % {"byte": error.start + 1},
            where=_("%(file)s, line %(line)d") % {"file": filename, "line": line},
        ) from None
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), strict=True)
    try:
        for cells in reader:
            if cells and cells != [END_OF_FILE] and any(cells):
                yield Line(filename, reader.line_num, tuple(cells))
    except csv.Error as error:
        raise Refusal(
            _("The row cannot be read (%(error)s). Check its quotes and commas.") % {"error": error},
            where=_("%(file)s, line %(line)d") % {"file": filename, "line": reader.line_num},
        ) from None


@cache
def country_code(name: str) -> str:
    """The ISO 3166-1 code of a country as lists print it; blank if it names none."""
    plain = name.strip().casefold()
    if plain in COUNTRY_NAMES:
        return COUNTRY_NAMES[plain]
    try:
        found: str = pycountry.countries.lookup(plain).alpha_2
    except LookupError:
        return ""
    return found
