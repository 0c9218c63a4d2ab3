from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.sites.lists import CappedPaginator, RecordedAdmin
from fleet.telemetry import verbs
from fleet.telemetry.models import Curtailment, ReadingBatch
from fleet.telemetry.ranges import REASONS
from kit.accounts.gates import GatedAdmin, actor
from kit.errors import Refusal


@admin.register(ReadingBatch)
class ReadingBatchAdmin(GatedAdmin):
    """Deliveries of readings, newest first, with what was refused of each and why."""

    view_act = "fleet.view"
    list_display = [
        "taken_at",
        "form",
        "readings",
        "accepted",
        "known",
        "refused",
        "unknown",
        "reasons",
        "by",
    ]
    list_filter = ["form"]
    list_select_related = ["by"]
    ordering = ["-id"]
    sortable_by: list[str] = []
    paginator = CappedPaginator

    @admin.display(description=_("why refused"))
    def reasons(self, batch: ReadingBatch) -> str:
        return "; ".join(
            f"{count} × {REASONS.get(reason, reason)}" for reason, count in batch.refused_by_reason.items()
        )


@admin.register(Curtailment)
class CurtailmentAdmin(RecordedAdmin):
    """When sites and feeds were told to draw less; afterwards only the end is corrected."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    list_display = ["__str__", "to_at", "reason", "source", "synthetic"]
    list_filter = ["site", "reason"]
    list_select_related = ["site", "feed__site"]
    fields = ["site", "feed", "from_at", "to_at", "reason", "source"]
    ordering = ["-id"]
    sortable_by: list[str] = []
    paginator = CappedPaginator

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in self.fields if name != "to_at"] if obj else []

    def save_model(self, request: HttpRequest, obj: Curtailment, form: Any, change: bool) -> None:
        if change:
            if form.cleaned_data["to_at"] is None:
                raise Refusal(gettext("Say when it ended. Nothing was changed."), where="to_at")
            verbs.end_curtailment(obj, by=actor(request), at=form.cleaned_data["to_at"])
        else:
            given = {name: form.cleaned_data[name] for name in self.fields}
            obj.pk = verbs.enter_curtailment(by=actor(request), **given).pk
