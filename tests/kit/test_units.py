"""Numbers as text: the same table holds for a page and for a document."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from kit import units
from kit.errors import Refusal

N = units.THIN
MINUS = units.MINUS

TEXTS: list[tuple[Callable[..., str], tuple[object, ...], str]] = [
    (units.format_power, (12_000_000,), f"12.00{N}MW"),
    (units.format_power, (11_998_400,), f"12.00{N}MW"),
    (units.format_power, (41_500_000, 1), f"41.5{N}MW"),
    (units.format_power, (41_500_000, 3), f"41.500{N}MW"),
    (units.format_power, (6_100,), f"6.1{N}kW"),
    (units.format_power, (999_900,), f"999.9{N}kW"),
    (units.format_power, (999_960,), f"1.00{N}MW"),
    (units.format_power, (-2_500_000, 1), f"{MINUS}2.5{N}MW"),
    (units.format_power, (0,), f"0{N}MW"),
    (units.format_power, (None,), "unknown"),
    (units.format_energy, (2_412_000,), f"2,412{N}kWh"),
    (units.format_energy, (12_340,), f"12.3{N}kWh"),
    (units.format_energy, (54_321_000,), f"54.3{N}MWh"),
    (units.format_energy, (None,), "unknown"),
    (units.format_hashrate, (102_100,), f"102.1{N}TH/s"),
    (units.format_hashrate, (999_960,), f"1.0{N}PH/s"),
    (units.format_hashrate, (395_900_000,), f"395.9{N}PH/s"),
    (units.format_hashrate, (2_104_300_000,), f"2.1{N}EH/s"),
    (units.format_hashrate, (1_247_900_000, "PH/s"), f"1,247.9{N}PH/s"),
    (units.format_hashrate, (0,), f"0{N}TH/s"),
    (units.format_hashrate, (None,), "unknown"),
    (units.format_efficiency, (Decimal("29.5"),), f"29.5{N}J/TH"),
    (units.format_efficiency, (Fraction(3068, 104),), f"29.5{N}J/TH"),
    (units.format_efficiency, (15,), f"15.0{N}J/TH"),
    (units.format_efficiency, (None,), "unknown"),
    (units.format_money, (1_937_421, "USD"), f"19,374.21{N}USD"),
    (units.format_money, (-18_432_000, "USD"), f"{MINUS}184,320.00{N}USD"),
    (units.format_money, (5, "EUR"), f"0.05{N}EUR"),
    (units.format_money, (1_234, "JPY"), f"1,234{N}JPY"),
    (units.format_money, (1_234_567, "KWD"), f"1,234.567{N}KWD"),
    (units.format_money, (None, "USD"), "unknown"),
    (units.format_bitcoin, (1_234_567,), f"0.01234567{N}BTC"),
    (units.format_bitcoin, (2_100_000_000,), f"21.00000000{N}BTC"),
    (units.format_share, (77_766, 100_000_000, 6), f"0.077766{N}%"),
    (units.format_share, (3, 4), f"75.00{N}%"),
    (units.format_share, (1, 0), "unknown"),
    (units.format_share, (None, 4), "unknown"),
    (units.format_count, (3_777,), "3,777"),
    (units.format_count, (0,), "0"),
    (units.format_count, (None,), "unknown"),
    (units.format_date, (date(2022, 6, 17),), "17 Jun 2022"),
    (units.format_date, (None,), "unknown"),
    (units.format_instant, (datetime(2022, 6, 17, 12, 0, tzinfo=UTC),), "17 Jun 2022, 12:00 UTC"),
    (units.format_instant, (None,), "unknown"),
    (units.format_days_until, (date(2022, 6, 29), date(2022, 6, 17)), "in 12 d"),
    (units.format_days_until, (date(2022, 6, 15), date(2022, 6, 17)), "2 d over"),
    (units.format_days_until, (date(2022, 6, 17), date(2022, 6, 17)), "today"),
    (units.format_days_until, (None, date(2022, 6, 17)), "unknown"),
]


@pytest.mark.parametrize(("write", "given", "text"), TEXTS)
def test_a_value_becomes_its_text(write: Callable[..., str], given: tuple[object, ...], text: str) -> None:
    with translation.override("en"):
        assert write(*given) == text


def test_an_instant_is_shown_in_the_zone_of_its_site() -> None:
    chicago = timezone(timedelta(hours=-5), "CDT")
    shown = units.format_instant(datetime(2022, 6, 17, 2, 30, tzinfo=UTC), chicago)
    assert shown == "16 Jun 2022, 21:30 CDT"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        units.format_instant(datetime(2022, 6, 17, 12, 0))


def test_a_currency_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal):
        units.format_money(100, "XYZ")


def test_halves_round_away_from_zero_on_both_sides() -> None:
    assert units.divide(125, 100, 1) == "1.3"
    assert units.divide(-125, 100, 1) == f"{MINUS}1.3"


def test_an_amount_that_rounds_to_nothing_has_no_minus() -> None:
    assert units.divide(-4, 1_000, 1) == "0.0"


def test_large_amounts_stay_exact() -> None:
    assert units.format_money(9_223_372_036_854_775_807, "USD") == f"92,233,720,368,547,758.07{N}USD"


def test_a_machine_without_hashrate_has_no_efficiency() -> None:
    assert units.joules_per_terahash(3_068, 0) is None
    assert units.joules_per_terahash(None, 104_000) is None
    assert units.joules_per_terahash(3_068, 104_000) == Fraction(59, 2)


def test_an_axis_names_millions_only_from_one_million_on() -> None:
    assert units.money_short(2_430_000_000, "USD").text == f"24.3{N}USD\u00a0m"
    assert units.money_short(99_999_999, "USD").text == f"999,999.99{N}USD"
