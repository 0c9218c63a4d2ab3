from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kit.provenance import Confidence
from kit.trail.history import tracked


class Measure(models.TextChoices):
    EMBARGO = "EMBARGO", _("comprehensive embargo")
    GOV = "GOV", _("government blocked")
    LIST = "LIST", _("list based")
    SECTOR = "SECTOR", _("sector")
    INVEST = "INVEST", _("new investment")
    SERVICE = "SERVICE", _("services")
    BAN = "BAN", _("ban on mining")


class LawStatus(models.TextChoices):
    IN_FORCE = "in force", _("in force")
    SUSPENDED = "suspended", _("suspended")
    PROPOSED = "proposed", _("proposed")
    ENDED = "ended", _("ended")
    UNKNOWN = "unknown", _("unknown")


class DatedLaw(models.Model):
    """A rule of law as dated data: who made it, where it stands, how sure we are and when we last looked."""

    authority = models.CharField(_("authority"), max_length=200)
    citation = models.CharField(_("citation"), max_length=300)
    from_on = models.DateField(_("in force from"))
    to_on = models.DateField(_("in force until"), null=True, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300)
    reviewed_on = models.DateField(_("reviewed on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


@tracked()
class Regime(DatedLaw):
    """A sanctions measure on a country or region, with its dates."""

    code = models.CharField(_("code"), max_length=40)
    territory = models.CharField(_("territory"), max_length=6, help_text=_("ISO 3166-1 or -2"))
    name = models.CharField(_("name"), max_length=160)
    measure = models.CharField(_("kind of measure"), max_length=8, choices=Measure.choices)

    class Meta:
        verbose_name = _("regime")
        verbose_name_plural = _("regimes")
        ordering = ["territory", "from_on"]
        constraints = [
            models.UniqueConstraint(name="regime_once", fields=["code", "measure", "from_on"]),
            models.CheckConstraint(
                name="regime_days_in_order", condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory} {self.authority}"


@tracked()
class Law(DatedLaw):
    """A dated rule that is not about a territory, such as a clock of Form I-9 or an Entity List rule."""

    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(_("state"), max_length=10, choices=LawStatus.choices, default=LawStatus.UNKNOWN)

    class Meta:
        verbose_name = _("rule of law")
        verbose_name_plural = _("rules of law")
        ordering = ["code", "from_on"]
        constraints = [models.UniqueConstraint(name="law_once", fields=["code", "from_on"])]

    def __str__(self) -> str:
        return self.title
