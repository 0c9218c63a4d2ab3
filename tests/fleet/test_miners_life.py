"""The thirteen states of a miner: every pair is tried, allowed or refused as the table says."""

from datetime import UTC, datetime, timedelta

import pytest

from fleet.miners import verbs
from fleet.miners.models import Miner, MinerStatus, Part, Stay
from fleet.miners.steps import AT_A_SITE, AWAY, ENDED, ENDS_FROM, STEPS
from kit.errors import Refusal
from tests.fleet.conftest import LONG_AGO

LATER = datetime(2022, 4, 20, tzinfo=UTC)
PAIRS = [(start, end) for start in MinerStatus.values for end in MinerStatus.values if start != end]
# Written out by hand, not read from the table: a state is named here by its first letters.
ALLOWED = {
    "ordered": "in_transit received sold scrapped",
    "in_transit": "customs_hold received sold scrapped",
    "customs_hold": "in_transit received sold scrapped",
    "received": "racked stored in_repair in_transit sold scrapped",
    "racked": "energized in_repair stored in_transit sold scrapped",
    "energized": "mining low offline racked in_repair stored sold scrapped",
    "mining": "low offline energized racked in_repair stored sold scrapped",
    "low": "mining offline energized racked in_repair stored sold scrapped",
    "offline": "mining low energized racked in_repair stored in_transit sold scrapped",
    "in_repair": "racked energized mining offline stored in_transit sold scrapped",
    "stored": "racked in_repair in_transit received sold scrapped",
    "sold": "",
    "scrapped": "",
}


@pytest.fixture
def miner_in(fleet):
    """A miner in a state, in the first slot of Bratsk unless it is between sites or has ended."""

    def make(status: str) -> Miner:
        is_there = status not in (*AWAY, *ENDED)
        miner = verbs.register_miner(
            "SN-1",
            fleet.s19,
            owner=fleet.dana,
            site=fleet.bratsk if is_there else None,
            slot=fleet.slots[0] if is_there and status != "stored" else None,
            status="received" if status in ENDED else status,
            at=LONG_AGO,
            by=None,
        )
        if status in ENDED:
            verbs.end_stays([miner.pk], status, by=None, at=LONG_AGO)
        miner.refresh_from_db()
        return miner

    return make


def go(miner: Miner, status: str) -> None:
    verb = verbs.end_stays if status in ENDED else verbs.set_status
    verb([miner.pk], status, by=None, at=LATER)
    miner.refresh_from_db()


def test_the_table_has_thirteen_states_and_every_one_is_reached_and_left():
    assert set(STEPS) == set(MinerStatus.values) == set(ALLOWED)
    assert len(STEPS) == 13
    reached = {end for ends in STEPS.values() for end in ends} | set(ENDED)
    assert set(STEPS) - reached == {"ordered"}
    assert set(ENDS_FROM) == set(STEPS) - set(ENDED)


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_a_step_of_a_miners_life_is_allowed_or_refused_as_written(start, end, miner_in):
    miner = miner_in(start)
    if end in ALLOWED[start].split():
        go(miner, end)
        assert miner.status == end
        # Whoever left a site or slot holds no place; whoever runs has one; an open stay tells the truth.
        if end in (*AWAY, *ENDED):
            assert (miner.site, miner.rack, miner.slot) == (None, None, None)
        if end == "stored":
            assert (miner.rack, miner.slot) == (None, None)
        if end in AT_A_SITE:
            assert miner.site is not None
        standing = Stay.objects.filter(miner=miner, to_at__isnull=True)
        assert [(stay.site_id, stay.slot_id) for stay in standing] == (
            [(miner.site_id, miner.slot_id)] if miner.site_id else []
        )
    else:
        before = Stay.objects.count()
        with pytest.raises(Refusal):
            go(miner, end)
        miner.refresh_from_db()
        assert (miner.status, Stay.objects.count()) == (start, before)


def test_a_slot_is_free_again_when_its_miner_goes_on_its_way_and_the_stay_is_kept(fleet, miner_in):
    miner = miner_in("offline")
    go(miner, "in_transit")
    (stay,) = miner.stays.all()
    assert (stay.slot, stay.from_at, stay.to_at) == (fleet.slots[0], LONG_AGO, LATER)
    other = verbs.register_miner("SN-2", fleet.s19, site=fleet.bratsk, slot=fleet.slots[0], by=None)
    assert other.slot == fleet.slots[0]


def test_a_stored_miner_leaves_its_slot_and_stays_at_its_site(fleet, miner_in):
    miner = miner_in("racked")
    go(miner, "stored")
    before, after = miner.stays.order_by("from_at")
    assert (before.slot, before.to_at) == (fleet.slots[0], LATER)
    assert (after.site, after.slot, after.from_at) == (fleet.bratsk, None, LATER)


