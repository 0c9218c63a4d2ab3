"""A customer's hosting contracts as the customer reads them."""

from dataclasses import dataclass
from datetime import date

from hosting.contracts.models import Contract
from hosting.portal.scope import Customer
from kit import units

MICROCENTS = 1_000_000
SHORTEST_RATE = 3  # decimals always shown; further ones only where they say something


@dataclass(frozen=True, slots=True)
class Agreement:
    """One contract: its number, site, days, rate and power; what nobody noted is unknown."""

    number: str
    party: str
    site: str
    from_on: date
    to_on: date | None
    rate: units.Figure
    power: units.Figure
    is_synthetic: bool


def agreements_of(customer: Customer) -> list[Agreement]:
    """The customer's contracts, newest first."""
    found = customer.contracts().select_related("site", "party").order_by("-from_on", "number")
    return [terms_of(contract) for contract in found]


def terms_of(contract: Contract) -> Agreement:
    """One contract in words and figures; it comes with its site and party."""
    return Agreement(
        number=contract.number,
        party=contract.party.name,
        site=contract.site.name,
        from_on=contract.from_on,
        to_on=contract.to_on,
        rate=rate_of(contract.rate_microcents_kwh, contract.currency),
        power=units.power(contract.contracted_w),
        is_synthetic=contract.is_synthetic,
    )


def rate_of(microcents_kwh: int | None, currency: str) -> units.Figure:
    """A price of energy in whole money, 0.079 USD/kWh.

    Units: millionths of a cent per kilowatt-hour.
    """
    if microcents_kwh is None:
        return units.unknown()
    digits = units.minor_digits(currency)
    exact = units.divide(microcents_kwh, MICROCENTS * 10**digits, digits + 6)
    whole, _, part = exact.partition(".")
    return units.Figure(f"{whole}.{part.rstrip('0').ljust(SHORTEST_RATE, '0')}", f"{currency}/kWh")
