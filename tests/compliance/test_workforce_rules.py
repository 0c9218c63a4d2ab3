"""Staff dates: four clocks kept apart, Form I-9, contractors, and what must never be asked."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from compliance.workforce.attestation import judge_attestation
from compliance.workforce.authorisation import EXTENSIONS, authorisation_end, ead_category
from compliance.workforce.facts import AttestationFacts, Judgement, Receipt, WorkerFacts
from compliance.workforce.form_i9 import correction_due_on, inspection_due_on
from compliance.workforce.rules import judge_worker

RAID = date(2025, 9, 29)
CARD: dict[str, Any] = {"category": "C08", "renewal_category": "C08"}


def _found(code: str, as_of: date = RAID, **facts: Any) -> list[Judgement]:
    return [row for row in judge_worker(WorkerFacts(**facts), as_of) if row.code == code]


def _one(code: str, as_of: date = RAID, **facts: Any) -> Judgement:
    (row,) = _found(code, as_of, **facts)
    return row


# --- work authorisation -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_ahead", "standing"),
    [(181, "none"), (180, "watch"), (14, "watch"), (1, "watch"), (0, "watch"), (-1, "review")],
)
def test_reverification_is_due_by_the_end_of_authorisation(days_ahead: int, standing: str) -> None:
    end = RAID + timedelta(days=days_ahead)
    row = _one("reverification", work_authorised_until_on=end)
    assert (row.standing, row.due_on) == (standing, end)


def test_a_past_end_speaks_of_the_employers_duty_not_of_the_person() -> None:
    row = _one("reverification", work_authorised_until_on=date(2025, 6, 30))
    assert "Reverification overdue since 2025-06-30" in row.sentence
    assert "worker chooses" in row.sentence


def test_a_contractors_worker_is_raised_with_the_contractor_and_asked_for_nothing() -> None:
    row = _one("reverification", work_authorised_until_on=date(2025, 6, 30), is_own_employee=False)
    assert row.standing == "review"
    assert "raise it with the contractor" in row.sentence
    assert judge_worker(WorkerFacts(is_own_employee=False), RAID) == []


def test_neither_an_end_date_nor_its_absence_is_unknown() -> None:
    assert _one("reverification").standing == "unknown"
    assert _found("reverification", is_authorisation_unlimited=True) == []


@pytest.mark.parametrize("spared", [{"is_reverification_exempt": True}, {"authorisation_read_from": "B"}])
def test_the_exempt_and_list_b_documents_are_never_reverified(spared: dict[str, Any]) -> None:
    assert _found("reverification", work_authorised_until_on=date(2020, 1, 1), **spared) == []


def test_a_visa_that_has_ended_is_never_a_finding() -> None:
    row = _one("visa", visa_ends_on=date(2024, 1, 1))
    assert row.standing == "none"
    assert "Cannot re-enter on this visa after 2024-01-01" in row.sentence


def test_duration_of_status_runs_without_a_date_and_a_date_prevails_over_it() -> None:
    row = _one("admission", is_duration_of_status=True)
    assert (row.standing, row.due_on) == ("none", None)
    dated = _one("admission", is_duration_of_status=True, admit_until_on=date(2025, 10, 1))
    assert (dated.standing, dated.due_on) == ("watch", date(2025, 10, 1))


def test_a_past_admit_until_date_is_a_question_unless_work_rests_on_a_card() -> None:
    past: dict[str, Any] = {"admit_until_on": date(2025, 1, 1)}
    assert _one("admission", **past).standing == "review"
    card: dict[str, Any] = {"ead_category": "C08", "work_authorised_until_on": date(2027, 1, 1)}
    assert _one("admission", **past, **card).standing == "none"


@pytest.mark.parametrize(("days_ahead", "standing"), [(241, "none"), (240, "watch"), (-1, "watch")])
def test_a_passport_date_is_at_most_a_reminder(days_ahead: int, standing: str) -> None:
    assert _one("passport", passport_ends_on=RAID + timedelta(days=days_ahead)).standing == standing


# --- automatic extension ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed_on", "ends_on"),
    [
        (date(2025, 10, 29), date(2027, 5, 9)),
        (date(2025, 10, 30), date(2025, 11, 15)),
        (date(2025, 11, 16), date(2025, 11, 15)),
        (None, date(2025, 11, 15)),
    ],
)
def test_only_renewals_filed_before_2025_10_30_extend_the_card(filed_on: date | None, ends_on: date) -> None:
    end = authorisation_end(date(2025, 11, 15), renewal_filed_on=filed_on, **CARD)
    assert (end.ends_on, end.is_certain) == (ends_on, True)


@pytest.mark.parametrize(
    ("filed_on", "days"),
    [
        (date(2016, 12, 1), 0),
        (date(2022, 5, 3), 180),
        (date(2022, 5, 4), 540),
        (date(2023, 10, 26), 540),
        (date(2023, 10, 27), 540),
        (date(2025, 1, 13), 540),
    ],
)
def test_the_days_of_extension_follow_the_day_of_filing(filed_on: date, days: int) -> None:
    card_ends_on = filed_on + timedelta(days=30)
    end = authorisation_end(card_ends_on, renewal_filed_on=filed_on, **CARD)
    assert end.ends_on - card_ends_on == timedelta(days=days)


def test_a_renewal_filed_on_the_last_day_of_the_card_is_in_time() -> None:
    last_day = date(2025, 7, 1)
    end = authorisation_end(last_day, renewal_filed_on=last_day, **CARD)
    assert end.ends_on == date(2026, 12, 23)


def test_the_rows_of_extension_leave_no_gap_and_do_not_overlap() -> None:
    for earlier, later in pairwise(EXTENSIONS):
        assert earlier.filed_to is not None
        assert later.filed_from == earlier.filed_to + timedelta(days=1)


def test_a_renewal_in_another_or_an_uncovered_category_extends_nothing() -> None:
    filed: dict[str, Any] = {"renewal_filed_on": date(2025, 6, 1)}
    end_on = date(2025, 7, 1)
    assert authorisation_end(end_on, category="C08", renewal_category="C09", **filed).ends_on == end_on
    assert authorisation_end(end_on, category="C33", renewal_category="C33", **filed).ends_on == end_on


def test_a_spouses_extension_ends_with_the_admission() -> None:
    spouse: dict[str, Any] = {
        "category": "(c)(26)",
        "renewal_category": "C26",
        "renewal_filed_on": date(2025, 6, 1),
    }
    end = authorisation_end(date(2025, 7, 1), admit_until_on=date(2026, 2, 1), **spouse)
    assert end.ends_on == date(2026, 2, 1)
    open_end = authorisation_end(date(2025, 7, 1), **spouse)
    assert (open_end.ends_on, open_end.is_certain) == (date(2025, 7, 1), False)


def test_stem_training_keeps_its_180_days_after_the_rule_ended() -> None:
    end = authorisation_end(
        date(2026, 1, 31), category="C03B", renewal_category="C03C", renewal_filed_on=date(2025, 12, 1)
    )
    assert end.ends_on == date(2026, 1, 31) + timedelta(days=180)


def test_a_decision_on_the_renewal_ends_the_extension() -> None:
    end = authorisation_end(
        date(2025, 7, 1), renewal_filed_on=date(2025, 6, 1), renewal_decided_on=date(2025, 9, 9), **CARD
    )
    assert end.ends_on == date(2025, 9, 9)


@pytest.mark.parametrize(
    "facts", [{"ead_category": "C19", "renewal_category": "C19"}, {"ead_category": "C08"}]
)
def test_what_may_be_extended_elsewhere_is_unknown_not_overdue(facts: dict[str, Any]) -> None:
    row = _one(
        "reverification",
        work_authorised_until_on=date(2025, 8, 1),
        renewal_filed_on=date(2025, 7, 1),
        **facts,
    )
    assert row.standing == "unknown"


def test_a_renewal_filed_later_does_not_reach_back() -> None:
    facts = {
        "work_authorised_until_on": date(2025, 9, 1),
        "renewal_filed_on": date(2025, 8, 20),
        "ead_category": "C09",
        "renewal_category": "C09",
    }
    before = _one("reverification", as_of=date(2025, 8, 19), **facts)
    after = _one("reverification", as_of=date(2025, 8, 20), **facts)
    assert before.due_on == date(2025, 9, 1)
    assert (after.standing, after.due_on) == ("none", date(2027, 2, 23))


@pytest.mark.parametrize("text", ["C8", "c08", "(c)(8)", " C-08 ", "C008"])
def test_a_category_has_one_spelling(text: str) -> None:
    assert ead_category(text) == "C08"


# --- Form I-9 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "first", "second"),
    [
        (date(2022, 12, 21), "none", "none"),
        (date(2022, 12, 22), "watch", "watch"),
        (date(2022, 12, 23), "review", "watch"),
        (date(2022, 12, 28), "review", "watch"),
        (date(2022, 12, 29), "review", "review"),
    ],
)
def test_section_1_is_due_on_day_one_and_section_2_three_business_days_on(
    as_of: date, first: str, second: str
) -> None:
    hired = {"hired_on": date(2022, 12, 22)}
    assert _one("i9_section_1", as_of, **hired).standing == first
    row = _one("i9_section_2", as_of, **hired)
    assert (row.standing, row.due_on) == (second, date(2022, 12, 28))


def test_a_job_of_under_three_days_needs_both_sections_on_day_one() -> None:
    row = _one("i9_section_2", hired_on=RAID, is_short_job=True)
    assert row.due_on == RAID


def test_a_section_done_in_time_is_no_finding_and_done_late_stays_on_record() -> None:
    hired = {"hired_on": date(2025, 9, 1)}
    assert _one("i9_section_1", section_1_on=date(2025, 9, 1), **hired).standing == "none"
    assert _one("i9_section_1", section_1_on=date(2025, 9, 2), **hired).standing == "watch"


@pytest.mark.parametrize(
    ("lists", "standing"),
    [
        (("A",), "none"),
        (("C", "B"), "none"),
        ((), "unknown"),
        (("B",), "review"),
        (("C",), "review"),
        (("A", "B"), "watch"),
        (("B", "C", "C"), "watch"),
    ],
)
def test_one_of_list_a_or_one_of_b_and_c_is_enough_and_more_is_too_much(
    lists: tuple[Any, ...], standing: str
) -> None:
    row = _one("i9_lists", hired_on=date(2025, 9, 1), section_2_on=date(2025, 9, 3), document_lists=lists)
    assert row.standing == standing


@pytest.mark.parametrize(("day", "standing"), [(74, "none"), (75, "watch"), (90, "watch"), (91, "review")])
def test_a_receipt_holds_for_ninety_days(day: int, standing: str) -> None:
    receipt = Receipt("replacement", RAID - timedelta(days=day))
    assert _one("receipt", receipts=(receipt,)).standing == standing
    assert _one("receipt", receipts=(receipt,), is_reverification_exempt=True).standing == standing


def test_a_replaced_receipt_is_done_with_and_one_for_a_short_job_is_reviewed() -> None:
    receipt = Receipt("replacement", RAID)
    assert _found("receipt", receipts=(replace(receipt, replaced_on=RAID),)) == []
    assert _one("receipt", receipts=(receipt,), is_short_job=True).standing == "review"
    stamped = Receipt("temporary_i551", RAID, stamp_ends_on=date(2026, 1, 1))
    assert _one("receipt", receipts=(stamped,)).due_on == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("hired_on", "ended_on", "keep_until_on"),
    [
        (date(2020, 5, 1), date(2025, 5, 1), date(2026, 5, 1)),
        (date(2025, 1, 1), date(2025, 5, 1), date(2028, 1, 1)),
        (date(2024, 2, 29), date(2024, 3, 1), date(2027, 3, 1)),
    ],
)
def test_a_form_is_kept_three_years_from_hire_or_one_from_the_end(
    hired_on: date, ended_on: date, keep_until_on: date
) -> None:
    facts = {"hired_on": hired_on, "ended_on": ended_on}
    row = _one("i9_retention", as_of=keep_until_on, **facts)
    assert (row.due_on, row.standing) == (keep_until_on, "none")
    after = keep_until_on + timedelta(days=1)
    assert _one("i9_retention", as_of=after, **facts).standing == "watch"
    held = _one("i9_retention", as_of=after, is_under_litigation_hold=True, **facts)
    assert (held.standing, held.sentence) == ("none", "Keep the form while the litigation hold lasts.")


def test_nothing_but_retention_is_asked_after_work_has_ended() -> None:
    facts = WorkerFacts(
        hired_on=date(2024, 1, 1), ended_on=date(2025, 1, 1), work_authorised_until_on=date(2025, 2, 1)
    )
    assert [row.code for row in judge_worker(facts, RAID)] == ["i9_retention"]


def test_an_inspection_gives_three_business_days_and_corrections_ten() -> None:
    assert inspection_due_on(date(2025, 10, 9)) == date(2025, 10, 15)
    assert correction_due_on(date(2022, 12, 16)) == date(2023, 1, 3)


# --- contractors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "standing", "words"),
    [
        (date(2025, 1, 1), "review", "stop access until one is given"),
        (date(2025, 3, 1), "none", "No open finding"),
        (date(2025, 8, 2), "watch", "ends on 2025-09-01"),
        (date(2025, 9, 1), "watch", "ends on 2025-09-01"),
        (date(2025, 9, 2), "review", "stop access until renewed"),
    ],
)
def test_a_lapsed_attestation_stops_access_until_renewed(as_of: date, standing: str, words: str) -> None:
    facts = AttestationFacts(attested_on=date(2025, 2, 1), ends_on=date(2025, 9, 1))
    row = judge_attestation(facts, as_of)
    assert row.standing == standing
    assert words in row.sentence


def test_an_attestation_without_an_end_holds_for_180_days() -> None:
    assert judge_attestation(AttestationFacts(date(2025, 1, 1)), RAID).due_on == date(2025, 6, 30)


def test_a_roster_changed_since_asks_for_a_new_attestation() -> None:
    facts = AttestationFacts(date(2025, 9, 1), date(2026, 3, 1), roster_changed_on=date(2025, 9, 15))
    assert judge_attestation(facts, date(2025, 9, 14)).standing == "none"
    assert judge_attestation(facts, date(2025, 9, 15)).standing == "review"
