from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from compliance.lists.models import (
    ListedAddress,
    ListedIdentifier,
    ListedName,
    ListedParty,
    ListSource,
    ListVersion,
)
from compliance.lists.reads import search_listed
from fleet.sites.lists import CappedPaginator
from kit.accounts.gates import GatedAdmin


class PrintedInline(TabularInline):
    """What a list prints of a party; nobody edits what was published."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.is_authenticated and request.user.may("compliance.view")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class NameInline(PrintedInline):
    model = ListedName
    fields = ["name", "folded", "is_alias"]


class NumberInline(PrintedInline):
    model = ListedIdentifier
    fields = ["kind", "country", "value"]


class AddressInline(PrintedInline):
    model = ListedAddress
    fields = ["text", "country"]


@admin.register(ListSource)
class ListSourceAdmin(GatedAdmin):
    """The published lists that have been loaded."""

    view_act = "compliance.view"
    list_display = ["name", "authority", "code"]


@admin.register(ListVersion)
class ListVersionAdmin(GatedAdmin):
    """The editions that have been loaded, with the hash of the file."""

    view_act = "compliance.view"
    list_display = ["source", "published_on", "entries", "is_excerpt", "loaded_at", "short_hash"]
    list_filter = ["source", "is_excerpt"]
    list_select_related = ["source"]
    search_fields = ["filename", "sha256"]

    @admin.display(description="SHA-256")
    def short_hash(self, version: ListVersion) -> str:
        return f"{version.sha256[:12]}…"


@admin.register(ListedParty)
class ListedPartyAdmin(GatedAdmin):
    """Whom the lists name; found by name without accents and legal form, or by number."""

    view_act = "compliance.view"
    paginator = CappedPaginator
    list_display = ["name", "uid", "source", "programmes_shown", "kind", "listed_on", "delisted_on"]
    list_filter = ["source", "kind"]
    list_select_related = ["source"]
    search_fields = ["name"]
    search_help_text = _("a name or alias, the number on the list, or a tax or registration number")
    inlines = [NameInline, NumberInline, AddressInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ListedParty], search_term: str
    ) -> tuple[QuerySet[ListedParty], bool]:
        if not search_term.strip():
            return queryset, False
        return search_listed(queryset, search_term), False

    @admin.display(description=_("programmes"))
    def programmes_shown(self, party: ListedParty) -> str:
        return ", ".join(party.programmes)
