"""More than a site or a feed can carry is refused at every door, unless that is accepted with a reason."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from fleet.imports import verbs as imports
from fleet.miners.models import Miner
from fleet.miners.verbs import (
    place_miners_at,
    receive_miners,
    register_miner,
    register_miners,
    set_status,
)
from fleet.sites.commitment import overcommitment
from fleet.sites.models import Building, PowerFeed, Site
from fleet.workshop.verbs import plan_shipment, receive_shipment, send_shipment
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import run
from kit.trail.models import TrailEntry
from tests.fleet.conftest import LONG_AGO
from tests.fleet.test_imports import planned

PLATE_W = 3_250
S19 = "Antminer S19"
ACCEPT = {"accept_overcommitment": True, "reason": "one is always off"}
TOO_MUCH = "accept the over-commitment with a reason"


@pytest.fixture
def full(fleet):
    """A site with power for two machines, one there; its hall's feed carries one, which has none yet."""
    Site.objects.filter(pk=fleet.bratsk.pk).update(energized_w=2 * PLATE_W)
    feed = PowerFeed.objects.create(
        site=fleet.bratsk, name="T1", nameplate_w=PLATE_W, energized_on="2022-01-01"
    )
    Building.objects.update(feed=feed)
    register_miner("sn-0", fleet.s19, site=fleet.bratsk, at=LONG_AGO, by=None)
    fleet.bratsk.refresh_from_db()
    return fleet


def kept() -> dict:
    return TrailEntry.objects.latest("id").detail


def test_entering_a_miner_asks_the_site_and_the_feed(full):
    register_miner("sn-1", full.s19, site=full.bratsk, slot=full.slots[0], by=None)
    with pytest.raises(Refusal, match=TOO_MUCH):
        register_miner("sn-2", full.s19, site=full.bratsk, by=None)
    Site.objects.filter(pk=full.bratsk.pk).update(energized_w=None, nameplate_w=None)
    with pytest.raises(Refusal, match=r"Bratsk T1 has 3.* energized"):
        register_miner("sn-2", full.s19, site=full.bratsk, slot=full.slots[1], by=None)
    assert not Miner.objects.filter(serial="SN-2").exists()
    register_miner("sn-2", full.s19, site=full.bratsk, slot=full.slots[1], by=None, **ACCEPT)
    assert (kept()["reason"], len(kept()["overcommitted"])) == ("one is always off", 1)


def test_entering_by_the_form_and_by_the_api_shows_it_and_takes_consent(full, cast, as_user):
    client = as_user(cast.fleet_manager)
    url = reverse("admin:fleet_miner_add")
    form = {"serial": "sn-9", "model": full.s19.pk, "site": full.bratsk.pk, "status": "racked"}
    form |= {"slot": full.slots[0].pk, "power_w": 3 * PLATE_W, "ghs": ""}
    assert "would be" in client.post(url, form, follow=True).content.decode()
    assert not Miner.objects.filter(serial="SN-9").exists()
    client.post(url, form | {"accept_overcommitment": "on", "reason": "soon energized"})
    assert Miner.objects.get(serial="SN-9").slot == full.slots[0]
    entry = {"serial": "sn-8", "model": S19, "site": "bratsk"}
    answer = client.post("/api/v1/miners/", json.dumps(entry), content_type="application/json")
    assert (answer.status_code, "would be" in answer.json()["detail"]) == (400, True)
    answer = client.post("/api/v1/miners/", json.dumps(entry | ACCEPT), content_type="application/json")
    assert answer.status_code == 201


def test_entering_many_adds_them_up_by_site_and_by_feed(full):
    row = {"model": S19, "site": "bratsk"}
    with pytest.raises(Refusal, match="Bratsk has") as refused:
        register_miners([row | {"serial": f"sn-{n}"} for n in (1, 2)], by=None)
    assert "T1" not in str(refused.value)
    Site.objects.filter(pk=full.bratsk.pk).update(energized_w=14_000_000)
    racked = [row | {"serial": f"sn-{n}", "slot": full.slots[n].pk} for n in (1, 2)]
    with pytest.raises(Refusal, match="Bratsk T1 has"):
        register_miners(racked, by=None)
    assert Miner.objects.count() == 1
    register_miners(racked, by=None, **ACCEPT)
    assert len(kept()["overcommitted"]) == 1


def test_moving_many_counts_what_leaves_in_the_same_request(full):
    register_miner("sn-1", full.s19, site=full.pecos, at=LONG_AGO, by=None)
    register_miner("sn-2", full.s19, site=full.pecos, at=LONG_AGO, by=None)
    come = [{"serial": f"sn-{n}", "site": "bratsk"} for n in (1, 2)]
    with pytest.raises(Refusal, match=TOO_MUCH):
        place_miners_at(come, by=None)
    assert place_miners_at([*come, {"serial": "sn-0", "site": "pecos"}], by=None) == 3
    assert Miner.objects.filter(site=full.bratsk).count() == 2


