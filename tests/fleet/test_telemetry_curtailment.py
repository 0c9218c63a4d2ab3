"""A site or feed told to draw less: entered with its source, and left out of uptime beside it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.sites.models import Building, PowerFeed
from fleet.telemetry.models import Curtailment
from fleet.telemetry.reads import uptime
from fleet.telemetry.verbs import end_curtailment, enter_curtailment, roll_up
from kit.errors import Refusal
from kit.trail.models import TrailEntry
from tests.fleet.readings import NOON, give, rig, row

MINUTE = timedelta(minutes=1)
NOW = NOON + 31 * MINUTE


def curtail(site, since=-10, until=0, **further):
    given = {"reason": "grid", "source": "call of ERCOT, 2026-11-22", "by": None} | further
    to_at = None if until is None else NOON + until * MINUTE
    return enter_curtailment(site, from_at=NOON + since * MINUTE, to_at=to_at, **given)


@pytest.fixture
def told(fleet):
    """A miner that stood there for nine windows and hashed in four of them."""
    miner = rig(fleet, since=NOON - 20 * MINUTE, slot=fleet.slots[0])
    give(*(row(minutes=m, flags=f) for m, f in ((-20, 3), (-15, 3), (-10, 1), (-5, 3), (0, 3))), now=NOW)
    roll_up(now=NOW)
    return miner


@pytest.mark.parametrize(
    ("since", "until", "curtailed", "outside"),
    [
        (-10, 0, (2, 2, 1), (4_285, 4_285)),
        (-9, -1, (1, 1, 1), (5_000, 3_750)),  # a window is curtailed that begins in it
        (-300, -200, (0, 0, 0), (5_555, 4_444)),
        (-300, 300, (9, 5, 4), (None, None)),
        (10, None, (3, 0, 0), (8_333, 6_666)),
    ],
)
def test_uptime_is_told_with_and_without_curtailment(fleet, told, since, until, curtailed, outside):
    curtail(fleet.bratsk, since, until)
    for subject in (told, fleet.bratsk):
        found = uptime(subject, 1, now=NOW)
        assert (found.windows, found.reachable_bps, found.hashing_bps) == (9, 5_555, 4_444)
        assert (found.curtailed, found.curtailed_reachable, found.curtailed_hashing) == curtailed
        assert (found.reachable_uncurtailed_bps, found.hashing_uncurtailed_bps) == outside
    assert uptime(fleet.pecos, 1, now=NOW).curtailed == 0


def test_a_curtailed_feed_concerns_its_miners_only_and_with_its_site_once(fleet, told):
    feed = PowerFeed.objects.create(site=fleet.bratsk, name="T1", nameplate_w=5_000_000)
    other = PowerFeed.objects.create(site=fleet.bratsk, name="T2", nameplate_w=5_000_000)
    Building.objects.update(feed=feed)
    beside = rig(fleet, "BESIDE", since=NOON - 20 * MINUTE)
    curtail(fleet.bratsk, feed=other)
    assert uptime(told, 1, now=NOW).curtailed == 0
    curtail(fleet.bratsk, feed=feed)
    assert (uptime(told, 1, now=NOW).curtailed, uptime(beside, 1, now=NOW).curtailed) == (2, 0)
    curtail(fleet.bratsk, since=-5, until=5)
    assert (uptime(told, 1, now=NOW).curtailed, uptime(beside, 1, now=NOW).curtailed) == (3, 2)
    assert uptime(fleet.bratsk, 1, now=NOW).curtailed == 5


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"source": " "}, "Say who called for it"),
        ({"reason": "weather"}, "“weather” is not a reason"),
        ({"until": -10}, "It ends after it begins"),
        ({"until": -11}, "It ends after it begins"),
    ],
)
def test_a_curtailment_without_source_reason_or_length_is_refused(fleet, changes, sentence):
    with pytest.raises(Refusal, match=sentence):
        curtail(fleet.bratsk, **changes)
    assert not Curtailment.objects.exists()
    assert not TrailEntry.objects.filter(verb="curtailment.entered").exists()


def test_a_feed_of_another_site_and_a_time_told_already_are_refused(fleet):
    feed = PowerFeed.objects.create(site=fleet.pecos, name="T1", nameplate_w=5_000_000)
    with pytest.raises(Refusal, match="is not a feed of Bratsk"):
        curtail(fleet.bratsk, feed=feed)
    first = curtail(fleet.bratsk, -10, None)
    with pytest.raises(Refusal, match="is in the way"):
        curtail(fleet.bratsk, 60, 90)
    end_curtailment(first, by=None, at=NOON)
    curtail(fleet.bratsk, 60, 90)
    with pytest.raises(Refusal, match="is in the way"):
        end_curtailment(first, by=None, at=NOON + 61 * MINUTE)
    assert Curtailment.objects.get(pk=first.pk).to_at == NOON


def test_the_api_enters_ends_and_lists_them(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    given = {"site": "bratsk", "from_at": NOON.isoformat(), "reason": "price", "source": "desk"}
    address = "/api/v1/curtailments/"
    answer = client.post(address, given | {"feed": "T9"}, content_type="application/json")
    assert answer.status_code == 400
    entered = client.post(address, given, content_type="application/json").json()
    assert (entered["site_code"], entered["feed_name"], entered["to_at"]) == ("bratsk", None, None)
    assert len(client.get(address + "?is_open=true").json()["results"]) == 1
    ended = client.post(
        f"{address}{entered['id']}/end/", {"at": (NOON + MINUTE).isoformat()}, content_type="application/json"
    ).json()
    assert ended["to_at"].startswith("2026-11-22T12:01")
    assert client.get(address + "?is_open=true").json()["results"] == []
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert sum("fleet_" in query["sql"] for query in queries) == 1


def test_the_admin_enters_one_and_corrects_its_end(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    given = {"site": fleet.bratsk.pk, "feed": "", "reason": "grid", "source": "call"}
    given |= {"from_at_0": "2026-11-22", "from_at_1": "12:00:00", "to_at_0": "", "to_at_1": ""}
    client.post("/admin/fleet/curtailment/add/", given)
    row = Curtailment.objects.get()
    assert (row.from_at, row.to_at) == (NOON, None)
    client.post(
        f"/admin/fleet/curtailment/{row.pk}/change/", {"to_at_0": "2026-11-22", "to_at_1": "13:00:00"}
    )
    assert Curtailment.objects.get().to_at == NOON + 60 * MINUTE
    assert client.get("/admin/fleet/curtailment/").status_code == 200
    told = TrailEntry.objects.filter(verb__startswith="curtailment").order_by("id")
    assert list(told.values_list("verb", flat=True)) == ["curtailment.entered", "curtailment.ended"]
    client.post(f"/admin/fleet/curtailment/{row.pk}/change/", {"to_at_0": "", "to_at_1": ""})
    assert Curtailment.objects.get().to_at == NOON + 60 * MINUTE
