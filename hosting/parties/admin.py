from typing import Any

from django.contrib import admin
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from unfold.admin import TabularInline

from hosting.parties.models import Clearance, Hold, Party, PartyIdentifier, PartyName, Stake, Wallet
from hosting.parties.wallets import normalise_address
from kit.accounts.gates import GatedAdmin, actor
from kit.folding import fold_identifier, fold_name
from kit.trail.verbs import record

SOURCED = ["source", "confidence", "is_synthetic"]


class GatedInline(TabularInline):
    """Rows inside another row's page, opened and edited by acts; nothing is ever deleted here."""

    view_act: str
    edit_act: str | None = None
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_authenticated and request.user.may(self.view_act)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.edit_act) and request.user.is_authenticated and request.user.may(str(self.edit_act))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RecordedAdmin(GatedAdmin):
    """A list whose rows may be edited by hand; each edit is told to the trail."""

    noun: str

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        detail = {"changed": list(form.changed_data)} if change else {}
        record(f"{self.noun}.{'changed' if change else 'created'}", obj, by=actor(request), detail=detail)


class NameInline(GatedInline):
    model = PartyName
    view_act, edit_act = "hosting.view", "hosting.edit"
    fields = ["name", "folded"]
    readonly_fields = ["folded"]


class IdentifierInline(GatedInline):
    model = PartyIdentifier
    view_act, edit_act = "hosting.view", "hosting.edit"
    fields = ["kind", "country", "value", "folded"]
    readonly_fields = ["folded"]


class WalletInline(GatedInline):
    model = Wallet
    view_act, edit_act = "hosting.view", "hosting.edit"
    fields = ["asset", "address"]


@admin.register(Party)
class PartyAdmin(RecordedAdmin):
    """Whom we deal with; names and numbers are compared without case, accents and legal form."""

    noun = "party"
    view_act = "hosting.view"
    edit_act = add_act = "hosting.edit"
    list_display = ["number", "name", "kind", "country", "is_synthetic"]
    list_filter = ["kind", "is_synthetic"]
    search_fields = ["number", "name", "names__folded", "identifiers__folded"]
    fields = ["number", "kind", "name", "country", "owner", *SOURCED]
    autocomplete_fields: list[str] = []
    raw_id_fields = ["owner"]
    inlines = [NameInline, IdentifierInline, WalletInline]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        PartyName.objects.get_or_create(
            party=obj, name=obj.name, defaults={"folded": fold_name(obj.name)[:300]}
        )

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool
    ) -> None:
        """What is compared is worked out here, for nobody types it."""
        rows = formset.save(commit=False)
        for row in rows:
            if isinstance(row, PartyName):
                row.folded = fold_name(row.name)[:300]
            elif isinstance(row, PartyIdentifier):
                row.folded = fold_identifier(row.value)
            elif isinstance(row, Wallet):
                row.address = normalise_address(row.asset, row.address)
            row.save()
        if rows:
            record("party.details_changed", form.instance, by=actor(request), detail={"rows": len(rows)})


@admin.register(Stake)
class StakeAdmin(RecordedAdmin):
    """Who owns how much of whom; no figure means the share is unknown."""

    noun = "stake"
    view_act = "hosting.view"
    edit_act = add_act = "hosting.edit"
    list_display = ["holder", "held", "share_bps", "from_on", "to_on", "confidence"]
    list_select_related = ["holder", "held"]
    search_fields = ["holder__name", "held__name"]
    raw_id_fields = ["holder", "held"]


@admin.register(Hold)
class HoldAdmin(GatedAdmin):
    """Stops on paying or selling to a party; placed and released by compliance, not edited."""

    view_act = "hosting.view"
    list_display = ["party", "reason", "authority", "placed_at", "released_at"]
    list_filter = [("released_at", admin.EmptyFieldListFilter)]
    list_select_related = ["party"]
    search_fields = ["party__number", "party__name", "reason", "authority"]
    readonly_fields = [field.name for field in Hold._meta.fields]


@admin.register(Clearance)
class ClearanceAdmin(GatedAdmin):
    """Dated decisions that a party may be dealt with for one purpose; not edited."""

    view_act = "hosting.view"
    list_display = ["party", "purpose", "from_on", "to_on", "basis", "decided_by", "decided_at"]
    list_filter = ["purpose"]
    list_select_related = ["party", "decided_by"]
    search_fields = ["party__number", "party__name", "basis"]
    readonly_fields = [field.name for field in Clearance._meta.fields]
