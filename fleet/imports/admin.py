from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from fleet.imports import views
from fleet.imports.models import ImportBatch
from kit.accounts.gates import GatedAdmin


@admin.register(ImportBatch)
class ImportBatchAdmin(GatedAdmin):
    """Files of miners, newest first; adding one is uploading it, opening one shows its plan."""

    view_act = "fleet.view"
    add_act = edit_act = "imports.apply"
    list_display = ["filename", "status", "creates", "updates", "same", "refused", "created_by", "created_at"]
    list_filter = ["status"]
    list_select_related = ["created_by"]
    nothing_yet = _("Files of miners belong here. A file shows what it would change before you apply it.")
    search_fields = ["filename"]
    search_help_text = _("Part of the file name")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return views.upload(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return views.plan_page(request, int(object_id) if object_id.isdigit() else 0)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/refused.csv", wrap(views.refused), name="fleet_importbatch_refused"),
            path("<int:pk>/<str:verb>/do/", wrap(views.act), name="fleet_importbatch_act"),
            *super().get_urls(),
        ]
