"""Up to a thousand miners in one request: all or none, and every bad row is named."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.miners.models import Miner, Stay
from fleet.miners.verbs import place_hold, register_miner
from fleet.sites.models import Building, PowerFeed
from kit.trail.models import TrailEntry
from tests.fleet.conftest import LONG_AGO


@pytest.fixture
def client(cast, as_user):
    return as_user(cast.fleet_manager)


def send(client, verb: str, rows: list, **further):
    return client.post(
        f"/api/v1/miners/bulk-{verb}/", json.dumps({"rows": rows} | further), content_type="application/json"
    )


def entries(count: int, **further) -> list[dict]:
    return [
        {"serial": f"sn-{n:04}", "model": "Antminer S19", "site": "bratsk"} | further for n in range(count)
    ]


def errors(answer) -> set[tuple[int, str]]:
    assert answer.status_code == 400, answer.content
    return {(problem["index"], problem["field"]) for problem in answer.json()["errors"]}


def test_miners_are_entered_with_their_stays_and_one_entry_in_the_trail(fleet, client):
    rows = [
        {
            "serial": "sn-1",
            "model": "Antminer S19",
            "site": "bratsk",
            "slot": fleet.slots[0].pk,
            "owner": "C-001",
        },
        {"serial": "sn-2", "model": "Whatsminer M50", "power_w": 3_400, "is_exportable": False},
    ]
    answer = send(client, "create", rows, at="2022-03-01T00:00:00Z")
    first, second = Miner.objects.order_by("serial")
    assert (answer.status_code, answer.json()) == (201, {"created": 2, "ids": [first.pk, second.pk]})
    assert (first.rack, first.slot, first.owner, first.power_w) == (
        fleet.slots[0].rack,
        fleet.slots[0],
        fleet.dana,
        3_250,
    )
    assert (second.site, second.power_w, second.ghs, second.is_exportable) == (None, 3_400, 114_000, False)
    assert Stay.objects.get().from_at.isoformat() == "2022-03-01T00:00:00+00:00"
    assert TrailEntry.objects.filter(verb="miners.registered").get().detail["machines"] == 2


def test_every_bad_row_is_named_with_its_field_and_none_is_entered(fleet, client):
    register_miner("sn-1", fleet.s19, site=fleet.bratsk, slot=fleet.slots[0], at=LONG_AGO, by=None)
    pecos_slot = fleet.slots[1].pk
    answer = send(
        client,
        "create",
        [
            {"serial": "sn-good", "model": "Antminer S19"},
            {"serial": "SN-1", "model": "Antminer S19"},
            {"serial": "sn-2", "model": "Antminer S99", "owner": "C-999", "site": "omsk"},
            {"serial": "sn-3", "model": "Antminer S19"},
            {"serial": " sn-3", "model": "Antminer S19"},
            {"serial": "sn-4", "model": "Antminer S19", "site": "bratsk", "slot": fleet.slots[0].pk},
            {"serial": "sn-5", "model": "Antminer S19", "site": "pecos", "slot": pecos_slot},
            {"serial": "sn-6", "model": "Antminer S19", "site": "bratsk", "slot": 0},
            {"serial": "sn-7", "model": "Antminer S19", "status": "mining"},
            {"serial": "sn-8", "model": "Antminer S19", "status": "sold"},
        ],
    )
    assert errors(answer) == {
        (1, "serial"),
        (2, "model"),
        (2, "owner"),
        (2, "site"),
        (3, "serial"),
        (4, "serial"),
        (5, "slot"),
        (6, "slot"),
        (8, "site"),
        (9, "status"),
    }
    assert "10 problems" in answer.json()["detail"]
    assert Miner.objects.count() == 1


def test_a_row_of_the_wrong_shape_is_named_the_same_way(fleet, client):
    rows = [{"serial": "sn-1", "model": "Antminer S19"}, {"model": "Antminer S19", "power_w": -1}, "text"]
    answer = send(client, "create", rows)
    assert {(1, "serial"), (1, "power_w")} < errors(answer)
    assert not Miner.objects.exists()


@pytest.mark.parametrize("rows", [[], None, "rows", [{}] * 1_001])
def test_no_rows_and_too_many_are_refused(fleet, client, rows):
    assert send(client, "create", rows).status_code == 400


def test_figures_are_corrected_by_serial_or_key_and_power_begins_a_stay(fleet, client):
    miners = [register_miner(f"sn-{n}", fleet.s19, site=fleet.bratsk, at=LONG_AGO, by=None) for n in range(3)]
    rows = [
        {"serial": "SN-0", "power_w": 3_300},
        {"id": miners[1].pk, "firmware": "vnish", "is_exportable": None, "mac": ""},
        {"serial": "sn-2"},
    ]
    assert send(client, "update", rows).json() == {"changed": 2}
    first, second, third = Miner.objects.order_by("serial")
    assert (first.power_w, first.stays.count()) == (3_300, 2)
    assert (second.firmware, second.power_w, second.stays.count(), third.stays.count()) == (
        "vnish",
        3_250,
        1,
        1,
    )
    assert send(client, "update", rows).json() == {"changed": 0}


def test_one_unknown_or_repeated_miner_leaves_all_uncorrected(fleet, client):
    register_miner("sn-0", fleet.s19, by=None)
    rows = [{"serial": "sn-0", "firmware": "a"}, {"serial": "sn-9"}, {"id": 999_999}, {"serial": "sn-0"}, {}]
    assert errors(send(client, "update", rows)) == {
        (0, "serial"),
        (1, "serial"),
        (2, "id"),
        (3, "serial"),
        (4, "serial"),
    }
    assert Miner.objects.get().firmware == ""


def test_each_miner_goes_to_its_own_site_and_slot(fleet, client):
    for n in range(3):
        register_miner(f"sn-{n}", fleet.s19, site=fleet.bratsk, slot=fleet.slots[n], at=LONG_AGO, by=None)
    rows = [
        {"serial": "sn-0", "site": "bratsk", "slot": fleet.slots[1].pk},
        {"serial": "sn-1", "site": "bratsk", "slot": fleet.slots[0].pk},
        {"serial": "sn-2", "site": "pecos"},
    ]
    assert send(client, "move", rows, reason="swap").json() == {"changed": 3}
    placed = dict(Miner.objects.values_list("serial", "slot"))
    assert placed == {"SN-0": fleet.slots[1].pk, "SN-1": fleet.slots[0].pk, "SN-2": None}


def test_a_slot_freed_toward_another_site_is_free_for_one_that_comes(fleet, client):
    stays, leaves = (
        register_miner(f"sn-{n}", fleet.s19, site=fleet.bratsk, slot=fleet.slots[n], at=LONG_AGO, by=None)
        for n in range(2)
    )
    register_miner("sn-2", fleet.s19, site=fleet.pecos, at=LONG_AGO, by=None)
    comes = {"serial": "sn-2", "site": "bratsk"}
    rows = [comes | {"slot": leaves.slot_id}, {"serial": "sn-1", "site": "pecos"}]
    assert send(client, "move", rows).json() == {"changed": 2}
    assert dict(Miner.objects.values_list("serial", "slot")) == {
        "SN-0": stays.slot_id,
        "SN-1": None,
        "SN-2": leaves.slot_id,
    }
    rows = [{"serial": "sn-1", "site": "bratsk", "slot": stays.slot_id}, {"serial": "sn-0", "site": "bratsk"}]
    assert errors(send(client, "move", rows)) == {(0, "slot")}


def test_a_miner_under_way_or_stored_is_not_entered_where_it_cannot_be(fleet, client):
    row = {"model": "Antminer S19", "site": "bratsk"}
    rows = [
        row | {"serial": "sn-1", "status": "in_transit"},
        row | {"serial": "sn-2", "status": "stored", "slot": fleet.slots[0].pk},
        row | {"serial": "sn-3", "status": "stored"},
    ]
    assert errors(send(client, "create", rows)) == {(0, "site"), (1, "slot")}


def test_a_hold_and_a_taken_slot_stop_every_row_and_are_named(fleet, client):
    miners = [register_miner(f"sn-{n}", fleet.s19, site=fleet.bratsk, at=LONG_AGO, by=None) for n in range(3)]
    register_miner("sn-9", fleet.s19, site=fleet.bratsk, slot=fleet.slots[0], at=LONG_AGO, by=None)
    place_hold(miners[1], reason="evidence", by=None)
    rows = [
        {"serial": "sn-0", "site": "bratsk", "slot": fleet.slots[0].pk},
        {"serial": "sn-1", "site": "pecos"},
        {"serial": "sn-2", "site": "pecos"},
    ]
    answer = send(client, "move", rows)
    assert errors(answer) == {(0, "slot"), (1, "serial")}
    assert "evidence" in str(answer.json()["errors"])
    assert not Miner.objects.filter(site=fleet.pecos).exists()


def test_more_than_is_energized_takes_consent_and_a_reason(fleet, client):
    fleet.bratsk.energized_w = 10_000
    fleet.bratsk.save()
    answer = send(client, "create", entries(4))
    assert "another 13.0\u202fkW would be 3.0\u202fkW too much" in answer.json()["detail"]
    assert not Miner.objects.exists()
    assert send(client, "create", entries(4), accept_overcommitment=True).status_code == 400
    accepted = send(
        client, "create", entries(4), accept_overcommitment=True, reason="new transformer on Monday"
    )
    assert accepted.status_code == 201
    assert TrailEntry.objects.get(verb="miners.registered").detail["reason"] == "new transformer on Monday"


def test_a_feed_that_is_full_stops_a_move_into_its_slots(fleet, client):
    feed = PowerFeed.objects.create(
        site=fleet.bratsk, name="T1", nameplate_w=5_000, energized_on="2022-01-01"
    )
    Building.objects.update(feed=feed)
    for n in range(2):
        register_miner(f"sn-{n}", fleet.s19, at=LONG_AGO, by=None)
    rows = [{"serial": f"sn-{n}", "site": "bratsk", "slot": fleet.slots[n].pk} for n in range(2)]
    assert "Bratsk T1 has 5" in send(client, "move", rows).json()["detail"]
    assert send(client, "move", rows[:1]).json() == {"changed": 1}


@pytest.mark.parametrize("verb", ["create", "update", "move"])
def test_a_hundred_rows_cost_the_queries_of_two(fleet, client, verb):
    if verb != "create":
        send(client, "create", entries(110))

    def cost(rows: list[dict]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert send(client, verb, rows).status_code < 300
        return len(captured)

    further = {"create": {}, "update": {"power_w": 3_300}, "move": {"site": "pecos"}}[verb]
    rows = entries(110) if verb == "create" else [{"serial": f"sn-{n:04}"} | further for n in range(110)]
    assert cost(rows[:2]) == cost(rows[2:102])


def test_a_technician_moves_many_and_enters_none(fleet, cast, as_user):
    client = as_user(cast.technician)
    register_miner("sn-0", fleet.s19, by=None)
    assert send(client, "create", entries(1)).status_code == 403
    assert send(client, "update", [{"serial": "sn-0"}]).status_code == 403
    assert send(client, "move", [{"serial": "sn-0", "site": "pecos"}]).json() == {"changed": 1}
