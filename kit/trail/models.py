import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TrailEntry(models.Model):
    """One business act, chained to the act before it by SHA-256; never changed, never deleted."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor_name = models.CharField(_("actor"), max_length=200)
    verb = models.CharField(_("act"), max_length=80)
    subject_kind = models.CharField(_("kind of subject"), max_length=80)
    subject_id = models.CharField(_("subject"), max_length=80)
    subject_name = models.CharField(_("subject name"), max_length=200)
    detail = models.JSONField(_("detail"), default=dict)
    previous_hash = models.BinaryField(_("hash of the entry before"), max_length=32)
    hash = models.BinaryField(_("hash"), max_length=32)

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="trail_subject")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.subject_name}"


class TrailHead(models.Model):
    """How long the trail is and how it ends, so that a cut-off tail is noticed."""

    singleton = models.BooleanField(primary_key=True, default=True)
    length = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("end of the trail")
        constraints = [models.CheckConstraint(name="one_trail_head", condition=models.Q(singleton=True))]

    def __str__(self) -> str:
        return f"{self.length} entries"
