"""Readings into the database: COPY to a temporary table, one statement on from there."""

import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from fleet.telemetry import partitions
from fleet.telemetry.limits import mac_of
from fleet.telemetry.ranges import Good
from fleet.telemetry.windows import LATE, WINDOW_S

STATEMENT_TIMEOUT = "15s"  # below windows.GRACE, so that a window is not rolled up under a slow batch

# Rows of a batch before this one are there only where both are part of one transaction.
STAGE = """
create temp table if not exists fleet_reading_stage (
    miner_id bigint, at timestamptz, ghs integer, power_w integer, temp_c smallint,
    is_reachable boolean, is_hashing boolean, boards_missing smallint, fans_stopped smallint
) on commit delete rows;
delete from fleet_reading_stage
"""
COLUMNS = "miner_id, at, ghs, power_w, temp_c, is_reachable, is_hashing, boards_missing, fans_stopped"
# Rows go in by miner and time, so that two batches with the same rows wait for each other in one order.
# Only readings that are new reach the latest.
TAKE = f"""
with fresh as (
    insert into fleet_reading ({COLUMNS}) select {COLUMNS} from fleet_reading_stage order by miner_id, at
    on conflict do nothing returning {COLUMNS}
), newest as (
    insert into fleet_latestreading as latest ({COLUMNS})
    select distinct on (miner_id) {COLUMNS} from fresh order by miner_id, at desc
    on conflict (miner_id) do update set at = excluded.at, ghs = excluded.ghs, power_w = excluded.power_w,
        temp_c = excluded.temp_c, is_reachable = excluded.is_reachable, is_hashing = excluded.is_hashing,
        boards_missing = excluded.boards_missing, fans_stopped = excluded.fans_stopped
    where excluded.at > latest.at
)
select count(*) from fresh
"""
# Nearly every batch: the window waits already, its row is not touched and nobody waits for anybody.
# What comes back was rolled up too soon, by a server whose clock is ahead.
QUEUE = """
with queued as (
    insert into fleet_rollup (window_at, is_waiting) select at, true from unnest(%(at)s::timestamptz[]) at
    order by at on conflict do nothing
)
select window_at from fleet_rollup where window_at = any(%(at)s) and not is_waiting
"""
QUEUE_LATE = """
insert into fleet_rollup (window_at, is_waiting) select at, true from unnest(%s::timestamptz[]) at order by at
on conflict (window_at) do update set is_waiting = true
"""
BY_SERIAL = "select serial, id from fleet_miner where serial = any(%s)"
BY_ID = "select id, id from fleet_miner where id = any(%s)"
# A MAC that two machines claim names neither.
BY_MAC = (
    "select mac, min(id) from fleet_miner where mac <> '' and mac = any(%s) group by mac having count(*) = 1"
)

EPOCH_US = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000  # PostgreSQL counts from 2000
NULL = -1  # the length of a figure that is not there
HEADER, TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


@dataclass(frozen=True)
class Taken:
    """What became of readings that can be; `ids` are the miners that their keys name."""

    accepted: int
    known: int
    unknown: list[int | str]
    ids: dict[int | str, int]


def take(readings: list[Good], macs: dict[int | str, str], now: datetime) -> Taken:
    """Store the readings of known miners in one transaction, each (miner, time) once."""
    ids = find_miners({reading.key for reading in readings}, macs)
    known = [(ids[reading.key], reading) for reading in readings if reading.key in ids]
    unknown = [reading.key for reading in readings if reading.key not in ids]
    fresh = _store(known, now) if known else 0
    return Taken(accepted=fresh, known=len(known) - fresh, unknown=unknown, ids=ids)


