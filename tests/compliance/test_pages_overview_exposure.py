"""The exposure page: a day on its axis, known then against known now, with who says so."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.exposure.course import course_of, day_line
from compliance.exposure.day import today
from compliance.exposure.page import exposure_of
from compliance.exposure.reads import measure
from compliance.exposure.timeline import timeline
from compliance.screening.verbs import screen_parties
from hosting.contracts.models import Contract, SiteParty
from kit.asof import parse_day
from kit.errors import Refusal

BEFORE, LISTED = parse_day("2022-04-19"), parse_day("2022-04-20")
# The user; facts and law of both days; machines of listed owners; whom each day's lists link; the measures.
MOST_QUERIES = 6


@pytest.fixture
def listed(world, sdn_list):
    screen_parties(by=None)
    return world


def host_row(page):
    groups = {group.title: group for group in page.groups}
    return next(row for row in groups["Host"].rows if row.label == "OOO BitRiver Rus")


def test_the_two_days_are_one_click_apart_and_differ(cast, as_user, listed) -> None:
    client = as_user(cast.compliance_officer)
    before = client.get(reverse("operator:exposure"), {"as_of": "2022-04-19"}).content.decode()
    after = client.get(reverse("operator:exposure"), {"as_of": "2022-04-20"}).content.decode()
    assert 'as_of=2022-04-20"' in before
    assert 'as_of=2022-04-19"' in after
    assert "OOO EVEREST GRUP" not in before
    assert "OOO EVEREST GRUP" in after
    assert "None is known on this day." in before
    assert "Blocked" in after
    assert "EO 14024" in after
    assert "OFAC SDN list, no. 36458" in after


def test_what_is_known_now_is_told_beside_what_was_known_then(listed) -> None:
    page = exposure_of(BEFORE, today())
    then, now = page.known
    assert "blocked" not in dict(then.parts)
    assert "blocked" in dict(now.parts)
    host = host_row(page)
    assert (host.now_state, host.now) == ("blocked", "from 20 Apr 2022")
    programme = next(row for group in page.groups for row in group.rows if row.label == "RUSSIA-EO14024")
    assert programme.figures.machines == 0
    assert programme.now.endswith("from 20 Apr 2022")


def test_the_same_day_under_its_own_lists_says_same(listed) -> None:
    page = exposure_of(LISTED, today())
    host = host_row(page)
    assert (host.state, host.now) == ("blocked", "same")
    assert host.figures.machines == 5


def test_one_dimension_can_be_chosen_and_another_is_refused(cast, as_user, listed) -> None:
    assert [group.title for group in exposure_of(LISTED, today(), "host").groups] == ["Host"]
    with pytest.raises(Refusal, match="not a way to group"):
        exposure_of(LISTED, today(), "nationality")
    response = as_user(cast.admin).get(reverse("operator:exposure"), {"by": "nationality"})
    assert response.status_code == 400
    assert "not a way to group" in response.content.decode()


def test_machines_open_the_miners_of_the_site(cast, as_user, listed) -> None:
    page = exposure_of(LISTED, today(), "country")
    doors = {row.label: row.machines_url for row in page.groups[0].rows}
    assert doors["Russian Federation"].endswith(f"/fleet/miner/?site__id__exact={listed.siberia.pk}")
    listing = as_user(cast.admin).get(doors["Russian Federation"])
    assert listing.status_code == 200
    assert listing.context["cl"].result_count == 5


def test_bad_days_are_refused_in_a_sentence(cast, as_user, listed) -> None:
    client = as_user(cast.admin)
    for text, said in (
        ("x", "is not a day"),
        ("2999-01-01", "has not come yet"),
        ("1990-01-01", "No facts before"),
    ):
        for name in ("exposure", "exposure_timeline", "exposure_csv", "exposure_json"):
            response = client.get(reverse(f"operator:{name}"), {"as_of": text})
            if name == "exposure_timeline" and text == "1990-01-01":
                continue  # the line of days has no day of its own to refuse
            assert response.status_code == 400, name
            assert said in response.content.decode()


def test_the_downloads_are_the_value_of_the_page(cast, as_user, listed) -> None:
    client = as_user(cast.auditor)
    value = client.get(reverse("operator:exposure_json"), {"as_of": "2022-04-20"}).json()
    exposure = measure(LISTED)
    assert value["total"]["machines"] == exposure.total.machines == 7
    assert len(value["designated_parties"]) == 3
    answer = client.get(reverse("operator:exposure_csv"), {"as_of": "2022-04-20"})
    assert answer["Content-Disposition"] == 'attachment; filename="exposure-2022-04-20.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    total = next(row for row in rows if row["dimension"] == "total")
    assert int(total["installed_w"]) == exposure.total.installed_w
    assert {row["dimension"] for row in rows} == {"country", "region", "programme", "host", "total"}


def test_the_line_of_days_rises_on_the_day_of_the_listing(listed) -> None:
    course = course_of(LISTED, today())
    chosen = next(change for change in course.changes if change.is_chosen)
    assert chosen.on == LISTED
    assert chosen.blocked_w == 14_323
    assert "OFAC SDN list" in chosen.cause
    earlier = [level for level in course.line.levels if level.on < LISTED]
    assert all(level.blocked_w == 0 for level in earlier)


def test_the_line_of_days_is_remembered_until_the_next_act(listed) -> None:
    course_of(LISTED, today())
    with CaptureQueriesContext(connection) as again:
        course_of(BEFORE, today())
    assert len(again) == 1


def test_an_empty_line_keeps_its_axis(db) -> None:
    line = day_line((), LISTED, LISTED)
    assert (line.levels, line.first_on) == ((), LISTED)


def test_the_page_costs_six_queries_and_fewer_today(cast, as_user, listed) -> None:
    client = as_user(cast.admin)
    client.get(reverse("operator:exposure"), {"as_of": "2022-04-20"})
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("operator:exposure"), {"as_of": "2022-04-20"})
    assert len(queries) <= MOST_QUERIES
    with CaptureQueriesContext(connection) as today_only:
        client.get(reverse("operator:exposure"))
    assert len(today_only) < len(queries)


def test_the_line_of_days_costs_the_same_however_many_days_it_has(listed) -> None:
    with CaptureQueriesContext(connection) as few:
        timeline(BEFORE, LISTED)
    for number in range(60):
        day = BEFORE + timedelta(days=3 * number)
        SiteParty.objects.create(site=listed.texas, party=listed.host, role="power", from_on=day)
    with CaptureQueriesContext(connection) as many:
        timeline(BEFORE, today())
    # What changed; four times some days, and the machines of owners there where a list names one.
    assert (len(few), len(many)) == (2, 5)


def test_only_customers_and_machines_are_thinned_out_of_the_line(listed) -> None:
    for number in range(120):
        Contract.objects.create(
            number=f"H-{number}",
            kind="hosting",
            party=listed.host,
            site=listed.texas,
            from_on=BEFORE + timedelta(days=5 + number),
            contracted_w=number + 1,
        )
    SiteParty.objects.create(
        site=listed.texas, party=listed.host, role="host", from_on=parse_day("2022-06-01")
    )
    steps = {step.on: step.causes for step in timeline(BEFORE, today())}
    assert steps[LISTED] == ("OFAC SDN list: OOO BITRIVER RUS",)
    assert steps[parse_day("2022-06-01")] == ("Contract or party",)
    assert len(steps) <= 43


def test_the_words_are_those_of_the_house(cast, as_user, listed) -> None:
    shown = as_user(cast.admin).get(reverse("operator:exposure"), {"as_of": "2022-04-20"}).content.decode()
    body = shown.partition('class="ph ph-page"')[2].lower()
    for word in ("illegal", "prohibited", "violation", "compliant", "nationality"):
        assert word not in body
