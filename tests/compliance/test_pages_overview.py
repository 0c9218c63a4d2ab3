"""The overview: what is blocked, five figures, capacity, findings, dates, jobs and schedules, as of a day."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.findings.models import Finding
from compliance.overview.course import BlockedSite, quarter_ends, territory_chart
from compliance.overview.dates import papers_question
from compliance.overview.inbox import findings_card, open_findings
from compliance.overview.reads import overview
from compliance.overview.work import schedule_line
from compliance.reports.models import ReportSchedule
from compliance.screening.verbs import screen_parties
from compliance.workforce.models import Clock, Contractor, Worker
from fleet.miners.models import MoveHold
from fleet.sites.models import Site
from kit.jobs.models import Job

BEFORE, LISTED = date(2022, 4, 19), date(2022, 4, 20)
# The user; all that is shown; the machines of listed owners; whom the lists link; when findings began.
MOST_QUERIES = 6


@pytest.fixture
def listed(world, sdn_list):
    screen_parties(by=None)
    return world


def finding(site: Site, **fields) -> Finding:
    now = timezone.now()
    values = {
        "rule": "listed-site-party",
        "subject_kind": "site",
        "subject_key": str(Finding.objects.count()),
        "subject_name": "Host, Bratsk",
        "site_id": site.pk,
        "standing": "blocked",
        "sentence": "Blocked pending counsel: a test.",
        "confidence": "high",
        "power_w": 14_323,
        "opened_at": now - timedelta(hours=1),
        "seen_at": now,
    }
    return Finding.objects.create(**values | fields)


def page(client, **asked) -> str:
    response = client.get(reverse("operator:overview"), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_the_admin_index_shows_the_overview(cast, as_user, world) -> None:
    response = as_user(cast.admin).get(reverse("admin:index"))
    assert response.status_code == 200
    assert "Capacity by site" in response.content.decode()


def test_a_site_is_blocked_from_the_day_its_host_was_listed(cast, as_user, listed) -> None:
    client = as_user(cast.compliance_officer)
    lead = "Bratsk has been blocked pending counsel since 20 Apr 2022."
    assert lead not in page(client, as_of=BEFORE)
    shown = page(client, as_of=LISTED)
    assert lead in shown
    assert "EO 14024" in shown


def test_five_key_figures_are_shown_to_every_role(cast, as_user, world) -> None:
    for user in (cast.admin, cast.technician, cast.finance, cast.approver, cast.auditor):
        assert len(overview(timezone.now().date(), user).kpis) == 5


def test_a_technician_sees_no_judgement_and_no_contract_but_what_may_not_move(cast, as_user, listed) -> None:
    finding(listed.siberia)
    for reason in ("legal hold", "the landlord's claim"):
        MoveHold.objects.create(site=listed.siberia, reason=reason, placed_at=timezone.now())
    shown = page(as_user(cast.technician)).partition('class="ph ph-page"')[2]
    for hidden in (
        "Blocked pending counsel",
        "Findings by severity",
        "hosting/contract",
        "Schedules",
        "Dates",
    ):
        assert hidden not in shown, hidden
    assert shown.count("Moves at Bratsk are on hold since") == 1


def test_what_is_unknown_is_said_and_hatched(cast, as_user, world) -> None:
    shown = page(as_user(cast.admin))
    assert "url(#ph-unk)" in shown
    assert "energized unknown" in shown


def test_a_day_that_is_not_a_day_is_refused_in_a_sentence(cast, as_user, world) -> None:
    for text in ("2022-13-01", "tomorrow", "2999-01-01"):
        response = as_user(cast.admin).get(reverse("operator:overview"), {"as_of": text})
        assert response.status_code == 400
        assert re.search("is not a day|has not come yet", response.content.decode())


def test_a_day_before_every_fact_shows_the_page_and_says_so(cast, as_user, world) -> None:
    shown = page(as_user(cast.admin), as_of="1999-01-01")
    assert "No facts before" in shown


def test_an_empty_installation_says_what_to_do_first(cast, as_user, db) -> None:
    shown = page(as_user(cast.admin))
    assert "Add your sites" in shown
    assert "load_seeds" in shown
    assert page(as_user(cast.technician)).count("Add your sites") == 1


def test_findings_are_counted_by_severity_and_age_of_the_day(world) -> None:
    now = timezone.now()
    finding(world.siberia)
    finding(world.siberia, opened_at=now - timedelta(days=3), standing="review", power_w=20_000)
    finding(world.texas, opened_at=now - timedelta(days=90), standing="watch")
    finding(world.texas, opened_at=now - timedelta(days=90), resolved_at=now - timedelta(days=40))
    card = findings_card(open_findings(now.date()), now.date())
    assert {row.state: row.counts for row in card.grid.rows} == {
        "blocked": (1, 0, 0, 0),
        "review": (0, 1, 0, 0),
        "watch": (0, 0, 0, 1),
        "unknown": (0, 0, 0, 0),
    }
    assert card.largest[0].state == "review"
    past = now.date() - timedelta(days=60)
    assert [row.standing for row in open_findings(past)] == ["blocked", "watch"]


def test_past_papers_are_one_line_and_people_are_numbers(world) -> None:
    contractor = Contractor.objects.create(party=world.host, site=world.texas, scope="r", from_on=BEFORE)
    for number in range(3):
        worker = Worker.objects.create(
            number=f"W-{number}", name="Somebody", site=world.texas, contractor=contractor
        )
        Clock.objects.create(
            worker=worker, kind="work_authorisation", ends_on=BEFORE - timedelta(days=number)
        )
    ahead = Worker.objects.create(number="W-9", site=world.texas)
    Clock.objects.create(worker=ahead, kind="passport", ends_on=LISTED + timedelta(days=12))
    lines = papers_question(LISTED).answer
    assert [(line.state, count) for line, count in lines] == [("watch", 1), ("review", 3)]
    assert "worker W-9" in lines[0][0].title
    assert "3 workers" in lines[1][0].title
    assert not any("Somebody" in line.title + line.note for line, _count in lines)


def test_the_territory_turns_blocked_with_the_listing_and_not_before() -> None:
    ends = [date(2022, 3, 31), date(2022, 6, 30)]
    blocked = [BlockedSite(1, LISTED, "Host listed")]
    chart = territory_chart(ends, {1: [12, 12], 2: [5, 5]}, {1: "RU", 2: "KZ"}, blocked)
    values = {(row.label, row.tone == "blocked"): row.values for row in chart.series}
    assert values[("Russian Federation", True)] == (0, 12)
    assert values[("Russian Federation", False)] == (12, 0)
    assert [event.label for event in chart.events] == ["Host listed, 20 Apr 2022"]


def test_quarters_end_with_the_day_itself() -> None:
    assert quarter_ends(LISTED, 3) == [date(2021, 12, 31), date(2022, 3, 31), LISTED]


def test_a_missed_run_is_a_gap_among_the_ticks(db) -> None:
    schedule = ReportSchedule.objects.create(
        kind="compliance", title="Daily", frequency="daily", at_time="06:00"
    )
    schedule.refresh_from_db()
    now = timezone.now()
    today = datetime.combine(now.date(), schedule.at_time, UTC)
    schedule.next_due_at = today + timedelta(days=1)
    made = [today - timedelta(days=days) for days in (4, 3, 1)]
    schedule.runs = made  # type: ignore[attr-defined]
    line = schedule_line(schedule)
    assert line.ticks.values[:4] == (1, 1, None, 1)
    assert "missed" in line.standing


def test_a_running_job_asks_for_itself_and_can_be_stopped(cast, as_user, world) -> None:
    job = Job.objects.create(kind="t", title="Import", status="running", total=10, done=4)
    client = as_user(cast.admin)
    row = reverse("operator:overview_job", args=[job.pk])
    assert f'hx-get="{row}"' in page(client)
    assert "4 / 10" in re.sub(r"<[^>]+>", "", client.get(row).content.decode())
    stop = reverse("operator:overview_job_stop", args=[job.pk])
    assert client.get(stop).status_code == 405
    assert client.post(stop).status_code == 200
    job.refresh_from_db()
    assert job.cancel_requested_at is not None
    Job.objects.filter(pk=job.pk).update(status="done", finished_at=timezone.now() + timedelta(seconds=1))
    assert "hx-get" not in client.get(row).content.decode()


def test_the_page_costs_six_queries_however_many_sites_there_are(cast, as_user, listed) -> None:
    client = as_user(cast.admin)
    page(client)
    with CaptureQueriesContext(connection) as first:
        page(client)
    assert len(first) <= MOST_QUERIES
    Site.objects.bulk_create(
        Site(code=f"more-{number}", name=f"More {number}", country="KZ") for number in range(20)
    )
    with CaptureQueriesContext(connection) as more:
        page(client)
    assert len(more) == len(first)


def test_the_page_has_no_style_of_its_own(cast, as_user, listed) -> None:
    body = page(as_user(cast.admin)).partition('class="ph ph-page"')[2]
    assert body
    assert " style=" not in body.partition("</body>")[0].partition("<script")[0]


def test_the_guide_opens_for_staff(cast, as_user) -> None:
    assert as_user(cast.admin).get(reverse("operator:guide")).status_code == 200
    assert as_user(cast.customer).get(reverse("operator:guide")).status_code == 403