def test_a_miner_under_way_is_received_where_there_is_power(full, cast, as_user):
    for n in (1, 2):
        register_miner(f"sn-{n}", full.s19, status="in_transit", by=None)
    keys = list(Miner.objects.filter(status="in_transit").values_list("pk", flat=True))
    with pytest.raises(Refusal, match=TOO_MUCH):
        receive_miners(keys, full.bratsk, by=None)
    assert receive_miners(keys[:1], full.bratsk, by=None) == 1
    url = reverse("admin:fleet_miner_changelist")
    client, given = as_user(cast.fleet_manager), {"site": full.bratsk.pk}
    page = client.post(url, {"action": "receive", "_selected_action": keys[1:]})["Location"]
    assert "would be" in client.post(page, given).content.decode()
    client.post(page, given | {"accept_overcommitment": "on", "reason": "into the store"})
    run(Job.objects.get().pk)
    assert Miner.objects.get(pk=keys[1]).site == full.bratsk


def test_a_shipment_is_received_where_there_is_power(full):
    miners = [register_miner(f"sn-{n}", full.s19, site=full.pecos, at=LONG_AGO, by=None) for n in (1, 2)]
    shipment = plan_shipment(
        "S-1",
        "domestic",
        miners=[miner.pk for miner in miners],
        from_site=full.pecos,
        to_site=full.bratsk,
        by=None,
    )
    send_shipment(shipment, by=None)
    with pytest.raises(Refusal, match=TOO_MUCH):
        receive_shipment(shipment, by=None)
    with pytest.raises(Refusal, match=TOO_MUCH):
        receive_shipment(shipment, by=None, accept_overcommitment=True)
    assert receive_shipment(shipment, by=None, **ACCEPT) == 2
    assert Miner.objects.filter(site=full.bratsk).count() == 3


def test_a_file_warns_and_is_applied_only_with_consent(full, cast, as_user, tmp_path):
    text = "serial,model,site,rack,slot\nsn-1,Antminer S19,bratsk,R1,1\nsn-2,Antminer S19,bratsk,R1,2\n"
    batch = planned(text)
    assert [warning.split(" has ")[0] for warning in batch.warnings] == ["Bratsk", "Bratsk T1"]
    client = as_user(cast.fleet_manager)
    page = reverse("admin:fleet_importbatch_change", args=[batch.pk])
    assert 'name="accept_overcommitment"' in client.get(page).content.decode()
    act = reverse("admin:fleet_importbatch_act", args=[batch.pk, "apply"])
    client.post(act, {"token": batch.token})
    url = f"/api/v1/imports/{batch.pk}/apply/"
    refused = client.post(url, json.dumps({"token": batch.token}), content_type="application/json")
    assert (refused.status_code, Miner.objects.count()) == (400, 1)
    path = tmp_path / "miners.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=TOO_MUCH):
        call_command("import_miners", str(path), "--apply")
    client.post(act, {"token": batch.token, "accept_overcommitment": "1", "reason": "wanted so"})
    assert (Miner.objects.count(), kept()["reason"]) == (3, "wanted so")


def test_what_filled_the_site_after_the_plan_was_made_stops_the_plan(full):
    batch = planned("serial,model,site\nsn-1,Antminer S19,bratsk\n")
    assert batch.warnings == []
    register_miner("sn-9", full.s19, site=full.bratsk, by=None)
    with pytest.raises(Refusal, match=TOO_MUCH):
        imports.apply(batch, token=batch.token, by=None)


def test_a_file_that_takes_as_much_away_as_it_brings_is_no_over_commitment(full):
    register_miner("sn-1", full.s19, site=full.bratsk, slot=full.slots[0], at=LONG_AGO, by=None)
    register_miner("sn-2", full.s19, site=full.pecos, at=LONG_AGO, by=None)
    batch = planned("serial,site,rack,slot\nsn-1,pecos,,\nsn-2,bratsk,R1,1\n")
    assert batch.warnings == []
    imports.apply(batch, token=batch.token, by=None)
    assert Miner.objects.get(serial="SN-2").slot == full.slots[0]


def test_the_plate_is_the_limit_where_nobody_knows_what_is_energized(full):
    Site.objects.filter(pk=full.bratsk.pk).update(energized_w=None, nameplate_w=PLATE_W)
    PowerFeed.objects.update(energized_on=None)
    site, feed = overcommitment({full.bratsk.pk: 1}, {PowerFeed.objects.get().pk: 2 * PLATE_W})
    assert site.startswith("Bratsk has a plate of")
    assert feed.startswith("Bratsk T1 has a plate of")
    assert overcommitment({full.pecos.pk: 10**9}, {}) == []


def test_a_feed_not_yet_energized_carries_nothing(full):
    PowerFeed.objects.update(energized_on=timezone.now().date() + timedelta(days=2))
    assert len(overcommitment({}, {PowerFeed.objects.get().pk: 1})) == 1


def test_a_state_moves_no_watts_and_is_not_asked(full):
    Site.objects.filter(pk=full.bratsk.pk).update(energized_w=1)
    assert set_status([Miner.objects.get().pk], "racked", by=None) == 1


def test_the_check_costs_the_same_for_one_site_and_for_all(full, django_assert_num_queries):
    feed = PowerFeed.objects.get().pk
    with django_assert_num_queries(4):
        overcommitment({full.bratsk.pk: 1, full.pecos.pk: 1}, {feed: 1})
