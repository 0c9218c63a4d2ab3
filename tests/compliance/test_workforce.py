"""Dates on the records of workers and contractors: the same steps for everybody, and what is never asked."""

import re
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection

from compliance.workforce.lines import lanes_at, worker_lines_at
from compliance.workforce.models import Clock, Worker
from compliance.workforce.reads import contractors_at, facts_of, judgements_at, records_at
from compliance.workforce.verbs import (
    complete_section,
    note_roster_change,
    record_attestation,
    record_clock,
    register_contractor,
    register_worker,
)
from hosting.parties.models import Party
from kit.errors import Refusal
from kit.trail.models import TrailEntry

DAY = date(2025, 9, 28)
BANNED = re.compile(
    r"nationalit|citizen|birth|ethnic|race|religion|accent|origin_country|country_of|passport_country"
)


@pytest.fixture
def contractor(world):
    party = Party.objects.create(number="P-ADW", kind="organisation", name="Repair Centre")
    return register_contractor(party, world.texas, "ASIC repair", from_on=date(2024, 1, 1), by=None)


@pytest.fixture
def employee(world):
    return register_worker("W-1", world.texas, name="A. Name", hired_on=date(2025, 1, 6), by=None)


def found(code: str, day: date = DAY):
    return [row for row in judgements_at(day) if row.judgement.code == code]


def test_a_recorded_end_of_work_authorisation_is_watched_and_then_reviewed(employee) -> None:
    record_clock(employee, "work_authorisation", ends_on=date(2025, 10, 15), by=None)
    (row,) = found("reverification")
    assert (row.number, row.judgement.standing, row.judgement.due_on) == ("W-1", "watch", date(2025, 10, 15))
    assert found("reverification", date(2025, 10, 16))[0].judgement.standing == "review"


def test_a_newer_date_takes_the_place_of_the_older_and_a_past_day_still_sees_the_older(employee) -> None:
    record_clock(employee, "work_authorisation", ends_on=date(2025, 3, 1), on=date(2025, 1, 6), by=None)
    record_clock(employee, "work_authorisation", ends_on=date(2025, 6, 1), on=date(2025, 2, 20), by=None)
    record_clock(employee, "work_authorisation", ends_on=date(2026, 6, 1), on=date(2025, 5, 20), by=None)
    ends = [
        facts_of(employee, day).work_authorised_until_on for day in (date(2025, 2, 1), date(2025, 3, 1), DAY)
    ]
    assert ends == [date(2025, 3, 1), date(2025, 6, 1), date(2026, 6, 1)]
    at = [
        records_at(day)[0].facts.work_authorised_until_on for day in (date(2025, 2, 1), date(2025, 3, 1), DAY)
    ]
    assert at == ends


def test_recording_the_same_date_again_changes_nothing(employee) -> None:
    for _again in range(2):
        record_clock(employee, "work_authorisation", ends_on=date(2026, 3, 1), document_number="X1", by=None)
    assert Clock.objects.count() == 1
    assert TrailEntry.objects.filter(verb="clock.recorded").count() == 1


def test_an_authorisation_without_end_opens_no_clock(employee) -> None:
    record_clock(employee, "work_authorisation", ends_on=None, by=None)
    assert found("reverification") == []


def test_a_worker_never_to_be_reverified_has_no_clock_and_is_not_asked(world) -> None:
    worker = register_worker(
        "W-2", world.texas, hired_on=date(2025, 1, 6), is_reverification_exempt=True, by=None
    )
    with pytest.raises(Refusal, match="never to be reverified"):
        record_clock(worker, "work_authorisation", ends_on=DAY, by=None)
    assert found("reverification") == []


def test_form_i9_section_2_is_late_after_three_business_days(employee) -> None:
    complete_section(employee, 1, on=date(2025, 1, 6), by=None)
    assert found("i9_section_2", date(2025, 1, 10))[0].judgement.standing == "review"
    assert found("i9_section_2", date(2025, 1, 9))[0].judgement.due_on == date(2025, 1, 9)
    complete_section(employee, 2, on=date(2025, 1, 8), by=None)
    complete_section(employee, 2, on=date(2025, 1, 8), by=None)
    assert found("i9_section_2")[0].judgement.standing == "none"
    with pytest.raises(Refusal, match="2025-01-08 already"):
        complete_section(employee, 2, on=date(2025, 1, 9), by=None)


def test_a_contractors_people_are_not_asked_for_papers_numbers_or_form_i9(contractor, world) -> None:
    worker = register_worker("C-1", world.texas, contractor=contractor, by=None)
    for kind, options in (
        ("work_authorisation", {"is_attested": True, "document_number": "A123"}),
        ("work_authorisation", {}),
        ("passport", {"is_attested": True}),
        ("visa", {"is_attested": True}),
        ("receipt", {"is_attested": True}),
    ):
        with pytest.raises(Refusal, match="not asked"):
            record_clock(worker, kind, ends_on=DAY, by=None, **options)
    with pytest.raises(Refusal, match="not asked for Form I-9"):
        complete_section(worker, 1, on=DAY, by=None)
    assert Clock.objects.count() == 0
    record_clock(worker, "work_authorisation", ends_on=date(2025, 8, 30), is_attested=True, by=None)
    (row,) = found("reverification")
    assert (row.is_own_employee, row.judgement.standing) == (False, "review")
    assert "raise it with the contractor" in row.judgement.sentence


