"""A split adds up to its total, to the cent, whatever the order of its rows."""

import re
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.allocate import largest_remainder, split_by_rank
from kit.errors import Refusal

PAGE = Path(__file__).parents[2] / "docs" / "examples" / "allocation.md"

totals = st.integers(0, 10**15)
weight_lists = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)


def _examples() -> list[tuple[int, list[list[int]]]]:
    found = []
    for chapter in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        total = re.search(r"^Total: (\d+)$", chapter, re.MULTILINE)
        assert total, f"no total in {chapter[:40]!r}"
        rows = [
            [int(cell) for cell in line.strip("|").split("|")]
            for line in chapter.splitlines()
            if re.match(r"\| \d", line)
        ]
        found.append((int(total[1]), rows))
    return found


def test_the_page_of_examples_holds_its_three_tables() -> None:
    assert [len(rows) for _total, rows in _examples()] == [3, 3, 3]


@pytest.mark.parametrize("place", range(3))
def test_a_worked_example_comes_out_as_printed(place: int) -> None:
    total, rows = _examples()[place]
    owners, weights, floors, by_rank, amounts = zip(*rows, strict=True)
    split = split_by_rank(total, weights, owners)
    assert split.amounts == amounts
    assert split.floors == floors
    assert split.given_by_rank == sum(by_rank)
    assert tuple(a - f for a, f in zip(split.amounts, split.floors, strict=True)) == by_rank


@given(total=totals, weights=weight_lists)
def test_the_parts_add_up_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(largest_remainder(total, weights, range(len(weights)))) == total


@given(total=totals, weights=weight_lists)
def test_every_part_is_within_one_cent_of_its_exact_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(largest_remainder(total, weights, range(len(weights))), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(total=totals, weights=weight_lists)
def test_the_cents_by_rank_go_to_the_largest_fractions(total: int, weights: list[int]) -> None:
    split = split_by_rank(total, weights, range(len(weights)))
    ranks = [
        (-(Fraction(total * weight, sum(weights)) - floor), key)
        for key, (weight, floor) in enumerate(zip(weights, split.floors, strict=True))
    ]
    chosen = {key for _fraction, key in sorted(ranks)[: split.given_by_rank]}
    given_to = {
        key
        for key, (amount, floor) in enumerate(zip(split.amounts, split.floors, strict=True))
        if amount > floor
    }
    assert given_to == chosen


@given(total=totals, weights=weight_lists, seed=st.integers())
def test_the_order_of_the_rows_does_not_matter(total: int, weights: list[int], seed: int) -> None:
    keys = list(range(len(weights)))
    shuffled = keys.copy()
    Random(seed).shuffle(shuffled)
    straight = dict(zip(keys, largest_remainder(total, weights, keys), strict=True))
    mixed = largest_remainder(total, [weights[key] for key in shuffled], shuffled)
    assert dict(zip(shuffled, mixed, strict=True)) == straight


@given(total=totals, weights=weight_lists)
def test_no_weight_gets_nothing(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, [0, *weights], range(len(weights) + 1))
    assert parts[0] == 0


@given(total=totals, weight=st.integers(1, 10**12))
def test_one_owner_gets_all(total: int, weight: int) -> None:
    assert largest_remainder(total, [weight], ["only"]) == [total]


@given(weights=st.lists(st.integers(0, 10**12), max_size=20))
def test_nothing_to_split_gives_everyone_nothing(weights: list[int]) -> None:
    assert largest_remainder(0, weights, range(len(weights))) == [0] * len(weights)


def test_equal_fractions_go_to_the_smaller_key_wherever_it_stands() -> None:
    assert largest_remainder(100, [1, 1, 1], ["c", "a", "b"]) == [33, 34, 33]


@pytest.mark.parametrize(
    ("total", "weights", "keys", "sentence"),
    [
        (-1, [1], [1], "negative total"),
        (10, [5, -1], [1, 2], "weight of 2 is negative"),
        (0, [-1], [1], "weight of 1 is negative"),
        (10, [0, 0], [1, 2], "no weight is above zero"),
        (10, [], [], "no weight is above zero"),
        (10, [1, 1], [1], "2 weights were given for 1 keys"),
        (10, [1, 1], [1, 1], "key is given twice"),
    ],
)
def test_what_cannot_be_split_is_refused(
    total: int, weights: list[int], keys: list[int], sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        largest_remainder(total, weights, keys)
