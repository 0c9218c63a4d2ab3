from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import MinerModel
from kit.provenance import Sourced


class ModelPrice(Sourced):
    """What one machine of a model was worth from a day on, until the next price."""

    model = models.ForeignKey(
        MinerModel, verbose_name=_("model"), on_delete=models.PROTECT, related_name="prices"
    )
    from_on = models.DateField(_("from"))
    price_cents = models.BigIntegerField(_("price, cents"))
    currency = models.CharField(_("currency"), max_length=3, default="USD")

    class Meta:
        verbose_name = _("price of a model")
        verbose_name_plural = _("prices of models")
        constraints = [
            models.UniqueConstraint(name="one_price_a_day", fields=["model", "currency", "from_on"]),
            models.CheckConstraint(name="price_not_negative", condition=Q(price_cents__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.model} from {self.from_on}"
