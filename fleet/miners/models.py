from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import Maker, MinerModel, PartKind, PartModel
from fleet.sites.models import Rack, Site, Slot
from kit.jobs.models import Job
from kit.trail.history import tracked


class MinerStatus(models.TextChoices):
    ORDERED = "ordered", _("ordered")
    IN_TRANSIT = "in_transit", _("in transit")
    CUSTOMS_HOLD = "customs_hold", _("customs hold")
    RECEIVED = "received", _("received")
    RACKED = "racked", _("racked")
    ENERGIZED = "energized", _("energized")
    MINING = "mining", _("mining")
    LOW = "low", _("low")
    OFFLINE = "offline", _("offline")
    IN_REPAIR = "in_repair", _("in repair")
    STORED = "stored", _("stored")
    SOLD = "sold", _("sold")
    SCRAPPED = "scrapped", _("scrapped")


class Owner(models.Model):
    """Whose machine it is, as a label; who that is and on what terms belongs to hosting."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("owner")
        verbose_name_plural = _("owners")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@tracked()
class Miner(models.Model):
    """One machine by its serial: what it is, whose it is, where it stands and how it does."""

    serial = models.CharField(_("serial"), max_length=40, db_collation="C", unique=True)
    model = models.ForeignKey(MinerModel, verbose_name=_("model"), on_delete=models.PROTECT, db_index=False)
    owner = models.ForeignKey(
        Owner, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    rack = models.ForeignKey(
        Rack, verbose_name=_("rack"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    slot = models.ForeignKey(
        Slot, verbose_name=_("slot"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    status = models.CharField(_("state"), max_length=12, choices=MinerStatus.choices)
    board_family = models.CharField(_("control board family"), max_length=40, default="unknown")
    power_w = models.IntegerField(_("power, W"))
    ghs = models.BigIntegerField(_("hashrate, GH/s"))
    mac = models.CharField(_("MAC"), max_length=17, blank=True)
    firmware = models.CharField(_("firmware"), max_length=80, blank=True)
    is_exportable = models.BooleanField(_("may leave the country"), null=True, blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_default=Func(function="now"))
    changed_at = models.DateTimeField(_("changed at"), auto_now=True, db_default=Func(function="now"))

    class Meta:
        verbose_name = _("miner")
        verbose_name_plural = _("miners")
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(
                name="one_miner_per_slot", fields=["slot"], deferrable=models.Deferrable.IMMEDIATE
            ),
            models.CheckConstraint(
                name="serial_upper_case", condition=Q(serial=Upper("serial")) & ~Q(serial="")
            ),
            models.CheckConstraint(
                name="miner_figures_not_negative", condition=Q(power_w__gt=0) & Q(ghs__gte=0)
            ),
            models.CheckConstraint(
                name="slot_has_rack", condition=Q(slot__isnull=True) | Q(rack__isnull=False)
            ),
            models.CheckConstraint(
                name="rack_has_site", condition=Q(rack__isnull=True) | Q(site__isnull=False)
            ),
            models.CheckConstraint(
                name="running_miner_has_a_site",
                condition=Q(site__isnull=False)
                | ~Q(status__in=["racked", "energized", "mining", "low", "offline"]),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "serial"], name="miner_site_serial"),
            models.Index(fields=["status", "serial"], name="miner_status_serial"),
            models.Index(fields=["model", "serial"], name="miner_model_serial"),
            models.Index(fields=["owner", "serial"], name="miner_owner_serial"),
            models.Index(
                fields=["rack", "serial"], name="miner_rack_serial", condition=Q(rack__isnull=False)
            ),
            models.Index(fields=["power_w", "id"], name="miner_power"),
            models.Index(fields=["ghs", "id"], name="miner_ghs"),
            GinIndex(OpClass("serial", name="gin_trgm_ops"), name="miner_serial_trgm"),
            models.Index(fields=["changed_at", "id"], name="miner_changed_at"),
        ]

    def __str__(self) -> str:
        return self.serial


@tracked()
class Part(models.Model):
    """One part by its serial, in a miner or on the shelf; the miner it sits in may change."""

    kind = models.CharField(_("kind"), max_length=16, choices=PartKind.choices)
    serial = models.CharField(_("serial"), max_length=60, db_collation="C")
    model = models.ForeignKey(
        PartModel, verbose_name=_("model"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    maker = models.ForeignKey(
        Maker, verbose_name=_("maker"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    miner = models.ForeignKey(
        Miner, verbose_name=_("miner"), null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    shelf = models.ForeignKey(
        Site,
        verbose_name=_("on the shelf at"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    family = models.CharField(_("family"), max_length=40, default="unknown")
    fitted_at = models.DateTimeField(_("fitted at"), null=True, blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints = [
            models.UniqueConstraint(name="part_serial", fields=["kind", "serial"]),
            models.CheckConstraint(
                name="part_in_a_miner_or_on_a_shelf", condition=Q(miner__isnull=True) | Q(shelf__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"


class Stay(models.Model):
    """Where a miner was and whose it was, from one instant to another; stays of a miner never overlap."""

    miner = models.ForeignKey(Miner, verbose_name=_("miner"), on_delete=models.PROTECT, related_name="stays")
    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, db_index=False)
    slot = models.ForeignKey(
        Slot, verbose_name=_("slot"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    owner = models.ForeignKey(
        Owner, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    model = models.ForeignKey(MinerModel, verbose_name=_("model"), on_delete=models.PROTECT, db_index=False)
    power_w = models.IntegerField(_("power, W"))
    ghs = models.BigIntegerField(_("hashrate, GH/s"))
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        constraints = [
            models.UniqueConstraint(name="stay_start", fields=["miner", "from_at"]),
            models.UniqueConstraint(name="one_open_stay", fields=["miner"], condition=Q(to_at__isnull=True)),
            models.CheckConstraint(
                name="stay_ends_after_it_begins", condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at"))
            ),
            ExclusionConstraint(
                name="stays_do_not_overlap",
                expressions=[
                    ("miner", RangeOperators.EQUAL),
                    (
                        Func("from_at", "to_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["site", "from_at", "to_at"], name="stay_site_from_to"),
            models.Index(fields=["from_at"], name="stay_open_from", condition=Q(to_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.miner} at {self.site} from {self.from_at:%Y-%m-%d}"


class MoveHold(models.Model):
    """A stop on moving a machine, or every machine of a site, until it is released; written from above."""

    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, related_name="holds"
    )
    miner = models.ForeignKey(
        Miner, verbose_name=_("miner"), null=True, blank=True, on_delete=models.PROTECT, related_name="holds"
    )
    reason = models.CharField(_("reason"), max_length=300)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    placed_at = models.DateTimeField(_("placed at"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("move hold")
        verbose_name_plural = _("move holds")
        constraints = [
            models.CheckConstraint(
                name="hold_on_a_site_or_a_miner",
                condition=Q(site__isnull=False, miner__isnull=True)
                | Q(site__isnull=True, miner__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Hold on {self.site or self.miner}: {self.reason}"


class Choice(models.Model):
    """Miners chosen in a list, kept from the page that shows them until a job has done exactly those."""

    miner_ids = ArrayField(models.BigIntegerField(), verbose_name=_("miners"))
    machines = models.GeneratedField(
        verbose_name=_("machines"),
        expression=Func("miner_ids", function="cardinality"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    query = models.TextField(_("query"), blank=True)
    job = models.ForeignKey(Job, verbose_name=_("job"), null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("chosen by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("chosen at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("choice of miners")
        verbose_name_plural = _("choices of miners")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
