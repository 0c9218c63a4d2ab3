"""The two shapes a batch of readings may have, and how its JSON becomes rows.

Compact: `[[serial or id, seconds since 1970, GH/s, W, °C, flags], ...]`, where hashrate, watts and
temperature may be null and flags are the sum of 1 (it answered) and 2 (it hashed). How many hashboards are
missing and how many fans stand still may follow.
pyasic: its `MinerData` as JSON, one object or a list of them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec
from django.utils.translation import gettext

from fleet.telemetry.limits import MOST_GHS, mac_of, serial_of
from fleet.telemetry.models import BatchForm
from fleet.telemetry.snapshots import Sighting, Snapshot, digest_of, line_of, seen_parts
from kit.errors import Refusal

MOST_READINGS = 20_000
REACHABLE, HASHING = 1, 2


class Row(NamedTuple):
    """One reading as it was told: of a miner by serial, MAC or id, at seconds since 1970."""

    key: int | str
    at: float
    ghs: float | None
    power_w: float | None
    temp_c: float | None
    flags: int
    boards_missing: int | None = None
    fans_stopped: int | None = None


@dataclass
class Batch:
    """Rows to be checked; `faults` counts those that were none, `sightings` and `macs` are by key."""

    form: BatchForm
    rows: list[Row]
    faults: dict[str, int] = field(default_factory=dict)
    macs: dict[int | str, str] = field(default_factory=dict)
    sightings: dict[int | str, Sighting] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows) + sum(self.faults.values())

    def fault(self, reason: str) -> None:
        """Count a reading that cannot become a row."""
        self.faults[reason] = self.faults.get(reason, 0) + 1


class Unit(msgspec.Struct):
    value: float = 1e12


class Rate(msgspec.Struct):
    """pyasic's hashrate: a number of units of so many hashes a second."""

    rate: float
    unit: Unit = msgspec.field(default_factory=Unit)


class Board(msgspec.Struct):
    slot: int = 0
    serial_number: str | None = None
    temp: float | None = None
    chip_temp: float | None = None
    missing: bool | None = None


class Fan(msgspec.Struct):
    speed: float | None = None


class MinerData(msgspec.Struct):
    """What is read of pyasic's `MinerData`; older ones tell hashrates as plain TH/s."""

    serial_number: str | None = None
    mac: str | None = None
    psu_serial_number: str | None = None
    hashrate: Rate | float | None = None
    expected_hashrate: Rate | float | None = None
    wattage: float | None = None
    temperature_avg: float | None = None
    hashboards: list[Board] = []
    fans: list[Fan] = []
    is_mining: bool | None = None
    fw_ver: str | None = None
    firmware: str | None = None
    datetime: str | None = None
    timestamp: float | None = None


_compact = msgspec.json.Decoder(list[Row])
_pyasic = msgspec.json.Decoder(list[MinerData])


def decode(body: bytes) -> Batch:
    """The rows of a batch.

    Raises: Refusal if it is no JSON, neither of the two shapes, empty, or longer than a batch may be.
    """
    start = body[:64].lstrip()
    if start.startswith(b"{"):
        body = b"[%b]" % body
    is_pyasic = start.startswith(b"{") or start[1:].lstrip().startswith(b"{")
    try:
        batch = (
            _from_pyasic(_pyasic.decode(body))
            if is_pyasic
            else Batch(BatchForm.COMPACT, _compact.decode(body))
        )
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        batch = _one_by_one(body)
    if not len(batch):
        raise Refusal(gettext("The batch holds no readings."))
    if len(batch) > MOST_READINGS:
        raise Refusal(
            gettext("The batch holds {count} readings. Send at most {most} at a time.").format(
                count=f"{len(batch):,}", most=f"{MOST_READINGS:,}"
            )
        )
    return batch


