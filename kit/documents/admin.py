from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kit.accounts.gates import GatedAdmin
from kit.documents.models import Document


@admin.register(Document)
class DocumentAdmin(GatedAdmin):
    """Finished files with their hashes; read only for everybody."""

    view_act = "reports.view"
    list_display = ["number", "title", "kind", "as_of", "size", "short_hash", "download", "is_synthetic"]
    list_filter = ["kind", "is_synthetic"]
    search_fields = ["number", "title", "=sha256"]
    fields = [
        "number",
        "title",
        "kind",
        "as_of",
        "language",
        "size",
        "sha256",
        "sources",
        "download",
        "is_synthetic",
    ]
    readonly_fields = fields

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).defer("content")

    @admin.display(description="SHA-256")
    def short_hash(self, document: Document) -> str:
        return f"{document.sha256[:12]}…"

    @admin.display(description=_("file"))
    def download(self, document: Document) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("operator:document", args=[document.pk]), _("Download")
        )
