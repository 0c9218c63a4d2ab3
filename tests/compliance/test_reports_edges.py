"""Schedules, deliveries and the edges of reports: command, pages, API."""

import json
from datetime import UTC, datetime, time
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from compliance.reports import verbs
from compliance.reports.models import Report, ReportSchedule
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import run
from tests.compliance.conftest import LISTED_ON
from tests.compliance.test_reports import finished, listed

__all__ = ["listed"]  # the fixture


@pytest.fixture
def schedule(world):
    return ReportSchedule.objects.create(
        kind="compliance",
        title="Daily report",
        frequency="daily",
        at_time=time(6),
        recipients=["board@example.com", "counsel@example.com"],
        next_due_at=datetime(2022, 4, 21, 6, tzinfo=UTC),
    )


# ---- schedules


def test_a_due_schedule_asks_once_and_the_report_reaches_its_readers_once(listed, schedule) -> None:
    now = datetime(2022, 4, 21, 6, 1, tzinfo=UTC)
    jobs = verbs.make_due_reports(now)
    assert verbs.make_due_reports(now) == []
    report = finished(jobs[0])
    assert report.as_of == LISTED_ON
    assert report.schedule == schedule
    assert (report.delivered_to, len(mail.outbox)) == (schedule.recipients, 1)
    assert report.delivered_at is not None
    assert mail.outbox[0].to == schedule.recipients
    name, content, media_type = mail.outbox[0].attachments[0]
    assert (name, content, media_type) == (
        report.document.filename,
        bytes(report.document.content),
        "application/pdf",
    )
    assert verbs.deliver(report) == 0
    assert len(mail.outbox) == 1
    schedule.refresh_from_db()
    assert schedule.next_due_at == datetime(2022, 4, 22, 6, tzinfo=UTC)


def test_four_missed_days_are_made_up_by_one_report_of_the_newest(listed, schedule) -> None:
    jobs = verbs.make_due_reports(datetime(2022, 4, 25, 7, tzinfo=UTC))
    assert [job.arguments["day"] for job in jobs] == ["2022-04-24"]
    schedule.refresh_from_db()
    assert schedule.next_due_at == datetime(2022, 4, 26, 6, tzinfo=UTC)


def test_asking_twice_for_one_due_time_is_one_job_and_one_report(listed, schedule) -> None:
    due_at = datetime(2022, 4, 21, 6, tzinfo=UTC)
    asked = {"by": None, "schedule": schedule, "due_at": due_at}
    first = verbs.make_report("compliance", LISTED_ON, **asked)
    assert verbs.make_report("compliance", LISTED_ON, **asked) == first


def test_a_schedule_switched_off_asks_for_nothing(listed, schedule) -> None:
    ReportSchedule.objects.update(is_enabled=False)
    assert verbs.make_due_reports(datetime(2023, 1, 1, tzinfo=UTC)) == []


def test_a_schedule_without_a_due_time_gets_one_and_waits(listed, schedule) -> None:
    ReportSchedule.objects.update(next_due_at=None)
    now = datetime(2022, 4, 21, 7, tzinfo=UTC)
    assert verbs.make_due_reports(now) == []
    schedule.refresh_from_db()
    assert schedule.next_due_at == datetime(2022, 4, 22, 6, tzinfo=UTC)


def test_a_schedule_over_a_site_that_is_gone_fails_in_words(listed, schedule) -> None:
    ReportSchedule.objects.update(site_codes=["atlantis"])
    job = verbs.make_due_reports(datetime(2022, 4, 21, 6, 1, tzinfo=UTC))[0]
    run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert "atlantis" in job.outcome


def test_mail_that_is_not_taken_leaves_the_report_in_the_library(listed, schedule, monkeypatch) -> None:
    def refuse(self: object, *args: object, **kwargs: object) -> int:
        raise ConnectionRefusedError("connection refused")

    job = verbs.make_due_reports(datetime(2022, 4, 21, 6, 1, tzinfo=UTC))[0]
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert "in the library" in job.outcome
    report = Report.objects.get(job=job)
    assert report.delivered_at is None


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"site_codes": ["atlantis"]}, "site_codes"),
        ({"site_codes": "bratsk"}, "site_codes"),
        ({"recipients": ["nobody"]}, "recipients"),
        ({"recipients": ["a@b.example\nBcc: c@d.example"]}, "recipients"),
    ],
)
def test_a_schedule_that_could_not_run_is_refused(listed, schedule, cast, changes, where) -> None:
    for name, value in changes.items():
        setattr(schedule, name, value)
    with pytest.raises(Refusal) as refusal:
        verbs.save_schedule(schedule, by=cast.compliance_officer)
    assert refusal.value.where == where


# ---- edges


