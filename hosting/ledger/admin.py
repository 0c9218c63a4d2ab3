from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from hosting.ledger.models import Account, Entry, Posting
from hosting.parties.admin import GatedInline
from kit.accounts.gates import GatedAdmin


class PostingInline(GatedInline):
    """The lines of an entry, the largest first; an entry of thousands shows a page of them."""

    model = Posting
    view_act = "money.view"
    fields = ["account", "party", "amount_cents", "currency"]
    readonly_fields = fields
    ordering = ["id"]
    per_page = 100  # unfold's own paging of inlines

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        rows: QuerySet[Posting] = super().get_queryset(request)
        return rows.select_related("account", "party")


@admin.register(Entry)
class EntryAdmin(GatedAdmin):
    """The books, newest first; read only for everybody."""

    view_act = "money.view"
    list_display = ["id", "on_day", "key", "memo", "created_by", "created_at"]
    list_filter = ["subject_kind"]
    list_select_related = ["created_by"]
    search_fields = ["key", "memo"]
    fields = ["key", "on_day", "memo", "subject_kind", "subject_id", "created_by", "created_at", "digest"]
    readonly_fields = fields
    inlines = [PostingInline]


@admin.register(Account)
class AccountAdmin(GatedAdmin):
    """The chart of accounts; an account comes with the first booking in its currency."""

    view_act = "money.view"
    list_display = ["code", "name", "kind", "currency"]
    list_filter = ["kind", "currency"]
    search_fields = ["code", "name"]
    readonly_fields = [field.name for field in Account._meta.fields]
