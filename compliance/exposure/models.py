from django.db import models
from django.utils.translation import gettext_lazy as _

from kit.provenance import Sourced


class HashrateShare(Sourced):
    """A country's share of the network's hashrate in a month; context for exposure, not exposure."""

    month = models.DateField(_("month"))
    country = models.CharField(_("country"), max_length=2, blank=True)
    label = models.CharField(_("as published"), max_length=80)
    share_bps = models.PositiveIntegerField(_("share, basis points"), null=True, blank=True)

    class Meta:
        verbose_name = _("hashrate share")
        verbose_name_plural = _("hashrate shares")
        constraints = [models.UniqueConstraint(name="share_once", fields=["month", "label", "source"])]

    def __str__(self) -> str:
        return f"{self.label} {self.month:%Y-%m}"
