"""QR codes: the right shape, and the text comes back from the modules."""

import pytest

from kit.errors import Refusal
from kit.pdf.code import LONGEST, MASK, modules

TEXT = "PITHEAD1;LQ-2025-003"  # fits version 2, whose one block is read without interleaving
M_MASK_3 = "101101101001011"  # format bits of level M with mask 3, ISO/IEC 18004 annex C
FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")


def _finder(rows: tuple[tuple[bool, ...], ...], top: int, left: int) -> tuple[str, ...]:
    return tuple("".join("01"[rows[top + y][left + x]] for x in range(7)) for y in range(7))


def test_three_corners_carry_finders_and_the_timing_line_alternates() -> None:
    rows = modules(TEXT)
    side = len(rows)
    assert side == 25
    assert all(len(row) == side for row in rows)
    assert _finder(rows, 0, 0) == _finder(rows, 0, side - 7) == _finder(rows, side - 7, 0) == FINDER
    assert [rows[6][x] for x in range(8, side - 8)] == [x % 2 == 0 for x in range(8, side - 8)]


def test_the_format_bits_say_level_m_and_the_fixed_mask() -> None:
    rows = modules(TEXT)
    column = [rows[y][8] for y in (0, 1, 2, 3, 4, 5, 7, 8)]
    line = [rows[8][x] for x in (7, 5, 4, 3, 2, 1, 0)]
    assert "".join("01"[bit] for bit in [*column, *line])[::-1] == M_MASK_3
    assert MASK == 3


def _is_function(y: int, x: int, side: int) -> bool:
    """Finders with format, timing lines, and the one alignment pattern of version 2."""
    corners = (y < 9 and x < 9) or (y < 9 and x >= side - 8) or (y >= side - 8 and x < 9)
    return corners or y == 6 or x == 6 or (16 <= y <= 20 and 16 <= x <= 20)


def _read(rows: tuple[tuple[bool, ...], ...]) -> str:
    """Byte-mode text, read in the zigzag of the standard with mask 3 taken off."""
    side = len(rows)
    bits: list[bool] = []
    upwards, x = True, side - 1
    while x > 0:
        x -= x == 6
        for y in range(side - 1, -1, -1) if upwards else range(side):
            bits += [
                rows[y][column] != ((y + column) % 3 == 0)
                for column in (x, x - 1)
                if not _is_function(y, column, side)
            ]
        upwards, x = not upwards, x - 2
    stream = "".join("01"[bit] for bit in bits)
    assert stream[:4] == "0100", "byte mode"
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * i : 20 + 8 * i], 2) for i in range(length)).decode()


def test_the_text_is_read_back_from_the_modules() -> None:
    assert _read(modules(TEXT)) == TEXT


def test_a_text_too_long_for_one_code_is_refused() -> None:
    with pytest.raises(Refusal, match="1 to 2200 bytes"):
        modules("x" * (LONGEST + 1))
    with pytest.raises(Refusal):
        modules("")


def test_the_longest_text_still_fits() -> None:
    assert len(modules("x" * LONGEST)) == 173
