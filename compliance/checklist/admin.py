from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from compliance.checklist.models import ChecklistRun, ItemEvidence
from compliance.checklist.reads import runs_with_site
from compliance.checklist.verbs import record_evidence
from compliance.exposure.show import standing_name
from fleet.sites.lists import RecordedAdmin
from kit.accounts.gates import GatedAdmin, actor


@admin.register(ChecklistRun)
class ChecklistRunAdmin(GatedAdmin):
    """Runs of checklists with the state of each item."""

    view_act = "compliance.view"
    list_display = ["template", "site", "as_of", "states", "made_by", "made_at"]
    list_filter = ["template", "site"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChecklistRun]:
        return runs_with_site()

    @admin.display(description=_("items"))
    def states(self, run: ChecklistRun) -> str:
        return "; ".join(f"{item['title']}: {standing_name(item['state'])}" for item in run.result["items"])


@admin.register(ItemEvidence)
class ItemEvidenceAdmin(RecordedAdmin):
    """What people put down for items that data cannot judge."""

    noun = "evidence"
    view_act, add_act = "compliance.view", "compliance.edit"
    list_display = ["item", "template", "site", "on_day", "text", "recorded_by"]
    list_filter = ["template", "site"]
    list_select_related = ["site", "recorded_by"]
    fields = ["template", "item", "site", "text", "on_day"]

    def save_model(self, request: HttpRequest, obj: ItemEvidence, form: Any, change: bool) -> None:
        given = form.cleaned_data
        obj.pk = record_evidence(
            given["template"],
            given["item"],
            given["site"],
            given["text"],
            on_day=given["on_day"],
            by=actor(request),
        ).pk