def test_the_command_makes_the_report_and_writes_it(listed, tmp_path) -> None:
    out, path = StringIO(), tmp_path / "report.pdf"
    call_command("make_report", "--as-of", "2022-04-20", "--sites", "bratsk", "--out", str(path), stdout=out)
    assert path.read_bytes().startswith(b"%PDF-")
    assert "PH-CR-2022-04-20-0001" in out.getvalue()
    for arguments, words in (
        (["--as-of", "20.4.2022"], "is not a day"),
        (["--as-of", "2022-04-20", "--sites", "atlantis"], "atlantis"),
        (["--as-of", "2020-01-01"], "No facts before"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("make_report", *arguments)


def test_the_library_hands_out_three_forms_of_one_value(listed, cast, as_user) -> None:
    report = finished(verbs.make_report("compliance", LISTED_ON, by=cast.compliance_officer))
    browser = as_user(cast.auditor)
    page = browser.get("/admin/compliance/report/")
    assert report.document.number in page.content.decode()
    assert browser.get(f"/admin/compliance/report/{report.pk}/change/").status_code == 200
    stored = browser.get(f"/admin/compliance/report/{report.pk}/json/")
    assert json.loads(stored.content)["as_of"] == "2022-04-20"
    assert browser.get(f"/admin/compliance/report/{report.pk}/csv/").content.startswith(b"PK")
    assert browser.get(f"/admin/documents/{report.document_id}/").content.startswith(b"%PDF")
    assert as_user(cast.technician).get(f"/admin/compliance/report/{report.pk}/json/").status_code == 403
    assert as_user(cast.customer).get(f"/admin/compliance/report/{report.pk}/csv/").status_code in (302, 403)


def test_a_report_is_asked_for_on_a_page_by_who_may(listed, cast, as_user) -> None:
    assert as_user(cast.auditor).get("/admin/compliance/report/add/").status_code == 403
    browser = as_user(cast.compliance_officer)
    assert browser.get("/admin/compliance/report/add/").status_code == 200
    wrong = browser.post("/admin/compliance/report/add/", {"day": "2020-01-01"})
    assert "No facts before" in wrong.content.decode()
    asked = browser.post("/admin/compliance/report/add/", {"day": "2022-04-20", "sites": ["bratsk"]})
    job = Job.objects.get()
    assert asked.headers["Location"] == f"/admin/jobs/{job.pk}/"
    assert job.arguments["scope"] == ["bratsk"]


def test_a_schedule_is_written_and_run_in_the_admin(listed, cast, as_user) -> None:
    browser = as_user(cast.compliance_officer)
    fields = {
        "title": "Monthly",
        "kind": "compliance",
        "frequency": "monthly",
        "at_time": "06:00",
        "time_zone": "America/Chicago",
        "site_codes": "[]",
        "recipients": '["board@example.com"]',
        "language": "en",
        "is_enabled": "on",
    }
    wrong = browser.post("/admin/compliance/reportschedule/add/", fields | {"time_zone": "Mars/Olympus"})
    assert "is not a time zone" in wrong.content.decode()
    assert browser.post("/admin/compliance/reportschedule/add/", fields).status_code == 302
    schedule = ReportSchedule.objects.get()
    assert schedule.next_due_at is not None
    browser.post(
        "/admin/compliance/reportschedule/", {"action": "make_now", "_selected_action": [schedule.pk]}
    )
    assert Job.objects.get().arguments["schedule"] == schedule.pk
    assert as_user(cast.auditor).get("/admin/compliance/reportschedule/add/").status_code == 403


def test_the_api_asks_for_lists_and_hands_out_reports(listed, cast, as_user) -> None:
    officer = as_user(cast.compliance_officer)
    asked = officer.post("/api/v1/reports/", {"as_of": "2022-04-20"}, content_type="application/json")
    assert asked.status_code == 202
    report = finished(Job.objects.get(pk=asked.json()["id"]))
    refused = officer.post("/api/v1/reports/", {"as_of": "2020-01-01"}, content_type="application/json")
    assert (refused.status_code, "No facts before" in refused.json()["detail"]) == (400, True)
    auditor = as_user(cast.auditor)
    row = auditor.get("/api/v1/reports/").json()["results"][0]
    assert (row["number"], row["value_sha256"]) == (report.document.number, report.value_sha256)
    assert auditor.get(f"/api/v1/reports/{report.pk}/value/").json()["as_of"] == "2022-04-20"
    assert auditor.get(f"/api/v1/reports/{report.pk}/csv/").content.startswith(b"PK")
    assert auditor.get(f"/api/v1/reports/{report.pk}/pdf/").content.startswith(b"%PDF")
    body = {"as_of": "2022-04-20"}
    assert auditor.post("/api/v1/reports/", body, content_type="application/json").status_code == 403
    schedule = {"kind": "compliance", "title": "Weekly", "frequency": "weekly", "at_time": "06:00"}
    made = officer.post("/api/v1/report-schedules/", schedule, content_type="application/json")
    assert (made.status_code, made.json()["next_due_at"] is not None) == (201, True)
    wrong = officer.patch(
        f"/api/v1/report-schedules/{made.json()['id']}/",
        {"time_zone": "Mars/Olympus"},
        content_type="application/json",
    )
    assert (wrong.status_code, wrong.json()["where"]) == (400, "time_zone")
