from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from fleet.catalog.models import PartKind
from fleet.miners import verbs
from fleet.miners.models import Miner, MoveHold, Part, Stay
from fleet.miners.steps import STEPS
from kit.errors import Refusal
from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from tests.fleet.conftest import LONG_AGO

LATER = datetime(2022, 4, 20, tzinfo=UTC)


@pytest.fixture
def miners(fleet) -> list[Miner]:
    """Two in the first two slots of Bratsk since long ago."""
    return [
        verbs.register_miner(
            f"sn-{n}",
            fleet.s19,
            owner=fleet.dana,
            site=fleet.bratsk,
            slot=slot,
            status="mining",
            at=LONG_AGO,
            by=None,
        )
        for n, slot in enumerate(fleet.slots[:2], start=1)
    ]


def keys(miners: list[Miner]) -> list[int]:
    return [miner.pk for miner in miners]


def test_a_registered_miner_takes_the_catalogues_figures_and_begins_a_stay(fleet, miners):
    assert (miners[0].serial, miners[0].power_w, miners[0].ghs) == ("SN-1", 3_250, 95_000)
    stay = Stay.objects.get(miner=miners[0])
    assert (stay.site, stay.owner, stay.from_at, stay.to_at) == (fleet.bratsk, fleet.dana, LONG_AGO, None)


@pytest.mark.parametrize(
    ("serial", "given", "why"),
    [
        ("", {}, "needs a serial"),
        ("sn-1", {}, "is known already"),
        ("sn-3", {"status": "mining"}, "needs a site"),
        ("sn-3", {"status": "sold"}, "is not entered as sold"),
        ("sn-3", {"power_w": -3_250}, "-3250 is not a power"),
        ("sn-3", {"ghs": -1}, "below zero"),
    ],
)
def test_a_miner_that_cannot_be_is_not_entered(fleet, miners, serial, given, why):
    with pytest.raises(Refusal, match=why):
        verbs.register_miner(serial, fleet.s19, by=None, **given)
    assert Miner.objects.count() == 2


def test_a_move_ends_the_stays_and_begins_others_at_the_same_instant(fleet, miners):
    assert verbs.move_miners(keys(miners), fleet.pecos, by=None, at=LATER) == 2
    for miner in miners:
        before, after = miner.stays.order_by("from_at")
        assert (before.to_at, after.from_at, after.site, after.slot) == (LATER, LATER, fleet.pecos, None)
    assert TrailEntry.objects.filter(verb="miners.moved").get().detail["machines"] == 2


def test_the_same_move_again_changes_nothing(fleet, miners):
    verbs.move_miners(keys(miners), fleet.pecos, by=None, at=LATER)
    assert verbs.move_miners(keys(miners), fleet.pecos, by=None) == 0
    assert Stay.objects.count() == 4


def test_two_miners_may_swap_their_slots(fleet, miners):
    swapped = {miners[0].pk: fleet.slots[1].pk, miners[1].pk: fleet.slots[0].pk}
    assert verbs.move_miners(keys(miners), fleet.bratsk, slots=swapped, by=None) == 2
    miners[0].refresh_from_db()
    assert miners[0].slot == fleet.slots[1]


def test_a_taken_slot_refuses_the_whole_move(fleet, miners):
    third = verbs.register_miner("sn-3", fleet.s19, by=None)
    with pytest.raises(Refusal, match="is taken by SN-1"):
        verbs.move_miners([third.pk], fleet.bratsk, slots={third.pk: fleet.slots[0].pk}, by=None)
    with pytest.raises(Refusal, match="is not at Pecos"):
        verbs.move_miners([third.pk], fleet.pecos, slots={third.pk: fleet.slots[3].pk}, by=None)
    third.refresh_from_db()
    assert third.site is None


