"""Countries and regions by their ISO 3166 codes, with the names people read."""

from functools import cache

import pycountry
from django.utils.translation import gettext

from kit.errors import Refusal


@cache
def country_name(code: str) -> str:
    """The name of a country by its two letters.

    Raises: Refusal for a code that ISO 3166-1 does not have.
    """
    country = pycountry.countries.get(alpha_2=code) if len(code) == 2 and code.isupper() else None
    if country is None:
        raise Refusal(
            gettext(
                "“{code}” is not a country. Write two capital letters of ISO 3166-1, for example KZ."
            ).format(code=code)
        )
    return str(getattr(country, "common_name", country.name))


@cache
def region_name(code: str) -> str:
    """The name of a region by its ISO 3166-2 code; no code has no name.

    Raises: Refusal for a code that ISO 3166-2 does not have.
    """
    if not code:
        return ""
    region = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    if region is None:
        raise Refusal(
            gettext("“{code}” is not a region. Write a code of ISO 3166-2, for example RU-IRK.").format(
                code=code
            )
        )
    return str(region.name)


def check_place(country: str, region: str) -> None:
    """Refuse a country or region nobody knows, and a region of another country.

    Raises: Refusal, naming the code.
    """
    country_name(country)
    region_name(region)
    if region and not region.startswith(f"{country}-"):
        raise Refusal(
            gettext("{region} is not in {country}. Give a region whose code begins with {country}-.").format(
                region=region, country=country
            )
        )


def country_choices() -> list[tuple[str, str]]:
    """Every country by name, for a form."""
    known = ((country.alpha_2, country_name(country.alpha_2)) for country in pycountry.countries)
    return sorted(known, key=lambda pair: pair[1])
