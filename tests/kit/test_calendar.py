"""Deadlines in business days follow the federal holidays as observed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.calendar import business_days_after, is_business_day
from kit.errors import Refusal

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def test_property_blocked_on_2022_12_16_is_reported_by_2023_01_03() -> None:
    assert business_days_after(date(2022, 12, 16), 10) == date(2023, 1, 3)


@pytest.mark.parametrize(
    ("day", "is_business"),
    [
        (date(2022, 12, 23), True),
        (date(2022, 12, 24), False),
        (date(2022, 12, 26), False),
        (date(2023, 1, 2), False),
        (date(2021, 12, 31), False),
        (date(2025, 6, 19), False),
        (date(2025, 10, 13), False),
        (date(2025, 7, 3), True),
    ],
)
def test_a_holiday_counts_on_the_day_it_is_observed(day: date, is_business: bool) -> None:
    assert is_business_day(day) is is_business


def test_three_business_days_from_a_thursday_end_on_tuesday() -> None:
    assert business_days_after(date(2026, 3, 5), 3) == date(2026, 3, 10)


@given(day=days, n=st.integers(1, 30))
def test_a_deadline_is_a_business_day_with_n_of_them_since(day: date, n: int) -> None:
    due = business_days_after(day, n)
    passed = [day + timedelta(days=k) for k in range(1, (due - day).days + 1)]
    assert is_business_day(due)
    assert sum(map(is_business_day, passed)) == n


@given(day=days)
def test_no_days_after_is_the_day_itself(day: date) -> None:
    assert business_days_after(day, 0) == day


def test_days_before_and_unknown_calendars_are_refused() -> None:
    with pytest.raises(Refusal, match="zero or more"):
        business_days_after(date(2022, 12, 16), -1)
    with pytest.raises(Refusal, match="no business calendar “MOON”; known are: US"):
        business_days_after(date(2022, 12, 16), 0, calendar="MOON")
    with pytest.raises(Refusal):
        is_business_day(date(2022, 12, 16), calendar="MOON")
