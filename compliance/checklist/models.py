from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fleet.sites.models import Site


class ChecklistRun(models.Model):
    """One pass over a checklist for a site as of a day, with what was measured and what is missing."""

    template = models.CharField(_("checklist"), max_length=40)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="checklists"
    )
    as_of = models.DateField(_("as of"))
    result = models.JSONField(_("result"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("checklist run")
        verbose_name_plural = _("checklist runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.template}, {self.site}, {self.as_of}"


class ItemEvidence(models.Model):
    """What a person put down for a checklist item that data cannot judge."""

    template = models.CharField(_("checklist"), max_length=40)
    item = models.CharField(_("item"), max_length=40)
    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("evidence"))
    on_day = models.DateField(_("day"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence for a checklist item")
        verbose_name_plural = _("evidence for checklist items")

    def __str__(self) -> str:
        return f"{self.item}, {self.on_day}"
