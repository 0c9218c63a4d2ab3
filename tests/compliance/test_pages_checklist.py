"""Checklists on the page: run, looked at line by line, and answered with evidence where data cannot."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.checklist.models import ChecklistRun, ItemEvidence
from compliance.checklist.page import run_page, score_of
from compliance.checklist.verbs import run_checklist

EARLY, DAY = date(2022, 4, 19), date(2022, 4, 20)


@pytest.fixture
def run(world, sdn_list):
    return run_checklist("post-raid", world.siberia, DAY, by=None)


@pytest.fixture
def client(as_user, cast):
    return as_user(cast.compliance_officer)


def page_of(client, run: ChecklistRun) -> str:
    response = client.get(reverse("operator:checklist", args=[run.pk]))
    assert response.status_code == 200
    return response.content.decode()


def line(state: str) -> dict:
    return {"text": "x", "done": 1, "whole": 2, "state": state, "how": "data"}


def test_the_score_counts_lines_that_ask_for_nothing_each_item_alike() -> None:
    full, half = {"lines": [line("none")]}, {"lines": [line("none"), line("review")]}
    assert score_of({"items": [full, half]}) == 75
    assert score_of({"items": [full, half, half]}) == 66
    assert score_of({"items": [full, {"lines": []}]}) == 50
    assert score_of({"items": []}) == 0


def test_a_run_shows_each_item_with_its_lines_and_what_is_missing(client, run) -> None:
    body = page_of(client, run)
    page = run_page(run)
    assert len(page.items) == 4
    for item in page.items:
        assert item.title in body
        for missing in item.missing:
            assert missing in body
    assert "is not an assurance" in body


def test_every_measured_line_opens_the_rows_it_was_measured_from(client, run) -> None:
    doors = {row.url for item in run_page(run).items for row in item.lines}
    assert f"{reverse('operator:origin')}?site=bratsk&as_of=2022-04-20" in doors
    assert "#evidence-management" in doors
    for door in doors:
        if not door.startswith("#"):
            assert client.get(door).status_code == 200, door


def test_a_count_of_what_is_open_is_drawn_as_open(world) -> None:
    run = run_checklist("supply-strategy", world.siberia, DAY, by=None)
    (spread,) = [item.lines[0] for item in run_page(run).items if item.code == "spread"]
    assert [part.tone for part in spread.bar.parts] == ["watch", "t2"]
    assert spread.figure.endswith("%")


def test_a_checklist_is_run_from_the_page_and_the_same_result_is_kept_once(client, world, sdn_list) -> None:
    address = reverse("operator:checklist_run")
    given = {"template": "post-raid", "site": "bratsk", "day": DAY}
    first, second = client.post(address, given), client.post(address, given)
    assert (first.status_code, second["Location"]) == (302, first["Location"])
    assert ChecklistRun.objects.count() == 1
    listed = client.get(reverse("operator:checklists")).content.decode()
    assert "Post-raid checklist" in listed
    assert first["Location"] in listed


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"day": "2999-01-01"}, "has not come yet"),
        ({"day": "1999-01-01"}, "Nothing was changed."),
        ({"day": "yesterday"}, "Enter a valid date."),
        ({"template": "none"}, "Select a valid choice."),
    ],
)
def test_a_run_that_cannot_be_is_refused_on_the_form(client, world, sdn_list, given, sentence) -> None:
    sent = {"template": "post-raid", "site": "bratsk", "day": DAY} | given
    response = client.post(reverse("operator:checklist_run"), sent)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not ChecklistRun.objects.exists()


def test_evidence_is_put_down_and_the_day_judged_again(client, cast, run) -> None:
    address = reverse("operator:checklist_evidence", args=[run.pk])
    given = {"item": "management", "text": "Named person: file 3", "on_day": "2022-04-01"}
    answer = client.post(address, given)
    newest = ChecklistRun.objects.latest("pk")
    assert answer["Location"] == reverse("operator:checklist", args=[newest.pk])
    assert (newest.pk != run.pk, newest.as_of) == (True, DAY)
    assert score_of(newest.result) > score_of(run.result)
    body = page_of(client, newest)
    assert "Named person: file 3" in body
    assert ItemEvidence.objects.get().recorded_by == cast.compliance_officer


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"item": "nothing"}, "is not an item of this checklist"),
        ({"on_day": "2999-01-01"}, "Evidence needs its text, and a day that has come."),
        ({"text": " "}, "This field is required."),
    ],
)
def test_evidence_that_cannot_be_is_refused_on_its_item(client, run, given, sentence) -> None:
    sent = {"item": "management", "text": "seen", "on_day": "2022-04-01"} | given
    response = client.post(reverse("operator:checklist_evidence", args=[run.pk]), sent)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not ItemEvidence.objects.exists()


def test_the_score_is_shown_over_time_and_against_the_run_before(world, sdn_list) -> None:
    early = run_checklist("post-raid", world.siberia, EARLY, by=None)
    late = run_checklist("post-raid", world.siberia, DAY, by=None)
    page = run_page(late)
    assert [column.label for column in page.columns.columns] == ["19 Apr 22", "20 Apr 22"]
    assert page.before == score_of(early.result)
    assert len(run_page(early).columns.columns) == 1


def test_runs_are_listed_as_of_a_day_and_by_site(client, run) -> None:
    address = reverse("operator:checklists")
    link = reverse("operator:checklist", args=[run.pk])
    assert link in client.get(address, {"site": "bratsk"}).content.decode()
    assert link not in client.get(address, {"site": "corsicana"}).content.decode()
    assert link not in client.get(address, {"as_of": EARLY}).content.decode()
    assert client.get(address, {"as_of": "never"}).status_code == 400


def test_readers_see_runs_but_no_forms(as_user, cast, run) -> None:
    auditor = as_user(cast.auditor)
    body = page_of(auditor, run)
    assert "waits for a compliance officer" in body
    assert "put evidence down" not in body
    assert auditor.post(reverse("operator:checklist_run"), {}).status_code == 403
    assert auditor.post(reverse("operator:checklist_evidence", args=[run.pk]), {}).status_code == 403
    assert as_user(cast.finance).get(reverse("operator:checklists")).status_code == 403
    assert auditor.get(reverse("operator:checklist", args=[0])).status_code == 404


def test_the_pages_cost_twelve_queries_at_most(client, world, run) -> None:
    run_checklist("supply-strategy", world.siberia, DAY, by=None)
    run_checklist("post-raid", world.texas, DAY, by=None)
    for address in (reverse("operator:checklist", args=[run.pk]), reverse("operator:checklists")):
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        assert len(found) <= 12, [query["sql"][:90] for query in found]
