"""Which readings can be: each check is a line of one table, and a refused reading is counted, not fatal."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fleet.telemetry.limits import COLDEST_C, HOTTEST_C, MOST_GHS, MOST_PIECES, MOST_W
from fleet.telemetry.shapes import HASHING, REACHABLE, Row

MOST_AHEAD = timedelta(minutes=5)
MOST_ID = 2**63 - 1

REASONS = {
    "shape": _(
        "not serial or id, seconds, GH/s, W, °C, flags in this order, with boards missing and fans stopped"
        " behind them or not; or no MinerData"
    ),
    "name": _("names no miner: neither a serial nor a MAC"),
    "time": _("its time is no number of seconds since 1970, nor a date with a zone"),
    "future": _("more than five minutes ahead of now; a time counts seconds, not milliseconds"),
    "old": _("older than readings are kept"),
    "hashrate": _("a hashrate below zero or above 10,000,000 GH/s"),
    "expected_hashrate": _("an expected hashrate below zero or above 10,000,000 GH/s"),
    "power": _("a power below zero or above 100,000 W"),
    "temperature": _("a temperature below -60 °C or above 250 °C"),
    "pieces": _("a number of missing hashboards or still fans below zero or above 1,000"),
    "flags": _("flags other than 0 (no answer), 1 (answered) and 3 (answered and hashed)"),
}
FLAGS = frozenset({0, REACHABLE, REACHABLE | HASHING})


class Good(NamedTuple):
    """A reading that can be, in the units of its table; the time in microseconds since 1970."""

    key: int | str
    at_us: int
    ghs: int | None
    power_w: int | None
    temp_c: int | None
    is_reachable: bool
    is_hashing: bool
    boards_missing: int | None = None
    fans_stopped: int | None = None


def keep_days() -> int:
    """How many days readings are kept."""
    return int(settings.READINGS_RETENTION_DAYS)


def check(rows: Iterable[Row], now: datetime) -> tuple[list[Good], Counter[str]]:
    """The readings that can be, and how many cannot by the first reason that applies."""
    latest = (now + MOST_AHEAD).timestamp()
    earliest = (now - timedelta(days=keep_days())).timestamp()
    good: list[Good] = []
    refused: Counter[str] = Counter()
    for row in rows:
        # NaN is neither above nor below, so every comparison is written to fail with it.
        key, at, ghs, power_w, temp_c, flags, missing, stopped = row
        if not _names(key):
            refused["name"] += 1
        elif not at <= latest:
            refused["future" if at > latest else "time"] += 1
        elif not at >= earliest:
            refused["old"] += 1
        elif ghs is not None and not 0 <= ghs <= MOST_GHS:
            refused["hashrate"] += 1
        elif power_w is not None and not 0 <= power_w <= MOST_W:
            refused["power"] += 1
        elif temp_c is not None and not COLDEST_C <= temp_c <= HOTTEST_C:
            refused["temperature"] += 1
        elif flags not in FLAGS:
            refused["flags"] += 1
        elif (missing is not None or stopped is not None) and not (
            0 <= (missing or 0) <= MOST_PIECES and 0 <= (stopped or 0) <= MOST_PIECES
        ):
            refused["pieces"] += 1
        else:
            good.append(
                Good(
                    key,
                    round(at * 1_000_000),
                    None if ghs is None else round(ghs),
                    None if power_w is None else round(power_w),
                    None if temp_c is None else round(temp_c),
                    bool(flags & REACHABLE),
                    bool(flags & HASHING),
                    missing,
                    stopped,
                )
            )
    return good, refused


def _names(key: int | str) -> bool:
    if isinstance(key, str):
        return 0 < len(key) <= 60 and key.isprintable()
    return 0 < key <= MOST_ID
