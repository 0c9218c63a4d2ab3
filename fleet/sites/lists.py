"""Admin lists that stay fast however long the table is."""

from functools import cache
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import checkbox

from kit.accounts.capped import CappedPaginator
from kit.accounts.gates import GatedAdmin, actor
from kit.errors import Refusal
from kit.look.figures import synthetic
from kit.trail.verbs import record

__all__ = ["CappedPaginator", "RecordedAdmin"]
PLACE = "000000"  # where the key of a row goes in its box


@cache
def _box(_language: str | None) -> str:
    """The box by which a row is chosen, drawn by its template once and not for each row."""
    return str(checkbox.render(ACTION_CHECKBOX_NAME, PLACE))


class RecordedAdmin(GatedAdmin):
    """An admin list whose edits stand in the trail, and whose refusals are shown and not raised."""

    noun = ""  # as the trail names it: “site” makes site.entered and site.changed

    @admin.display(description=_("synthetic"))
    def synthetic(self, row: Any) -> str:
        if not row.is_synthetic:
            return ""
        return format_html('<span class="ph">{}</span>', synthetic(gettext("Synthetic")))

    @admin.display(description=GatedAdmin.action_checkbox.short_description)
    def action_checkbox(self, obj: Any) -> str:
        return mark_safe(_box(get_language()).replace(PLACE, str(int(obj.pk))))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        detail = {name: str(form.cleaned_data.get(name)) for name in form.changed_data}
        record(f"{self.noun}.{'changed' if change else 'entered'}", obj, by=actor(request), detail=detail)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
            return response
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)
