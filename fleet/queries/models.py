from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kit.jobs.models import Job


class SavedFilter(models.Model):
    """What somebody asks of a list again and again, under a name; others see it only if it is shared."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="+"
    )
    list = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("query"), max_length=2_000, blank=True)
    is_shared = models.BooleanField(_("shared"), default=False)
    created_at = models.DateTimeField(_("saved at"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="filter_name_per_user", fields=["user", "list", "name"])]

    def __str__(self) -> str:
        return self.name


class FileFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class Export(models.Model):
    """A list written to a file by a job; the file is kept for days, that it was made for good."""

    list = models.CharField(_("list"), max_length=40)
    query = models.CharField(_("query"), max_length=20_000, blank=True)
    file_format = models.CharField(_("format"), max_length=4, choices=FileFormat.choices)
    filename = models.CharField(_("file name"), max_length=100)
    rows = models.BigIntegerField(_("rows"), null=True)
    size = models.BigIntegerField(_("bytes"), null=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    job = models.ForeignKey(Job, verbose_name=_("job"), null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="finished_export_is_whole",
                condition=models.Q(finished_at__isnull=True)
                | models.Q(rows__isnull=False, size__isnull=False, expires_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.filename


class ExportPiece(models.Model):
    """A stretch of a finished file; in pieces, so that a large file is never in memory as a whole."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="piece_of_export", fields=["export", "number"])]

    def __str__(self) -> str:
        return f"{self.export_id} · {self.number}"
