"""Small batches of readings for tests, by values written here."""

import json
from datetime import UTC, datetime

from fleet.miners.models import MinerStatus
from fleet.miners.verbs import register_miner
from fleet.telemetry.models import ReadingBatch
from fleet.telemetry.verbs import take_readings

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(minutes: float) -> float:
    """Seconds since 1970 so many minutes after noon."""
    return NOON.timestamp() + minutes * 60


def row(serial="RIG1", minutes=0.0, ghs=95_000, power_w=3_250, temp_c=70, flags=3):
    return [serial, at(minutes), ghs, power_w, temp_c, flags]


def give(*rows, now=NOON, by=None) -> ReadingBatch:
    return take_readings(json.dumps(rows).encode(), by=by, now=now)


def rig(fleet, serial="RIG1", site=None, since=datetime(2022, 1, 1, tzinfo=UTC), **further):
    return register_miner(
        serial,
        fleet.s19,
        by=None,
        at=since,
        site=site or fleet.bratsk,
        status=MinerStatus.RACKED,
        **further,
    )


def told(serial="RIG1", minutes=0.0, **changes):
    """pyasic's MinerData as it writes it, cut to what is read and a little around it."""
    return {
        "ip": "10.0.0.1",
        "serial_number": serial,
        "mac": None,
        "psu_serial_number": None,
        "fw_ver": "2026.1",
        "firmware": "Stock",
        "hashrate": {"unit": {"value": 1_000_000_000_000, "suffix": "TH/s"}, "rate": 95.5},
        "expected_hashrate": {"unit": {"value": 1_000_000_000_000, "suffix": "TH/s"}, "rate": 95.0},
        "wattage": 3_250,
        "hashboards": [
            {"slot": 0, "chip_temp": 71.0, "temp": 60.0, "serial_number": "BOARD-A1"},
            {"slot": 1, "chip_temp": None, "temp": 72.4, "serial_number": "BOARD-B1"},
        ],
        "is_mining": True,
        "datetime": datetime.fromtimestamp(at(minutes), UTC).isoformat(),
        "timestamp": int(at(minutes)),
        "pools": [],
        "errors": [],
    } | changes
