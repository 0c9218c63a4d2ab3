from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.findings.models import Finding
from compliance.findings.rules import RULES
from compliance.findings.verbs import acknowledge, assign
from fleet.sites.lists import RecordedAdmin
from kit.accounts.gates import actor
from kit.accounts.models import User
from kit.accounts.roles import ROLES
from kit.errors import Refusal
from kit.units import format_count, format_power

MAY_SEE = sorted(role for role, acts in ROLES.items() if "compliance.view" in acts)


class AgeFilter(admin.SimpleListFilter):
    """How long a finding has been open."""

    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("1", _("up to a day")),
            ("7", _("up to a week")),
            ("30", _("up to 30 days")),
            ("more", _("longer")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        asked = self.value()
        if asked is None:
            return queryset
        if asked == "more":
            return queryset.filter(opened_at__lt=timezone.now() - timedelta(days=30))
        return queryset.filter(opened_at__gte=timezone.now() - timedelta(days=int(asked)))


class OpenFilter(admin.SimpleListFilter):
    """Open findings unless resolved ones are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("resolved", _("resolved")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": _("open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        conditions = {None: Q(resolved_at__isnull=True), "resolved": Q(resolved_at__isnull=False)}
        return queryset.filter(conditions.get(self.value(), Q()))


class RuleFilter(admin.SimpleListFilter):
    """By rule, in the order of the table of rules."""

    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(rule.code, rule.title) for rule in RULES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        return queryset.filter(rule=self.value()) if self.value() else queryset


class FindingForm(forms.ModelForm):
    """A finding is given to a person who may see it, and acknowledged with a note."""

    class Meta:
        model = Finding
        fields = ["assigned_to", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "assigned_to" in self.fields:
            people = User.objects.filter(role__in=MAY_SEE, is_active=True)
            self.fields["assigned_to"].queryset = people  # type: ignore[attr-defined]


@admin.register(Finding)
class FindingAdmin(RecordedAdmin):
    """Reasons to look, found by rules; they are acknowledged and given to somebody, never deleted."""

    noun = "finding"
    view_act, edit_act = "compliance.view", "compliance.edit"
    form = FindingForm
    list_display = [
        "subject_name",
        "rule_title",
        "standing",
        "sentence_short",
        "power",
        "machines_shown",
        "due_on",
        "opened_at",
        "assigned_to",
        "is_synthetic",
    ]
    list_filter = [OpenFilter, "standing", AgeFilter, RuleFilter, "is_synthetic"]
    list_select_related = ["assigned_to"]
    ordering = ["standing", "-power_w", "-id"]
    search_fields = ["subject_name", "sentence", "authority"]
    readonly_fields = [
        "subject_name",
        "rule_title",
        "standing",
        "sentence",
        "authority",
        "source",
        "confidence",
        "due_on",
        "machines",
        "power",
        "ghs",
        "value_cents",
        "owners",
        "is_synthetic",
        "opened_at",
        "seen_at",
        "resolved_at",
        "acknowledged_at",
        "acknowledged_by",
    ]
    fields = [*readonly_fields, "assigned_to", "note"]

    def save_model(self, request: HttpRequest, obj: Finding, form: Any, change: bool) -> None:
        fresh = Finding.objects.get(pk=obj.pk)
        if not form.changed_data:
            raise Refusal(str(_("Nothing was changed: name somebody, or write a note.")))
        if "assigned_to" in form.changed_data:
            assign(fresh, form.cleaned_data["assigned_to"], by=actor(request))
        if "note" in form.changed_data:
            acknowledge(fresh, note=form.cleaned_data["note"], by=actor(request))

    @admin.display(description=_("rule"), ordering="rule")
    def rule_title(self, finding: Finding) -> str:
        return str(next((rule.title for rule in RULES if rule.code == finding.rule), finding.rule))

    @admin.display(description=_("what was found"))
    def sentence_short(self, finding: Finding) -> str:
        return finding.sentence if len(finding.sentence) <= 160 else f"{finding.sentence[:157]}…"

    @admin.display(description=_("power"), ordering="power_w")
    def power(self, finding: Finding) -> str:
        return format_power(finding.power_w) if finding.power_w else "–"

    @admin.display(description=_("machines"), ordering="machines")
    def machines_shown(self, finding: Finding) -> str:
        return format_count(finding.machines) if finding.machines else "–"
