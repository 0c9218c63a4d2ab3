"""When reports fall due: a table of local times, clock changes and missed beats."""

from datetime import UTC, date, datetime, time

import pytest

from compliance.reports.schedule import Rhythm, day_before, day_covered, latest_due, months_earlier, next_due
from kit.errors import Refusal


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("frequency", "local", "zone", "after", "due"),
    [
        ("daily", time(6), "UTC", "2022-04-19T05:59", "2022-04-19T06:00"),
        ("daily", time(6), "UTC", "2022-04-19T06:00", "2022-04-20T06:00"),
        ("daily", time(23, 30), "Asia/Almaty", "2022-04-19T18:00", "2022-04-20T17:30"),
        ("daily", time(6), "America/Chicago", "2022-03-12T13:00", "2022-03-13T11:00"),  # summer time begins
        (
            "daily",
            time(2, 30),
            "America/Chicago",
            "2022-03-13T00:00",
            "2022-03-13T08:30",
        ),  # 02:30 does not exist
        (
            "daily",
            time(1, 30),
            "America/Chicago",
            "2022-11-06T00:00",
            "2022-11-06T06:30",
        ),  # comes twice: first
        ("daily", time(1, 30), "America/Chicago", "2022-11-06T06:30", "2022-11-07T07:30"),
        ("weekly", time(7), "UTC", "2022-04-20T00:00", "2022-04-25T07:00"),
        ("weekly", time(7), "UTC", "2022-04-25T07:00", "2022-05-02T07:00"),
        ("monthly", time(6), "UTC", "2022-01-31T12:00", "2022-02-01T06:00"),
        ("monthly", time(0), "Pacific/Auckland", "2022-04-29T00:00", "2022-04-30T12:00"),  # 1 May there
        ("monthly", time(6), "UTC", "2022-12-01T06:00", "2023-01-01T06:00"),
        ("quarterly", time(6), "Europe/Zurich", "2022-01-01T05:00", "2022-04-01T04:00"),
        ("quarterly", time(6), "UTC", "2022-10-01T06:00", "2023-01-01T06:00"),
    ],
)
def test_the_next_due_time_follows_local_clocks(frequency, local, zone, after, due) -> None:
    assert next_due(Rhythm(frequency, local, zone), at(after)) == at(due)


def test_each_due_time_is_later_than_the_one_before_over_three_years() -> None:
    for frequency in ("daily", "weekly", "monthly", "quarterly"):
        rhythm = Rhythm(frequency, time(2, 30), "America/Chicago")
        moment, count = at("2021-01-01T00:00"), 0
        while moment < at("2024-01-01T00:00"):
            following = next_due(rhythm, moment)
            assert following > moment
            moment, count = following, count + 1
        assert count >= {"daily": 1095, "weekly": 156, "monthly": 36, "quarterly": 12}[frequency]


def test_three_missed_beats_are_made_up_by_the_newest_alone() -> None:
    rhythm = Rhythm("daily", time(6))
    due, following = latest_due(rhythm, at("2022-04-17T06:00"), at("2022-04-20T09:00"))
    assert (due, following) == (at("2022-04-20T06:00"), at("2022-04-21T06:00"))


def test_a_report_covers_the_last_day_that_had_ended() -> None:
    assert day_covered(at("2022-05-01T06:00")) == date(2022, 4, 30)
    assert day_covered(at("2022-05-01T00:00")) == date(2022, 4, 30)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2022, 4, 20), 1, date(2022, 3, 20)),
        (date(2022, 3, 31), 1, date(2022, 2, 28)),
        (date(2024, 3, 30), 1, date(2024, 2, 29)),
        (date(2022, 1, 15), 1, date(2021, 12, 15)),
        (date(2022, 5, 31), 3, date(2022, 2, 28)),
        (date(2022, 1, 1), 13, date(2020, 12, 1)),
    ],
)
def test_a_month_earlier_is_the_same_day_or_the_months_last(day, months, earlier) -> None:
    assert months_earlier(day, months) == earlier


def test_a_report_is_compared_with_one_period_earlier() -> None:
    day = date(2022, 4, 20)
    assert [day_before(each, day) for each in ("daily", "weekly", "monthly", "quarterly")] == [
        date(2022, 4, 19),
        date(2022, 4, 13),
        date(2022, 3, 20),
        date(2022, 1, 20),
    ]


@pytest.mark.parametrize(
    ("frequency", "zone"), [("daily", "Atlantis/Poseidonis"), ("daily", "../etc"), ("hourly", "UTC")]
)
def test_an_unknown_zone_or_frequency_is_refused_with_a_sentence(frequency, zone) -> None:
    with pytest.raises(Refusal, match="is not a"):
        next_due(Rhythm(frequency, time(6), zone), at("2022-04-20T00:00"))
