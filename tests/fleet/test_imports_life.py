"""A file keeps to the table of a miner's life: a state without a place leaves it, or its line is refused."""

import pytest

from fleet.imports import verbs
from fleet.imports.planning import BEGINNINGS
from fleet.miners.models import Miner, Stay
from fleet.miners.steps import ENDED, STEPS
from fleet.miners.verbs import register_miner
from tests.fleet.test_imports import TWO_NEW, applied, counts, planned, problems


def test_a_miner_that_goes_on_its_way_leaves_its_place_and_one_that_is_stored_its_slot(fleet):
    applied(TWO_NEW)
    applied("serial,status\nsn-0001,in transit\nsn-0002,stored\n")
    first, second = Miner.objects.order_by("serial")
    assert (first.status, first.site, first.rack, first.slot) == ("in_transit", None, None, None)
    assert (second.status, second.site, second.rack, second.slot) == ("stored", fleet.bratsk, None, None)
    assert Stay.objects.filter(miner=first, to_at__isnull=True).count() == 0
    assert Stay.objects.get(miner=second, to_at__isnull=True).slot is None


AWAY = "a miner in this state is at no site; leave its place empty, or give the state it has there"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("sn-0001,bratsk,,,in_transit", ("site", AWAY)),
        ("sn-0001,,R1,2,customs_hold", ("site", AWAY)),
        (
            "sn-0001,bratsk,R1,1,stored",
            ("slot", "a stored miner stands in no rack; leave rack and slot empty"),
        ),
        ("sn-0001,,,,ordered", ("status", "no miner comes to this state from another")),
        ("sn-0003,bratsk,,,", ("site", AWAY)),
    ],
)
def test_a_state_that_does_not_fit_the_place_refuses_the_line(fleet, line, problem):
    applied(TWO_NEW)
    register_miner("sn-0003", fleet.s19, status="customs_hold", by=None)
    batch = planned(f"serial,site,rack,slot,status\n{line}\n")
    assert (2, *problem) in problems(batch)
    assert counts(batch) == (0, 0, 0, 1)


def test_every_living_state_can_be_reached_from_every_other_but_where_it_begins():
    for start in (status for status in STEPS if status not in ENDED):
        reached, new = set(), {start}
        while new:
            reached, new = reached | new, {end for one in new for end in STEPS[one]} - reached - new
        assert reached | {start} >= set(STEPS) - set(ENDED) - set(BEGINNINGS), start


def test_a_large_import_has_the_tables_counted_when_it_is_done(fleet, monkeypatch):
    counted = []
    monkeypatch.setattr(verbs, "_tell_the_planner", lambda: counted.append(1))
    monkeypatch.setattr(verbs, "ANALYSE_FROM", 2)
    applied(TWO_NEW)
    applied("serial,status\nsn-0001,offline\n")
    assert len(counted) == 1
