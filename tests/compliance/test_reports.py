"""A report from the facts of a small world: built, kept once, numbered, delivered, refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance.exposure.reads import measure
from compliance.reports import verbs
from compliance.reports.build import build
from compliance.reports.models import Report
from compliance.reports.pages.exposure import added
from compliance.reports.pdf import render_pdf
from compliance.reports.sections.course import quarter_ends
from compliance.reports.value import canonical_json, from_dict
from compliance.screening.verbs import screen_parties
from compliance.workforce.models import Clock, Contractor, Worker
from fleet.miners.models import Miner, Stay
from hosting.parties.models import Party
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import run
from kit.trail.verbs import record
from tests.compliance.conftest import BEGAN_ON, LISTED_ON
from tests.compliance.test_reports_pages import texts

NAME = "Guadalupe Wintersteiger"


@pytest.fixture
def listed(world, sdn_list):
    """The host of the Siberian site is on a list and matched by number."""
    screen_parties(by=None)
    return world


@pytest.fixture
def worker(world):
    """A named worker of a contractor whose attested date has passed."""
    firm = Party.objects.create(number="P-9", kind="organisation", name="Repair Centre LLC")
    contractor = Contractor.objects.create(party=firm, site=world.texas, scope="repair", from_on=BEGAN_ON)
    worker = Worker.objects.create(
        number="W-1", name=NAME, site=world.texas, contractor=contractor, hired_on=BEGAN_ON
    )
    Clock.objects.create(
        worker=worker, kind="work_authorisation", ends_on=LISTED_ON - timedelta(9), is_attested=True
    )
    return worker


def finished(job: Job) -> Report:
    run(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.outcome
    return Report.objects.get(job=job)


# ---- build


def test_the_day_before_the_listing_shows_no_host_and_the_day_itself_blocks_the_site(listed) -> None:
    before, after = build(LISTED_ON - timedelta(1)), build(LISTED_ON)
    assert not any(row.standing == "blocked" for row in before.findings)
    blocked = [row for row in after.findings if row.standing == "blocked"]
    assert [row.about for row in blocked if row.rule == "listed-host"] == [f"{listed.host.name}, Bratsk"]
    assert blocked[0].since == LISTED_ON
    assert blocked[0].authority
    assert blocked[0].source
    assert next(part.standing for part in after.executive.standings) == "blocked"
    assert "blocked pending counsel" in after.executive.headline
    assert any(change.on == LISTED_ON and "listed" in change.sentence for change in after.executive.changes)
    assert after.executive.decisions


def test_every_table_of_the_value_adds_up_to_the_fleet(listed) -> None:
    value = build(LISTED_ON)
    fleet = measure(LISTED_ON).total
    assert (value.fleet.machines, value.fleet.installed_w) == (fleet.machines, fleet.installed_w)
    for table in value.exposure:
        if table.is_whole:
            assert added(table.rows).machines == fleet.machines
            assert added(table.rows).installed_w == fleet.installed_w
    assert sum(part.power_w for part in value.executive.standings) == fleet.installed_w
    assert sum(row.power_w[-1] for row in value.course.rows) == fleet.installed_w
    assert sum(site.installed_w for site in value.capacity.sites) == fleet.installed_w
    shown = " ".join(texts(render_pdf(value, "PH-CR-2022-04-20-0001").content))
    assert f"{fleet.value_cents // 100:,}.00" in shown


def test_the_course_follows_the_stays_quarter_by_quarter(listed) -> None:
    gone = datetime(2022, 1, 15, tzinfo=UTC)
    Stay.objects.filter(site=listed.texas).update(to_at=gone)
    value = build(LISTED_ON)
    assert value.course.ends == (date(2021, 12, 31), date(2022, 3, 31), LISTED_ON)
    by_country = {row.country: row.power_w for row in value.course.rows}
    texas_w = 2 * listed.model.power_w
    assert by_country["US"] == (texas_w, 0, 0)
    for number, end in enumerate(value.course.ends):
        assert sum(row[number] for row in by_country.values()) == measure(end).total.installed_w


def test_quarters_end_where_they_should() -> None:
    assert quarter_ends(date(2021, 5, 1), date(2021, 12, 31)) == (
        date(2021, 6, 30),
        date(2021, 9, 30),
        date(2021, 12, 31),
    )
    assert quarter_ends(None, date(2022, 1, 1)) == (date(2022, 1, 1),)
    assert len(quarter_ends(date(1999, 1, 1), LISTED_ON)) == 20


def test_the_same_facts_give_the_same_value_even_after_a_report_was_made(listed, worker, cast) -> None:
    first = build(LISTED_ON)
    finished(verbs.make_report("compliance", LISTED_ON, by=cast.compliance_officer))
    again = build(LISTED_ON)
    assert canonical_json(again.as_dict()) == canonical_json(first.as_dict())
    assert render_pdf(again, "PH-1").content == render_pdf(first, "PH-1").content


def test_a_new_fact_moves_the_data_time_and_the_trails_hash(listed) -> None:
    first = build(LISTED_ON)
    record("site.noted", listed.texas, by=None)
    later = build(LISTED_ON)
    assert later.data_time > first.data_time
    assert later.sources.trail_sha256 != first.sources.trail_sha256


def test_no_name_of_a_worker_is_in_value_csv_or_pdf(listed, worker) -> None:
    value = build(LISTED_ON)
    assert value.staff.workers == 1
    assert value.staff.overdue >= 1
    stored = canonical_json(value.as_dict()).decode()
    shown = " ".join(texts(render_pdf(value, "PH-1").content))
    for part in NAME.split():
        assert part not in stored
        assert part not in shown


def test_a_listed_person_is_told_by_number(listed) -> None:
    party = Party.objects.get(number="P-O-1")
    party.name = "BITRIVER AG"  # a person who happens to share a listed name
    party.save()
    screen_parties(by=None)
    value = build(LISTED_ON)
    rows = [row for row in value.findings if row.rule == "listed-owner"]
    assert rows
    assert all("P-O-1" in row.about for row in rows)


def test_a_scope_keeps_to_its_sites(listed) -> None:
    value = build(LISTED_ON, ("corsicana",))
    assert value.fleet.machines == 2
    assert {site.code for site in value.capacity.sites} == {"corsicana"}
    assert not any(row.standing == "blocked" for row in value.findings)
    assert {row.country for row in value.course.rows} == {"US"}


def test_one_invented_machine_marks_the_whole_report(listed) -> None:
    assert build(LISTED_ON).is_synthetic is False
    Miner.objects.filter(serial="A1").update(is_synthetic=True)
    assert build(LISTED_ON).is_synthetic is True


def test_a_report_takes_the_same_number_of_queries_however_many_machines_there_are(listed) -> None:
    from tests.compliance.conftest import put

    build(LISTED_ON)
    with CaptureQueriesContext(
        connection,
    ) as few:
        build(LISTED_ON)
    put(listed.texas, listed.model, listed.owners[0], [f"N{n}" for n in range(300)])
    with CaptureQueriesContext(connection) as many:
        build(LISTED_ON)
    assert len(many) == len(few)


# ---- refusals


@pytest.mark.parametrize(
    ("kind", "day", "scope", "words"),
    [
        ("weather", LISTED_ON, (), "is not a report"),
        ("compliance", LISTED_ON, ("atlantis", "bratsk"), "no site with the code atlantis"),
        ("compliance", BEGAN_ON - timedelta(1), (), "No facts before 2021-11-01"),
        ("compliance", date(2999, 1, 1), (), "still to come"),
    ],
)
def test_what_no_report_can_be_made_of_is_refused_and_leaves_no_job(listed, kind, day, scope, words) -> None:
    with pytest.raises(Refusal, match=words):
        verbs.make_report(kind, day, scope, by=None)
    assert not Job.objects.exists()


def test_who_may_not_edit_reports_may_not_ask_for_one(listed, cast) -> None:
    for user in (cast.technician, cast.auditor, cast.finance, cast.customer):
        with pytest.raises(Refusal, match=r"reports\.edit"):
            verbs.make_report("compliance", LISTED_ON, by=user)


def test_a_day_compared_with_that_is_not_earlier_is_refused(listed) -> None:
    with pytest.raises(Refusal, match="earlier"):
        verbs.make_report("compliance", LISTED_ON, by=None, compared_on=LISTED_ON)


def test_without_any_fact_there_is_no_report(db) -> None:
    with pytest.raises(Refusal, match="No facts are recorded yet"):
        verbs.make_report("compliance", LISTED_ON, by=None)


# ---- kept


def test_a_report_is_kept_with_its_number_hashes_and_sources(listed, cast) -> None:
    first = finished(verbs.make_report("compliance", LISTED_ON, by=cast.compliance_officer))
    second = finished(verbs.make_report("compliance", LISTED_ON, by=cast.compliance_officer))
    assert first.document.number == "PH-CR-2022-04-20-0001"
    assert second.document.number == "PH-CR-2022-04-20-0002"
    value = from_dict(first.value)
    assert value.sha256 == first.value_sha256 == second.value_sha256
    assert first.document.sources["value_sha256"] == value.sha256
    assert len(first.document.sources["trail_sha256"]) == 64
    assert bytes(first.document.content) == render_pdf(value, first.document.number).content


def test_a_job_run_again_after_a_kill_makes_no_second_report(listed, cast) -> None:
    job = verbs.make_report("compliance", LISTED_ON, by=cast.compliance_officer)
    made = finished(job)
    Job.objects.filter(pk=job.pk).update(status="running", finished_at=None)
    assert finished(job) == made
    assert Report.objects.count() == 1


def test_a_report_that_failed_while_it_was_kept_leaves_nothing(listed, cast, monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(verbs, "record", fail)
    job = Job.objects.create(
        kind=verbs.KIND,
        title="x",
        arguments={
            "report": "compliance",
            "day": LISTED_ON.isoformat(),
            "scope": [],
            "compared_on": "2022-03-20",
            "schedule": None,
            "due_at": None,
        },
    )
    with pytest.raises(RuntimeError), transaction.atomic():
        verbs.finish_report(job)
    assert not Report.objects.exists()
    from kit.documents.models import Document

    assert not Document.objects.exists()
