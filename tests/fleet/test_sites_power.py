"""Power from the site down to its feeds and buildings, and the refusal of what would be too much."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fleet.imports import verbs as imports
from fleet.miners.models import Miner
from fleet.miners.verbs import move_miners, register_miner
from fleet.sites.models import Building, PowerFeed
from fleet.sites.power import power_of_places
from fleet.sites.verbs import add_racks
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import run
from kit.trail.models import TrailEntry
from tests.fleet.conftest import LONG_AGO
from tests.fleet.test_imports import planned

PLATE_W = 3_250


@pytest.fixture
def fed(fleet):
    """Hall A on a feed of its own, halls B and C sharing another; two machines in A, one beside the racks."""
    add_racks(fleet.bratsk, "Hall B", ["R9"], slots=2, by=None)
    add_racks(fleet.bratsk, "Hall C", ["R9"], slots=2, by=None)
    own = PowerFeed.objects.create(
        site=fleet.bratsk, name="T1", nameplate_w=3 * PLATE_W, energized_on="2022-01-01"
    )
    shared = PowerFeed.objects.create(site=fleet.bratsk, name="T2", nameplate_w=5_000_000)
    Building.objects.filter(name="Hall A").update(feed=own)
    Building.objects.exclude(name="Hall A").update(feed=shared)
    for n in range(2):
        register_miner(
            f"sn-{n}",
            fleet.s19,
            site=fleet.bratsk,
            slot=fleet.slots[n],
            status="mining",
            at=LONG_AGO,
            by=None,
        )
    Miner.objects.filter(serial="SN-1").update(status="offline")
    register_miner("sn-2", fleet.s19, site=fleet.bratsk, at=LONG_AGO, by=None)
    return fleet


def test_every_place_has_its_own_figures_and_what_is_unknown_stays_unknown(fed):
    places = power_of_places(fed.bratsk)
    assert (places.site.nameplate_w, places.site.installed_w, places.site.machines) == (
        14_000_000,
        3 * PLATE_W,
        3,
    )
    assert (places.site.drawn_w, places.site.headroom_w) == (None, 12_000_000 - 3 * PLATE_W)
    own, shared = places.feeds
    assert (own.energized_w, own.installed_w, own.drawn_w, own.headroom_w) == (
        3 * PLATE_W,
        2 * PLATE_W,
        PLATE_W,
        PLATE_W,
    )
    assert (shared.nameplate_w, shared.energized_w, shared.headroom_w) == (5_000_000, None, None)
    hall_a, hall_b, _hall_c = places.buildings
    assert (hall_a.nameplate_w, hall_a.headroom_w, hall_a.fed_by) == (3 * PLATE_W, PLATE_W, "T1")
    assert (hall_b.nameplate_w, hall_b.installed_w, hall_b.fed_by) == (None, 0, "T2")
    assert (places.unracked.installed_w, places.unracked.machines) == (PLATE_W, 1)


def test_the_api_tells_the_same_in_few_queries(fed, cast, as_user, django_assert_max_num_queries):
    client = as_user(cast.auditor)
    client.get("/api/v1/sites/")
    with django_assert_max_num_queries(7):  # two of them are the session and its user
        told = client.get(f"/api/v1/sites/{fed.bratsk.pk}/power/").json()
    assert [feed["headroom_w"] for feed in told["feeds"]] == [PLATE_W, None]
    assert told["site"]["installed_w"] == 3 * PLATE_W


def test_a_feed_that_will_be_energized_later_carries_nothing_yet(fed):
    PowerFeed.objects.filter(name="T1").update(energized_on=timezone.now().date() + timedelta(days=3))
    newcomer = register_miner("sn-9", fed.s19, by=None)
    with pytest.raises(Refusal, match=r"Bratsk T1 has .* energized and .* installed"):
        move_miners([newcomer.pk], fed.bratsk, slots={newcomer.pk: fed.slots[2].pk}, by=None)


def test_a_move_beyond_what_the_site_has_energized_is_refused_before_anything_moves(fed):
    fed.bratsk.energized_w = 4 * PLATE_W
    fed.bratsk.save()
    comers = [register_miner(f"sn-1{n}", fed.s19, by=None).pk for n in range(2)]
    with pytest.raises(Refusal, match=r"accept the over-commitment with a reason\. Nothing was changed"):
        move_miners(comers, fed.bratsk, by=None)
    with pytest.raises(Refusal, match="needs a reason"):
        move_miners(comers, fed.bratsk, by=None, accept_overcommitment=True)
    assert Miner.objects.filter(site__isnull=True).count() == 2
    assert move_miners(comers[:1], fed.bratsk, by=None) == 1
    assert move_miners(comers[1:], fed.bratsk, by=None, accept_overcommitment=True, reason="two are off") == 1
    entry = TrailEntry.objects.filter(verb="miners.moved").latest("id")
    assert entry.detail["reason"] == "two are off"
    assert "too much" in entry.detail["overcommitted"][0]


def test_a_full_feed_lets_machines_change_slots_and_leave(fed):
    PowerFeed.objects.filter(name="T1").update(nameplate_w=2 * PLATE_W)
    first, second, third = Miner.objects.order_by("serial")
    swap = {first.pk: fed.slots[1].pk, second.pk: fed.slots[0].pk}
    assert move_miners([first.pk, second.pk], fed.bratsk, slots=swap, by=None) == 2
    with pytest.raises(Refusal, match="Bratsk T1"):
        move_miners([third.pk], fed.bratsk, slots={third.pk: fed.slots[2].pk}, by=None)
    assert move_miners([first.pk], fed.pecos, by=None) == 1
    assert move_miners([third.pk], fed.bratsk, slots={third.pk: fed.slots[2].pk}, by=None) == 1


def test_the_operator_is_refused_with_the_sentence_and_may_accept_it_on_the_same_page(fed, cast, as_user):
    fed.pecos.energized_w = 1_000
    fed.pecos.save()
    client, key = as_user(cast.fleet_manager), Miner.objects.get(serial="SN-0").pk
    given, url = {"site": fed.pecos.pk}, reverse("admin:fleet_miner_changelist")
    page = client.post(url, {"action": "move", "_selected_action": [key]})["Location"]
    shown = client.post(page, given).content.decode()
    assert "Pecos has" in shown
    assert "accept_overcommitment" in shown
    client.post(page, given | {"accept_overcommitment": "on", "reason": "a generator comes"})
    run(Job.objects.get().pk)
    assert Miner.objects.get(pk=key).site == fed.pecos


def test_a_plan_warns_of_what_it_would_overcommit_and_the_trail_keeps_the_warning(fed):
    fed.bratsk.energized_w = 4 * PLATE_W
    fed.bratsk.save()
    file = "serial,model,site\nsn-20,Antminer S19,bratsk\nsn-21,Antminer S19,bratsk\nsn-0,,bratsk\n"
    batch = planned(file)
    assert [warning.startswith("Bratsk has") for warning in batch.warnings] == [True]
    with pytest.raises(Refusal, match="accept the over-commitment with a reason"):
        imports.apply(batch, token=batch.token, by=None)
    assert Miner.objects.count() == 3
    imports.apply(batch, token=batch.token, by=None, accept_overcommitment=True, reason="two are off")
    detail = TrailEntry.objects.get(verb="import.applied").detail
    assert (detail["overcommitted"], detail["reason"]) == (batch.warnings, "two are off")
    assert planned("serial,model,site\nsn-0,,pecos\n").warnings == []


def test_a_rack_is_drawn_and_listed(fed, cast, as_user, django_assert_max_num_queries):
    client = as_user(cast.auditor)
    url = reverse("operator:rack", args=[fed.slots[0].rack_id])
    client.get(url)
    with django_assert_max_num_queries(12):
        shown = client.get(url).content.decode()
    for words in (
        "SN-0",
        "Fed by",
        "T1",
        "Hall A",
        "mining",
        "offline",
        "free",
        'class="sl-x"',
        'class="sl-free"',
    ):
        assert words in shown
    assert client.get(reverse("operator:rack", args=[999_999])).status_code == 404


def test_the_sites_page_draws_its_racks_as_doors_to_them(fed, cast, as_user):
    shown = as_user(cast.auditor).get(reverse("operator:site", args=["bratsk"])).content.decode()
    assert f'href="{reverse("operator:rack", args=[fed.slots[0].rack_id])}"' in shown
