from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.provenance import Confidence


class Standing(models.TextChoices):
    BLOCKED = "blocked", _("Blocked pending counsel")
    REVIEW = "review", _("Review")
    WATCH = "watch", _("Watch")
    UNKNOWN = "unknown", _("Unknown")


class Finding(models.Model):
    """A reason to look, found by a rule and kept until the facts are gone; never deleted."""

    rule = models.CharField(_("rule"), max_length=60)
    subject_kind = models.CharField(_("kind of subject"), max_length=40)
    subject_key = models.CharField(_("subject"), max_length=80)
    subject_name = models.CharField(_("about"), max_length=300)
    site_id = models.BigIntegerField(_("site"), null=True, db_index=True)
    standing = models.CharField(_("standing"), max_length=8, choices=Standing.choices)
    sentence = models.TextField(_("what was found"))
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices)
    due_on = models.DateField(_("due on"), null=True)
    machines = models.BigIntegerField(_("machines"), default=0)
    power_w = models.BigIntegerField(_("power, W"), default=0)
    ghs = models.BigIntegerField(_("hashrate, GH/s"), default=0)
    value_cents = models.BigIntegerField(_("value, cents"), null=True)
    owners = models.BigIntegerField(_("owners"), default=0)
    is_synthetic = models.BooleanField(_("rests on synthetic data"), default=False)
    opened_at = models.DateTimeField(_("opened at"))
    seen_at = models.DateTimeField(_("last seen at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("with"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("acknowledged by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_finding_a_subject",
                fields=["rule", "subject_kind", "subject_key"],
                condition=Q(resolved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"F-{self.pk}"
