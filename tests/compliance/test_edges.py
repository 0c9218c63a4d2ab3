"""Admin lists and API of the compliance storey: who gets in, what they show, what a list costs."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.api import ROUTES
from compliance.checklist.verbs import record_evidence, run_checklist
from compliance.exposure.models import HashrateShare
from compliance.findings.models import Finding
from compliance.findings.verbs import run_findings
from compliance.origin.verbs import open_channel, record_origin
from compliance.screening.models import Match
from compliance.screening.verbs import screen_parties
from compliance.territory.models import Regime
from compliance.territory.verbs import load_laws, load_regimes
from compliance.workforce.models import Clock, Worker
from compliance.workforce.verbs import record_attestation, record_clock, register_contractor, register_worker
from fleet.miners.models import Miner, Part
from hosting.parties.models import Party
from kit.trail.models import TrailEntry
from tests.compliance.conftest import LISTED_ON

ADMIN_LISTS = {
    # list: the act that opens it
    "listsource": "compliance.view",
    "listversion": "compliance.view",
    "listedparty": "compliance.view",
    "match": "compliance.view",
    "regime": "compliance.view",
    "law": "compliance.view",
    "finding": "compliance.view",
    "worker": "workforce.view",
    "clock": "workforce.view",
    "contractor": "workforce.view",
    "attestation": "workforce.view",
    "originrecord": "compliance.view",
    "supplychannel": "compliance.view",
    "checklistrun": "compliance.view",
    "itemevidence": "compliance.view",
    "hashrateshare": "compliance.view",
}
API_LISTS = [prefix for prefix, _view in ROUTES if prefix not in ("exposure", "reports", "report-schedules")]


@pytest.fixture
def filled(world, sdn_list, cast):
    """A little of everything."""
    load_regimes()
    load_laws()
    party = Party.objects.create(number="P-7", kind="organisation", name="BitRiver AG")
    screen_parties()
    centre = register_contractor(party, world.texas, "repair", from_on=date(2021, 12, 1), by=None)
    record_attestation(
        centre, signed_on=date(2022, 1, 1), expires_on=date(2022, 6, 1), evidence="binder", by=None
    )
    for number in range(3):
        worker = register_worker(
            f"W-{number}", world.texas, name=f"Name {number}", hired_on=date(2022, 1, 3), by=None
        )
        record_clock(
            worker, "work_authorisation", ends_on=date(2022, 4, 1), document_number="A-123-456", by=None
        )
    part = Part.objects.create(kind="control_board", serial="CB-1", miner=Miner.objects.get(serial="C1"))
    record_origin(part, "declared", maker="Xilinx (AMD)", by=None)
    open_channel("Maker", "hashboard", country="CN", from_on=date(2022, 1, 1), by=None)
    record_evidence("post-raid", "management", world.texas, "Named", on_day=LISTED_ON, by=None)
    HashrateShare.objects.create(month=date(2021, 8, 1), country="RU", label="Russia", share_bps=1_130)
    run_checklist("post-raid", world.texas, LISTED_ON, by=cast.compliance_officer)
    run_findings(LISTED_ON)
    return world


@pytest.mark.parametrize("name", ADMIN_LISTS)
def test_an_admin_list_opens_by_its_act_and_searches(name: str, filled, cast, as_user) -> None:
    where = reverse(f"admin:compliance_{name}_changelist")
    act = ADMIN_LISTS[name]
    for user in (cast.compliance_officer, cast.auditor, cast.technician, cast.finance, cast.admin):
        expected = 200 if user.may(act) else 403
        assert as_user(user).get(where).status_code == expected, (name, user)
    assert as_user(cast.customer).get(where).status_code in (302, 403)
    assert as_user(cast.compliance_officer).get(where, {"q": "bitriver"}).status_code == 200


@pytest.mark.parametrize("name", ADMIN_LISTS)
def test_a_row_opens_for_who_may_see_it_and_for_who_may_edit_it(name: str, filled, cast, as_user) -> None:
    model = next(model for model in admin.site._registry if model._meta.label_lower == f"compliance.{name}")
    row = model.objects.first()
    assert row is not None, name
    where = reverse(f"admin:compliance_{name}_change", args=[row.pk])
    assert as_user(cast.compliance_officer).get(where).status_code == 200
    assert as_user(cast.auditor).get(where).status_code == 200
    assert as_user(cast.auditor).post(where, {}).status_code == 403


@pytest.mark.parametrize("name", sorted(ADMIN_LISTS))
def test_an_admin_list_costs_the_same_however_many_rows(name: str, filled, cast, as_user) -> None:
    client = as_user(cast.compliance_officer)
    where = reverse(f"admin:compliance_{name}_changelist")
    client.get(where)
    with CaptureQueriesContext(connection) as queries:
        client.get(where)
    model = next(model for model in admin.site._registry if model._meta.label_lower == f"compliance.{name}")
    of_the_list = [query for query in queries if f'from "{model._meta.db_table}"' in query["sql"].lower()]
    assert len(of_the_list) <= 3, [query["sql"] for query in of_the_list]


def test_a_decision_is_taken_at_the_review_desk_with_its_reason(filled, cast, as_user) -> None:
    match = Match.objects.get(party=filled.host)
    where = reverse("admin:compliance_match_change", args=[match.pk])
    as_user(cast.compliance_officer).post(where, {"outcome": "confirmed", "reason": ""})
    match.refresh_from_db()
    assert match.status == "open"
    as_user(cast.compliance_officer).post(where, {"outcome": "confirmed", "reason": "Same tax number."})
    match.refresh_from_db()
    assert (match.status, match.decisions.get().decided_by) == ("confirmed", cast.compliance_officer)
    assert TrailEntry.objects.filter(verb="match.decided", actor=cast.compliance_officer).count() == 1


def test_a_finding_is_acknowledged_and_given_in_the_admin_and_filtered_by_age(filled, cast, as_user) -> None:
    finding = Finding.objects.get(rule="listed-host")
    client = as_user(cast.compliance_officer)
    where = reverse("admin:compliance_finding_change", args=[finding.pk])
    client.post(where, {"assigned_to": cast.auditor.pk, "note": "Counsel asked."})
    finding.refresh_from_db()
    assert (finding.assigned_to, finding.acknowledged_by) == (cast.auditor, cast.compliance_officer)
    client.post(where, {"assigned_to": cast.technician.pk, "note": "Counsel asked."})
    finding.refresh_from_db()
    assert finding.assigned_to == cast.auditor
    lists = reverse("admin:compliance_finding_changelist")
    for asked, is_there in (
        ({"age": "more"}, True),
        ({"age": "7"}, False),
        ({"standing__exact": "review"}, False),
    ):
        answer = client.get(lists, asked)
        assert (b"OOO BitRiver Rus, Bratsk" in answer.content) is is_there, asked


def test_a_regime_edited_in_the_admin_stands_in_the_trail_and_is_not_overwritten(
    filled, cast, as_user
) -> None:
    row = Regime.objects.get(code="US-IR")
    form = {field.name: getattr(row, field.name) or "" for field in Regime._meta.fields if field.name != "id"}
    client = as_user(cast.compliance_officer)
    client.post(reverse("admin:compliance_regime_change", args=[row.pk]), form | {"note": "Looked at again."})
    row.refresh_from_db()
    assert row.note == "Looked at again."
    assert TrailEntry.objects.filter(verb="regime.changed").count() == 1
    load_regimes()
    row.refresh_from_db()
    assert row.note == "Looked at again."


def test_names_and_numbers_of_documents_are_shown_only_to_who_may_edit_them(filled, cast, as_user) -> None:
    worker, clock = Worker.objects.first(), Clock.objects.first()
    pages = [
        reverse("admin:compliance_worker_change", args=[worker.pk]),
        reverse("admin:compliance_clock_change", args=[clock.pk]),
    ]
    for user, is_shown in ((cast.compliance_officer, True), (cast.auditor, False), (cast.admin, False)):
        text = b"".join(as_user(user).get(page).content for page in pages)
        assert (worker.name.encode() in text) is is_shown
        assert (b"A-123-456" in text) is is_shown


def test_a_date_entered_in_the_admin_takes_the_place_of_the_older_and_a_refusal_is_shown(
    filled, cast, as_user
) -> None:
    worker = Worker.objects.get(number="W-0")
    client, where = as_user(cast.compliance_officer), reverse("admin:compliance_clock_add")
    given = {"worker": worker.pk, "kind": "work_authorisation", "ends_on": "2023-04-01", "confidence": "high"}
    client.post(where, given | {"is_attested": "on"})
    assert worker.clocks.count() == 1
    client.post(where, given)
    assert [str(row.ends_on) for row in worker.clocks.filter(superseded_on__isnull=True)] == ["2023-04-01"]
    assert worker.clocks.count() == 2


@pytest.mark.parametrize("prefix", API_LISTS)
def test_an_api_list_answers_its_readers_in_three_queries_and_refuses_others(
    prefix: str, filled, cast, as_user
) -> None:
    client = as_user(cast.compliance_officer)
    client.get(f"/api/v1/{prefix}/")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/api/v1/{prefix}/")
    assert answer.status_code == 200
    assert answer.json()["results"]
    of_the_list = [
        query
        for query in queries
        if "kit_user" not in query["sql"].split("where")[0].lower() and "django_session" not in query["sql"]
    ]
    assert len(of_the_list) <= 3, [query["sql"][:120] for query in of_the_list]
    assert as_user(cast.technician).get(f"/api/v1/{prefix}/").status_code == 403
    assert as_user(cast.customer).get(f"/api/v1/{prefix}/").status_code == 403


def test_the_api_gives_the_exposure_of_a_day_and_refuses_an_early_one(filled, cast, as_user) -> None:
    client = as_user(cast.approver)
    answer = client.get("/api/v1/exposure/", {"as_of": "2022-04-20", "by": "programme", "site": "bratsk"})
    assert answer.status_code == 200
    (site,) = answer.json()["sites"]
    assert (site["standing"], site["contracted_w"]) == ("blocked", 20_000)
    assert answer.json()["by"]["is_overlapping"]
    for asked in ({"as_of": "2000-01-01"}, {"as_of": "yesterday"}, {"as_of": "2022-04-20", "by": "owner"}):
        refused = client.get("/api/v1/exposure/", asked)
        assert refused.status_code == 400
        assert refused.json()["detail"]
    assert as_user(cast.finance).get("/api/v1/exposure/").status_code == 403


def test_the_api_decides_a_match_runs_a_checklist_and_acknowledges_a_finding(filled, cast, as_user) -> None:
    officer = as_user(cast.compliance_officer)
    match = Match.objects.get(party=filled.host)
    where = f"/api/v1/matches/{match.pk}/decide/"
    given = {"outcome": "confirmed", "reason": "Same tax number."}
    assert as_user(cast.auditor).post(where, given, content_type="application/json").status_code == 403
    assert officer.post(where, {"outcome": "open"}, content_type="application/json").status_code == 400
    assert officer.post(where, given, content_type="application/json").json()["status"] == "confirmed"
    assert officer.post(where, given, content_type="application/json").status_code == 400
    asked = {"template": "post-raid", "site": "corsicana", "as_of": "2022-04-21"}
    run = officer.post("/api/v1/checklist-runs/", asked, content_type="application/json")
    assert (run.status_code, len(run.json()["result"]["items"])) == (201, 4)
    finding = Finding.objects.get(rule="listed-host")
    told = officer.post(
        f"/api/v1/findings/{finding.pk}/acknowledge/", {"note": "Seen."}, content_type="application/json"
    )
    assert told.json()["note"] == "Seen."


def test_listed_parties_are_found_by_name_over_the_api(filled, cast, as_user) -> None:
    answer = as_user(cast.compliance_officer).get("/api/v1/listed-parties/", {"q": "“BitRiver Rus” LLC"})
    assert [row["uid"] for row in answer.json()["results"]] == ["36458"]
