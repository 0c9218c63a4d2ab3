from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from hosting.contracts.forms import ContractForm
from hosting.contracts.models import Contract, Enquiry, Membership, SiteParty
from hosting.contracts.verbs import open_contract
from hosting.parties.admin import SOURCED, RecordedAdmin
from kit.accounts.gates import GatedAdmin, actor


@admin.register(Contract)
class ContractAdmin(GatedAdmin):
    """Power taken from hosts and given to customers; a contract is opened here and never edited."""

    view_act = "hosting.view"
    add_act = "hosting.edit"
    form = ContractForm
    raw_id_fields = ["party"]
    list_display = ["number", "kind", "party", "site", "contracted_w", "from_on", "to_on", "is_synthetic"]
    list_filter = ["kind", "site", "is_synthetic"]
    list_select_related = ["party", "site"]
    search_fields = ["number", "party__number", "party__name"]

    def save_model(self, request: HttpRequest, obj: Contract, form: Any, change: bool) -> None:
        """Open the contract by its verb."""
        opened = open_contract(
            form.terms(),
            by=actor(request),
            accept_overcommitment=form.cleaned_data["accept_overcommitment"],
            reason=form.cleaned_data["reason"],
        )
        obj.pk = opened.pk


@admin.register(Enquiry)
class EnquiryAdmin(RecordedAdmin):
    """Who asks to have machines hosted; what they did not say stays unknown."""

    noun = "enquiry"
    view_act = "hosting.view"
    edit_act = add_act = "hosting.edit"
    list_display = ["name", "site", "received_on", "machines", "wanted_w", "status", "is_synthetic"]
    list_filter = ["status", "site"]
    list_select_related = ["site"]
    search_fields = ["name", "notes"]
    raw_id_fields = ["party"]
    fields = ["name", "party", "site", "received_on", "machines", "wanted_w", "status", "notes", *SOURCED]


@admin.register(SiteParty)
class SitePartyAdmin(RecordedAdmin):
    """Who is host, landlord, power supplier or contractor at a site, and when."""

    noun = "site_party"
    view_act = "hosting.view"
    edit_act = add_act = "hosting.edit"
    list_display = ["site", "party", "role", "from_on", "to_on", "confidence"]
    list_filter = ["role", "site"]
    list_select_related = ["site", "party"]
    search_fields = ["site__name", "party__name"]
    raw_id_fields = ["party"]


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    """Which log-in sees which customer's pages."""

    noun = "membership"
    view_act = "hosting.view"
    add_act = "hosting.edit"
    list_display = ["user", "party"]
    list_select_related = ["user", "party"]
    search_fields = ["user__username", "party__number", "party__name"]
    raw_id_fields = ["user", "party"]
