"""OFAC's legacy set of comma-separated files: entries, aliases, addresses and overlong remarks.

Source: OFAC data specification of 2023-09-25 (columns; `-0-` for no value; `] [` between programmes).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from compliance.lists.entries import Entry, EntryAddress, Line, read_lines
from compliance.lists.remarks import numbers_in
from kit.errors import Refusal

T = TypeVar("T")

COLUMNS: dict[str, tuple[str, ...]] = {
    "main": (
        "ent_num",
        "SDN_Name",
        "SDN_Type",
        "Program",
        "Title",
        "Call_Sign",
        "Vess_type",
        "Tonnage",
        "GRT",
        "Vess_flag",
        "Vess_owner",
        "Remarks",
    ),
    "aliases": ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"),
    "addresses": ("ent_num", "add_num", "Address", "City", "Country", "Add_remarks"),
    "comments": ("ent_num", "comment"),
}
FILE_NAMES = (
    # how the name of the file ends, which table it is
    ("comments.csv", "comments"),
    ("sdn.csv", "main"),
    ("prim.csv", "main"),
    ("alt.csv", "aliases"),
    ("add.csv", "addresses"),
)
KINDS = {"": "organisation", "individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
AUTHORITIES = {
    # programme, the order and the regulations behind it; others are told by the number in their name
    "RUSSIA-EO14024": ("EO 14024", "31 CFR 587"),
    "UKRAINE-EO13660": ("EO 13660", "31 CFR 589"),
    "UKRAINE-EO13661": ("EO 13661", "31 CFR 589"),
    "UKRAINE-EO13662": ("EO 13662", "31 CFR 589"),
    "UKRAINE-EO13685": ("EO 13685", "31 CFR 589"),
    "BELARUS-EO14038": ("EO 14038", "31 CFR 548"),
    "CYBER2": ("EO 13694", "31 CFR 578"),
    "DPRK4": ("EO 13810", "31 CFR 510"),
    "SDGT": ("EO 13224", "31 CFR 594"),
}
_NULL = "-0-"
_ORDER = re.compile(r"EO-?(\d{5})")


def parse_ofac(files: Mapping[str, bytes], measure: str) -> tuple[Entry, ...]:
    """The entries of one edition.

    Shape: `files` is name -> content; which table a file is, is told by how its name ends.
    Raises: Refusal, naming file, line and column.
    """
    tables = _tables(files)
    beside = _Beside(
        aliases=_side(tables, "aliases", lambda cells: _value(cells[3])[:400]),
        addresses=_side(tables, "addresses", _address),
        comments=_side(tables, "comments", lambda cells: cells[1]),
    )
    entries: dict[str, Entry] = {}
    for line in _rows(tables, "main"):
        uid = line.cells[0].strip()
        if uid in entries:
            raise line.refuse(
                "ent_num", _("Number %(uid)s is in the file twice. Keep one row.") % {"uid": uid}
            )
        entries[uid] = _entry(line, measure, beside)
    for side in (beside.aliases, beside.addresses, beside.comments):
        for uid, line in side.first_lines.items():
            if uid not in entries:
                raise line.refuse(
                    "ent_num", _("Number %(uid)s is not in the main file of this edition.") % {"uid": uid}
                )
    return tuple(entries.values())


def _tables(files: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for name, content in files.items():
        table = next((table for ending, table in FILE_NAMES if name.lower().endswith(ending)), None)
        if table is None or table in found:
            raise Refusal(
                _("The name of the file must end in one of %(endings)s, each once.")
                % {"endings": ", ".join(ending for ending, _table in FILE_NAMES)},
                where=name,
            )
        found[table] = (name, content)
    if "main" not in found:
        raise Refusal(_("The main file, sdn.csv, is missing. Give it together with the others."))
    return found


def _rows(tables: Mapping[str, tuple[str, bytes]], table: str) -> Iterator[Line]:
    """The rows of a table, its header left out, each with the right number of columns and a number."""
    if table not in tables:
        return
    columns = COLUMNS[table]
    for line in read_lines(*tables[table]):
        if line.cells[0].strip().lower() == "ent_num":
            continue
        if len(line.cells) != len(columns):
            raise line.refuse(
                columns[min(len(line.cells), len(columns)) - 1],
                _("The row has %(found)d columns instead of %(wanted)d. Load the file as it was published.")
                % {"found": len(line.cells), "wanted": len(columns)},
            )
        if not line.cells[0].strip().isdigit():
            raise line.refuse("ent_num", _("“%(text)s” is not a number.") % {"text": line.cells[0][:40]})
        yield line


def _value(cell: str) -> str:
    text = cell.strip()
    return "" if text == _NULL else text


def _entry(line: Line, measure: str, beside: "_Beside") -> Entry:
    uid, name, kind = line.cells[0].strip(), _value(line.cells[1]), _value(line.cells[2]).lower()
    if not name:
        raise line.refuse("SDN_Name", _("The name is empty."))
    if kind not in KINDS:
        raise line.refuse("SDN_Type", _("“%(kind)s” is not a kind of party.") % {"kind": kind[:40]})
    programmes = tuple(part.strip() for part in _value(line.cells[3]).split("] [") if part.strip())
    authority, citation = authority_of(programmes)
    # A remark too long for the main file goes on, mid-word, in the comments.
    remarks = (line.cells[11] if _value(line.cells[11]) else "") + "".join(beside.comments.of(uid))
    return Entry(
        uid=uid,
        kind=KINDS[kind],
        name=name[:400],
        programmes=programmes,
        authority=authority,
        measure=measure,
        citation=citation,
        remarks=remarks.strip(),
        aliases=beside.aliases.of(uid),
        numbers=numbers_in(remarks),
        addresses=beside.addresses.of(uid),
    )


def authority_of(programmes: tuple[str, ...]) -> tuple[str, str]:
    """The order behind the first programme that names one, and the regulations where they are known."""
    for programme in programmes:
        if programme in AUTHORITIES:
            return AUTHORITIES[programme]
        order = _ORDER.search(programme)
        if order is not None:
            return f"EO {order[1]}", programme
    return ", ".join(programmes), ""


class _Side(Generic[T]):
    """What a side table says of each number, and the row that first named it."""

    def __init__(self) -> None:
        self.values: dict[str, dict[T, None]] = {}
        self.first_lines: dict[str, Line] = {}

    def of(self, uid: str) -> tuple[T, ...]:
        return tuple(self.values.get(uid, ()))


@dataclass(frozen=True)
class _Beside:
    aliases: _Side[str]
    addresses: _Side[EntryAddress]
    comments: _Side[str]


def _side(
    tables: Mapping[str, tuple[str, bytes]], table: str, read: Callable[[tuple[str, ...]], T | None]
) -> _Side[T]:
    side = _Side[T]()
    for line in _rows(tables, table):
        uid = line.cells[0].strip()
        side.first_lines.setdefault(uid, line)
        if value := read(line.cells):
            side.values.setdefault(uid, {})[value] = None
    return side


def _address(cells: tuple[str, ...]) -> EntryAddress | None:
    text = ", ".join(part for cell in cells[2:4] if (part := _value(cell)))
    country = _value(cells[4])
    return EntryAddress(text[:500], country[:80]) if text or country else None
