from django.contrib import admin

from kit.accounts.gates import GatedAdmin
from kit.trail.models import TrailEntry


@admin.register(TrailEntry)
class TrailEntryAdmin(GatedAdmin):
    """Every business act in order; read only for everybody."""

    view_act = "trail.view"
    list_display = ["id", "at", "actor_name", "verb", "subject_kind", "subject_name"]
    list_filter = ["verb", "subject_kind"]
    search_fields = ["=subject_id", "verb", "subject_name", "actor_name"]
    fields = [
        "id",
        "at",
        "actor_name",
        "verb",
        "subject_kind",
        "subject_id",
        "subject_name",
        "detail",
        "hash_hex",
    ]
    readonly_fields = fields

    @admin.display(description="SHA-256")
    def hash_hex(self, entry: TrailEntry) -> str:
        return bytes(entry.hash).hex()