def _one_by_one(body: bytes) -> Batch:
    """The slow way, for a batch with something wrong in it: only the wrong readings fall out.

    It also reads NaN and Infinity, which are no JSON but are sent.
    """
    try:
        told = json.loads(body)
    except RecursionError:
        raise Refusal(
            gettext("The body is nested too deep. Send {shapes}.").format(shapes=_shapes())
        ) from None
    except ValueError as error:
        where = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refusal(
            gettext("The body is not JSON in UTF-8{where}. Send {shapes}.").format(
                where=where, shapes=_shapes()
            )
        ) from None
    if not isinstance(told, list):
        raise Refusal(gettext("Send {shapes}.").format(shapes=_shapes()))
    is_pyasic = any(isinstance(one, dict) for one in told[:1])
    batch = Batch(BatchForm.PYASIC if is_pyasic else BatchForm.COMPACT, [])
    for one in told:
        _add(batch, one)
    return batch


def _add(batch: Batch, one: Any) -> None:
    try:
        if batch.form == BatchForm.PYASIC:
            part = _from_pyasic([msgspec.convert(one, MinerData)])
            batch.rows += part.rows
            batch.macs |= part.macs
            batch.sightings |= part.sightings
            for reason in part.faults:
                batch.fault(reason)
        else:
            batch.rows.append(msgspec.convert(one, Row))
    except (msgspec.ValidationError, RecursionError, OverflowError):
        batch.fault("shape")


def _from_pyasic(told: list[MinerData]) -> Batch:
    batch = Batch(BatchForm.PYASIC, [])
    for one in told:
        serial, mac = serial_of(one.serial_number or ""), mac_of(one.mac or "")
        at, ghs = _seconds(one), _ghs(one.hashrate)
        if not serial and not mac:
            batch.fault("name")
        elif at is None:
            batch.fault("time")
        elif (expected := _ghs(one.expected_hashrate)) is not None and not 0 <= expected <= MOST_GHS:
            batch.fault("expected_hashrate")
        else:
            key = serial or mac
            is_hashing = bool(one.is_mining) and bool(ghs)
            flags = REACHABLE | HASHING * is_hashing
            missing, stopped = _missing(one.hashboards), _stopped(one.fans)
            batch.rows.append(Row(key, at, ghs, one.wattage, _hottest(one), flags, missing, stopped))
            if serial and mac:
                batch.macs[key] = mac
            if key not in batch.sightings or batch.sightings[key].at < at:
                batch.sightings[key] = Sighting(at, _digest(one), partial(_snapshot, one, serial, mac))
    return batch


def _digest(one: MinerData) -> int:
    boards = [(board.slot, board.serial_number) for board in one.hashboards]
    return digest_of([boards, one.psu_serial_number, one.firmware, one.fw_ver, one.mac])


def _snapshot(one: MinerData, serial: str, mac: str) -> Snapshot:
    """Only what is compared with the record: figures are in the row."""
    boards = [("hashboard", board.serial_number or "", board.slot) for board in one.hashboards]
    return Snapshot(
        firmware=line_of(f"{one.firmware or ''} {one.fw_ver or ''}"),
        serial=serial,
        mac=mac,
        parts=seen_parts([*boards, ("psu", one.psu_serial_number or "", 0)]),
    )


def _seconds(one: MinerData) -> float | None:
    """The text is finer than the number beside it, and has a zone."""
    if one.datetime:
        try:
            at = datetime.fromisoformat(one.datetime)
        except ValueError:
            return None
        if at.tzinfo is not None:
            try:
                return at.timestamp()
            except (ValueError, OverflowError):
                return None
    return one.timestamp


def _ghs(rate: Rate | float | None) -> float | None:
    if isinstance(rate, Rate):
        return rate.rate * rate.unit.value / 1e9
    return None if rate is None else rate * 1e3


def _hottest(one: MinerData) -> float | None:
    temps: Iterator[float | None] = (
        board.temp if board.chip_temp is None else board.chip_temp for board in one.hashboards
    )
    # A sensor that is not there tells zero.
    return max((temp for temp in temps if temp), default=one.temperature_avg)


def _missing(boards: list[Board]) -> int | None:
    told = [board.missing for board in boards if board.missing is not None]
    return sum(told) if told else None


def _stopped(fans: list[Fan]) -> int | None:
    """How many fans stand still; where none turns they are not what cools it, as under oil."""
    told = [fan.speed for fan in fans if fan.speed is not None]
    return told.count(0) if any(told) else None


def _shapes() -> str:
    return gettext("a list of [serial or id, seconds, GH/s, W, °C, flags], or pyasic's MinerData")
