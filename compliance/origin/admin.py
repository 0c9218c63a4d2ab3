from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from compliance.origin.models import OriginRecord, SupplyChannel
from compliance.origin.verbs import record_origin
from fleet.sites.lists import CappedPaginator, RecordedAdmin
from kit.accounts.gates import actor

SOURCED = ["source", "confidence"]


@admin.register(OriginRecord)
class OriginRecordAdmin(RecordedAdmin):
    """What is known of where parts come from; a later record takes the place of an earlier one."""

    noun = "origin"
    view_act, add_act = "compliance.view", "compliance.edit"
    paginator = CappedPaginator
    list_display = [
        "part",
        "status",
        "maker",
        "maker_country",
        "assembly_country",
        "evidence_kind",
        "recorded_at",
        "superseded_at",
        "is_synthetic",
    ]
    list_filter = ["status", "evidence_kind", "is_synthetic"]
    list_select_related = ["part"]
    search_fields = ["part__serial", "maker"]
    raw_id_fields = ["part"]
    fields = [
        "part",
        "status",
        "maker",
        "maker_country",
        "assembly_country",
        "evidence_kind",
        "evidence_on",
        *SOURCED,
    ]

    def save_model(self, request: HttpRequest, obj: OriginRecord, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        part, status = given.pop("part"), given.pop("status")
        obj.pk = record_origin(part, status, by=actor(request), **given).pk


@admin.register(SupplyChannel)
class SupplyChannelAdmin(RecordedAdmin):
    """Ways to get machines, parts and repair, by country."""

    noun = "channel"
    view_act = "compliance.view"
    edit_act = add_act = "compliance.edit"
    list_display = ["name", "supplies", "country", "is_in_house", "from_on", "to_on", "is_synthetic"]
    list_filter = ["is_in_house", "supplies"]
    search_fields = ["name", "supplies"]
    raw_id_fields = ["party"]
    fields = ["name", "party", "supplies", "country", "is_in_house", "from_on", "to_on", *SOURCED]
