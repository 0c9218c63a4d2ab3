"""What a site draws follows its machines' readings, says how it is known, and ends when they end."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fleet.miners.models import Miner
from fleet.sites.drawn import drawn_words
from fleet.sites.models import Site
from fleet.sites.power import power_of_places
from fleet.telemetry.reads import site_drawn
from fleet.telemetry.verbs import add_up_drawn
from tests.fleet.readings import NOON, give, rig, row

LATER = NOON + timedelta(minutes=20)
AN_HOUR_AGO = NOON - timedelta(hours=1)


def put(fleet, serial="RIG1", status="mining", **where):
    miner = rig(fleet, serial, **where)
    Miner.objects.filter(pk=miner.pk).update(status=status)
    return miner


def drawn(site):
    site = Site.objects.get(pk=site.pk)
    return site.drawn_w, site.drawn_basis, site.drawn_at, site.drawn_machines


def test_a_site_draws_what_its_machines_told(fleet):
    put(fleet, "RIG1")
    put(fleet, "RIG2")
    give(row("RIG1", -3), row("RIG2", -2, power_w=3_000))
    assert add_up_drawn(now=NOON) == 1
    assert drawn(fleet.bratsk) == (6_250, "reported", NOON - timedelta(minutes=2), 2)
    assert drawn(fleet.pecos) == (None, "unknown", None, None)
    found = site_drawn(fleet.bratsk, now=NOON)
    assert (found.drawn_w, found.basis, found.at) == drawn(fleet.bratsk)[:3]


def test_what_nobody_tells_any_more_is_unknown(fleet):
    put(fleet)
    give(row())
    add_up_drawn(now=NOON)
    assert add_up_drawn(now=LATER) == 1
    assert drawn(fleet.bratsk) == (None, "unknown", NOON, None)
    assert add_up_drawn(now=LATER) == 0


@pytest.mark.parametrize(
    ("basis", "at", "kept"),
    [
        ("metered", NOON - timedelta(minutes=14), True),
        ("metered", AN_HOUR_AGO, False),
        ("metered", None, False),
        ("reported", NOON - timedelta(minutes=1), False),
        ("nameplate", None, False),
    ],
)
def test_only_a_meter_read_lately_knows_better_than_the_machines(fleet, basis, at, kept):
    Site.objects.filter(pk=fleet.bratsk.pk).update(drawn_w=9_000_000, drawn_basis=basis, drawn_at=at)
    put(fleet)
    give(row())
    add_up_drawn(now=NOON)
    assert (drawn(fleet.bratsk)[0] == 9_000_000) is kept


def test_what_was_written_down_of_a_silent_site_stays_with_its_date(fleet):
    Site.objects.update(drawn_w=9_000_000, drawn_basis="reported", drawn_at=AN_HOUR_AGO)
    put(fleet)
    give(row(minutes=-30))
    assert add_up_drawn(now=NOON) == 0
    assert drawn(fleet.bratsk) == (9_000_000, "reported", AN_HOUR_AGO, None)


def test_machines_that_do_not_run_draw_nothing(fleet):
    put(fleet, status="in_repair")
    put(fleet, "RIG2")
    give(row(), row("RIG2", power_w=3_000))
    add_up_drawn(now=NOON)
    assert drawn(fleet.bratsk)[0] == 3_000


def test_a_machine_on_the_bench_that_tells_something_says_nothing_of_its_site(fleet):
    Site.objects.update(drawn_w=9_000_000, drawn_basis="reported", drawn_at=AN_HOUR_AGO)
    put(fleet, status="in_repair")
    give(row())
    assert add_up_drawn(now=NOON) == 0
    assert drawn(fleet.bratsk)[0] == 9_000_000


def test_a_hall_of_machines_that_are_off_draws_nothing_and_one_that_fell_silent_is_unknown(fleet):
    put(fleet, "RIG1", "offline", slot=fleet.slots[0])
    assert power_of_places(fleet.bratsk).buildings[0].drawn_w == 0
    give(row(minutes=-60))
    hall = power_of_places(fleet.bratsk).buildings[0]
    assert (hall.drawn_w, hall.drawn_basis) == (None, "unknown")


def test_a_measurement_is_no_row_of_the_sites_history(fleet):
    put(fleet)
    give(row())
    history = apps.get_model("fleet", "SiteRowHistory").objects
    before = history.count()
    add_up_drawn(now=NOON)
    assert history.count() == before
    site = Site.objects.get(pk=fleet.bratsk.pk)
    site.name = "Bratsk 2"
    site.save()
    assert history.count() == before + 1


def test_all_sites_are_added_up_in_as_many_queries_as_one(fleet):
    put(fleet)
    put(fleet, "RIG2", site=fleet.pecos)
    counts = []
    for rows in ([row()], [row(minutes=1), row("RIG2", 1)]):
        give(*rows, now=NOON + timedelta(minutes=1))
        with CaptureQueriesContext(connection) as queries:
            add_up_drawn(now=NOON + timedelta(minutes=1))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_places_and_their_site_agree(fleet):
    now = timezone.now()
    put(fleet, "RIG1", slot=fleet.slots[0])
    put(fleet, "RIG2", slot=fleet.slots[1])
    put(fleet, "RIG3")
    put(fleet, "NEVER", slot=fleet.slots[2])
    minutes = (now - NOON).total_seconds() / 60
    give(row("RIG1", minutes), row("RIG2", minutes - 16), row("RIG3", minutes, power_w=3_000), now=now)
    add_up_drawn(now=now)
    places = power_of_places(Site.objects.get(pk=fleet.bratsk.pk))
    (hall,) = places.buildings
    assert (hall.drawn_w, hall.drawn_basis) == (3_250 + fleet.s19.power_w, "nameplate")
    assert (places.unracked.drawn_w, places.unracked.drawn_basis) == (3_000, "reported")
    assert places.site.drawn_w == hall.drawn_w + places.unracked.drawn_w
    assert places.site.drawn_words == f"nameplate at {places.site.drawn_at:%H:%M} UTC"


@pytest.mark.parametrize(
    ("basis", "at", "wanted"),
    [
        ("reported", NOON, "reported at 12:00 UTC"),
        ("metered", AN_HOUR_AGO, "metered, last at 11:00 UTC"),
        ("reported", NOON - timedelta(days=2), "reported, 20 Nov 2026"),
        ("nameplate", None, "nameplate"),
        ("unknown", AN_HOUR_AGO, "unknown"),
    ],
)
def test_a_figure_says_how_it_is_known_and_when_it_is_no_longer_fresh(basis, at, wanted):
    assert drawn_words(basis, at, now=NOON) == wanted


def test_who_writes_a_figure_down_makes_it_a_persons(fleet, cast, as_user):
    put(fleet)
    give(row())
    add_up_drawn(now=NOON)
    client = as_user(cast.fleet_manager)
    address = f"/api/v1/sites/{fleet.bratsk.pk}/"
    client.patch(address, {"locality": "Bratsk"}, content_type="application/json")
    assert drawn(fleet.bratsk)[3] == 1
    given = {"drawn_w": 5_000, "drawn_basis": "metered", "drawn_at": NOON.isoformat()}
    client.patch(address, given, content_type="application/json")
    assert drawn(fleet.bratsk) == (5_000, "metered", NOON, None)
    page = as_user(cast.auditor).get(reverse("admin:fleet_site_changelist")).content.decode()
    assert "metered" in page
