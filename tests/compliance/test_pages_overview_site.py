"""One site's page: its power, what touches it, who is there and on what terms, as of a day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.overview.sites import site_page
from compliance.screening.verbs import screen_parties
from compliance.workforce.models import Attestation, Contractor, Worker
from fleet.miners.models import Miner, MoveHold
from fleet.sites.verbs import add_racks
from kit.errors import Refusal

BEFORE, LISTED = date(2022, 4, 19), date(2022, 4, 20)


@pytest.fixture
def listed(world, sdn_list):
    screen_parties(by=None)
    return world


def shown(client, code: str, **asked) -> str:
    response = client.get(reverse("operator:site", args=[code]), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_the_rungs_run_from_nameplate_to_headroom_and_unknown_stays_unknown(cast, listed) -> None:
    page = site_page(listed.siberia, LISTED, cast.admin)
    assert [(rung.kind, rung.w) for rung in page.rungs] == [
        ("name", None),
        ("ener", None),
        ("mark", 20_000),
        ("inst", 14_323),
        ("drawn", None),
        ("free", None),
    ]


def test_headroom_below_zero_is_over_commitment(cast, world) -> None:
    world.siberia.nameplate_w, world.siberia.energized_w = 30_000, 15_000
    world.siberia.save()
    headroom = site_page(world.siberia, LISTED, cast.admin).rungs[-1]
    assert (headroom.w, headroom.share) == (-5_000, "over-committed")


def test_the_host_is_held_from_the_day_it_was_listed(cast, as_user, listed) -> None:
    client = as_user(cast.compliance_officer)
    before = site_page(listed.siberia, BEFORE, cast.compliance_officer)
    after = site_page(listed.siberia, LISTED, cast.compliance_officer)
    assert before.parties is not None
    assert after.parties is not None
    assert before.parties[0].state != "blocked"
    assert after.parties[0].state == "blocked"
    assert "Bratsk has been blocked pending counsel since 20 Apr 2022." in shown(
        client, "bratsk", as_of=LISTED
    )


def test_a_technician_sees_power_and_holds_but_no_parties_contracts_or_judgement(
    cast, as_user, listed
) -> None:
    MoveHold.objects.create(site=listed.siberia, reason="legal hold", placed_at=timezone.now())
    body = shown(as_user(cast.technician), "bratsk")
    assert "Power, from nameplate to drawn" in body
    assert "legal hold" in body
    for hidden in ("Parties at the site", "Findings", "C-1", "blocked pending counsel", "Liquidations"):
        assert hidden not in body.partition('class="ph ph-page"')[2], hidden


def test_a_lapsed_attestation_is_to_be_reviewed_and_nobody_is_named(cast, as_user, world) -> None:
    contractor = Contractor.objects.create(party=world.host, site=world.texas, scope="repair", from_on=BEFORE)
    Attestation.objects.create(
        contractor=contractor, signed_on=BEFORE - timedelta(days=90), expires_on=BEFORE - timedelta(days=1)
    )
    Worker.objects.create(number="W-1", name="Somebody", site=world.texas, contractor=contractor)
    page = site_page(world.texas, LISTED, cast.auditor)
    assert page.contractors is not None
    assert [(row.state, row.people) for row in page.contractors] == [("review", 1)]
    assert "Somebody" not in shown(as_user(cast.auditor), "corsicana", as_of=LISTED)
    assert site_page(world.texas, LISTED, cast.finance).contractors is None


def test_racks_are_drawn_slot_by_slot(cast, world) -> None:
    assert site_page(world.texas, LISTED, cast.admin).racks == ()
    add_racks(world.texas, "Hall 1", ["R1"], slots=4, by=cast.admin)
    rack = world.texas.racks.get()
    first = rack.slots.order_by("position").first()
    Miner.objects.filter(serial="C1").update(rack=rack, slot=first)
    (building,) = site_page(world.texas, LISTED, cast.admin).racks
    assert building.racks[0].slots == ("mining", "free", "free", "free")


def test_a_site_that_had_closed_is_refused_in_a_sentence(cast, as_user, world) -> None:
    Miner.objects.filter(site=world.texas).update(site=None, status="stored")
    world.texas.closed_on = LISTED
    world.texas.save()
    with pytest.raises(Refusal, match="was not open"):
        site_page(world.texas, timezone.now().date(), cast.admin)
    response = as_user(cast.admin).get(reverse("operator:site", args=["corsicana"]))
    assert response.status_code == 400
    assert "was not open" in response.content.decode()


def test_an_unknown_site_is_not_found(cast, as_user, world) -> None:
    assert as_user(cast.admin).get(reverse("operator:site", args=["nowhere"])).status_code == 404


def test_the_page_costs_the_same_queries_however_many_machines_stand_there(cast, as_user, listed) -> None:
    client = as_user(cast.admin)
    shown(client, "bratsk")
    with CaptureQueriesContext(connection) as five:
        shown(client, "bratsk")
    Miner.objects.filter(site=listed.texas).update(site=listed.siberia)
    with CaptureQueriesContext(connection) as seven:
        shown(client, "bratsk")
    # The user and the site; all that is shown; the machines of listed owners; whom the lists link.
    assert len(seven) == len(five) <= 6
