from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from fleet.miners.verbs import stock_part
from fleet.sites.lists import CappedPaginator, RecordedAdmin
from fleet.sites.models import Site
from fleet.workshop import forms, reads, verbs
from fleet.workshop.acts import DETENTION_ACTS, SHIPMENT_ACTS, TICKET_ACTS, Act, act_on, open_acts
from fleet.workshop.models import Spare, Swap, Ticket, TicketNote
from fleet.workshop.shipping import Detention, Shipment, ShipmentItem, ShipmentPaper
from kit.accounts.gates import actor
from kit.units import format_count

SHOWN_ITEMS = 500


class ShownInline(TabularInline):
    """Rows inside another row's page, to be looked at only."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_authenticated and request.user.may("fleet.view")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ByVerbs(RecordedAdmin):
    """A list whose rows are made by a verb and changed by acts."""

    view_act = "fleet.view"
    paginator = CappedPaginator
    list_per_page = 50
    sortable_by: tuple[str, ...] = ()
    ordering = ["-id"]
    acts: tuple[Act, ...] = ()
    entry_form: type[ModelForm]

    def get_actions(self, request: HttpRequest) -> Any:
        return open_acts(request, self.acts, super().get_actions(request))

    def get_form(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        entry = {"form": self.entry_form} if obj is None else {}
        return super().get_form(request, obj, **(kwargs | entry))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields if obj else self.entry_form.Meta.fields  # type: ignore[attr-defined]

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj else []

    def become(self, obj: Model, made: Model) -> None:
        """Make the form's row the one the verb made, so that the page names it."""
        obj.pk = made.pk
        obj.refresh_from_db()


class NoteInline(ShownInline):
    model = TicketNote
    fields = ["at", "by", "status", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TicketNote]:
        return TicketNote.objects.select_related("by").order_by("id")


class SwapInline(ShownInline):
    model = Swap
    fields = ["at", "kind", "position", "removed", "fitted", "work_by", "worker", "worker_number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Swap]:
        return Swap.objects.select_related("miner", "removed", "fitted").order_by("id")


@admin.register(Ticket)
class TicketAdmin(ByVerbs):
    """Faults of machines and parts, opened by a person or by a rule, worked on by acts on the list."""

    add_act = "miners.move"
    entry_form = forms.TicketEntryForm
    acts = TICKET_ACTS
    actions = [act_on(act) for act in TICKET_ACTS]
    inlines = [NoteInline, SwapInline]
    list_display = [
        "__str__",
        "miner",
        "part",
        "site",
        "feed",
        "severity",
        "status",
        "opened_at",
        "taken_by",
        "worker",
        "synthetic",
    ]
    list_filter = ["status", "severity", "fault", "site", "rule", "work_by"]
    list_select_related = ["miner", "part", "site", "feed__site", "taken_by"]
    search_fields = ["miner__serial"]
    search_help_text = _("The whole serial of the miner or part")
    fields = [
        "miner",
        "part",
        "site",
        "feed",
        "fault",
        "severity",
        "status",
        "text",
        "outcome",
        "rule",
        "opened_by",
        "opened_at",
        "taken_by",
        "taken_at",
        "rma",
        "sent_out_at",
        "repaired_at",
        "closed_at",
        "work_by",
        "worker",
        "worker_number",
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        serial = search_term.strip().upper()
        if not serial:
            return queryset, False
        # One after the other: an “or” over two tables meets no index.
        of_miner = queryset.filter(miner__serial=serial)
        return (of_miner if of_miner.exists() else queryset.filter(part__serial=serial)), False

    def save_model(self, request: HttpRequest, obj: Ticket, form: Any, change: bool) -> None:
        given = form.cleaned_data
        ticket = verbs.open_ticket(
            given["subject"],
            given["fault"],
            severity=given["severity"],
            text=given["text"],
            by=actor(request),
        )
        self.become(obj, ticket)


@admin.register(Swap)
class SwapAdmin(RecordedAdmin):
    """Which part was in which machine, by serial."""

    view_act = "fleet.view"
    paginator = CappedPaginator
    list_per_page = 50
    sortable_by: tuple[str, ...] = ()
    ordering = ["-id"]
    list_display = ["at", "miner", "kind", "removed", "fitted", "ticket", "work_by", "worker"]
    list_filter = ["kind", "work_by"]
    list_select_related = ["miner", "removed", "fitted", "ticket"]
    search_fields = ["miner__serial"]
    search_help_text = _("The whole serial of the miner")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Swap], search_term: str
    ) -> tuple[QuerySet[Swap], bool]:
        serial = search_term.strip().upper()
        return (queryset.filter(miner__serial=serial) if serial else queryset), False


