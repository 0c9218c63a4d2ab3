from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from fleet.miners.models import Miner
from fleet.sites.models import PowerFeed, Site
from kit.trail.history import tracked

# A miner is never deleted, so readings point at it without a constraint, which would cost five
# microseconds a reading.


class Reading(models.Model):
    """What one miner told at one instant; a figure it did not tell is blank.

    Shape: a table partitioned by day, made by hand in its migration.
    """

    pk = models.CompositePrimaryKey("miner_id", "at")
    miner = models.ForeignKey(
        Miner,
        verbose_name=_("miner"),
        related_name="readings",
        db_index=False,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
    )
    at = models.DateTimeField(_("at"))
    ghs = models.IntegerField(_("hashrate, GH/s"), null=True)
    power_w = models.IntegerField(_("power, W"), null=True)
    temp_c = models.SmallIntegerField(_("hottest, °C"), null=True)
    is_reachable = models.BooleanField(_("reachable"))
    is_hashing = models.BooleanField(_("hashing"))
    boards_missing = models.SmallIntegerField(_("hashboards missing"), null=True)
    fans_stopped = models.SmallIntegerField(_("fans standing still"), null=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [BrinIndex(fields=["at"], name="reading_at")]

    def __str__(self) -> str:
        return f"miner {self.miner_id} at {self.at:%Y-%m-%d %H:%M:%S}"


class LatestReading(models.Model):
    """The newest reading of a miner, narrow so that it is written in place."""

    miner = models.OneToOneField(
        Miner,
        verbose_name=_("miner"),
        primary_key=True,
        related_name="latest_reading",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
    )
    at = models.DateTimeField(_("at"))
    ghs = models.IntegerField(_("hashrate, GH/s"), null=True)
    power_w = models.IntegerField(_("power, W"), null=True)
    temp_c = models.SmallIntegerField(_("hottest, °C"), null=True)
    is_reachable = models.BooleanField(_("reachable"))
    is_hashing = models.BooleanField(_("hashing"))
    boards_missing = models.SmallIntegerField(_("hashboards missing"), null=True)
    fans_stopped = models.SmallIntegerField(_("fans standing still"), null=True)

    class Meta:
        verbose_name = _("latest reading")
        verbose_name_plural = _("latest readings")

    def __str__(self) -> str:
        return f"miner {self.miner_id} at {self.at:%Y-%m-%d %H:%M:%S}"


class BatchForm(models.TextChoices):
    COMPACT = "compact", _("compact")
    PYASIC = "pyasic", _("pyasic")


class ReadingBatch(models.Model):
    """One delivery of readings and what became of each: its counts add up to how many it held."""

    taken_at = models.DateTimeField(_("taken at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    form = models.CharField(_("form"), max_length=8, choices=BatchForm.choices)
    readings = models.IntegerField(_("readings"))
    accepted = models.IntegerField(_("accepted"))
    known = models.IntegerField(_("known already"))
    refused = models.IntegerField(_("refused"))
    refused_by_reason = models.JSONField(_("refused by reason"), default=dict)
    unknown = models.IntegerField(_("of unknown miners"))
    unknown_named = models.JSONField(_("some unknown miners"), default=list)

    class Meta:
        verbose_name = _("batch of readings")
        verbose_name_plural = _("batches of readings")
        indexes = [BrinIndex(fields=["taken_at"], name="reading_batch_taken_at")]
        constraints = [
            models.CheckConstraint(
                name="reading_batch_adds_up",
                condition=models.Q(
                    readings=models.F("accepted")
                    + models.F("known")
                    + models.F("refused")
                    + models.F("unknown")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.readings} readings at {self.taken_at:%Y-%m-%d %H:%M:%S}"


class UptimeWindow(models.Model):
    """Five minutes of one miner: whether it answered, and whether it hashed; site 0 is no site.

    Shape: a table partitioned by day, made by hand in its migration. Units: means of what was told.
    """

    pk = models.CompositePrimaryKey("miner_id", "window_at")
    miner = models.ForeignKey(
        Miner,
        verbose_name=_("miner"),
        related_name="windows",
        db_index=False,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
    )
    window_at = models.DateTimeField(_("from"))
    site_id = models.BigIntegerField(_("site"))
    readings = models.SmallIntegerField(_("readings"))
    is_reachable = models.BooleanField(_("reachable"))
    is_hashing = models.BooleanField(_("hashing"))
    ghs = models.IntegerField(_("hashrate, GH/s"), null=True)
    power_w = models.IntegerField(_("power, W"), null=True)

    class Meta:
        verbose_name = _("five-minute window")
        verbose_name_plural = _("five-minute windows")

    def __str__(self) -> str:
        return f"miner {self.miner_id} from {self.window_at:%Y-%m-%d %H:%M}"


class UptimeDay(models.Model):
    """A UTC day of one miner at one site in five-minute windows; site 0 is no site."""

    pk = models.CompositePrimaryKey("miner_id", "counted_on", "site_id")
    miner = models.ForeignKey(
        Miner,
        verbose_name=_("miner"),
        related_name="uptime_days",
        db_index=False,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
    )
    counted_on = models.DateField(_("on"))
    site_id = models.BigIntegerField(_("site"))
    observed = models.SmallIntegerField(_("windows with readings"))
    reachable = models.SmallIntegerField(_("windows reachable"))
    hashing = models.SmallIntegerField(_("windows hashing"))

    class Meta:
        verbose_name = _("day of uptime")
        verbose_name_plural = _("days of uptime")
        indexes = [models.Index(fields=["site_id", "counted_on"], name="uptime_day_site")]

    def __str__(self) -> str:
        return f"miner {self.miner_id} on {self.counted_on}"


class CurtailmentReason(models.TextChoices):
    GRID = "grid", _("called by the grid operator")
    PRICE = "price", _("power price")
    CONTRACT = "contract", _("power contract")
    MAINTENANCE = "maintenance", _("maintenance")
    AUTHORITY = "authority", _("order of an authority")
    OTHER = "other", _("other")


@tracked()
class Curtailment(models.Model):
    """A time in which a site, or one feed of it, was told to draw less; uptime leaves it out."""

    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="curtailments", db_index=False
    )
    feed = models.ForeignKey(
        PowerFeed,
        verbose_name=_("feed"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        help_text=_("blank: the whole site"),
    )
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True, blank=True, help_text=_("blank: until further notice"))
    reason = models.CharField(_("reason"), max_length=12, choices=CurtailmentReason.choices)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("who said so, and where it is written")
    )
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("curtailment")
        verbose_name_plural = _("curtailments")
        constraints = [
            models.CheckConstraint(
                name="curtailment_ends_after_it_begins",
                condition=models.Q(to_at__isnull=True) | models.Q(to_at__gt=models.F("from_at")),
            ),
            models.CheckConstraint(name="curtailment_has_a_source", condition=~models.Q(source="")),
        ]
        indexes = [models.Index(fields=["site", "from_at"], name="curtailment_site_from")]

    def __str__(self) -> str:
        return f"{self.feed or self.site} from {self.from_at:%Y-%m-%d %H:%M}"


class RollUp(models.Model):
    """A five-minute window that readings fell into; it waits to be rolled up, and again if more come."""

    window_at = models.DateTimeField(_("from"), primary_key=True)
    is_waiting = models.BooleanField(_("waiting"), default=True)
    rolled_at = models.DateTimeField(_("rolled up at"), null=True)

    class Meta:
        verbose_name = _("roll-up")
        verbose_name_plural = _("roll-ups")
        indexes = [
            models.Index(fields=["window_at"], condition=models.Q(is_waiting=True), name="roll_up_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.window_at:%Y-%m-%d %H:%M}"


class SeenParts(models.Model):
    """The parts a miner told last; it waits until they are compared with those on record.

    Shape: `parts` are lists of kind, serial and position; `remark` is what the comparison left undone.
    """

    miner = models.OneToOneField(
        Miner,
        verbose_name=_("miner"),
        primary_key=True,
        related_name="seen_parts",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
    )
    at = models.DateTimeField(_("at"))
    digest = models.BigIntegerField(_("digest"))
    parts = models.JSONField(_("parts"), default=list)
    board_family = models.CharField(_("control board family"), max_length=40, default="unknown")
    firmware = models.CharField(_("firmware"), max_length=80, blank=True)
    mac = models.CharField(_("MAC"), max_length=17, blank=True)
    is_waiting = models.BooleanField(_("waiting"), default=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("parts seen")
        verbose_name_plural = _("parts seen")
        indexes = [
            models.Index(fields=["miner"], condition=models.Q(is_waiting=True), name="seen_parts_waiting")
        ]

    def __str__(self) -> str:
        return f"parts of miner {self.miner_id} at {self.at:%Y-%m-%d %H:%M}"
