"""Amounts are read as whole minor units or refused, never guessed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Refusal
from kit.money import LARGEST_CENTS, currency_exponent, format_cents, parse_cents

READ = [
    ("1234.56", "USD", 123_456),
    ("1,234.56", "USD", 123_456),
    ("1,234,567", "USD", 123_456_700),
    ("  7 ", "EUR", 700),
    ("0.5", "USD", 50),
    ("+3.10", "CAD", 310),
    ("-3.10", "CAD", -310),
    ("-0", "USD", 0),
    ("500", "JPY", 500),
    ("1.234", "KWD", 1_234),
    ("92233720368547758.07", "USD", LARGEST_CENTS),
]
REFUSED = [
    ("", "USD"),
    ("twelve", "USD"),
    ("12.345", "USD"),
    ("12.5", "JPY"),
    ("1.234,56", "USD"),
    ("1,23", "USD"),
    ("12,3456", "USD"),
    (",123", "USD"),
    ("1,2,3", "USD"),
    (".5", "USD"),
    ("5.", "USD"),
    ("1e5", "USD"),
    ("NaN", "USD"),
    ("1_000", "USD"),
    ("--1", "USD"),
    ("$5", "USD"),
    ("٣", "USD"),
    ("92233720368547758.08", "USD"),
    ("9" * 10_000, "USD"),
    ("5", "usd"),
    ("5", "ABC"),
    ("5", "XAU"),
    ("5", ""),
]


@pytest.mark.parametrize(("text", "currency", "cents"), READ)
def test_an_amount_is_read_in_minor_units(text: str, currency: str, cents: int) -> None:
    assert parse_cents(text, currency) == cents


@pytest.mark.parametrize(("text", "currency"), REFUSED)
def test_what_is_not_plainly_an_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(Refusal):
        parse_cents(text, currency)


def test_a_refusal_says_where_and_what() -> None:
    with pytest.raises(Refusal, match=r"line 4, column price: “12.345” has 3 decimals, but USD has 2"):
        parse_cents("12.345", "USD", where="line 4, column price")


@pytest.mark.parametrize(("currency", "places"), [("USD", 2), ("KZT", 2), ("JPY", 0), ("BHD", 3), ("CLF", 4)])
def test_a_currency_has_its_own_decimals(currency: str, places: int) -> None:
    assert currency_exponent(currency) == places


@given(
    cents=st.integers(-LARGEST_CENTS, LARGEST_CENTS),
    currency=st.sampled_from(["USD", "JPY", "KWD", "CLF"]),
)
def test_what_is_written_reads_back_as_the_same_amount(cents: int, currency: str) -> None:
    assert parse_cents(format_cents(cents, currency), currency) == cents


@given(text=st.text())
def test_any_text_gives_an_amount_or_a_refusal_and_nothing_else(text: str) -> None:
    with contextlib.suppress(Refusal):
        assert isinstance(parse_cents(text, "USD"), int)
