"""The ownership rule by cascade: the worked cases, cycles, unknown shares, three regimes."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.ownership.rules import (
    EU,
    OFAC,
    SEVERITY,
    THRESHOLDS,
    UK,
    UNDISCLOSED,
    Edge,
    Ownership,
    judge_ownership,
)
from kit.errors import Refusal

PAGE = Path(__file__).parents[2] / "docs" / "examples" / "ownership.md"
LISTED = {"X": "RUSSIA-EO14024", "Y": "SDGT"}


def _edges(holdings: str) -> list[Edge]:
    found = []
    for text in holdings.split(";"):
        owner, share, *control, owned = text.split()
        bps = None if share == "?" else round(float(share) * 100)
        found.append(Edge(owner, owned, bps, has_control=control == ["control"]))
    return found


def _rows(first_cell: str) -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if re.match(rf"\| {first_cell} ", line)
    ]


def _of(party: str, edges: list[Edge], **more: Any) -> Ownership:
    return next(row for row in judge_ownership(edges, LISTED, **more) if row.party == party)


def test_the_page_of_examples_holds_its_tables() -> None:
    assert len(_rows(r"\d+")) == 14
    assert len(_rows(r"X [\d?]+ [^|]*[A-Z]")) == 5


@pytest.mark.parametrize("row", _rows(r"\d+"), ids=lambda row: f"case {row[0]}")
def test_a_worked_case_comes_out_as_printed(row: list[str]) -> None:
    _case, holdings, party, share, standing = row
    result = _of(party, _edges(holdings))
    assert (f"{result.aggregate_bps / 100:.2f}", result.standing) == (share, standing)


@pytest.mark.parametrize("row", _rows(r"X [\d?]+ [^|]*[A-Z]"), ids=lambda row: row[0])
def test_three_regimes_read_the_same_holdings_as_printed(row: list[str]) -> None:
    holdings, party, *standings = row
    edges = _edges(holdings)
    assert [_of(party, edges, threshold=rule).standing for rule in (OFAC, EU, UK)] == standings


def test_the_chain_runs_from_the_listed_party_down() -> None:
    result = _of("B", _edges("X 50 A; X 10 B; A 40 B; Z 50 B"))
    assert set(result.chain) == {
        Edge("X", "A", 5000),
        Edge("X", "B", 1000),
        Edge("A", "B", 4000),
    }
    assert result.chain[0] == Edge("X", "A", 5000)
    assert result.programmes == ("RUSSIA-EO14024",)
    assert "blocked pending counsel" in result.sentence.lower()
    assert "50.00 %" in result.sentence


def test_the_programmes_of_all_owners_are_named() -> None:
    assert _of("D", _edges("X 25 D; Y 25 D")).programmes == ("RUSSIA-EO14024", "SDGT")


def test_two_holdings_of_one_owner_are_added_up_and_both_shown() -> None:
    result = _of("A", _edges("X 25 A; X 25 A"))
    assert (result.standing, result.aggregate_bps) == ("blocked_owned", 5000)
    assert result.chain == (Edge("X", "A", 2500),) * 2


def test_a_listed_party_is_blocked_by_its_own_listing_whoever_owns_it() -> None:
    result = _of("Y", _edges("X 100 Y"))
    assert result.standing == "blocked_listed"
    assert (result.programmes, result.chain) == (("SDGT",), ())


def test_a_listed_party_without_holdings_is_in_the_result() -> None:
    assert [row.party for row in judge_ownership([], LISTED)] == ["X", "Y"]


def test_the_rule_runs_downward_only() -> None:
    """An owner or a sister of a listed company is not reached by it."""
    edges = _edges("P 60 X; P 60 S")
    assert (_of("P", edges).standing, _of("S", edges).standing) == ("none", "none")


def test_an_undisclosed_holder_of_half_is_unknown_not_none() -> None:
    edges = [Edge(UNDISCLOSED, "A", 5000), Edge(UNDISCLOSED, "B", 4999), Edge("A", "C", 8000)]
    for rule in THRESHOLDS[:1]:
        assert _of("A", edges, threshold=rule).standing == "unknown"
    assert _of("B", edges).standing == "none"
    assert _of("C", edges).standing == "unknown"
    assert [row.standing for row in judge_ownership(edges, {})] == ["unknown", "none", "unknown"]


def test_a_companys_own_shares_do_not_block_it() -> None:
    assert _of("A", _edges("X 30 A; A 70 A")).standing == "none"
    assert _of("A", _edges("X 50 A; A 30 A")).aggregate_bps == 5000


def test_the_uk_adds_up_only_parties_that_act_together() -> None:
    edges = _edges("X 30 A; Y 30 A")
    assert _of("A", edges, threshold=UK).standing == "none"
    together = [frozenset({"X", "Y"})]
    assert _of("A", edges, threshold=UK, joint=together).standing == "blocked_owned"


def test_a_long_chain_is_followed_to_its_end() -> None:
    edges = [Edge("X", "0", 5000)] + [Edge(str(n), str(n + 1), 5000) for n in range(3000)]
    result = _of("3000", edges)
    assert (result.standing, len(result.chain)) == ("blocked_owned", 3001)


@pytest.mark.parametrize("share", [-1, 10_001])
def test_a_share_outside_the_whole_is_refused_with_its_place(share: int) -> None:
    with pytest.raises(Refusal, match=f"X -> A: The share is {share} basis points"):
        judge_ownership([Edge("X", "A", share)], LISTED)


names = st.sampled_from("ABCDEFG")
shares = st.one_of(st.none(), st.integers(0, 10_000))
graphs = st.lists(st.builds(Edge, names, names, shares, st.booleans()), max_size=25)
known_graphs = st.lists(st.builds(Edge, names, names, st.integers(0, 10_000)), max_size=25)
listings = st.dictionaries(names, st.just("SDGT"), max_size=3)


def _severities(edges: list[Edge], blocked: dict[str, str], rule: Any) -> dict[str, int]:
    rows = judge_ownership(edges, blocked, rule)
    return {row.party: SEVERITY.index(row.standing) for row in rows}


@given(edges=graphs, blocked=listings, more=names, rule=st.sampled_from(THRESHOLDS))
def test_one_more_listed_party_never_lowers_anybody(
    edges: list[Edge], blocked: dict[str, str], more: str, rule: Any
) -> None:
    before = _severities(edges, blocked, rule)
    after = _severities(edges, blocked | {more: "NEW"}, rule)
    assert all(after[party] >= severity for party, severity in before.items())


@given(edges=known_graphs, blocked=listings, rule=st.sampled_from(THRESHOLDS), place=st.data())
def test_a_larger_share_never_lowers_anybody(
    edges: list[Edge], blocked: dict[str, str], rule: Any, place: st.DataObject
) -> None:
    extra = place.draw(st.builds(Edge, names, names, st.integers(0, 10_000)))
    before = _severities(edges, blocked, rule)
    after = _severities([*edges, extra], blocked, rule)
    assert all(after[party] >= severity for party, severity in before.items())


@given(edges=graphs, blocked=listings, rule=st.sampled_from(THRESHOLDS), order=st.randoms())
def test_the_order_of_the_holdings_does_not_matter(
    edges: list[Edge], blocked: dict[str, str], rule: Any, order: Any
) -> None:
    shuffled = edges.copy()
    order.shuffle(shuffled)
    assert judge_ownership(shuffled, blocked, rule) == judge_ownership(edges, blocked, rule)


@given(edges=graphs, blocked=listings)
def test_nobody_is_blocked_by_ownership_without_half(edges: list[Edge], blocked: dict[str, str]) -> None:
    for row in judge_ownership(edges, blocked):
        if row.standing == "blocked_owned":
            assert row.aggregate_bps >= 5000
            assert any(edge.owner in blocked for edge in row.chain)
        elif row.standing == "none":
            assert row.aggregate_bps < 4000