def find_miners(keys: Collection[int | str], macs: dict[int | str, str]) -> dict[int | str, int]:
    """The miners that serials, MACs and ids name; a serial nobody knows is tried by the MAC told with it."""
    numbers = [key for key in keys if isinstance(key, int)]
    serials = {key: key.strip().upper() for key in keys if isinstance(key, str)}
    found: dict[int | str, int] = {}
    if numbers:
        found |= _pairs(BY_ID, numbers)
    if serials:
        by_serial = _pairs(BY_SERIAL, list(serials.values()))
        found |= {key: by_serial[serial] for key, serial in serials.items() if serial in by_serial}
        rest = {key: macs.get(key) or mac_of(serial) for key, serial in serials.items() if key not in found}
        if wanted := [mac for mac in rest.values() if mac]:
            by_mac = _pairs(BY_MAC, wanted)
            found |= {key: by_mac[mac] for key, mac in rest.items() if mac in by_mac}
    return found


def _store(known: list[tuple[int, Good]], now: datetime) -> int:
    days = {day_of(reading.at_us) for _miner, reading in known}
    starts = {reading.at_us // 1_000_000 // WINDOW_S * WINDOW_S for _miner, reading in known}
    with transaction.atomic(), connection.cursor() as cursor:
        # A reading lost to a crash of the server is sent again or was one of many: only here is that so.
        cursor.execute(
            "select set_config('synchronous_commit', 'off', true), set_config('statement_timeout', %s, true)",
            [STATEMENT_TIMEOUT],
        )
        partitions.make("fleet_reading", days)
        _queue(cursor, starts, now)
        cursor.execute(STAGE)
        with cursor.copy(f"copy fleet_reading_stage ({COLUMNS}) from stdin (format binary)") as copy:
            copy.write(packed(known))
        cursor.execute(TAKE)
        row: tuple[int] = cursor.fetchone()
    return row[0]


def _queue(cursor: Any, starts: Iterable[int], now: datetime) -> None:
    """Have the windows rolled up; those that may be done already are locked until the readings are in."""
    edge = (now - LATE).timestamp() - WINDOW_S
    late = [datetime.fromtimestamp(start, UTC) for start in starts if start <= edge]
    if recent := [datetime.fromtimestamp(start, UTC) for start in starts if start > edge]:
        cursor.execute(QUEUE, {"at": recent})
        late += [start for (start,) in cursor.fetchall()]
    if late:
        cursor.execute(QUEUE_LATE, [late])


def packed(known: list[tuple[int, Good]]) -> bytes:
    """The rows as PostgreSQL's binary COPY, each by a layout made for the figures it lacks."""
    pieces = [HEADER]
    for miner, (_key, at_us, ghs, power_w, temp_c, is_reachable, is_hashing, missing, stopped) in known:
        lacks = (ghs is None) | (power_w is None) << 1 | (temp_c is None) << 2
        lacks |= (missing is None) << 3 | (stopped is None) << 4
        figures = (
            *((NULL,) if ghs is None else (4, ghs)),
            *((NULL,) if power_w is None else (4, power_w)),
            *((NULL,) if temp_c is None else (2, temp_c)),
        )
        pieces.append(
            LAYOUTS[lacks].pack(
                9,
                8,
                miner,
                8,
                at_us - EPOCH_US,
                *figures,
                1,
                is_reachable,
                1,
                is_hashing,
                *((NULL,) if missing is None else (2, missing)),
                *((NULL,) if stopped is None else (2, stopped)),
            )
        )
    pieces.append(TRAILER)
    return b"".join(pieces)


def _layout(lacks: int) -> struct.Struct:
    figures = "".join("i" if lacks & bit else form for bit, form in ((1, "ii"), (2, "ii"), (4, "ih")))
    pieces = "".join("i" if lacks & bit else "ih" for bit in (8, 16))
    return struct.Struct(f">hiqiq{figures}i?i?{pieces}")


LAYOUTS = [_layout(lacks) for lacks in range(32)]


def day_of(at_us: int) -> date:
    """The UTC day of a time in microseconds since 1970."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)).date()


def _pairs(query: str, wanted: list[Any]) -> dict[int | str, int]:
    with connection.cursor() as cursor:
        cursor.execute(query, [wanted])
        return dict(cursor.fetchall())
