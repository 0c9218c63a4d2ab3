from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kit.provenance import Sourced
from kit.trail.history import tracked


class DrawnBasis(models.TextChoices):
    METERED = "metered", _("metered")
    REPORTED = "reported", _("reported")
    NAMEPLATE = "nameplate", _("nameplate")
    UNKNOWN = "unknown", _("unknown")


@tracked()
class Site(Sourced):
    """A place with power where miners stand; drawn watts are unknown until measured or reported."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    region = models.CharField(
        _("region"), max_length=6, blank=True, help_text=_("ISO 3166-2, for example RU-IRK")
    )
    locality = models.CharField(_("locality"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    nameplate_w = models.BigIntegerField(_("nameplate, W"), null=True, blank=True)
    energized_w = models.BigIntegerField(_("energized, W"), null=True, blank=True)
    drawn_w = models.BigIntegerField(_("drawn, W"), null=True, blank=True)
    drawn_basis = models.CharField(
        _("basis of drawn"), max_length=9, choices=DrawnBasis.choices, default=DrawnBasis.UNKNOWN
    )
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)
    drawn_machines = models.IntegerField(
        _("machines added up"), null=True, blank=True, editable=False, help_text=_("blank: nobody's readings")
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="site_watts_not_negative",
                condition=(Q(nameplate_w__isnull=True) | Q(nameplate_w__gte=0))
                & (Q(energized_w__isnull=True) | Q(energized_w__gte=0))
                & (Q(drawn_w__isnull=True) | Q(drawn_w__gte=0)),
            ),
            models.CheckConstraint(
                name="site_energized_within_nameplate",
                condition=Q(energized_w__isnull=True)
                | Q(nameplate_w__isnull=True)
                | Q(energized_w__lte=F("nameplate_w")),
            ),
            models.CheckConstraint(
                name="site_drawn_has_a_basis",
                condition=Q(drawn_w__isnull=True, drawn_basis="unknown")
                | (Q(drawn_w__isnull=False) & ~Q(drawn_basis="unknown")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class PowerFeed(Sourced):
    """A transformer or line that brings power to a site, with what its plate says it can carry."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="feeds")
    name = models.CharField(_("name"), max_length=80)
    nameplate_w = models.BigIntegerField(_("nameplate, W"))
    energized_on = models.DateField(_("energized on"), null=True, blank=True)

    class Meta:
        verbose_name = _("power feed")
        verbose_name_plural = _("power feeds")
        constraints = [
            models.UniqueConstraint(name="feed_name_per_site", fields=["site", "name"]),
            models.CheckConstraint(name="feed_watts_not_negative", condition=Q(nameplate_w__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.name}"


class Building(models.Model):
    """A hall or container of a site, fed by one feed."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="buildings")
    feed = models.ForeignKey(
        PowerFeed,
        verbose_name=_("feed"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="buildings",
    )
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = [models.UniqueConstraint(name="building_name_per_site", fields=["site", "name"])]

    def __str__(self) -> str:
        return f"{self.site} {self.name}"


class Rack(models.Model):
    """A rack of a building; the site is repeated so that a miner's place can be proved by one key."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="racks")
    building = models.ForeignKey(
        Building, verbose_name=_("building"), on_delete=models.PROTECT, related_name="racks"
    )
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        verbose_name = _("rack")
        verbose_name_plural = _("racks")
        constraints = [
            models.UniqueConstraint(name="rack_name_per_building", fields=["building", "name"]),
            models.UniqueConstraint(name="rack_of_site", fields=["id", "site"]),
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.name}"


class Slot(models.Model):
    """One place for one miner in a rack."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="slots")
    rack = models.ForeignKey(Rack, verbose_name=_("rack"), on_delete=models.PROTECT, related_name="slots")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(name="slot_position_per_rack", fields=["rack", "position"]),
            models.UniqueConstraint(name="slot_of_rack_of_site", fields=["id", "rack", "site"]),
        ]

    def __str__(self) -> str:
        return f"{self.rack} · {self.position}"
