"""What must never be asked of a worker (INA 274B; FACTS B6), as tests."""

import ast
import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compliance.workforce.facts
from compliance.workforce.facts import AttestationFacts, Receipt, WorkerFacts
from compliance.workforce.rules import judge_worker

RAID = date(2025, 9, 29)

ROOM = Path(compliance.workforce.facts.__file__).parent
PURE = ("attestation", "authorisation", "clocks", "facts", "form_i9", "rules", "windows")
BANNED_NAMES = re.compile(r"nationalit|citizen|countr|birth|ethnic|origin|race|accent|gender|name\b|person")
DEMAND = re.compile(
    r"\b(show|present|provide|bring|submit|produce|ask for)\b[^.]*"
    r"\b(passport|visa|card|i-?94|i-?551|licen[cs]e|social security|certificate)",
    re.IGNORECASE,
)
BANNED_WORDS = re.compile(
    r"\b(il)?legal|unlawful|violat|prohibit|complian|\bclean\b|foreign|alien", re.IGNORECASE
)

maybe_days = st.none() | st.dates(date(2023, 1, 1), date(2028, 1, 1))
worker_facts = st.builds(
    WorkerFacts,
    **{field.name: maybe_days for field in fields(WorkerFacts) if field.name.endswith("_on")},
    **{field.name: st.booleans() for field in fields(WorkerFacts) if field.name.startswith("is_")},
    authorisation_read_from=st.sampled_from([None, "A", "B", "C"]),
    ead_category=st.sampled_from(["", "C08", "C19", "C26", "C33", "C03B"]),
    renewal_category=st.sampled_from(["", "C08", "C19", "C26", "C03C"]),
    document_lists=st.lists(st.sampled_from("ABC"), max_size=3).map(tuple),
    receipts=st.lists(
        st.builds(
            Receipt,
            st.sampled_from(["replacement", "temporary_i551", "refugee_i94"]),
            st.dates(date(2023, 1, 1), date(2028, 1, 1)),
        ),
        max_size=2,
    ).map(tuple),
)


def test_no_fact_says_who_a_worker_is_or_where_from() -> None:
    for kind in (WorkerFacts, AttestationFacts, Receipt):
        for field in fields(kind):
            assert not BANNED_NAMES.search(field.name), field.name


@pytest.mark.parametrize("module", PURE)
def test_no_rule_reads_anything_that_says_who_a_worker_is(module: str) -> None:
    tree = ast.parse((ROOM / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for part in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "arg", "")):
            assert not BANNED_NAMES.search(str(part or "")), f"{module}.py: {part}"


@pytest.mark.parametrize("module", PURE)
def test_no_rule_reads_the_database_the_clock_or_the_network(module: str) -> None:
    source = (ROOM / f"{module}.py").read_text(encoding="utf-8")
    assert not re.search(r"django\.db|\.models|\btoday\(|\bnow\(|requests|urllib|import time", source)


@given(facts=worker_facts, as_of=st.dates(date(2023, 1, 1), date(2028, 1, 1)))
def test_the_same_dates_give_the_same_judgements_and_none_demands_a_document(
    facts: WorkerFacts, as_of: date
) -> None:
    rows = judge_worker(facts, as_of)
    assert rows == judge_worker(replace(facts), as_of)
    for row in rows:
        assert row.standing in {"review", "watch", "unknown", "none"}
        assert not DEMAND.search(row.sentence), row.sentence
        assert not BANNED_WORDS.search(row.sentence), row.sentence
        assert "%(" not in row.sentence


@given(facts=worker_facts, as_of=st.dates(date(2023, 1, 1), date(2028, 1, 1)))
def test_the_exempt_are_asked_about_none_of_the_four_clocks(facts: WorkerFacts, as_of: date) -> None:
    rows = judge_worker(replace(facts, is_reverification_exempt=True), as_of)
    assert not {row.code for row in rows} & {"reverification", "admission", "visa", "passport"}


@given(facts=worker_facts, as_of=st.dates(date(2023, 1, 1), date(2028, 1, 1)))
def test_a_contractors_worker_is_asked_for_no_form(facts: WorkerFacts, as_of: date) -> None:
    rows = judge_worker(replace(facts, is_own_employee=False), as_of)
    assert not [row for row in rows if row.code.startswith("i9")]
