from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from compliance.workforce.models import Attestation, Clock, Contractor, Worker
from compliance.workforce.verbs import record_attestation, record_clock
from fleet.sites.lists import RecordedAdmin
from kit.accounts.gates import actor
from kit.trail.verbs import record

SOURCED = ["source", "confidence"]


class StaffAdmin(RecordedAdmin):
    """A list of dates on papers; the trail says which fields changed, never what stands in them."""

    view_act = "workforce.view"
    edit_act: str | None = "workforce.edit"
    add_act: str | None = "workforce.edit"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.save()
        verb = "changed" if change else "entered"
        record(f"{self.noun}.{verb}", obj, by=actor(request), detail={"fields": list(form.changed_data)})

    def is_editor(self, request: HttpRequest) -> bool:
        """Whether this user may see names and numbers."""
        return request.user.is_authenticated and request.user.may("workforce.edit")


@admin.register(Worker)
class WorkerAdmin(StaffAdmin):
    """Workers by number; every worker passes the same steps, driven by dates."""

    noun = "worker"
    list_display = ["number", "site", "contractor", "function", "hired_on", "ended_on", "section2_on"]
    list_filter = ["site"]
    list_select_related = ["site", "contractor__party", "contractor__site"]
    search_fields = ["number", "function"]

    def get_fields(self, request: HttpRequest, obj: Worker | None = None) -> list[str]:
        fields = [
            "number",
            "site",
            "contractor",
            "function",
            "hired_on",
            "ended_on",
            "is_reverification_exempt",
            "section1_on",
            "section2_on",
            *SOURCED,
        ]
        return ["name", *fields] if self.is_editor(request) else fields


@admin.register(Clock)
class ClockAdmin(StaffAdmin):
    """Dates on papers; a newer date is recorded beside the older one, which is kept."""

    noun = "clock"
    edit_act = None
    list_display = ["worker", "kind", "ends_on", "is_duration_of_status", "is_attested", "superseded_on"]
    list_filter = ["kind", "is_attested"]
    list_select_related = ["worker"]
    search_fields = ["worker__number"]
    raw_id_fields = ["worker"]

    def get_fields(self, request: HttpRequest, obj: Clock | None = None) -> list[str]:
        fields = [
            "worker",
            "kind",
            "ends_on",
            "is_duration_of_status",
            "category",
            "renewal_filed_on",
            "renewal_category",
            "renewal_decided_on",
            "is_attested",
            *SOURCED,
        ]
        return [*fields, "document_number"] if self.is_editor(request) else fields

    def save_model(self, request: HttpRequest, obj: Clock, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        worker, kind = given.pop("worker"), given.pop("kind")
        obj.pk = record_clock(worker, kind, by=actor(request), **given).pk


@admin.register(Contractor)
class ContractorAdmin(StaffAdmin):
    """Firms whose people work on a site; their employer keeps their papers, we keep its word."""

    noun = "contractor"
    list_display = ["party", "site", "scope", "from_on", "to_on", "roster_changed_on", "is_synthetic"]
    list_filter = ["site"]
    list_select_related = ["party", "site"]
    search_fields = ["party__name", "scope"]
    raw_id_fields = ["party"]
    fields = ["party", "site", "scope", "from_on", "to_on", "roster_changed_on", *SOURCED]


@admin.register(Attestation)
class AttestationAdmin(StaffAdmin):
    """Contractors' signed words, each until a day."""

    noun = "attestation"
    edit_act = None
    list_display = ["firm", "signed_on", "expires_on", "evidence", "is_synthetic"]
    list_select_related = ["contractor__party", "contractor__site"]
    search_fields = ["contractor__party__name"]
    fields = ["contractor", "signed_on", "expires_on", "evidence", *SOURCED]

    def save_model(self, request: HttpRequest, obj: Attestation, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        obj.pk = record_attestation(given.pop("contractor"), by=actor(request), **given).pk

    @admin.display(description=_("contractor"), ordering="contractor__party__name")
    def firm(self, attestation: Attestation) -> str:
        return str(attestation.contractor)
