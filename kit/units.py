"""Amounts as people read them: whole numbers go in, the same words come out on a page and on paper."""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from django.utils import dateformat
from django.utils.translation import gettext

from kit.money import currency_exponent

MINUS = "\u2212"
THIN = "\u202f"  # narrow and not breaking: the unit never lands on the next line
NOTHING = "\u2013"

W_PER_KW, W_PER_MW = 1_000, 1_000_000
GHS_PER_THS, GHS_PER_PHS, GHS_PER_EHS = 1_000, 1_000_000, 1_000_000_000
SATS_PER_BTC = 100_000_000


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """Decimals of a currency; bitcoin has eight.

    Raises: Refusal for a code that is not a currency.
    """
    return 8 if currency == "BTC" else currency_exponent(currency)


class Figure(NamedTuple):
    """A number ready to be set, with the unit apart because it is set smaller.

    Shape: `tail` holds the cents with their point; an unknown figure has a word for its number and no unit.
    """

    number: str
    unit: str = ""
    tail: str = ""
    is_known: bool = True

    @property
    def text(self) -> str:
        """The figure as one line of plain text."""
        return f"{self.number}{self.tail}{THIN}{self.unit}" if self.unit else f"{self.number}{self.tail}"

    @property
    def bare(self) -> "Figure":
        """The figure without its unit, for a table whose head carries it."""
        return self._replace(unit="")


def unknown() -> Figure:
    """The word that stands where a number is not known."""
    return Figure(gettext("unknown"), is_known=False)


def divide(value: int, per: int, decimals: int) -> str:
    """Write value / per with grouped thousands, rounded half up, without passing through floating point."""
    scaled, rest = divmod(abs(value) * 10**decimals, per)
    scaled += 2 * rest >= per
    whole, part = divmod(scaled, 10**decimals)
    sign = MINUS if value < 0 and scaled else ""
    return f"{sign}{whole:,}.{part:0{decimals}d}" if decimals else f"{sign}{whole:,}"


def _scale(value: int, steps: tuple[tuple[str, int, int], ...]) -> Figure:
    """Pick the first unit whose rounded figure stays below 1,000; the last unit takes what is left."""
    for unit, per, decimals in steps[:-1]:
        if abs(value) * 10**decimals * 2 < (2 * 1_000 * 10**decimals - 1) * per:
            return Figure(divide(value, per, decimals), unit)
    unit, per, decimals = steps[-1]
    return Figure(divide(value, per, decimals), unit)


def count(value: int | None) -> Figure:
    """Machines, owners, rows: a plain number."""
    return unknown() if value is None else Figure(divide(value, 1, 0))


def power(w: int | None, decimals: int = 2) -> Figure:
    """Power: kW with one decimal below one megawatt, else MW.

    Units: watts.
    """
    if w is None:
        return unknown()
    if w == 0:
        return Figure("0", "MW")
    return _scale(w, (("kW", W_PER_KW, 1), ("MW", W_PER_MW, decimals)))


def megawatts(w: int | None, decimals: int = 1) -> Figure:
    """Power in MW whatever its size, for a column that is compared downwards.

    Shape: what would round to nothing gets three decimals, so that it is not read as none.
    Units: watts.
    """
    if w is None:
        return unknown()
    shown = decimals if 2 * abs(w) * 10**decimals >= W_PER_MW else 3
    return Figure("0" if w == 0 else divide(w, W_PER_MW, shown), "MW")


def energy(wh: int | None) -> Figure:
    """Energy: kWh up to ten megawatt-hours, which is a customer's month, then MWh.

    Units: watt-hours.
    """
    if wh is None:
        return unknown()
    if abs(wh) < 10_000_000:
        return Figure(divide(wh, 1_000, 0 if abs(wh) >= 100_000 or wh == 0 else 1), "kWh")
    return Figure(divide(wh, 1_000_000, 1), "MWh")


def hashrate(ghs: int | None, unit: str = "") -> Figure:
    """Hashrate with one decimal: TH/s for a miner, PH/s for a site, EH/s for a fleet.

    Shape: `unit` fixes the unit of a column; without it the size decides.
    Units: gigahashes per second.
    """
    steps = (("TH/s", GHS_PER_THS, 1), ("PH/s", GHS_PER_PHS, 1), ("EH/s", GHS_PER_EHS, 1))
    if ghs is None:
        return unknown()
    if ghs == 0:
        return Figure("0", unit or "TH/s")
    return _scale(ghs, tuple(step for step in steps if not unit or step[0] == unit))


