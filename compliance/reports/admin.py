"""Schedules and the library of reports."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectMultipleWidget, UnfoldAdminTextInputWidget

from compliance.reports import verbs
from compliance.reports.models import Report, ReportKind, ReportSchedule
from compliance.reports.views import download_csv, download_json
from fleet.sites.models import Site
from kit.accounts.gates import GatedAdmin, actor
from kit.errors import Refusal
from kit.jobs.models import Job


class ScheduleForm(forms.ModelForm):
    """A schedule that can run: its zone, sites and addresses are looked at before it is stored."""

    class Meta:
        model = ReportSchedule
        fields = [
            "title",
            "kind",
            "frequency",
            "at_time",
            "time_zone",
            "site_codes",
            "recipients",
            "language",
            "is_enabled",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                verbs.check_schedule(ReportSchedule(**cleaned))
            except Refusal as refusal:
                field = refusal.where if refusal.where in self.fields else None
                self.add_error(field, refusal.message)
        return cleaned


@admin.register(ReportSchedule)
class ReportScheduleAdmin(GatedAdmin):
    """When reports are made by themselves, over which sites, and who gets them."""

    view_act = "reports.view"
    edit_act = add_act = "reports.edit"
    form = ScheduleForm
    list_display = ["title", "frequency", "at_time", "time_zone", "sites", "next_due_at", "is_enabled"]
    list_filter = ["is_enabled", "frequency"]
    search_fields = ["title"]
    actions = ["make_now"]

    @admin.display(description=_("sites"))
    def sites(self, schedule: ReportSchedule) -> str:
        return ", ".join(schedule.site_codes) or str(_("every site"))

    def save_model(self, request: HttpRequest, obj: ReportSchedule, form: Any, change: bool) -> None:
        verbs.save_schedule(obj, by=actor(request))

    @admin.action(description=_("Make the report now"), permissions=["change"])
    def make_now(self, request: HttpRequest, queryset: QuerySet[ReportSchedule]) -> HttpResponse | None:
        """Ask for the report of each chosen schedule as of the last full day."""
        job = None
        for schedule in queryset:
            try:
                job = verbs.make_report(
                    schedule.kind,
                    verbs.yesterday(),
                    tuple(schedule.site_codes),
                    by=actor(request),
                    schedule=schedule,
                )
            except Refusal as refusal:
                messages.error(request, f"{schedule.title}: {refusal}")
        return HttpResponseRedirect(reverse("operator:job", args=[job.pk])) if job else None


class DayInput(UnfoldAdminTextInputWidget):
    """A day as the browser itself asks for it, without a script."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


class MakeForm(forms.Form):
    """What a report asked for by hand is to be about."""

    day = forms.DateField(label=_("As of the end of"), widget=DayInput())
    sites = forms.MultipleChoiceField(
        label=_("Sites"),
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=_("none chosen means every site"),
    )
    compared_on = forms.DateField(
        label=_("Compared with"),
        required=False,
        widget=DayInput(),
        help_text=_("a month earlier if left empty"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sites"].choices = list(Site.objects.values_list("code", "name"))  # type: ignore[attr-defined]


@admin.register(Report)
class ReportAdmin(GatedAdmin):
    """The library: every report made, its files and hashes; adding one asks for it, nothing is changed."""

    view_act = "reports.view"
    add_act = "reports.edit"
    list_display = [
        "number",
        "title",
        "as_of",
        "pdf",
        "csv",
        "json",
        "short_hash",
        "is_synthetic",
        "delivered_at",
    ]
    list_filter = ["kind", "schedule"]
    list_select_related = ["document", "schedule"]
    search_fields = ["title", "document__number", "=value_sha256"]
    date_hierarchy = "as_of"
    fields = [
        "number",
        "title",
        "as_of",
        "schedule",
        "due_at",
        "pdf",
        "csv",
        "json",
        "value_sha256",
        "file_sha256",
        "is_synthetic",
        "made_by",
        "made_at",
        "delivered_to",
        "delivered_at",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        queryset: QuerySet[Report] = super().get_queryset(request)
        return queryset.defer("value", "document__content")

    def get_urls(self) -> list[Any]:
        return [
            path("<int:pk>/csv/", download_csv, name="compliance_report_csv"),
            path("<int:pk>/json/", download_json, name="compliance_report_json"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for a report by hand and show its job."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = MakeForm(request.POST or None, initial={"day": verbs.yesterday()})
        if request.method == "POST" and form.is_valid():
            try:
                job = _make(request, form.cleaned_data)
                return HttpResponseRedirect(reverse("operator:job", args=[job.pk]))
            except Refusal as refusal:
                form.add_error(None, refusal.message)
        context = self.admin_site.each_context(request) | {"form": form, "title": _("Make a report")}
        return render(request, "compliance/report_make.html", context)

    @admin.display(description=_("number"), ordering="document__number")
    def number(self, report: Report) -> str:
        return report.document.number

    @admin.display(description="PDF")
    def pdf(self, report: Report) -> SafeString:
        return format_html('<a href="{}">PDF</a>', reverse("operator:document", args=[report.document_id]))

    @admin.display(description="CSV")
    def csv(self, report: Report) -> SafeString:
        return format_html('<a href="{}">CSV</a>', reverse("admin:compliance_report_csv", args=[report.pk]))

    @admin.display(description="JSON")
    def json(self, report: Report) -> SafeString:
        return format_html('<a href="{}">JSON</a>', reverse("admin:compliance_report_json", args=[report.pk]))

    @admin.display(description=_("SHA-256 of the value"))
    def short_hash(self, report: Report) -> str:
        return f"{report.value_sha256[:12]}…"

    @admin.display(description=_("SHA-256 of the PDF"))
    def file_sha256(self, report: Report) -> str:
        return report.document.sha256

    @admin.display(description=_("data"))
    def is_synthetic(self, report: Report) -> str:
        return str(_("contains synthetic data")) if report.document.is_synthetic else str(_("recorded"))


def _make(request: HttpRequest, asked: dict[str, Any]) -> Job:
    day: date = asked["day"]
    return verbs.make_report(
        ReportKind.COMPLIANCE,
        day,
        tuple(asked["sites"]),
        by=actor(request),
        compared_on=asked["compared_on"],
    )
