from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kit.jobs.models import Job


class BatchStatus(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    PLANNED = "planned", _("planned")
    REFUSED = "refused", _("refused")
    APPLIED = "applied", _("applied")
    DISCARDED = "discarded", _("discarded")


class ImportBatch(models.Model):
    """A file of miners: what it would do, and whether exactly that was done."""

    filename = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.BigIntegerField(_("bytes"), default=0)
    columns = models.JSONField(_("columns"), default=list)
    status = models.CharField(
        _("state"), max_length=10, choices=BatchStatus.choices, default=BatchStatus.UPLOADED
    )
    token = models.CharField(_("token of the plan"), max_length=64, blank=True)
    lines = models.BigIntegerField(_("lines"), default=0)
    creates = models.BigIntegerField(_("new"), default=0)
    updates = models.BigIntegerField(_("changed"), default=0)
    same = models.BigIntegerField(_("same"), default=0)
    refused = models.BigIntegerField(_("refused"), default=0)
    refusal = models.TextField(_("why the file was refused"), blank=True)
    problems = models.JSONField(_("first refused lines"), default=list)
    differences = models.JSONField(_("first differences"), default=list)
    warnings = models.JSONField(_("warnings"), default=list)
    planned_at = models.DateTimeField(_("planned at"), null=True)
    job = models.ForeignKey(Job, verbose_name=_("job"), null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_status_display()})"


class ImportPiece(models.Model):
    """A stretch of an uploaded file; in pieces, so that a large file is never in memory as a whole."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="piece_of_batch", fields=["batch", "number"])]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.number}"
