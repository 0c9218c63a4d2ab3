from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from compliance.screening.models import Match, MatchStatus
from compliance.screening.reads import review_desk
from compliance.screening.verbs import decide
from fleet.sites.lists import RecordedAdmin
from kit.accounts.gates import actor

OUTCOMES = [
    (MatchStatus.DISMISSED.value, MatchStatus.DISMISSED.label),
    (MatchStatus.CONFIRMED.value, MatchStatus.CONFIRMED.label),
]


class DecisionForm(forms.ModelForm):
    """A decision needs its outcome and its reason; the match itself is not edited."""

    outcome = forms.ChoiceField(label=_("decision"), choices=OUTCOMES, widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=_("reason"),
        widget=UnfoldAdminTextareaWidget,
        help_text=_("what was compared, and with which document"),
    )

    class Meta:
        model = Match
        fields: list[str] = []


@admin.register(Match)
class MatchAdmin(RecordedAdmin):
    """The review desk: parties a list may name; a match by number stands until a person dismisses it."""

    noun = "match"
    view_act, edit_act = "compliance.view", "compliance.decide"
    form = DecisionForm
    list_display = ["party", "listed", "list_name", "basis", "agrees_on", "status", "found_at"]
    list_filter = ["status", "basis", "listed__source"]
    search_fields = ["party__name", "party__number", "listed__name", "listed__uid"]
    readonly_fields = ["party", "listed", "list_name", "basis", "agrees_on", "status", "earlier", "found_at"]
    fields = [*readonly_fields, "outcome", "reason"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        return review_desk()

    def get_fields(self, request: HttpRequest, obj: Match | None = None) -> list[str]:
        return list(self.fields) if self.has_change_permission(request, obj) else list(self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Match, form: Any, change: bool) -> None:
        decide(obj, form.cleaned_data["outcome"], form.cleaned_data["reason"], by=actor(request))

    @admin.display(description=_("list"))
    def list_name(self, match: Match) -> str:
        return f"{match.listed.source}, {match.listed.listed_on}"

    @admin.display(description=_("decided before"))
    def earlier(self, match: Match) -> str:
        return "; ".join(f"{row.get_outcome_display()}: {row.reason}" for row in match.decisions.all()) or "–"
