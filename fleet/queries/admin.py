from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.queries import views
from fleet.queries.models import Export
from kit.accounts.gates import GatedAdmin
from kit.units import format_count


@admin.register(Export)
class ExportAdmin(GatedAdmin):
    """Lists as files, newest first; a file is kept for a week."""

    view_act = "fleet.view"
    list_display = ["filename", "query", "standing", "row_count", "created_by", "created_at", "download"]
    list_display_links = None
    list_select_related = ["job", "created_by"]
    list_filter = ["file_format"]
    nothing_yet = _("Lists as files belong here. Ask for one with “Export” over the list of miners.")
    search_fields = ["filename"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        return Export.objects.all()

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/file/", wrap(views.file), name="fleet_export_file"), *super().get_urls()]

    @admin.display(description=_("state"))
    def standing(self, export: Export) -> SafeString | str:
        if export.job is None:
            return "–"
        return format_html(
            '<a class="underline" href="{}">{}</a>',
            reverse("operator:job", args=[export.job.pk]),
            export.job.get_status_display(),
        )

    @admin.display(description=_("rows"))
    def row_count(self, export: Export) -> str:
        return format_count(export.rows)

    @admin.display(description=_("file"))
    def download(self, export: Export) -> SafeString | str:
        if export.expires_at is None:
            return "–"
        if export.expires_at < timezone.now():
            return gettext("no longer kept")
        return format_html(
            '<a class="underline" href="{}">{}</a>',
            reverse("admin:fleet_export_file", args=[export.pk]),
            gettext("Download"),
        )
