"""Measures on territories by date: what a place asks for, and tables without gaps or doubles."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.territory.facts import REVIEWED_ON
from compliance.territory.measures import (
    LAWS,
    annual_report_due_on,
    blocking_report_due_on,
    law_on,
)
from compliance.territory.regimes import REGIMES, STANDING_OF_MEASURE, standing_of

PLACES = [
    # country, region, day, standing, words
    ("CU", "", "2022-04-20", "blocked", "Blocked pending counsel: Cuba"),
    ("IR", "IR-23", "2022-04-20", "blocked", "EO 12957"),
    ("KP", "", "2016-03-15", "none", "no measure"),
    ("KP", "", "2016-03-16", "blocked", "North Korea"),
    ("SD", "", "2017-10-11", "blocked", "Sudan"),
    ("SD", "", "2017-10-12", "none", "screen the parties"),
    ("SY", "", "2011-08-17", "none", "no measure"),
    ("SY", "", "2025-06-30", "blocked", "EO 13582"),
    ("SY", "", "2025-07-01", "none", "screen the parties"),
    ("UA", "UA-43", "2014-12-18", "none", "no measure"),
    ("UA", "UA-43", "2014-12-19", "blocked", "Crimea"),
    ("RU", "UA-43", "2022-04-20", "blocked", "Crimea"),
    ("UA", "UA-40", "2022-04-20", "blocked", "Sevastopol"),
    ("UA", "UA-14", "2022-02-20", "none", "no measure"),
    ("UA", "UA-14", "2022-02-21", "blocked", "EO 14065"),
    ("UA", "ua-09 ", "2022-02-21", "blocked", "Luhansk"),
    ("UA", "UA-23", "2022-10-05", "none", "no measure"),
    ("UA", "UA-23", "2022-10-06", "review", "European Union"),
    ("UA", "UA-65", "2025-06-01", "review", "Enhanced review: occupied Kherson"),
    ("UA", "UA-32", "2025-06-01", "none", "no measure"),
    ("UA", "", "2014-01-01", "none", "no measure"),
    ("UA", "", "2025-06-01", "unknown", "record the region"),
    ("UA", "Donetsk", "2025-06-01", "unknown", "record the region"),
    ("RU", "", "2014-03-05", "none", "no measure"),
    ("RU", "", "2014-03-06", "none", "screen the parties"),
    ("RU", "", "2021-04-14", "none", "screen the parties"),
    ("RU", "RU-IRK", "2022-04-19", "review", "Enhanced review: Russia"),
    ("RU", "RU-IRK", "2022-04-20", "review", "EO 14024"),
    ("RU", "RU-DA", "2026-01-01", "review", "Enhanced review: Russia"),
    ("", "RU-IRK", "2022-04-20", "review", "EO 14024"),
    ("BY", "", "2021-08-08", "none", "screen the parties"),
    ("BY", "", "2021-08-09", "review", "EO 14038"),
    ("VE", "", "2019-08-04", "review", "EO 13827"),
    ("VE", "", "2019-08-05", "review", "government ownership"),
    ("CN", "", "2021-06-01", "none", "screen the parties"),
    ("ZW", "", "2024-03-03", "none", "screen the parties"),
    ("ZW", "", "2024-03-04", "none", "no measure"),
    ("KZ", "", "2025-06-01", "none", "no measure"),
    ("US", "US-TX", "2025-09-29", "none", "no measure"),
    ("", "", "2025-06-01", "unknown", "country is not recorded"),
    ("", "DONETSK", "2025-06-01", "unknown", "country is not recorded"),
]


@pytest.mark.parametrize(("country", "region", "day", "standing", "words"), PLACES)
def test_a_place_has_the_standing_of_its_day(
    country: str, region: str, day: str, standing: str, words: str
) -> None:
    found = standing_of(REGIMES, country, region, date.fromisoformat(day))
    assert (found.standing, words in found.sentence) == (standing, True), found.sentence


def test_an_answer_carries_the_rows_it_rests_on_gravest_first() -> None:
    rows = standing_of(REGIMES, "VE", "", date(2025, 1, 1)).rows
    assert [row.measure for row in rows] == ["SECTOR", "GOV", "LIST"]
    assert all(row.source and row.reviewed_on == REVIEWED_ON for row in rows)


def test_russias_own_bans_on_mining_come_and_go_with_the_winter() -> None:
    def bans(region: str, day: date) -> int:
        return sum(row.measure == "BAN" for row in standing_of(REGIMES, "RU", region, day).rows)

    assert bans("RU-DA", date(2024, 12, 31)) == 0
    assert bans("RU-DA", date(2025, 7, 1)) == 1
    assert bans("RU-DA", date(2031, 3, 15)) == 1
    assert bans("RU-DA", date(2031, 3, 16)) == 0
    assert [
        bans("RU-BU", day)
        for day in (date(2025, 3, 15), date(2025, 3, 16), date(2025, 11, 14), date(2025, 11, 15))
    ] == [1, 0, 0, 1]
    assert bans("RU-IRK", date(2025, 7, 1)) == 1


def test_a_local_ban_alone_is_a_review_of_its_own() -> None:
    rows = [row for row in REGIMES if row.measure == "BAN"]
    found = standing_of(rows, "RU", "RU-DA", date(2026, 1, 1))
    assert found.standing == "review"
    assert found.sentence.startswith("Review: Dagestan, local measure on mining")


@given(
    country=st.sampled_from(sorted({row.territory[:2] for row in REGIMES})),
    day=st.dates(date(1960, 1, 1), date(2035, 1, 1)),
)
def test_only_an_embargo_blocks_and_no_answer_concludes_anything(country: str, day: date) -> None:
    found = standing_of(REGIMES, country, "", day)
    assert (found.standing == "blocked") is any(
        row.measure == "EMBARGO" and row.territory == country and row.is_in_force(day) for row in REGIMES
    )
    assert not re.search(r"legal|clean|prohibit|violat|complian", found.sentence, re.IGNORECASE)


def test_every_row_of_a_regime_is_dated_sourced_and_on_the_map() -> None:
    regions = {region.code for region in pycountry.subdivisions}
    for row in REGIMES:
        if "-" in row.territory:
            assert row.territory in regions
        else:
            assert pycountry.countries.get(alpha_2=row.territory), row.territory
        assert row.to_on is None or row.from_on < row.to_on
        assert row.measure in STANDING_OF_MEASURE
        assert row.authority
        assert row.citation
        assert row.source


def test_no_measure_is_entered_twice() -> None:
    keys = Counter((row.code, row.measure, row.from_on) for row in REGIMES)
    assert [key for key, times in keys.items() if times > 1] == []


def test_the_affiliates_rule_is_suspended_for_a_year_and_unknown_after() -> None:
    days = [date(2025, 9, 28), date(2025, 9, 29), date(2025, 11, 10), date(2026, 11, 9), date(2026, 11, 10)]
    rows = [law_on("bis-affiliates", day) for day in days]
    assert [row and row.status for row in rows] == [None, "in force", "suspended", "suspended", "unknown"]


@pytest.mark.parametrize(
    ("code", "day", "status"),
    [
        ("fji-fixed-period", date(2025, 9, 29), "proposed"),
        ("fji-fixed-period", date(2026, 11, 22), "unknown"),
        ("ead-extension", date(2025, 10, 29), "in force"),
        ("ead-extension", date(2025, 10, 30), "ended"),
        ("ieepa-tariffs", date(2026, 2, 24), "ended"),
        ("section-122-surcharge", date(2026, 7, 23), "in force"),
        ("section-122-surcharge", date(2026, 7, 24), "unknown"),
    ],
)
def test_a_law_has_the_status_of_its_day(code: str, day: date, status: str) -> None:
    row = law_on(code, day)
    assert row is not None
    assert row.status == status


def test_the_rows_of_a_law_follow_each_other_without_gap_or_overlap() -> None:
    for code in {row.code for row in LAWS}:
        rows = sorted((row for row in LAWS if row.code == code), key=lambda row: row.from_on)
        for earlier, later in pairwise(rows):
            assert earlier.to_on == later.from_on, code
        assert rows[-1].to_on is None, code
        assert all(re.fullmatch(r"[a-z0-9-]{1,60}", row.code) and row.source for row in rows)


def test_blocked_property_is_reported_in_ten_business_days_and_once_a_year() -> None:
    assert blocking_report_due_on(date(2022, 12, 16)) == date(2023, 1, 3)
    assert annual_report_due_on(date(2025, 6, 30)) == date(2025, 9, 30)
    assert annual_report_due_on(date(2025, 6, 30) + timedelta(days=1)) is None
