from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hosting.valuation.models import ModelPrice
from kit.questions import Question, rows


@dataclass(frozen=True)
class Value:
    """What machines are worth, with how many of them had no price and count as nothing.

    Units: cents.
    """

    cents: int
    currency: str
    priced: int
    unpriced: int


def prices_at(day: date, currency: str = "USD") -> dict[int, int]:
    """The price of one machine by model, from the newest price that had begun by the day.

    Units: cents.
    """
    return prices_question(day, currency).answer


def prices_question(day: date, currency: str = "USD") -> Question[dict[int, int]]:
    """The same, to be asked together with other questions."""
    found = ModelPrice.objects.filter(from_on__lte=day, currency=currency)
    newest = found.order_by("model_id", "-from_on").distinct("model_id")
    return rows(newest.values_list("model_id", "price_cents"), dict)


def value_of(groups: Iterable[tuple[int, int]], day: date, currency: str = "USD") -> Value:
    """What groups of machines were worth on a day.

    Shape: each group is a model's id and a number of machines.
    """
    prices = prices_at(day, currency)
    cents = priced = unpriced = 0
    for model_id, machines in groups:
        if model_id in prices:
            cents += prices[model_id] * machines
            priced += machines
        else:
            unpriced += machines
    return Value(cents, currency, priced, unpriced)
