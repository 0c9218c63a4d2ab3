from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kit.documents.models import Document
from kit.jobs.models import Job


class ReportKind(models.TextChoices):
    COMPLIANCE = "compliance", _("compliance report")


class Frequency(models.TextChoices):
    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")


class ReportSchedule(models.Model):
    """When a report is made by itself, and over which sites."""

    kind = models.CharField(_("report"), max_length=12, choices=ReportKind.choices)
    title = models.CharField(_("title"), max_length=160)
    frequency = models.CharField(_("how often"), max_length=9, choices=Frequency.choices)
    at_time = models.TimeField(_("at"))
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    site_codes = models.JSONField(
        _("sites"), default=list, blank=True, help_text=_("codes; empty means every site")
    )
    recipients = models.JSONField(
        _("recipients"), default=list, blank=True, help_text=_("e-mail addresses that get the file")
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    is_enabled = models.BooleanField(_("on"), default=True)
    next_due_at = models.DateTimeField(_("next due at"), null=True, blank=True)

    class Meta:
        verbose_name = _("report schedule")
        verbose_name_plural = _("report schedules")

    def __str__(self) -> str:
        return self.title


class Report(models.Model):
    """A report made: the value it was rendered from, and the stored file."""

    kind = models.CharField(_("report"), max_length=12, choices=ReportKind.choices)
    title = models.CharField(_("title"), max_length=200)
    as_of = models.DateField(_("as of"))
    schedule = models.ForeignKey(
        ReportSchedule,
        verbose_name=_("schedule"),
        null=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    due_at = models.DateTimeField(_("due at"), null=True)
    value = models.JSONField(_("value"))
    value_sha256 = models.CharField(_("SHA-256 of the value"), max_length=64)
    document = models.OneToOneField(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="report"
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    delivered_to = models.JSONField(_("delivered to"), default=list)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_report_a_due_time",
                fields=["schedule", "due_at"],
                condition=models.Q(schedule__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title
