from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hosting.liquidation.models import Liquidation, Payout, Share, Statement
from hosting.liquidation.steps import PREPARE
from kit.accounts.gates import GatedAdmin, actor
from kit.units import format_money


@admin.register(Liquidation)
class LiquidationAdmin(GatedAdmin):
    """The cases; a case's own page shows its gates and does its acts."""

    view_act = "money.view"
    list_before_template = "hosting/liquidation_list.html"
    list_display = ["number_link", "title", "site", "status", "as_of", "net", "opened_at", "is_synthetic"]
    list_display_links = None
    list_filter = ["status", "site", "is_synthetic"]
    list_select_related = ["site"]
    search_fields = ["number", "title"]
    readonly_fields = [field.name for field in Liquidation._meta.fields if field.name != "proof_secret"]
    fields = readonly_fields

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The list, with the way to a new case for those who may open one."""
        shown = (extra_context or {}) | {"may_open": actor(request).may(PREPARE)}
        return super().changelist_view(request, shown)  # type: ignore[no-any-return]

    @admin.display(description=_("number"))
    def number_link(self, case: Liquidation) -> SafeString:
        try:
            address = reverse("operator:liquidation", args=[case.number])
        except NoReverseMatch:
            address = reverse("admin:hosting_liquidation_change", args=[case.pk])
        return format_html('<a href="{}">{}</a>', address, case.number)

    @admin.display(description=_("net to owners"))
    def net(self, case: Liquidation) -> str:
        return format_money(case.net_cents, case.currency)


@admin.register(Share)
class ShareAdmin(GatedAdmin):
    """What each owner gets; read only for everybody."""

    view_act = "money.view"
    list_display = ["__str__", "party", "machines", "weight", "amount_cents", "rounding_cents", "status"]
    list_filter = ["status", "case"]
    list_select_related = ["party", "case"]
    search_fields = ["party__number", "party__name", "case__number"]
    readonly_fields = [field.name for field in Share._meta.fields]


@admin.register(Statement)
class StatementAdmin(GatedAdmin):
    """The statements that were issued, each with its file."""

    view_act = "money.view"
    list_display = ["number", "owner", "issued_on", "download"]
    list_select_related = ["share__party", "share__case", "document"]
    search_fields = ["document__number", "share__party__number", "share__party__name"]
    fields = ["number", "owner", "issued_on", "sha256", "download"]
    readonly_fields = fields

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).defer("document__content")

    @admin.display(description=_("number"))
    def number(self, statement: Statement) -> str:
        return statement.document.number

    @admin.display(description=_("owner"))
    def owner(self, statement: Statement) -> str:
        return f"{statement.share.party.number} {statement.share.party.name}"

    @admin.display(description="SHA-256")
    def sha256(self, statement: Statement) -> str:
        return statement.document.sha256

    @admin.display(description=_("file"))
    def download(self, statement: Statement) -> SafeString:
        address = reverse("operator:document", args=[statement.document_id])
        return format_html('<a href="{}">{}</a>', address, _("Download"))


@admin.register(Payout)
class PayoutAdmin(GatedAdmin):
    """What was paid, when, by which entry; read only for everybody."""

    view_act = "money.view"
    list_display = ["share", "owner", "paid_on", "method", "entry"]
    list_select_related = ["share__party", "share__case", "entry"]
    search_fields = ["share__party__number", "share__party__name"]
    readonly_fields = [field.name for field in Payout._meta.fields]

    @admin.display(description=_("owner"))
    def owner(self, payout: Payout) -> str:
        return f"{payout.share.party.number} {payout.share.party.name}"
