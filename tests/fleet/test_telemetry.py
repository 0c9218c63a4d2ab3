"""Readings come in, once each, or are refused and counted."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.telemetry.models import LatestReading, Reading, ReadingBatch
from fleet.telemetry.partitions import drop_before
from fleet.telemetry.reads import history, latest_of
from fleet.telemetry.verbs import take_readings
from kit.errors import Refusal
from tests.fleet.readings import NOON, at, give, rig, row, told

INVALID = [
    (row(ghs=-1), "hashrate"),
    (row(ghs=10_000_001), "hashrate"),
    (row(ghs=float("nan")), "hashrate"),
    (row(ghs=float("inf")), "hashrate"),
    (row(power_w=-1), "power"),
    (row(power_w=100_001), "power"),
    (row(power_w=float("nan")), "power"),
    (row(temp_c=-273), "temperature"),
    (row(temp_c=251), "temperature"),
    (row(minutes=5.1), "future"),
    (row(minutes=60 * 24 * 365), "future"),
    (["RIG1", NOON.timestamp() * 1000, 1, 1, 1, 3], "future"),
    (["RIG1", float("nan"), 1, 1, 1, 3], "time"),
    (["RIG1", float("-inf"), 1, 1, 1, 3], "old"),
    (row(minutes=-60 * 24 * 90 - 1), "old"),
    (row(flags=2), "flags"),
    (row(flags=4), "flags"),
    (row(flags=-1), "flags"),
    (row(serial=""), "name"),
    (row(serial="RIG\0"), "name"),
    (row(serial="\ud800"), "name"),
    (row(serial="X" * 61), "name"),
    (row(serial=0), "name"),
    (row(serial=-5), "name"),
    (row(serial=2**70), "name"),
    (row(flags=True), "shape"),
    (row(flags="3"), "shape"),
    (row(ghs="95"), "shape"),
    (row(serial=None), "shape"),
    (row()[:5], "shape"),
    ([*row(), 0, 0, 0], "shape"),
    ([*row(), "1"], "shape"),
    ([*row(), -1], "pieces"),
    ([*row(), None, 1_001], "pieces"),
    ("RIG1", "shape"),
    (None, "shape"),
    ([], "shape"),
]
VALID = [
    (row(), (95_000, 3_250, 70, True, True)),
    (row(ghs=0, power_w=0, temp_c=0, flags=1), (0, 0, 0, True, False)),
    (row(ghs=94_999.6, power_w=3_249.5, temp_c=-60), (95_000, 3_250, -60, True, True)),
    (row(ghs=10_000_000, power_w=100_000, temp_c=250), (10_000_000, 100_000, 250, True, True)),
    (row(ghs=None), (None, 3_250, 70, True, True)),
    (row(power_w=None), (95_000, None, 70, True, True)),
    (row(temp_c=None), (95_000, 3_250, None, True, True)),
    (row(ghs=None, power_w=None, temp_c=None, flags=0), (None, None, None, False, False)),
    (row(minutes=5), (95_000, 3_250, 70, True, True)),
    (row(minutes=-60 * 24 * 90), (95_000, 3_250, 70, True, True)),
    (row(serial="rig1"), (95_000, 3_250, 70, True, True)),
]
PIECES = [
    ([*row()], (None, None)),
    ([*row(), 1], (1, None)),
    ([*row(), None, 2], (None, 2)),
    (told(), (None, None)),
    (told(hashboards=[{"missing": True}, {"missing": False}], fans=[{"speed": 0}, {"speed": 5_400}]), (1, 1)),
    (told(fans=[{"speed": 0}, {"speed": 0}]), (None, None)),  # under oil no fan turns
    (told(fans=[{"speed": None}, {"speed": 4_000}]), (None, 0)),
]
MINER_DATA = [
    ({}, (95_500, 3_250, 72, True, True)),
    ({"is_mining": False}, (95_500, 3_250, 72, True, False)),
    ({"hashrate": 95.5}, (95_500, 3_250, 72, True, True)),
    ({"hashrate": None, "hashboards": []}, (None, 3_250, None, True, False)),
    ({"hashrate": {"unit": {"value": 1}, "rate": 95.5e12}}, (95_500, 3_250, 72, True, True)),
    ({"hashboards": [], "temperature_avg": 66, "wattage": None}, (95_500, None, 66, True, True)),
]
MINER_DATA_REFUSED = [
    ({"expected_hashrate": {"unit": {"value": 10**12}, "rate": -0.003}}, "expected_hashrate"),
    ({"expected_hashrate": {"unit": {"value": 10**12}, "rate": 1e9}}, "expected_hashrate"),
    ({"expected_hashrate": -0.003}, "expected_hashrate"),
    ({"hashrate": 1e9}, "hashrate"),
    ({"serial_number": None}, "name"),
    ({"serial_number": "0000000", "mac": "nonsense"}, "name"),
    ({"datetime": "yesterday"}, "time"),
    ({"datetime": None, "timestamp": None}, "time"),
    ({"wattage": "3250 W"}, "shape"),
    ({"hashboards": {}}, "shape"),
]


def figures(reading):
    return (reading.ghs, reading.power_w, reading.temp_c, reading.is_reachable, reading.is_hashing)


@pytest.mark.parametrize(("given", "kept"), PIECES)
def test_boards_that_are_missing_and_fans_that_stand_still_are_kept(fleet, given, kept):
    rig(fleet)
    assert give(given).accepted == 1
    for found in (Reading.objects.get(), LatestReading.objects.get()):
        assert (found.boards_missing, found.fans_stopped) == kept


@pytest.mark.parametrize(("given", "kept"), VALID)
def test_a_reading_that_can_be_is_kept_as_whole_numbers(fleet, given, kept):
    miner = rig(fleet)
    batch = give(given)
    assert (batch.accepted, batch.refused, batch.unknown) == (1, 0, 0)
    assert figures(Reading.objects.get()) == figures(LatestReading.objects.get()) == kept
    assert Reading.objects.get().at.timestamp() == given[1]
    assert latest_of([miner.pk])[miner.pk].at.timestamp() == given[1]


@pytest.mark.parametrize(("given", "reason"), INVALID, ids=str)
def test_a_reading_that_cannot_be_is_counted_and_the_others_are_kept(fleet, given, reason):
    rig(fleet)
    batch = give(row(minutes=-1), given)
    assert (batch.readings, batch.accepted, batch.refused_by_reason) == (2, 1, {reason: 1})
    assert Reading.objects.get().at.timestamp() == at(-1)


@pytest.mark.parametrize(("changes", "kept"), MINER_DATA)
def test_pyasics_miner_data_is_taken_as_it_is(fleet, changes, kept):
    rig(fleet)
    batch = take_readings(json.dumps(told(**changes)).encode(), by=None, now=NOON)
    assert (batch.form, batch.accepted) == ("pyasic", 1)
    assert figures(Reading.objects.get()) == kept


@pytest.mark.parametrize(("changes", "reason"), MINER_DATA_REFUSED)
def test_miner_data_that_cannot_be_is_counted_and_the_others_are_kept(fleet, changes, reason):
    rig(fleet)
    batch = give(told(minutes=-1), told(**changes))
    assert (batch.readings, batch.accepted, batch.refused_by_reason) == (2, 1, {reason: 1})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"[", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "holds no readings"),
        (b"7", "Send a list"),
        (b'"RIG1"', "Send a list"),
        (b"[" * 100_000, "nested too deep|not JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
        (json.dumps([row()] * 20_001).encode(), "20,001 readings. Send at most 20,000"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_body_that_is_no_batch_is_refused_with_a_sentence(fleet, body, why):
    with pytest.raises(Refusal, match=why):
        take_readings(body, by=None, now=NOON)
    assert not ReadingBatch.objects.exists()


def test_the_same_batch_again_changes_nothing(fleet):
    rig(fleet)
    rows = [row(minutes=n / 10) for n in range(20)]
    first = give(*rows)
    kept, newest = list(Reading.objects.order_by("at").values()), LatestReading.objects.values().get()
    again = give(*rows)
    assert (first.accepted, first.known, again.accepted, again.known) == (20, 0, 0, 20)
    assert list(Reading.objects.order_by("at").values()) == kept
    assert LatestReading.objects.values().get() == newest


def test_the_same_reading_twice_in_one_batch_is_kept_once(fleet):
    rig(fleet)
    batch = give(row(), row(ghs=1))
    assert (batch.accepted, batch.known) == (1, 1)
    assert LatestReading.objects.get().ghs == Reading.objects.get().ghs


def test_the_latest_is_the_newest_in_whatever_order_readings_come(fleet):
    rig(fleet)
    give(row(minutes=-1, ghs=2), row(minutes=-3, ghs=1))
    give(row(minutes=-2, ghs=3))
    newest = LatestReading.objects.get()
    assert (newest.ghs, newest.at.timestamp()) == (2, at(-1))


def test_unknown_miners_are_counted_and_some_are_named(fleet):
    rig(fleet)
    batch = give(row(), *(row(serial=f"GHOST{n}") for n in range(7)), row(serial=999_999_999))
    assert (batch.accepted, batch.unknown) == (1, 8)
    assert batch.unknown_named == ["GHOST0", "GHOST1", "GHOST2", "GHOST3", "GHOST4"]


def test_a_miner_is_found_by_its_id_its_serial_or_its_mac(fleet):
    by_id, by_mac = rig(fleet), rig(fleet, "RIG2", mac="02:AB:CD:EF:00:01")
    give(row(serial=by_id.pk), row(serial="02-ab-cd-ef-00-01"))
    assert set(Reading.objects.values_list("miner_id", flat=True)) == {by_id.pk, by_mac.pk}


def test_a_serial_nobody_knows_is_tried_by_the_mac_told_with_it(fleet):
    rig(fleet, mac="02:AB:CD:EF:00:01")
    assert give(told("OTHERSERIAL", mac="02:ab:cd:ef:00:01")).accepted == 1


def test_a_mac_that_two_miners_claim_names_neither(fleet):
    rig(fleet, mac="02:AB:CD:EF:00:01")
    rig(fleet, "RIG2", mac="02:AB:CD:EF:00:01")
    assert give(row(serial="02:AB:CD:EF:00:01")).unknown == 1


def test_readings_of_several_days_find_their_partitions(fleet):
    miner = rig(fleet)
    minutes = [-60 * 24 * day for day in range(5)]
    assert give(*(row(minutes=m) for m in minutes)).accepted == 5
    found = history(miner, NOON - timedelta(days=3), NOON + timedelta(minutes=1))
    assert [reading.at.timestamp() for reading in found] == [at(m) for m in sorted(minutes)[1:]]


def test_a_batch_costs_the_same_queries_however_long_it_is(fleet, cast):
    serials = [rig(fleet, f"RIG{n}").serial for n in range(30)]
    counts = []
    for minutes, length in ((0, 1), (1, 30)):
        rows = [row(serial, minutes) for serial in serials[:length]]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            give(*rows, by=cast.technician)
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    assert counts[0] >= counts[1]
    assert counts[1] <= 8


def test_who_may_not_write_readings_writes_none(fleet, cast):
    rig(fleet)
    with pytest.raises(Refusal, match=r"readings\.write"):
        give(row(), by=cast.auditor)
    assert not Reading.objects.exists()


def test_a_batch_of_all_sorts_adds_up(fleet):
    rig(fleet)
    give(row())
    batch = give(row(), row(minutes=1), row(ghs=-1), row(serial="GHOST"), [])
    assert (batch.accepted, batch.known, batch.refused, batch.unknown) == (1, 1, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_keep_each_reading_once_and_never_wait_for_each_other_in_a_ring(fleet):
    drop_before(date(2100, 1, 1))  # they race for making the partition as well
    serials = [rig(fleet, f"RIG{n:02}").serial for n in range(20)]
    rows = [row(serial, minutes / 10) for minutes in range(10) for serial in serials]
    start = Barrier(4)

    def send(order):
        try:
            start.wait(timeout=20)
            return [give(*order[n : n + 50]) for n in range(0, len(order), 50)]
        finally:
            connection.close()

    backwards = list(reversed(rows))
    with ThreadPoolExecutor(4) as pool:
        batches = [b for many in pool.map(send, [rows, backwards, rows, backwards]) for b in many]
    assert sum(batch.accepted for batch in batches) == len(rows) == Reading.objects.count()
    assert sum(batch.known for batch in batches) == 3 * len(rows)
    assert set(LatestReading.objects.values_list("at", flat=True)) == {datetime.fromtimestamp(at(0.9), UTC)}
