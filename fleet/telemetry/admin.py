from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fleet.sites.lists import CappedPaginator
from fleet.telemetry.models import ReadingBatch
from fleet.telemetry.ranges import REASONS
from kit.accounts.gates import GatedAdmin


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
