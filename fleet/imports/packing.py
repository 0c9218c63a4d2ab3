"""What an XLSX file must be before anything opens it: a small, plain package with nothing in it that runs.

The sizes in the directory of a ZIP are a bound: Python reads no member further than they say.
"""

import re
from typing import IO, NamedTuple
from xml.etree.ElementTree import ParseError, fromstring
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext

from kit.errors import Refusal

MEGABYTE = 1 << 20
LARGEST_PACKAGE = 100 * MEGABYTE
MOST_MEMBERS = 2_000
MOST_UNPACKED = 512 * MEGABYTE
LARGEST_RATIO = 200  # a table of miners packs to a tenth or twentieth; deflate could do a thousandth
CONTENT_TYPES = "[Content_Types].xml"
HEAD = MEGABYTE
CHUNK = MEGABYTE
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
NOT_XML = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)


class Limit(NamedTuple):
    """How large one part may be unpacked, and how many tags it may hold; 0 is not counted."""

    unpacked: int
    tags: int


SHEETS = Limit(256 * MEGABYTE, 0)  # read row by row, so only the length of a row matters
STRINGS = Limit(32 * MEGABYTE, 4_000_000)  # kept in memory as a whole
OTHERS = Limit(4 * MEGABYTE, 200_000)


def open_package(file: IO[bytes], size: int) -> ZipFile:
    """The package, once it is known that reading it is harmless.

    Raises: Refusal, naming what is too large or does not belong in a table of miners.
    """
    if size > LARGEST_PACKAGE:
        raise Refusal(_too_large())
    try:
        package = ZipFile(file)
        members = package.infolist()
        _check_members(members)
        _check_parts(package, members)
    except (BadZipFile, LargeZipFile, ParseError, OSError, EOFError, ValueError, NotImplementedError):
        raise Refusal(damaged()) from None
    except Refusal:
        raise
    except Exception:  # zlib and the decoders of names have errors of their own
        raise Refusal(damaged()) from None
    return package


def damaged() -> str:
    """The sentence for a workbook that cannot be read."""
    return gettext("The workbook is damaged or is none. Open it, save it as .xlsx and upload it again.")


def _too_large() -> str:
    return gettext(
        "The workbook is far larger unpacked than a table of miners is. "
        "Save the table as “CSV UTF-8” and upload that."
    )


def _check_members(members: list[ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or len(set(names)) != len(names):
        raise Refusal(damaged())
    if any(member.flag_bits & 1 for member in members):
        raise Refusal(gettext("The workbook is protected by a password. Save it without one."))
    if any(re.search(r"(^|/)(vbaproject\w*\.bin|macrosheets/.*)$", name.casefold()) for name in names):
        raise Refusal(_has_macros())
    if "xl/workbook.bin" in names:
        raise Refusal(gettext("This is a binary workbook (.xlsb). Save it as .xlsx or as “CSV UTF-8”."))
    if CONTENT_TYPES not in names or not any(name.startswith("xl/") for name in names):
        raise Refusal(gettext("This is no workbook but another kind of file. Give CSV in UTF-8, or XLSX."))
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Refusal(_too_large())
    for member in members:
        if member.file_size > MEGABYTE and member.file_size > LARGEST_RATIO * member.compress_size:
            raise Refusal(_too_large())


def _has_macros() -> str:
    return gettext("The workbook holds macros. Save it as .xlsx, which holds none, and upload that.")


def _check_parts(package: ZipFile, members: list[ZipInfo]) -> None:
    types = _types(package)
    for member in members:
        kind = types.get(member.filename, "")
        is_sheet = kind.endswith("worksheet+xml") and SHEET.fullmatch(member.filename) is not None
        limit = SHEETS if is_sheet else STRINGS if kind.endswith("sharedstrings+xml") else OTHERS
        if member.filename.endswith((".xml", ".rels")):
            _check_part(package, member, limit, is_sheet=is_sheet)
    if b"chartsheet" in b"".join(
        package.read(name) for name in package.namelist() if name.endswith("workbook.xml.rels")
    ):
        raise Refusal(gettext("The workbook holds a sheet that is a chart. Keep only the table of miners."))


def _types(package: ZipFile) -> dict[str, str]:
    """What each part says it is, in lower case."""
    listing = package.getinfo(CONTENT_TYPES)
    _check_part(package, listing, OTHERS, is_sheet=False)
    found: dict[str, str] = {}
    for element in fromstring(package.read(CONTENT_TYPES)):
        kind, name = element.get("ContentType", "").casefold(), element.get("PartName", "").lstrip("/")
        if "macroenabled" in kind or "vbaproject" in kind:
            raise Refusal(_has_macros())
        if name and found.setdefault(name, kind) != kind:
            raise Refusal(damaged())  # one part under two names could pass as the harmless one
    return found


def _check_part(package: ZipFile, member: ZipInfo, limit: Limit, *, is_sheet: bool) -> None:
    if member.file_size > limit.unpacked:
        raise Refusal(_too_large())
    with package.open(member) as part:
        head = part.read(HEAD)
        plain = NOT_XML.sub(b"", head)
        # No table needs a document type, and one could define entities that grow without end.
        if b"\0" in head[:4] or head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in plain[: 1 << 16]:
            raise Refusal(damaged())
        if is_sheet and b"sheetData" not in head:
            raise Refusal(damaged())
        tags = head.count(b"<")
        while limit.tags and tags <= limit.tags and (chunk := part.read(CHUNK)):
            tags += chunk.count(b"<")
    if limit.tags and tags > limit.tags:
        raise Refusal(_too_large())
