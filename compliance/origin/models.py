from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fleet.miners.models import Part
from hosting.parties.models import Party
from kit.provenance import Sourced


class OriginStatus(models.TextChoices):
    UNKNOWN = "unknown", _("unknown")
    DECLARED = "declared", _("declared")
    EVIDENCED = "evidenced", _("evidenced")
    VERIFIED = "verified", _("verified")


class OriginRecord(Sourced):
    """What is known of where a part comes from, on what evidence; a later record replaces it."""

    part = models.ForeignKey(Part, verbose_name=_("part"), on_delete=models.PROTECT, related_name="origins")
    status = models.CharField(
        _("state"), max_length=9, choices=OriginStatus.choices, default=OriginStatus.UNKNOWN
    )
    maker = models.CharField(_("maker"), max_length=120, blank=True)
    maker_country = models.CharField(_("country of the maker"), max_length=2, blank=True)
    assembly_country = models.CharField(_("country of assembly"), max_length=2, blank=True)
    evidence_kind = models.CharField(_("evidence"), max_length=20, blank=True)
    evidence_on = models.DateField(_("evidence of"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("origin record")
        verbose_name_plural = _("origin records")
        constraints = [
            models.UniqueConstraint(
                name="one_standing_origin", fields=["part"], condition=Q(superseded_at__isnull=True)
            ),
            models.CheckConstraint(
                name="evidence_where_claimed",
                condition=Q(status__in=["unknown", "declared"]) | ~Q(evidence_kind=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.get_status_display()}"


class SupplyChannel(Sourced):
    """A way to get machines, parts or repair, by country; the checklist counts them."""

    party = models.ForeignKey(
        Party, verbose_name=_("supplier"), null=True, blank=True, on_delete=models.PROTECT
    )
    name = models.CharField(_("name"), max_length=160)
    supplies = models.CharField(_("supplies"), max_length=120)
    country = models.CharField(_("country"), max_length=2, blank=True)
    is_in_house = models.BooleanField(_("in house"), default=False)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("supply channel")
        verbose_name_plural = _("supply channels")

    def __str__(self) -> str:
        return self.name
