"""Dates by worker number and contractors by their word: no names, no papers, nobody judged."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.workforce.models import Attestation, Clock, ClockKind
from compliance.workforce.page import workforce_page
from compliance.workforce.verbs import (
    complete_section,
    record_attestation,
    record_clock,
    register_contractor,
    register_worker,
)
from fleet.sites.choice import all_sites

DAY = date(2025, 9, 28)
HIRED = date(2024, 6, 1)


def own(world, number: str, ends: int, **more) -> None:
    worker = register_worker(number, world.texas, hired_on=HIRED, by=None, **more)
    record_clock(worker, ClockKind.WORK_AUTHORISATION, ends_on=DAY + timedelta(days=ends), by=None)
    for section in (1, 2):
        complete_section(worker, section, on=HIRED, by=None)


@pytest.fixture
def crew(world):
    """Four own workers, past, near, soon and far, and a contractor with one date in time and one past."""
    own(world, "W-PAST", -9, name="Anna Example", function="technician")
    own(world, "W-NEAR", 12)
    own(world, "W-SOON", 64)
    own(world, "W-FAR", 400)
    register_worker("W-NONE", world.texas, is_reverification_exempt=True, by=None)
    firm = register_contractor(world.host, world.texas, "ASIC repair", from_on=HIRED, by=None)
    record_attestation(firm, signed_on=HIRED, expires_on=DAY - timedelta(days=29), evidence="file", by=None)
    for number, ends in (("R-1", -20), ("R-2", 500)):
        person = register_worker(number, world.texas, contractor=firm, name="Ben Other", by=None)
        day = DAY + timedelta(days=ends)
        record_clock(person, ClockKind.WORK_AUTHORISATION, ends_on=day, is_attested=True, by=None)
    return firm


def shown(client, status: int = 200, **asked) -> str:
    response = client.get(reverse("operator:workforce"), {"as_of": DAY} | asked)
    assert response.status_code == status
    return response.content.decode()


def test_lanes_stand_in_the_order_of_their_nearest_date(crew) -> None:
    page = workforce_page(DAY, all_sites(), with_names=False)
    assert [line.number for line in page.own] == ["W-PAST", "W-NEAR", "W-SOON", "W-FAR"]
    assert [(line.state, line.step) for line in page.own] == [
        ("review", "9 d over"),
        ("watch", "in 12 d"),
        ("watch", "in 64 d"),
        ("", "2 Nov 2026"),
    ]
    assert {mark.kind for line in page.own for mark in line.track.marks} == {"authorisation"}


def test_past_near_and_soon_are_counted_apart(crew) -> None:
    kpis = workforce_page(DAY, all_sites(), with_names=False).kpis
    figures = [kpi.figure.number for kpi in kpis]
    assert figures == ["4", "1", "1", "1", "1"]
    assert kpis[0].note.startswith("of 5")
    assert kpis[4].note == "attested date passed for 1 of 2 people"


def test_a_contractor_is_shown_by_its_word_and_its_roster_by_number(crew) -> None:
    (line,) = workforce_page(DAY, all_sites(), with_names=False).contractors
    assert (line.state, line.step) == ("review", "lapsed 29 days")
    assert [(row.number, row.is_past) for row in line.roster] == [("R-1", True), ("R-2", False)]
    assert line.badge_words == "1 in date, 1 past"
    assert [span.tone for span in line.track.spans] == ["t2", "over"]


def test_names_are_shown_to_those_who_keep_the_records_and_to_nobody_else(as_user, cast, crew) -> None:
    assert "Anna Example" in shown(as_user(cast.compliance_officer))
    auditor = shown(as_user(cast.auditor))
    assert "W-PAST" in auditor
    assert "Anna Example" not in auditor
    # A contractor's people are their employer's: not even the keeper of records sees names here.
    assert "Ben Other" not in shown(as_user(cast.compliance_officer))


def test_nothing_asked_of_the_page_orders_or_filters_people(as_user, cast, crew) -> None:
    client = as_user(cast.auditor)
    plain = shown(client)
    for word in ("nationality", "birth", "country"):
        assert word not in plain.lower().partition('class="ph ph-page"')[2]
        assert shown(client, **{word: "XX", "o": word}).count("W-") == plain.count("W-")


def test_a_site_shows_its_own_people_and_an_unknown_site_is_refused(as_user, cast, crew, world) -> None:
    client = as_user(cast.auditor)
    assert "W-PAST" in shown(client, site=world.texas.code)
    assert "W-PAST" not in shown(client, site=world.siberia.code)
    assert "There is no site “nowhere”." in shown(client, 400, site="nowhere")
    assert "is not a day" in shown(client, 400, as_of="soon")


def test_a_later_date_is_not_known_on_an_earlier_day(as_user, cast, crew) -> None:
    before = workforce_page(HIRED - timedelta(days=1), all_sites(), with_names=False)
    assert before.own == ()
    assert before.contractors == ()


def test_a_date_is_recorded_from_the_page_and_replaces_the_one_before(as_user, cast, crew) -> None:
    client = as_user(cast.compliance_officer)
    given = {"number": "W-PAST", "kind": "work_authorisation", "ends_on": "2027-01-31"}
    assert client.post(reverse("operator:workforce_clock"), given).status_code == 302
    clocks = Clock.objects.filter(worker__number="W-PAST").order_by("pk")
    assert [clock.superseded_on is None for clock in clocks] == [False, True]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "W-0"}, "There is no worker W-0."),
        ({"number": "R-1"}, "are not asked for papers"),
        ({"number": "W-NONE"}, "is never to be reverified"),
        ({"ends_on": "", "kind": "passport"}, "Give the day on which the paper ends."),
        ({"ends_on": "31 January"}, "Enter a valid date."),
    ],
)
def test_a_date_that_cannot_be_is_refused_on_the_form(as_user, cast, crew, given, sentence) -> None:
    before = Clock.objects.count()
    sent = {"number": "W-PAST", "kind": "work_authorisation", "ends_on": "2027-01-31"} | given
    response = as_user(cast.compliance_officer).post(reverse("operator:workforce_clock"), sent)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert Clock.objects.count() == before


def test_an_attestation_is_recorded_once_and_a_wrong_one_refused(as_user, cast, crew) -> None:
    client, address = as_user(cast.compliance_officer), reverse("operator:workforce_attestation")
    given = {
        "contractor": crew.pk,
        "signed_on": "2025-09-01",
        "expires_on": "2026-02-28",
        "evidence": "file 7",
    }
    for _again in range(2):
        assert client.post(address, given).status_code == 302
    assert Attestation.objects.count() == 2
    wrong = client.post(address, given | {"expires_on": "2025-08-01"})
    assert "ends after it was signed" in wrong.content.decode()
    assert Attestation.objects.count() == 2


def test_only_the_keepers_of_records_see_and_send_the_forms(as_user, cast, crew) -> None:
    auditor = as_user(cast.auditor)
    assert "Record the date" not in shown(auditor)
    assert auditor.post(reverse("operator:workforce_clock"), {}).status_code == 403
    assert auditor.post(reverse("operator:workforce_attestation"), {}).status_code == 403
    assert as_user(cast.finance).get(reverse("operator:workforce")).status_code == 403


def test_the_page_costs_the_same_queries_for_many_as_for_few(as_user, cast, crew, world) -> None:
    client = as_user(cast.compliance_officer)
    shown(client)
    with CaptureQueriesContext(connection) as few:
        shown(client)
    for number in range(20):
        own(world, f"W-{number:03}", 30 + number)
    with CaptureQueriesContext(connection) as many:
        shown(client)
    assert len(many) == len(few) <= 12, [query["sql"][:90] for query in many]
