"""Money as whole minor units (`_cents`) next to a currency code, read from text without guessing."""

import re

import pycountry
from django.utils.translation import gettext as _

from kit.errors import Refusal

LARGEST_CENTS = 9_223_372_036_854_775_807
"""The largest amount a PostgreSQL bigint holds."""

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS = "CLF UYW"
_EXPONENTS = {
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
    **dict.fromkeys(_FOUR_DECIMALS.split(), 4),
}
_WITHOUT_MINOR_UNIT = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"
_AMOUNT = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.(?P<part>[0-9]+))?")


def currency_exponent(currency: str) -> int:
    """How many decimal places the currency's minor unit has.

    Source: ISO 4217, list one; a currency not in the exceptions above has two.
    Raises: Refusal for a code that is not in upper case, not known, or has no minor unit.
    """
    if pycountry.currencies.get(alpha_3=currency) is None or currency != currency.upper():
        raise Refusal(
            _("“%(code)s” is not a currency code; use three capital letters such as USD.")
            % {"code": currency}
        )
    if currency in _WITHOUT_MINOR_UNIT.split():
        raise Refusal(_("%(code)s has no minor unit, so no amount can be kept in it.") % {"code": currency})
    return _EXPONENTS.get(currency, 2)


def parse_cents(text: str, currency: str, *, where: str = "") -> int:
    """Read an amount such as `1,234.56` into whole minor units.

    Shape: a point before the decimals; commas only between groups of three digits.
    Units: minor units of `currency` (cents, yen, fils).
    Raises: Refusal if the text is not such an amount, has too many decimals or is too large.
    """
    exponent = currency_exponent(currency)
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise Refusal(
            _("“%(text)s” is not an amount; write it like 1234.56 or 1,234.56.") % {"text": text},
            where=where,
        )
    part = found["part"] or ""
    if len(part) > exponent:
        raise Refusal(
            _("“%(text)s” has %(given)d decimals, but %(code)s has %(allowed)d.")
            % {"text": text, "given": len(part), "code": currency, "allowed": exponent},
            where=where,
        )
    digits = found["whole"].replace(",", "") + part.ljust(exponent, "0")
    # Counted before int(), which refuses very long texts with an error of its own.
    cents = int(digits) if len(digits.lstrip("0")) <= len(str(LARGEST_CENTS)) else LARGEST_CENTS + 1
    if cents > LARGEST_CENTS:
        raise Refusal(_("“%(text)s” is larger than any amount kept here.") % {"text": text[:40]}, where=where)
    return -cents if found["sign"] == "-" else cents


def format_cents(cents: int, currency: str) -> str:
    """Write whole minor units as plain text, `1234.56`, which `parse_cents` reads back."""
    exponent = currency_exponent(currency)
    sign, digits = ("-" if cents < 0 else ""), str(abs(cents)).rjust(exponent + 1, "0")
    if not exponent:
        return sign + digits
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"
