"""The chart of accounts as a table; an account comes into being with the first booking in its currency."""

from dataclasses import dataclass

from hosting.ledger.models import Account, AccountKind


@dataclass(frozen=True)
class Planned:
    """One line of the chart: the number that starts its code, its name and its kind."""

    number: str
    name: str
    kind: str


CHART = {
    "bank": Planned("1010", "Bank, money held for owners", AccountKind.ASSET),
    "blocked": Planned("1020", "Bank, blocked account", AccountKind.ASSET),
    "proceeds": Planned("2010", "Proceeds not yet distributed", AccountKind.LIABILITY),
    "owners": Planned("2020", "Owners, to be paid", AccountKind.LIABILITY),
    "set_aside": Planned("2030", "Owners, set aside while held", AccountKind.LIABILITY),
    "reserves": Planned("2040", "Reserves", AccountKind.LIABILITY),
}


def account(place: str, currency: str) -> Account:
    """The account of a place of the chart in a currency."""
    planned = CHART[place]
    found, _created = Account.objects.get_or_create(
        code=code(place, currency),
        defaults={"name": planned.name, "kind": planned.kind, "currency": currency},
    )
    return found


def code(place: str, currency: str) -> str:
    """The code of an account: its number and its currency."""
    return f"{CHART[place].number}-{currency}"