def test_a_miner_in_repair_keeps_its_slot_and_its_stay(fleet, miner_in):
    miner = miner_in("mining")
    go(miner, "in_repair")
    assert (miner.slot, miner.stays.count()) == (fleet.slots[0], 1)


def test_a_whole_journey_leaves_intervals_that_meet_and_do_not_overlap(fleet, miner_in):
    miner = miner_in("ordered")
    day = LONG_AGO
    for step in ("in_transit", "customs_hold", "in_transit"):
        day += timedelta(days=1)
        verbs.set_status([miner.pk], step, by=None, at=day)
    assert miner.stays.count() == 0
    arrived = day + timedelta(days=1)
    assert verbs.receive_miners([miner.pk], fleet.pecos, by=None, at=arrived) == 1
    verbs.move_miners(
        [miner.pk], fleet.bratsk, slots={miner.pk: fleet.slots[0].pk}, by=None, at=arrived + timedelta(1)
    )
    for status in ("racked", "energized", "mining", "stored"):
        verbs.set_status([miner.pk], status, by=None, at=arrived + timedelta(2))
    verbs.end_stays([miner.pk], "scrapped", by=None, at=arrived + timedelta(3))
    stays = list(miner.stays.order_by("from_at"))
    assert [(stay.site.code, stay.slot_id) for stay in stays] == [
        ("pecos", None),
        ("bratsk", fleet.slots[0].pk),
        ("bratsk", None),
    ]
    assert [stay.to_at for stay in stays[:-1]] == [stay.from_at for stay in stays[1:]]
    assert stays[-1].to_at == arrived + timedelta(3)


def test_a_hold_stops_a_miner_from_leaving_and_not_from_being_repaired(fleet, miner_in):
    miner = miner_in("offline")
    verbs.place_hold(fleet.bratsk, reason="EO 14024", by=None)
    with pytest.raises(Refusal, match="EO 14024"):
        go(miner, "in_transit")
    go(miner, "in_repair")
    assert miner.status == "in_repair"


def test_a_miner_under_way_is_received_and_not_moved(fleet, miner_in):
    miner = miner_in("in_transit")
    with pytest.raises(Refusal, match=r"in transit\. Receive at the site instead"):
        verbs.move_miners([miner.pk], fleet.pecos, by=None)
    assert verbs.receive_miners([miner.pk], fleet.pecos, by=None, at=LATER) == 1
    assert verbs.receive_miners([miner.pk], fleet.pecos, by=None, at=LATER) == 0
    miner.refresh_from_db()
    assert (miner.status, miner.site) == ("received", fleet.pecos)
    with pytest.raises(Refusal, match="received, not under way"):
        verbs.receive_miners([miner.pk], fleet.bratsk, by=None)


def test_a_miner_is_not_received_where_a_hold_stands(fleet, miner_in):
    miner = miner_in("in_transit")
    verbs.place_hold(fleet.pecos, reason="raid", by=None)
    with pytest.raises(Refusal, match="raid"):
        verbs.receive_miners([miner.pk], fleet.pecos, by=None)


@pytest.mark.parametrize("count", [1, 3])
def test_receiving_costs_the_same_for_any_number(fleet, count, django_assert_num_queries):
    keys = [verbs.register_miner(f"SN-{n}", fleet.s19, status="in_transit", by=None).pk for n in range(count)]
    with django_assert_num_queries(23):
        verbs.receive_miners(keys, fleet.pecos, by=None)


def test_a_spare_is_on_a_shelf_or_in_a_miner_and_never_both(fleet, miner_in, cast):
    miner = miner_in("mining")
    part = verbs.stock_part("psu", " p-1 ", fleet.pecos, by=cast.technician, family="APW12")
    assert verbs.stock_part("psu", "P-1", fleet.pecos, by=None) == part
    verbs.fit_part(miner, "psu", "P-1", by=None)
    part.refresh_from_db()
    assert (part.shelf, part.miner, part.family) == (None, miner, "APW12")
    with pytest.raises(Refusal, match="sits in SN-1"):
        verbs.stock_part("psu", "P-1", fleet.bratsk, by=None)
    verbs.remove_part(part, by=None)
    assert (part.shelf, part.miner) == (fleet.bratsk, None)
    assert Part.objects.count() == 1


def test_the_family_of_a_miner_follows_its_control_board(fleet, miner_in):
    miner = miner_in("mining")
    Miner.objects.filter(pk=miner.pk).update(board_family="xilinx")

    def family() -> str:
        return Miner.objects.get(pk=miner.pk).board_family

    board = verbs.fit_part(miner, "control_board", "CB-1", by=None)
    assert family() == "xilinx"  # a board nobody knows tells nothing new
    verbs.remove_part(board, by=None)
    assert family() == "unknown"
    verbs.fit_part(miner, "control_board", "CB-2", family="cvitek", by=None)
    assert family() == "cvitek"
    verbs.fit_part(miner, "psu", "P-2", family="APW12", by=None)
    assert family() == "cvitek"
