from datetime import UTC, date, datetime, timedelta

import pytest

from fleet.workshop.faults import FAULT_OF_CODE
from fleet.workshop.rules import (
    RULES,
    SAID_BY,
    WINDOWS,
    DetentionClock,
    FaultFacts,
    Past,
    detention_clock,
    judge_faults,
    met_by,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOTHING = Past()


def codes(*windows: FaultFacts, past: Past = NOTHING, at: datetime = NOON) -> set[str]:
    return {rule.code for rule in judge_faults(windows, past, at)}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, set()),  # nothing told, nothing asked
        ({"minutes_offline": 29}, set()),
        ({"minutes_offline": 30}, {"offline"}),
        ({"sustained_minutes": 60, "hashrate_bps_of_nameplate": 8_000}, set()),
        ({"sustained_minutes": 60, "hashrate_bps_of_nameplate": 7_999}, {"low-hashrate"}),
        ({"sustained_minutes": 59, "hashrate_bps_of_nameplate": 7_999}, set()),
        ({"sustained_minutes": 60, "hashrate_bps_of_nameplate": 0}, {"not-hashing"}),
        ({"sustained_minutes": 30, "boards_missing": 1}, {"board-missing"}),
        ({"sustained_minutes": 29, "boards_missing": 1}, set()),
        # A lacking board explains the low hashrate.
        (
            {"sustained_minutes": 60, "boards_missing": 1, "hashrate_bps_of_nameplate": 6_000},
            {"board-missing"},
        ),
        ({"sustained_minutes": 10, "hottest_c": 85}, set()),
        ({"sustained_minutes": 10, "hottest_c": 86, "fans_stopped": 1}, {"hot", "fan-stopped"}),
    ],
)
def test_a_rule_opens_at_its_limit_and_not_before(given, wanted):
    assert codes(FaultFacts(1, **given)) == wanted


def test_facts_over_several_lengths_of_time_are_judged_together():
    short = FaultFacts(1, sustained_minutes=10, hottest_c=90, hashrate_bps_of_nameplate=6_000)
    long = FaultFacts(1, sustained_minutes=60, hottest_c=70, hashrate_bps_of_nameplate=9_000)
    assert codes(short, long) == {"hot"}
    assert set(WINDOWS) == {10, 30, 60}


def test_a_standing_ticket_silences_its_rule_and_those_it_explains():
    low = FaultFacts(1, sustained_minutes=60, hashrate_bps_of_nameplate=6_000)
    assert codes(low, past=Past(frozenset({"low_hashrate"}))) == set()
    assert codes(low, past=Past(frozenset({"board_missing"}))) == set()
    assert codes(low, past=Past(frozenset({"fan"}))) == {"low-hashrate"}


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_rule_rests_for_its_time_and_names_a_fault_of_the_table(rule):
    facts = FaultFacts(
        1,
        sustained_minutes=rule.for_minutes,
        **{
            "offline": {"minutes_offline": 30},
            "not-hashing": {"hashrate_bps_of_nameplate": 0},
            "board-missing": {"boards_missing": 1},
            "low-hashrate": {"hashrate_bps_of_nameplate": 7_000},
            "fan-stopped": {"fans_stopped": 1},
            "hot": {"hottest_c": 100},
        }[rule.code],
    )
    past = Past(closed_at={rule.fault: NOON})
    rest = timedelta(minutes=rule.rests_minutes)
    assert rule.code not in codes(facts, past=past, at=NOON + rest - timedelta(seconds=1))
    assert rule.code in codes(facts, past=past, at=NOON + rest)
    assert rule.fault in FAULT_OF_CODE
    assert rule in met_by([facts])


def test_what_explains_a_rule_is_a_rule():
    known = {rule.code for rule in RULES}
    assert len(known) == len(RULES)
    assert set(SAID_BY) | {cause for causes in SAID_BY.values() for cause in causes} <= known


def test_a_detention_counts_business_days_past_holidays_and_thirty_plain_ones():
    # Presented on Wednesday 2024-11-20: Thanksgiving is the 28th.
    assert detention_clock(date(2024, 11, 20)) == DetentionClock(
        decide_by=date(2024, 11, 27), notice_by=date(2024, 12, 5), deemed_excluded_on=date(2024, 12, 20)
    )
    decided = detention_clock(date(2024, 11, 20), detained_on=date(2024, 11, 21))
    assert decided.notice_by == date(2024, 11, 29)
