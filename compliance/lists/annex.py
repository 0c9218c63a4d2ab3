"""Our own small table for lists that are published as text only, such as an annex to an EU regulation."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from compliance.lists.entries import Entry, EntryAddress, EntryNumber, Line, country_code, read_lines
from kit.errors import Refusal
from kit.provenance import Confidence

COLUMNS = (
    "uid",
    "name",
    "kind",
    "programme",
    "authority",
    "measure",
    "citation",
    "listed_on",
    "aliases",
    "identifiers",
    "address",
    "country",
    "confidence",
)
REQUIRED = ("uid", "name", "programme", "listed_on")
KINDS = ("organisation", "person", "vessel", "aircraft")
NUMBER_KINDS = ("tax", "registration", "lei", "wallet", "other")
SEPARATOR = "|"


def parse_annex(files: Mapping[str, bytes], measure: str) -> tuple[Entry, ...]:
    """The entries of one edition.

    Shape: one file with a header of COLUMNS in any order; aliases and identifiers separated by `|`,
        an identifier as `kind:country:number`.
    Raises: Refusal, naming file, line and column.
    """
    if len(files) != 1:
        raise Refusal(_("This list is one file; %(count)d were given.") % {"count": len(files)})
    ((filename, content),) = files.items()
    lines = read_lines(filename, content)
    header = next(lines, None)
    columns = _columns(header, filename)
    entries: dict[str, Entry] = {}
    for line in lines:
        entry = _entry(line, columns, measure)
        if entry.uid in entries:
            raise line.refuse(
                "uid", _("Number %(uid)s is in the file twice. Keep one row.") % {"uid": entry.uid}
            )
        entries[entry.uid] = entry
    return tuple(entries.values())


def _columns(header: Line | None, filename: str) -> dict[str, int]:
    found = {} if header is None else {cell.strip(): at for at, cell in enumerate(header.cells)}
    missing = [column for column in REQUIRED if column not in found]
    strange = [column for column in found if column not in COLUMNS]
    if missing or strange:
        raise Refusal(
            _(
                "The header must name %(required)s, may name %(all)s; "
                "missing: %(missing)s; not known: %(odd)s."
            )
            % {
                "required": ", ".join(REQUIRED),
                "all": ", ".join(COLUMNS),
                "missing": ", ".join(missing) or "–",
                "odd": ", ".join(strange) or "–",
            },
            where=_("%(file)s, line 1") % {"file": filename},
        )
    return found


def _entry(line: Line, columns: dict[str, int], measure: str) -> Entry:
    if len(line.cells) != len(columns):
        raise line.refuse(
            COLUMNS[0],
            _("The row has %(found)d columns instead of %(wanted)d.")
            % {"found": len(line.cells), "wanted": len(columns)},
        )

    def cell(column: str) -> str:
        text = line.cells[columns[column]].strip() if column in columns else ""
        if not text and column in REQUIRED:
            raise line.refuse(column, _("The value is missing."))
        return text

    def choice(column: str, choices: tuple[str, ...], default: str) -> str:
        text = cell(column) or default
        if text not in choices:
            raise line.refuse(
                column,
                _("“%(text)s” is not one of %(choices)s.")
                % {"text": text[:40], "choices": ", ".join(choices)},
            )
        return text

    address, country = cell("address"), cell("country")
    return Entry(
        uid=cell("uid")[:60],
        kind=choice("kind", KINDS, "organisation"),
        name=cell("name")[:400],
        programmes=(cell("programme")[:60],),
        authority=cell("authority")[:200],
        measure=(cell("measure") or measure)[:200],
        citation=cell("citation")[:300],
        listed_on=_day(line, cell("listed_on")),
        confidence=choice("confidence", tuple(Confidence.values), "high"),
        aliases=tuple(part.strip()[:400] for part in cell("aliases").split(SEPARATOR) if part.strip()),
        numbers=tuple(_number(line, part) for part in cell("identifiers").split(SEPARATOR) if part.strip()),
        addresses=(EntryAddress(address[:500], country[:80]),) if address or country else (),
    )


def _day(line: Line, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise line.refuse(
            "listed_on", _("“%(text)s” is not a day; write it as YYYY-MM-DD.") % {"text": text[:40]}
        ) from None


def _number(line: Line, text: str) -> EntryNumber:
    kind, _colon, rest = text.strip().partition(":")
    country, _colon, value = rest.partition(":")
    code = country.strip().upper()
    if kind not in NUMBER_KINDS or not value.strip() or (code and not country_code(code)):
        raise line.refuse(
            "identifiers",
            _("“%(text)s” is not kind:country:number, for example tax:RU:3805731961.") % {"text": text[:60]},
        )
    return EntryNumber(kind, code, value.strip()[:120])
