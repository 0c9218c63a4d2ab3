from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from fleet.catalog.models import MinerModel
from hosting.valuation.models import ModelPrice
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.money import currency_exponent
from kit.provenance import Confidence
from kit.trail.verbs import record


@transaction.atomic
def set_price(
    model: MinerModel,
    price_cents: int,
    *,
    from_on: date,
    currency: str = "USD",
    source: str = "",
    confidence: str = Confidence.UNKNOWN,
    is_synthetic: bool = False,
    by: User | None,
) -> ModelPrice:
    """Say what one machine of a model is worth from a day on; saying the same again changes nothing.

    Raises: Refusal for a negative price or another price on the same day.
    """
    if by is not None:
        require(by, "hosting.edit")
    currency_exponent(currency)
    if price_cents < 0:
        raise Refusal(
            _("A price of %(cents)d cents is below zero.") % {"cents": price_cents}, where=model.name
        )
    price, created = ModelPrice.objects.get_or_create(
        model=model,
        currency=currency,
        from_on=from_on,
        defaults={
            "price_cents": price_cents,
            "source": source,
            "confidence": confidence,
            "is_synthetic": is_synthetic,
        },
    )
    if not created and price.price_cents != price_cents:
        raise Refusal(
            _("%(model)s has another price from %(day)s on already; choose another day.")
            % {"model": model.name, "day": from_on}
        )
    if created:
        record(
            "model.priced",
            model,
            by=by,
            detail={"price_cents": price_cents, "currency": currency, "from_on": from_on},
        )
    return price
