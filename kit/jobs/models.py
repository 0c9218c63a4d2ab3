from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class JobStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """Long work as a row: what it is, how far it is, who may stop it and how it ended."""

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    arguments = models.JSONField(_("arguments"), default=dict)
    status = models.CharField(
        _("state"), max_length=10, choices=JobStatus.choices, default=JobStatus.QUEUED, db_index=True
    )
    total = models.BigIntegerField(_("total"), default=0)
    done = models.BigIntegerField(_("done"), default=0)
    message = models.CharField(_("message"), max_length=300, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    cancel_requested_at = models.DateTimeField(_("cancel asked at"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="job_done_within_total", condition=Q(done__gte=0) & Q(total__gte=0)),
            models.CheckConstraint(
                name="job_finished_iff_ended",
                condition=Q(status__in=["queued", "running"], finished_at__isnull=True)
                | Q(status__in=["done", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_runs_after_it_started",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def share_done_bps(self) -> int:
        """How much is done, in basis points of the total; 0 while the total is not known."""
        return min(10_000, self.done * 10_000 // self.total) if self.total else 0