@pytest.mark.parametrize("subject", ["site", "miner", "destination"])
def test_an_open_hold_stops_a_move_and_says_why(fleet, miners, subject):
    held = {"site": fleet.bratsk, "miner": miners[1], "destination": fleet.pecos}[subject]
    hold = verbs.place_hold(held, reason="blocked pending counsel", authority="EO 14024", by=None)
    with pytest.raises(Refusal, match=r"blocked pending counsel \(EO 14024\). Nothing was moved"):
        verbs.move_miners(keys(miners), fleet.pecos, by=None)
    assert set(Miner.objects.values_list("site__code", flat=True)) == {"bratsk"}
    verbs.release_hold(hold, by=None)
    assert verbs.move_miners(keys(miners), fleet.pecos, by=None) == 2


def test_the_same_hold_twice_is_one_and_is_released_once(fleet):
    hold = verbs.place_hold(fleet.bratsk, reason="EO 14024", by=None)
    assert verbs.place_hold(fleet.bratsk, reason="EO 14024", by=None) == hold
    verbs.release_hold(hold, by=None)
    with pytest.raises(Refusal, match="released already"):
        verbs.release_hold(hold, by=None)
    assert MoveHold.objects.count() == 1


def test_a_hold_of_compliance_is_not_released_by_the_fleet_manager(fleet, cast):
    hold = verbs.place_hold(fleet.bratsk, reason="EO 14024", by=cast.compliance_officer)
    with pytest.raises(Refusal, match=r"compliance\.edit"):
        verbs.release_hold(hold, by=cast.fleet_manager)
    verbs.release_hold(hold, by=cast.compliance_officer)


def test_a_state_is_reached_only_along_the_table(fleet, miners):
    assert verbs.set_status(keys(miners), "offline", by=None) == 2
    assert verbs.set_status(keys(miners), "offline", by=None) == 0
    with pytest.raises(Refusal, match="cannot go from “offline” to “ordered”"):
        verbs.set_status(keys(miners), "ordered", by=None)
    with pytest.raises(Refusal, match="end its stay"):
        verbs.set_status(keys(miners), "sold", by=None)


def test_the_table_of_states_names_every_state_and_ends_nowhere_else():
    from fleet.miners.models import MinerStatus

    assert set(STEPS) == set(MinerStatus.values)
    assert {end for ends in STEPS.values() for end in ends} <= set(MinerStatus.values) - {"sold", "scrapped"}


def test_one_miner_in_the_wrong_state_stops_all(fleet, miners):
    verbs.set_status([miners[0].pk], "in_repair", by=None)
    with pytest.raises(Refusal, match="SN-1"):
        verbs.set_status(keys(miners), "low", by=None)
    miners[1].refresh_from_db()
    assert miners[1].status == "mining"


def test_a_change_of_owner_begins_a_new_stay(fleet, miners):
    assert verbs.transfer_ownership(keys(miners), fleet.olga, by=None, at=LATER) == 2
    assert verbs.transfer_ownership(keys(miners), fleet.olga, by=None) == 0
    before, after = miners[0].stays.order_by("from_at")
    assert (before.owner, after.owner, after.slot) == (fleet.dana, fleet.olga, fleet.slots[0])


def test_a_sold_miner_leaves_its_slot_and_its_stay_ends_even_under_a_hold(fleet, miners):
    verbs.place_hold(fleet.bratsk, reason="EO 14024", by=None)
    assert verbs.end_stays(keys(miners), "sold", by=None, at=LATER) == 2
    assert not Stay.objects.filter(to_at__isnull=True).exists()
    miners[0].refresh_from_db()
    assert (miners[0].site, miners[0].slot, miners[0].status) == (None, None, "sold")
    with pytest.raises(Refusal, match="sold already"):
        verbs.move_miners(keys(miners), fleet.pecos, by=None)


def test_a_held_miner_is_not_scrapped(fleet, miners):
    verbs.place_hold(miners[0], reason="evidence", by=None)
    with pytest.raises(Refusal, match="evidence"):
        verbs.end_stays(keys(miners), "scrapped", by=None)


