from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """What a write to the API answered under a key its sender chose; the same request again gets it again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(_("key"), max_length=200)
    method = models.CharField(_("method"), max_length=8)
    path = models.CharField(_("path"), max_length=2_000)
    body_sha256 = models.CharField(_("SHA-256 of what was sent"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    media_type = models.CharField(_("media type"), max_length=100, blank=True)
    content = models.BinaryField(_("answer"))
    created_at = models.DateTimeField(_("answered at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(name="one_answer_per_key", fields=["user", "key"])]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