def test_an_attestation_lapses_and_a_change_of_roster_asks_for_a_new_one(contractor, world) -> None:
    worker = register_worker("C-1", world.texas, contractor=contractor, by=None)
    record_clock(worker, "work_authorisation", ends_on=date(2025, 8, 30), is_attested=True, by=None)
    assert contractors_at(DAY)[0].judgement.standing == "review"
    record_attestation(
        contractor, signed_on=date(2025, 3, 1), expires_on=date(2025, 12, 30), evidence="binder 3", by=None
    )
    assert contractors_at(DAY)[0].judgement.standing == "none"
    note_roster_change(contractor, on=date(2025, 9, 9), by=None)
    (row,) = contractors_at(DAY)
    assert (row.judgement.standing, row.judgement.due_on) == ("review", date(2025, 9, 9))
    assert (row.workers, row.workers_past) == (1, 1)


def test_an_attestation_without_evidence_or_with_impossible_days_is_refused(contractor) -> None:
    for signed, expires, evidence in (
        (date(2025, 3, 1), date(2025, 12, 1), " "),
        (date(2025, 3, 1), date(2025, 3, 1), "binder"),
        (date(2999, 1, 1), date(2999, 6, 1), "binder"),
    ):
        with pytest.raises(Refusal):
            record_attestation(contractor, signed_on=signed, expires_on=expires, evidence=evidence, by=None)
    assert contractor.attestations.count() == 0


def test_only_those_who_may_edit_the_workforce_record_a_date(employee, cast) -> None:
    with pytest.raises(Refusal, match=r"workforce\.edit"):
        record_clock(employee, "work_authorisation", ends_on=DAY, by=cast.admin)
    record_clock(employee, "work_authorisation", ends_on=DAY, by=cast.compliance_officer)


def test_numbers_and_names_are_encrypted_and_stay_out_of_the_trail(employee) -> None:
    record_clock(employee, "work_authorisation", ends_on=DAY, document_number="A-123-456", by=None)
    with connection.cursor() as cursor:
        cursor.execute("select document_number from compliance_clock")
        stored = cursor.fetchone()[0]
        cursor.execute("select name from compliance_worker")
        name = cursor.fetchone()[0]
    assert "A-123-456" not in stored
    assert "A. Name" not in name
    assert Clock.objects.get().document_number == "A-123-456"
    told = str(list(TrailEntry.objects.values_list("subject_name", "detail")))
    assert "A-123-456" not in told
    assert "A. Name" not in told


def test_the_lanes_count_dates_and_name_nobody(employee, contractor) -> None:
    record_clock(employee, "work_authorisation", ends_on=date(2025, 10, 15), by=None)
    record_clock(employee, "passport", ends_on=date(2026, 1, 1), by=None)
    complete_section(employee, 1, on=date(2025, 1, 6), by=None)
    complete_section(employee, 2, on=date(2025, 1, 8), by=None)
    chart = lanes_at(DAY)
    assert {lane.label: sum(dot.count for dot in lane.dots) for lane in chart.lanes} == {
        "work authorisation": 1,
        "admit-until": 0,
        "passport": 1,
        "Form I-9 steps": 0,
        "receipts": 0,
        "contractors' attestations": 0,
    }
    (line,) = worker_lines_at(DAY)
    assert (line.record.number, len(line.track.marks), line.next_step.standing) == ("W-1", 2, "watch")
    assert "A. Name" not in repr(line) + repr(chart)


def test_a_worker_who_left_or_has_not_come_is_not_among_those_of_a_day(employee) -> None:
    Worker.objects.filter(pk=employee.pk).update(ended_on=date(2025, 6, 30))
    assert [len(records_at(day)) for day in (date(2025, 1, 5), date(2025, 6, 30), date(2025, 7, 1))] == [
        0,
        1,
        0,
    ]


def test_the_records_of_a_day_cost_two_queries(world, django_assert_num_queries) -> None:
    for number in range(5):
        worker = register_worker(f"W-{number}", world.texas, hired_on=date(2025, 1, 6), by=None)
        record_clock(worker, "work_authorisation", ends_on=DAY, by=None)
    with django_assert_num_queries(2):
        assert len(judgements_at(DAY)) >= 5


def test_no_field_of_a_worker_says_where_a_person_comes_from() -> None:
    fields = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("compliance").get_models()
        if model.__name__ in ("Worker", "Clock", "Contractor", "Attestation")
        for field in model._meta.get_fields()
    }
    assert "Worker.number" in fields
    assert [name for name in fields if BANNED.search(name.lower())] == []


def test_no_admin_list_filters_searches_or_sorts_workers_by_who_they_are() -> None:
    site = admin.site._registry
    for model in (Worker, Clock):
        edge = site[model]
        names = [*map(str, edge.list_filter), *edge.search_fields, *edge.list_display, *(edge.ordering or ())]
        assert [name for name in names if BANNED.search(name.lower())] == []
        assert "name" not in edge.search_fields
        assert "name" not in edge.list_display
        assert not {"country", "contractor__party__country"} & set(map(str, edge.list_filter))


def test_no_serializer_of_workers_shows_a_name_or_a_number_of_a_document(as_user, cast, employee) -> None:
    record_clock(employee, "work_authorisation", ends_on=DAY, document_number="A-123-456", by=None)
    answer = as_user(cast.compliance_officer).get("/api/v1/workers/")
    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert row["number"] == "W-1"
    assert not {"name", "document_number"} & (row.keys() | row["clocks"][0].keys())
    assert [key for key in row if BANNED.search(key)] == []
    assert "A. Name" not in answer.content.decode()
    assert "A-123-456" not in answer.content.decode()