def test_a_move_before_the_stay_it_would_end_is_refused(fleet, miners):
    with pytest.raises(Refusal, match=r"SN-1 has a stay that begins or ends on 2022-01-01 00:00"):
        verbs.move_miners(keys(miners), fleet.pecos, by=None, at=LONG_AGO)
    assert Miner.objects.filter(site=fleet.bratsk).count() == 2


def test_the_database_itself_refuses_stays_that_overlap(fleet, miners):
    with pytest.raises(IntegrityError, match="stays_do_not_overlap"), transaction.atomic():
        Stay.objects.create(
            miner=miners[0],
            site=fleet.pecos,
            model=fleet.s19,
            power_w=1,
            ghs=1,
            from_at=LATER,
            to_at=LATER + timedelta(1),
        )


def test_a_corrected_power_is_a_new_stay_and_a_corrected_firmware_is_not(fleet, miners):
    verbs.correct_miner(miners[0], by=None, firmware="vnish")
    assert miners[0].stays.count() == 1
    assert verbs.correct_miner(miners[0], by=None, power_w=3_300).power_w == 3_300
    assert miners[0].stays.count() == 2
    with pytest.raises(Refusal, match="“site”"):
        verbs.correct_miner(miners[0], by=None, site=fleet.pecos)


def test_a_part_sits_in_one_miner_at_a_time_and_a_swap_is_news_of_the_miner(fleet, miners):
    stamp = miners[0].changed_at
    part = verbs.fit_part(miners[0], PartKind.HASHBOARD, "hb-1", by=None, position=1)
    assert verbs.fit_part(miners[0], PartKind.HASHBOARD, "HB-1", by=None) == part
    with pytest.raises(Refusal, match="sits in SN-1"):
        verbs.fit_part(miners[1], PartKind.HASHBOARD, "HB-1", by=None)
    verbs.remove_part(part, by=None)
    verbs.fit_part(miners[1], PartKind.HASHBOARD, "HB-1", by=None)
    assert Part.objects.get().miner == miners[1]
    assert Miner.objects.get(pk=miners[0].pk).changed_at > stamp


def test_who_may_not_move_does_not(fleet, miners, cast):
    for act in (
        lambda by: verbs.move_miners(keys(miners), fleet.pecos, by=by),
        lambda by: verbs.set_status(keys(miners), "offline", by=by),
        lambda by: verbs.end_stays(keys(miners), "sold", by=by),
        lambda by: verbs.transfer_ownership(keys(miners), fleet.olga, by=by),
        lambda by: verbs.place_hold(fleet.bratsk, reason="x", by=by),
    ):
        with pytest.raises(Refusal, match="may not do this"):
            act(cast.auditor)
    assert verbs.set_status(keys(miners), "offline", by=cast.technician) == 2


def test_unknown_miners_are_counted_and_nothing_moves(fleet, miners):
    with pytest.raises(Refusal, match="1 of the miners are not known"):
        verbs.move_miners([miners[0].pk, 0], fleet.pecos, by=None)


def test_a_bulk_change_by_hand_is_noticed_as_a_change(fleet, miners):
    before = dict(Miner.objects.values_list("pk", "changed_at"))
    Miner.objects.filter(pk=miners[0].pk).update(firmware="x")
    after = dict(Miner.objects.values_list("pk", "changed_at"))
    assert after[miners[0].pk] > before[miners[0].pk]
    assert after[miners[1].pk] == before[miners[1].pk]


def test_every_act_stands_in_a_trail_that_holds(fleet, miners):
    verbs.move_miners(keys(miners), fleet.pecos, by=None)
    assert check_trail().holds


@pytest.mark.parametrize("count", [1, 2])
def test_a_move_costs_the_same_number_of_queries_for_any_number_of_miners(
    fleet, miners, count, django_assert_num_queries
):
    with django_assert_num_queries(24):
        verbs.move_miners(keys(miners)[:count], fleet.pecos, by=None)