class UnderTicketFilter(admin.SimpleListFilter):
    """Spares that may be fitted, and those under a ticket."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("free", _("free")), ("ticket", _("under a ticket"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(is_under_ticket=self.value() == "ticket") if self.value() else queryset


@admin.register(Spare)
class SpareAdmin(ByVerbs):
    """Parts in no machine; adding one puts it on the shelf of a site."""

    add_act = "miners.move"
    entry_form = forms.SpareEntryForm
    list_display = ["serial", "kind", "model", "family", "shelf", "under_ticket", "synthetic"]
    list_filter = ["kind", "shelf", UnderTicketFilter]
    list_select_related = ["model", "shelf"]
    search_fields = ["serial"]
    search_help_text = _("The whole serial")
    fields = ["kind", "serial", "shelf", "model", "maker", "family", "is_synthetic"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Spare]:
        return reads.spares()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Spare], search_term: str
    ) -> tuple[QuerySet[Spare], bool]:
        serial = search_term.strip().upper()
        return (queryset.filter(serial=serial) if serial else queryset), False

    def save_model(self, request: HttpRequest, obj: Spare, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        made = stock_part(
            given.pop("kind"), given.pop("serial"), given.pop("shelf"), by=actor(request), **given
        )
        self.become(obj, made)

    @admin.display(description=_("under a ticket"), boolean=True)
    def under_ticket(self, spare: Any) -> bool:
        return bool(spare.is_under_ticket)


def _place(site: Site | None, party: str) -> str:
    return ", ".join(filter(None, [site.name if site is not None else "", party]))


class PaperInline(ShownInline):
    model = ShipmentPaper
    fields = readonly_fields = ["kind", "paper", "sha256", "added_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShipmentPaper]:
        return ShipmentPaper.objects.select_related("document").defer("document__content").order_by("id")

    @admin.display(description=_("file name"))
    def paper(self, paper: ShipmentPaper) -> str:
        return paper.document.filename

    @admin.display(description="SHA-256")
    def sha256(self, paper: ShipmentPaper) -> str:
        return paper.document.sha256


@admin.register(Shipment)
class ShipmentAdmin(ByVerbs):
    """Machines and parts on their way; sent, held and received by acts on the list."""

    add_act = "fleet.edit"
    entry_form = forms.ShipmentEntryForm
    acts = SHIPMENT_ACTS
    actions = [act_on(act) for act in SHIPMENT_ACTS]
    inlines = [PaperInline]
    list_display = [
        "number",
        "kind",
        "origin",
        "destination",
        "carrier",
        "status",
        "planned_at",
        "sent_at",
        "received_at",
        "synthetic",
    ]
    list_filter = ["status", "kind", "from_site", "to_site"]
    list_select_related = ["from_site", "to_site"]
    search_fields = ["number", "reference"]
    fields = [
        "number",
        "kind",
        "status",
        "origin",
        "destination",
        "carrier",
        "reference",
        "planned_at",
        "sent_at",
        "received_at",
        "contents",
    ]
    readonly_fields = ["origin", "destination", "contents"]

    @admin.display(description=_("from"))
    def origin(self, shipment: Shipment) -> str:
        return _place(shipment.from_site, shipment.from_party)

    @admin.display(description=_("to"))
    def destination(self, shipment: Shipment) -> str:
        return _place(shipment.to_site, shipment.to_party)

    @admin.display(description=_("contents"))
    def contents(self, shipment: Shipment) -> str:
        items = ShipmentItem.objects.filter(shipment=shipment).select_related("miner", "part").order_by("id")
        shown = [f"{item} ({item.get_state_display()})" for item in items[: SHOWN_ITEMS + 1]]
        more = ["…"] if len(shown) > SHOWN_ITEMS else []
        return ", ".join([*shown[:SHOWN_ITEMS], *more])

    def save_model(self, request: HttpRequest, obj: Shipment, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        given.pop("part_kind")
        shipment = verbs.plan_shipment(
            given.pop("number"),
            given.pop("kind"),
            miners=given.pop("serials"),
            parts=given.pop("part_serials"),
            by=actor(request),
            **given,
        )
        self.become(obj, shipment)


@admin.register(Detention)
class DetentionAdmin(ByVerbs):
    """Goods held at a border, with the days the regulation counts; how one ended is an act on the list."""

    edit_act = add_act = "fleet.edit"
    entry_form = forms.DetentionEntryForm
    form = forms.DetentionForm
    acts = DETENTION_ACTS
    actions = [act_on(act) for act in DETENTION_ACTS]
    list_display = [
        "shipment",
        "port",
        "notice",
        "agency",
        "units",
        "presented_on",
        "decide_by",
        "notice_by",
        "deemed_excluded_on",
        "outcome",
        "synthetic",
    ]
    list_filter = ["outcome", "notice", "agency", "port"]
    list_select_related = ["shipment"]
    search_fields = ["shipment__number", "entry_no"]
    autocomplete_fields = ["shipment"]
    days = ["decide_by", "notice_by", "deemed_excluded_on"]
    fields = ["shipment", *forms.DetentionForm.Meta.fields, *days, "outcome", "ended_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Detention | None = None) -> Any:
        return ["shipment", *self.days, "outcome", "ended_on"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Detention]:
        return reads.detentions()

    @admin.display(description=_("units"))
    def units(self, detention: Any) -> str:
        return format_count(detention.units)

    def save_model(self, request: HttpRequest, obj: Detention, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        if change:
            changes = {name: given[name] for name in form.changed_data}
            verbs.correct_detention(obj, by=actor(request), **changes)
        else:
            self.become(obj, verbs.open_detention(given.pop("shipment"), by=actor(request), **given))
