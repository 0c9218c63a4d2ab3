"""Where a stored fact comes from and how sure it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")
    UNKNOWN = "unknown", _("unknown")


class Sourced(models.Model):
    """A row that says which document it was read from, how sure it is, and whether it was invented."""

    source = models.CharField(_("source"), max_length=300, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=8, choices=Confidence.choices, default=Confidence.UNKNOWN
    )
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        abstract = True
