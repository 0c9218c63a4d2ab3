"""A part that answers with another serial was swapped: the record follows, and says when."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fleet.miners.models import Miner, Part
from fleet.miners.verbs import fit_part, stock_part
from fleet.telemetry import verbs
from fleet.telemetry.models import SeenParts
from fleet.telemetry.snapshots import SeenPart, Sighting, Snapshot, digest_of
from fleet.telemetry.verbs import compare_parts, compare_seen_parts, note_parts
from kit.trail.models import TrailEntry
from tests.fleet.readings import NOON, give, rig, told
from tests.fleet.test_telemetry_parsers import SMALL, write


def seen(*serials, kind="hashboard", **further) -> Snapshot:
    parts = tuple(SeenPart(kind, serial, position) for position, serial in enumerate(serials) if serial)
    return Snapshot(firmware="", parts=parts, **further)


def sighting(snapshot: Snapshot) -> Sighting:
    return Sighting(NOON.timestamp(), digest_of(repr(snapshot)), lambda: snapshot)


def boards(miner):
    return sorted(Part.objects.filter(miner=miner, kind="hashboard").values_list("serial", flat=True))


@pytest.fixture
def miner(fleet):
    miner = rig(fleet)
    compare_parts(miner, seen("AAAA", "BBBB", "CCCC"), at=NOON)
    return miner


@pytest.mark.parametrize(
    ("told_now", "kept", "fitted", "removed"),
    [
        (("AAAA", "BBBB", "CCCC"), "AAAA BBBB CCCC", "", ""),
        (("CCCC", "AAAA", "BBBB"), "AAAA BBBB CCCC", "", ""),
        (("AAAA", "BBBB", "DDDD"), "AAAA BBBB DDDD", "DDDD", "CCCC"),
        (("DDDD", "EEEE", "FFFF"), "DDDD EEEE FFFF", "DDDD EEEE FFFF", "AAAA BBBB CCCC"),
        # A board that does not answer is not gone.
        (("AAAA", "BBBB"), "AAAA BBBB CCCC", "", ""),
        (("AAAA", "", ""), "AAAA BBBB CCCC", "", ""),
        ((), "AAAA BBBB CCCC", "", ""),
        # One came and two do not answer: the one in its place left.
        (("AAAA", "DDDD"), "AAAA CCCC DDDD", "DDDD", "BBBB"),
        # One came and nobody is missing: a fourth board.
        (("AAAA", "BBBB", "CCCC", "DDDD"), "AAAA BBBB CCCC DDDD", "DDDD", ""),
    ],
)
def test_as_many_parts_leave_as_came_and_silence_is_no_swap(miner, told_now, kept, fitted, removed):
    changes = compare_parts(miner, seen(*told_now), at=NOON + timedelta(hours=1))
    assert boards(miner) == kept.split()
    assert (sorted(changes.fitted), sorted(changes.removed)) == (fitted.split(), removed.split())


def test_a_swap_is_dated_touches_the_machine_and_stands_in_the_trail(miner):
    before = Miner.objects.get(pk=miner.pk).changed_at
    compare_parts(miner, seen("AAAA", "BBBB", "DDDD"), at=NOON + timedelta(hours=1))
    part = Part.objects.get(serial="DDDD")
    assert (part.fitted_at, part.position) == (NOON + timedelta(hours=1), 2)
    assert Part.objects.get(serial="CCCC").miner is None
    assert Part.objects.get(serial="AAAA").fitted_at == NOON
    assert Miner.objects.get(pk=miner.pk).changed_at > before
    verbs = list(TrailEntry.objects.order_by("-id").values_list("verb", flat=True)[:2])
    assert verbs == ["part.fitted", "part.removed"]


def test_the_same_parts_again_write_nothing(miner):
    with CaptureQueriesContext(connection) as queries:
        assert not compare_parts(miner, seen("AAAA", "BBBB", "CCCC"))
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []
    assert len(queries) <= 5


def test_parts_of_one_kind_say_nothing_of_another(miner):
    compare_parts(miner, seen("PSU-1", kind="psu"))
    assert boards(miner) == ["AAAA", "BBBB", "CCCC"]
    compare_parts(miner, seen("PSU-2", kind="psu"))
    assert list(Part.objects.filter(miner=miner, kind="psu").values_list("serial", flat=True)) == ["PSU-2"]


def test_the_control_board_family_is_corrected_where_it_is_told(miner):
    changes = compare_parts(
        miner, seen("CB-1", kind="control_board", board_family="cvitek", control_board="CVITEK")
    )
    assert changes.corrected == ("board_family",)
    assert Miner.objects.get(pk=miner.pk).board_family == "cvitek"
    assert Part.objects.get(serial="CB-1").family == "cvitek"
    compare_parts(miner, seen("CB-1", kind="control_board"))
    assert Miner.objects.get(pk=miner.pk).board_family == "cvitek", "not told is not unlearned"


def test_a_board_is_moved_when_the_miner_it_came_from_tells_it_no_more(fleet, miner):
    other = rig(fleet, "RIG2")
    note_parts({miner.pk: sighting(seen("AAAA", "BBBB", "EEEE"))})
    compare_parts(other, seen("CCCC"))
    assert boards(other) == ["CCCC"]
    assert boards(miner) == ["AAAA", "BBBB"]


def test_a_board_two_miners_tell_stays_and_is_named(fleet, miner):
    other = rig(fleet, "RIG2")
    note_parts({miner.pk: sighting(seen("AAAA", "BBBB", "CCCC")), other.pk: sighting(seen("CCCC", "DDDD"))})
    compare_seen_parts()
    assert boards(miner) == ["AAAA", "BBBB", "CCCC"]
    assert boards(other) == ["DDDD"]
    assert SeenParts.objects.get(miner=other).remark == "Told by another miner as well: CCCC."


def test_a_part_from_the_shelf_is_fitted(fleet, miner):
    Part.objects.create(kind="hashboard", serial="SPARE-1")
    compare_parts(miner, seen("AAAA", "BBBB", "SPARE-1"))
    assert boards(miner) == ["AAAA", "BBBB", "SPARE-1"]
    assert Part.objects.filter(serial="SPARE-1").count() == 1


def test_miner_data_brings_its_parts_which_are_compared_by_the_task_once(fleet):
    miner = rig(fleet)
    give(told(psu_serial_number="PSU-A1", mac="02:ab:cd:ef:00:01"))
    assert compare_seen_parts() == 1
    assert sorted(miner.parts.values_list("kind", "serial", "position")) == [
        ("hashboard", "BOARD-A1", 0),
        ("hashboard", "BOARD-B1", 1),
        ("psu", "PSU-A1", 0),
    ]
    found = Miner.objects.get(pk=miner.pk)
    assert (found.mac, found.firmware) == ("02:AB:CD:EF:00:01", "Stock 2026.1")
    give(told(minutes=1, psu_serial_number="PSU-A1", mac="02:ab:cd:ef:00:01"))
    assert not SeenParts.objects.filter(is_waiting=True).exists()
    assert compare_seen_parts() == 0


STORIES = {
    "nothing on record": ([], ["A111", "A222"]),
    "one more": (["A111"], ["A111", "A222"]),
    "the same": (["A111", "A222"], ["A111", "A222"]),
    "a swap": (["A111", "A222"], ["A111", "A333"]),
    "one is silent": (["A111", "A222"], ["A111"]),
    "from the shelf": ([], ["A111", "SHELF"]),
    "of another miner": ([], ["A111", "FITTED"]),
    "told twice": ([], ["A111", "TWICE"]),
}


def record_of_parts():
    """What is on record of parts and of what they tell of their miners, and what the comparison remarked."""
    parts = Part.objects.order_by("kind", "serial").values_list(
        "kind", "serial", "miner__serial", "shelf__code", "position", "family", "fitted_at", "is_synthetic"
    )
    miners = Miner.objects.order_by("serial").values_list("serial", "board_family", "firmware", "mac")
    noted = SeenParts.objects.order_by("miner_id").values_list("miner__serial", "is_waiting", "remark")
    return list(parts), list(miners), list(noted)


@pytest.mark.parametrize("story", STORIES)
def test_many_at_a_time_come_to_the_same_as_one_by_one(fleet, story):
    stored, now = STORIES[story]
    stock_part("hashboard", "SHELF", fleet.bratsk, by=None)
    fit_part(rig(fleet, "OTHER"), "hashboard", "FITTED", by=None, at=NOON)
    miner, twin = rig(fleet, "RIG1"), rig(fleet, "RIG2", is_synthetic=True)
    for place, serial in enumerate(stored):
        fit_part(miner, "hashboard", serial, by=None, at=NOON, position=place)
    told_now = seen(*now) if story == "the same" else seen(*now, board_family="cvitek")
    others = (SeenPart("control_board", "CB-9"), SeenPart("psu", "PSU-9", 1))
    told_now = replace(told_now, parts=told_now.parts + others, mac="02:AB:CD:EF:00:01", firmware="New 1")
    note_parts({miner.pk: sighting(told_now), twin.pk: sighting(seen("TWICE" if "TWICE" in now else "B111"))})
    undo = transaction.savepoint()
    verbs._compare_one_by_one([miner.pk, twin.pk])
    one_by_one = record_of_parts()
    transaction.savepoint_rollback(undo)
    before = Miner.objects.get(pk=miner.pk).changed_at
    assert compare_seen_parts() == 2
    assert record_of_parts() == one_by_one
    assert Miner.objects.get(pk=miner.pk).changed_at > before
    assert compare_seen_parts() == 0


def test_parts_first_seen_cost_the_same_however_many_and_stand_in_the_trail_once(fleet):
    counts = []
    for count in (2, 20):
        miners = [rig(fleet, f"M{count}-{n}") for n in range(count)]
        note_parts({m.pk: sighting(seen(f"{m.serial}-A", f"{m.serial}-B")) for m in miners})
        with CaptureQueriesContext(connection) as queries:
            assert compare_seen_parts() == count
        counts.append(len(queries))
        entry = TrailEntry.objects.latest("id")
        assert entry.verb == "parts.first_seen"
        assert (entry.detail["machines"], entry.detail["parts"]) == (count, 2 * count)
    assert counts[0] >= counts[1]


def test_older_news_of_parts_does_not_undo_newer(fleet):
    miner = rig(fleet)
    give(told(hashboards=[{"slot": 0, "serial_number": "NEWER-1"}]))
    give(told(minutes=-60, hashboards=[{"slot": 0, "serial_number": "OLDER-1"}]))
    compare_seen_parts()
    assert boards(miner) == ["NEWER-1"]


def test_parts_of_a_refused_reading_are_not_believed(fleet):
    rig(fleet)
    give(told(wattage=-5))
    assert not SeenParts.objects.exists()


def test_a_recorded_answer_is_compared_with_the_miner_it_names(fleet, tmp_path):
    miner = rig(fleet, "LUX-1234")
    fit_part(miner, "hashboard", "OLD-BOARD", by=None)
    write(
        tmp_path,
        **SMALL["LuxOS"],
        devs={"STATUS": [{"Description": "LUXminer 1"}], "DEVS": [{"ID": 0, "SerialNumber": "NEW-BOARD"}]},
    )
    out = StringIO()
    call_command("parse_captures", str(tmp_path), "--apply", stdout=out)
    assert "LUX-1234: fitted NEW-BOARD; removed OLD-BOARD; corrected board_family, firmware" in out.getvalue()
    out = StringIO()
    call_command("parse_captures", str(tmp_path), "--apply", stdout=out)
    assert "the same as on record" in out.getvalue()
