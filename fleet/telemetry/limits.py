"""What a miner can tell that can be: outside of this a figure is a fault of firmware, not a fact."""

import re
from math import isfinite

MOST_GHS = 10_000_000  # 10 PH/s in one machine; the largest sold makes about 1.2
MOST_W = 100_000
MOST_PIECES = 1_000  # hashboards or fans of one machine
COLDEST_C, HOTTEST_C = -60, 250
MAC = re.compile(r"[0-9A-F]{12}")
SERIAL = re.compile(r"[A-Z0-9][A-Z0-9._/+-]{3,39}")


def can_be(figure: float | None, least: float, most: float) -> bool:
    """Whether a figure is finite and between two others; one that was not told is no fault."""
    return figure is None or (isfinite(figure) and least <= figure <= most)


def mac_of(told: str) -> str:
    """A MAC as `AA:BB:CC:DD:EE:FF`, or nothing if it is none."""
    plain = re.sub(r"[\s:.-]", "", told.upper())
    return ":".join(re.findall("..", plain)) if MAC.fullmatch(plain) else ""


def serial_of(told: str) -> str:
    """A serial in upper case, or nothing where a placeholder stands for one."""
    plain = told.strip().upper()
    is_placeholder = len(set(plain) - set("-._/")) < 2
    return plain if SERIAL.fullmatch(plain) and not is_placeholder else ""
