import pgtrigger
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A finished file with its SHA-256 and what it was made from; never changed, never deleted."""

    kind = models.CharField(_("kind"), max_length=40, db_index=True)
    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    filename = models.CharField(_("file name"), max_length=160)
    media_type = models.CharField(_("media type"), max_length=80)
    language = models.CharField(_("language"), max_length=8, default="en")
    as_of = models.DateField(_("as of"), null=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.BigIntegerField(_("size in bytes"))
    content = models.BinaryField(_("content"))
    sources = models.JSONField(_("made from"), default=dict)
    is_synthetic = models.BooleanField(_("contains synthetic data"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="document_size_true", condition=models.Q(size=Length("content")))
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
