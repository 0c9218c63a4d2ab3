"""Which characters each kind of face keeps when it is cut out of its source file."""

from collections.abc import Iterable
from functools import cache


def _span(first: int, last: int) -> set[int]:
    """Code points from first to last, both included."""
    return set(range(first, last + 1))


def _double_byte(encoding: str, lead_bytes: Iterable[int]) -> set[int]:
    """Characters of a two-byte national standard, by decoding every pair it defines."""
    found: set[int] = set()
    for lead in lead_bytes:
        for trail in range(0xA1, 0xFF):
            try:
                found.update(map(ord, bytes([lead, trail]).decode(encoding)))
            except UnicodeDecodeError:
                continue
    return found


def _latin() -> set[int]:
    """Latin, Greek, Cyrillic with Kazakh, punctuation, currencies, arrows, shapes, a little mathematics."""
    spans = (
        (0x20, 0x7E),
        (0xA0, 0x24F),
        (0x370, 0x52F),
        (0x2000, 0x209C),
        (0x20A0, 0x20BF),
        (0x2190, 0x2199),
        (0x25A0, 0x25FF),
    )
    return set().union(*(_span(*span) for span in spans)) | set(map(ord, "№™−×≤≥≈≠∞√∑ΔΩμπ"))


def _east_asian() -> set[int]:
    """Signs that Japanese and Chinese share: kana, full-width forms, quotes and dashes."""
    spans = (
        (0x20, 0x7E),
        (0xA0, 0x17F),
        (0x2010, 0x203F),
        (0x2190, 0x2193),
        (0x25A0, 0x25FF),
        (0x3000, 0x30FF),
        (0xFF00, 0xFFEF),
    )
    return set().union(*(_span(*span) for span in spans)) | set(map(ord, "−×€¥№"))


@cache
def wanted(name: str) -> frozenset[int]:
    """Code points a face keeps.

    Shape: `latin`, `japanese` (JIS X 0208) or `chinese` (GB 2312 and the first Han block).
    """
    if name == "latin":
        return frozenset(_latin())
    if name == "japanese":
        extra = _span(0x31F0, 0x31FF) | {
            0x9AD9,
            0xFA11,
            0x5F45,
            0x67FB,
        }  # kana extensions; kanji of family names
        return frozenset(_east_asian() | extra | _double_byte("euc_jp", range(0xA1, 0xF5)))
    han = _span(0x4E00, 0x9FA5)  # the whole block, because people's and firms' names use all of it
    return frozenset(_east_asian() | han | _double_byte("gb2312", range(0xA1, 0xF8)))
