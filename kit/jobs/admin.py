from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kit.accounts.gates import GatedAdmin
from kit.jobs.models import Job


@admin.register(Job)
class JobAdmin(GatedAdmin):
    """Long work, newest first; a job's own page shows its progress and lets it be stopped."""

    view_act = "jobs.view"
    list_display = ["title_link", "status", "how_far", "message", "created_by", "created_at", "finished_at"]
    list_display_links = None
    list_filter = ["status", "kind"]
    list_select_related = ["created_by"]
    search_fields = ["title"]
    readonly_fields = [field.name for field in Job._meta.fields]

    @admin.display(description=_("job"))
    def title_link(self, job: Job) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("operator:job", args=[job.pk]), job.title)

    @admin.display(description=_("done"))
    def how_far(self, job: Job) -> str:
        return f"{job.done:,} / {job.total:,}" if job.total else f"{job.done:,}"