def joules_per_terahash(w: int | None, ghs: int | None) -> Fraction | None:
    """Efficiency of a machine or a fleet; not known without hashrate.

    Units: watts and gigahashes per second give J/TH.
    """
    return Fraction(w * GHS_PER_THS, ghs) if w is not None and ghs else None


def efficiency(j_per_th: int | Decimal | Fraction | None) -> Figure:
    """Efficiency with one decimal; a figure in mJ/GH is the same number."""
    if j_per_th is None:
        return unknown()
    exact = Fraction(j_per_th)
    return Figure(divide(exact.numerator, exact.denominator, 1), "J/TH")


def money(cents: int | None, currency: str) -> Figure:
    """Money with its ISO code, never a bare sign.

    Units: minor units of the currency (cents, yen, fils); satoshis for BTC.
    """
    if cents is None:
        return unknown()
    exponent = minor_digits(currency)
    whole, point, part = divide(cents, 10**exponent, exponent).partition(".")
    return Figure(whole, currency, point + part)


def money_millions(cents: int | None, currency: str, decimals: int = 1) -> Figure:
    """A total in millions, only where the exact figure is a click away.

    Units: minor units, as for `money`.
    """
    if cents is None:
        return unknown()
    return Figure(divide(cents, 1_000_000 * 10 ** minor_digits(currency), decimals), f"{currency}\u00a0m")


def money_short(cents: int, currency: str) -> Figure:
    """An axis label: millions from one million on, else the exact amount."""
    is_large = abs(cents) >= 1_000_000 * 10 ** minor_digits(currency)
    return money_millions(cents, currency) if is_large else money(cents, currency)


def bitcoin(sats: int | None) -> Figure:
    """Bitcoin with its eight decimals.

    Units: satoshis.
    """
    return unknown() if sats is None else Figure(divide(sats, SATS_PER_BTC, 8), "BTC")


def share(part: int | None, whole: int | None, decimals: int = 2) -> Figure:
    """A part of a whole in per cent; not known when the whole is nothing.

    Shape: owners' weights take six decimals.
    """
    if part is None or not whole:
        return unknown()
    return Figure(divide(part * 100, whole, decimals), "%")


def percent(bps: int | None, decimals: int = 2) -> Figure:
    """Basis points as per cent.

    Units: hundredths of one per cent.
    """
    return share(bps, 10_000, decimals)


def format_count(value: int | None) -> str:
    """3777 -> 3,777."""
    return count(value).text


def format_power(w: int | None, decimals: int = 2) -> str:
    """12000000 -> 12.00 MW; 6100 -> 6.1 kW.

    Units: watts.
    """
    return power(w, decimals).text


def format_energy(wh: int | None) -> str:
    """2412000 -> 2,412 kWh.

    Units: watt-hours.
    """
    return energy(wh).text


def format_hashrate(ghs: int | None, unit: str = "") -> str:
    """203600 -> 203.6 TH/s.

    Units: gigahashes per second.
    """
    return hashrate(ghs, unit).text


def format_efficiency(j_per_th: int | Decimal | Fraction | None) -> str:
    """Decimal('29.5') -> 29.5 J/TH."""
    return efficiency(j_per_th).text


def format_money(cents: int | None, currency: str) -> str:
    """1937421, USD -> 19,374.21 USD.

    Units: cents.
    """
    return money(cents, currency).text


def format_bitcoin(sats: int | None) -> str:
    """1234567 -> 0.01234567 BTC.

    Units: satoshis.
    """
    return bitcoin(sats).text


def format_share(part: int | None, whole: int | None, decimals: int = 2) -> str:
    """3, 4 -> 75.00 %."""
    return share(part, whole, decimals).text


def format_date(on: date | None) -> str:
    """17 Jun 2022, in the language of the reader."""
    return unknown().text if on is None else dateformat.format(on, "j M Y")


def format_instant(at: datetime | None, zone: tzinfo = UTC) -> str:
    """17 Jun 2022, 12:00 UTC: list events in UTC, site events in the site's zone.

    Raises: ValueError for an instant without a zone.
    """
    if at is None:
        return unknown().text
    if at.tzinfo is None:
        raise ValueError("An instant needs a zone; this one has none.")
    local = at.astimezone(zone)
    return f"{dateformat.format(local, 'j M Y, H:i')} {local.tzname()}"


def format_days_until(on: date | None, today: date) -> str:
    """How far a near date is: in 12 d, today, 2 d over."""
    if on is None:
        return unknown().text
    days = (on - today).days
    if days == 0:
        return gettext("today")
    return gettext("in %d d") % days if days > 0 else gettext("%d d over") % -days
