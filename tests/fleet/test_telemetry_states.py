"""The states of running miners follow what they tell."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.miners.models import Miner, MinerStatus
from fleet.miners.summaries import Capacity
from fleet.telemetry.verbs import follow_readings
from kit.trail.models import TrailEntry
from tests.fleet.readings import NOON, give, rig, row

NAMEPLATE = 95_000


def status_of(serial: str) -> str:
    return Miner.objects.values_list("status", flat=True).get(serial=serial)


def put(fleet, status, serial="RIG1"):
    miner = rig(fleet, serial)
    Miner.objects.filter(pk=miner.pk).update(status=status)
    return miner


def counted():
    """Machines by state from the miners themselves, and from the summary."""
    rows = Miner.objects.values_list("status", flat=True)
    summary = Capacity.objects.filter(machines__gt=0).values_list("status", "machines")
    return sorted(rows), sorted(status for status, n in summary for _ in range(n))


@pytest.mark.parametrize(
    ("was", "given", "wanted"),
    [
        ("energized", {}, "mining"),
        ("mining", {}, "mining"),
        ("offline", {}, "mining"),
        ("mining", {"ghs": NAMEPLATE * 80 // 100}, "mining"),
        ("mining", {"ghs": NAMEPLATE * 80 // 100 - 1}, "low"),
        ("low", {"ghs": NAMEPLATE * 84 // 100}, "low"),
        ("low", {"ghs": NAMEPLATE * 85 // 100 + 1}, "mining"),
        ("mining", {"ghs": None}, "mining"),
        ("mining", {"ghs": 0, "flags": 1}, "low"),
        ("mining", {"ghs": None, "flags": 0}, "offline"),
        ("mining", {"minutes": -15}, "offline"),
        ("low", {"minutes": -14.9}, "mining"),
        # What was told before it got power says nothing of it now.
        ("energized", {"minutes": -15}, "energized"),
    ],
)
def test_a_running_miner_is_as_it_tells(fleet, was, given, wanted):
    put(fleet, was)
    give(row(**given))
    follow_readings(now=NOON)
    assert status_of("RIG1") == wanted
    assert follow_readings(now=NOON) == 0


@pytest.mark.parametrize("was", sorted(set(MinerStatus.values) - {"energized", "mining", "low", "offline"}))
def test_a_miner_without_power_keeps_its_state_whatever_it_tells(fleet, was):
    put(fleet, was)
    give(row())
    assert follow_readings(now=NOON) == 0
    assert status_of("RIG1") == was


def test_a_miner_that_never_told_anything_keeps_its_state(fleet):
    put(fleet, "mining")
    assert follow_readings(now=NOON) == 0
    assert status_of("RIG1") == "mining"


def test_many_are_one_act_of_the_trail_and_the_summary_stays_exact(fleet):
    for n in range(12):
        put(fleet, "energized", f"RIG{n:02}")
    give(*(row(f"RIG{n:02}", ghs=NAMEPLATE if n < 8 else 1_000) for n in range(12)))
    entries = TrailEntry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        assert follow_readings(now=NOON) == 12
    assert TrailEntry.objects.count() == entries + 1
    entry = TrailEntry.objects.latest("id")
    assert entry.detail["changes"] == {"energized > low": 4, "energized > mining": 8}
    assert entry.detail["machines"] == 12
    from_rows, from_summary = counted()
    assert from_rows == from_summary
    assert sum("fleet_" in query["sql"] for query in queries) == 1
    assert follow_readings(now=NOON + timedelta(minutes=20)) == 12
    from_rows, from_summary = counted()
    assert from_rows == from_summary == ["offline"] * 12
