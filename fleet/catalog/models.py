from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.provenance import Sourced
from kit.trail.history import tracked


class PartKind(models.TextChoices):
    CHASSIS = "chassis", _("chassis")
    HASHBOARD = "hashboard", _("hashboard")
    CONTROL_BOARD = "control_board", _("control board")
    PSU = "psu", _("power supply")
    FAN = "fan", _("fan")
    COOLING = "cooling", _("cooling")
    CABLE = "cable", _("cable")
    FIRMWARE = "firmware", _("firmware")
    ADAPTER = "adapter_board", _("adapter board")
    SPARE = "repair_spare", _("repair spare")


class Maker(models.Model):
    """Who makes miners or parts."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    country = models.CharField(_("country"), max_length=2, blank=True)

    class Meta:
        verbose_name = _("maker")
        verbose_name_plural = _("makers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class MinerModel(Sourced):
    """A model of miner with its catalogue figures; a blank figure is unknown."""

    maker = models.ForeignKey(Maker, verbose_name=_("maker"), on_delete=models.PROTECT, related_name="models")
    name = models.CharField(_("name"), max_length=120)
    released = models.CharField(_("released"), max_length=7, blank=True, help_text="YYYY-MM")
    ghs = models.BigIntegerField(_("hashrate, GH/s"))
    power_w = models.IntegerField(_("power, W"))
    cooling = models.CharField(_("cooling"), max_length=12, blank=True)
    chip = models.CharField(_("chip"), max_length=40, blank=True)
    chip_fab = models.CharField(_("fab of the chip"), max_length=60, blank=True)
    hashboards = models.PositiveSmallIntegerField(_("hashboards"), null=True, blank=True)
    chips_per_board = models.PositiveSmallIntegerField(_("chips per board"), null=True, blank=True)
    fans = models.PositiveSmallIntegerField(_("fans"), null=True, blank=True)
    board_family = models.CharField(_("control board family"), max_length=40, default="unknown")
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("miner model")
        verbose_name_plural = _("miner models")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="model_name", fields=["name"]),
            models.CheckConstraint(name="model_figures_positive", condition=Q(ghs__gt=0) & Q(power_w__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class PartModel(Sourced):
    """A model of part, such as a power supply or control board type."""

    kind = models.CharField(_("kind"), max_length=16, choices=PartKind.choices)
    maker = models.ForeignKey(Maker, verbose_name=_("maker"), null=True, blank=True, on_delete=models.PROTECT)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("part model")
        verbose_name_plural = _("part models")
        constraints = [models.UniqueConstraint(name="part_model_name", fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.name
