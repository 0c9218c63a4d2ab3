from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.miners.verbs import stock_part
from fleet.sites.lists import CappedPaginator, RecordedAdmin
from fleet.workshop import forms, reads, verbs, views
from fleet.workshop.acts import DETENTION_ACTS, SHIPMENT_ACTS, TICKET_ACTS, Act, act_on, buttons, open_acts
from fleet.workshop.models import Spare, Swap, Ticket
from fleet.workshop.shipping import Detention, DetentionOutcome, Shipment
from kit.accounts.gates import actor
from kit.look import figures
from kit.units import format_count


def in_list(kind: str, word: object) -> SafeString:
    """A state in a cell of a list: shape and word."""
    return format_html('<span class="ph">{}</span>', figures.state(kind, word, "plain"))


def day_of(at: datetime | None) -> SafeString:
    """The day of an instant in a cell of a list, the instant where a pointer rests on it."""
    if at is None:
        return SafeString("–")
    instant = f"{at:%Y-%m-%d %H:%M} UTC"
    return format_html('<span class="ph" title="{}">{}</span>', instant, figures.when(at.date()))


class ByVerbs(RecordedAdmin):
    """A list whose rows are made by a verb and changed by acts."""

    view_act = "fleet.view"
    paginator = CappedPaginator
    list_per_page = 50
    list_before_template = "fleet/shapes.html"
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

    def become(self, obj: Model, made: Model) -> None:
        """Make the form's row the one the verb made, so that the page names it."""
        obj.pk = made.pk
        obj.refresh_from_db()


@admin.register(Ticket)
class TicketAdmin(ByVerbs):
    """Faults of machines and parts, opened by a person or by a rule, worked on by acts on the list."""

    add_act = "miners.move"
    entry_form = forms.TicketEntryForm
    acts = TICKET_ACTS
    actions = [act_on(act) for act in TICKET_ACTS]
    list_display = ["__str__", "about", "site", "severity", "standing", "opened", "taken_by", "synthetic"]
    nothing_yet = _("Faults of machines and parts belong here, opened by a person or by a rule on readings.")
    list_filter = ["status", "severity", "fault", "site", "rule", "work_by"]
    list_select_related = ["miner", "part", "site", "feed__site", "taken_by"]
    search_fields = ["miner__serial"]
    search_help_text = _("The whole serial of the miner or part")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return views.ticket_page(request, int(object_id) if object_id.isdigit() else 0)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        serial = search_term.strip().upper()
        if not serial:
            return queryset, False
        # One after the other: an “or” over two tables meets no index.
        of_miner = queryset.filter(miner__serial=serial)
        return (of_miner if of_miner.exists() else queryset.filter(part__serial=serial)), False

    @admin.display(description=_("on"))
    def about(self, ticket: Ticket) -> str:
        return str(ticket.part or (ticket.miner.serial if ticket.miner else ticket.feed or ticket.site))

    @admin.display(description=_("state"))
    def standing(self, ticket: Ticket) -> SafeString:
        return in_list(views.TICKET_SHAPES[ticket.status], ticket.get_status_display())

    @admin.display(description=_("opened"))
    def opened(self, ticket: Ticket) -> SafeString:
        return day_of(ticket.opened_at)

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
    list_display = ["at", "miner", "kind", "out", "put_in", "under", "worker"]
    nothing_yet = _("Parts taken out and put in by serial stand here; they are swapped under a ticket.")
    list_filter = ["kind", "work_by"]
    list_select_related = ["miner", "removed", "fitted", "ticket"]
    search_fields = ["miner__serial"]
    search_help_text = _("The whole serial of the miner")

    @admin.display(description=_("taken out"))
    def out(self, swap: Swap) -> str:
        return swap.removed.serial if swap.removed else "–"

    @admin.display(description=_("put in"))
    def put_in(self, swap: Swap) -> str:
        return swap.fitted.serial if swap.fitted else "–"

    @admin.display(description=_("ticket"))
    def under(self, swap: Swap) -> str:
        return f"T-{swap.ticket_id}"

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
    list_display = ["serial", "kind", "model", "family", "shelf", "use", "synthetic"]
    nothing_yet = _("Parts in no machine belong here: put one on the shelf of a site, or swap one out.")
    list_filter = ["kind", "shelf", UnderTicketFilter]
    list_select_related = ["model", "shelf"]
    search_fields = ["serial"]
    search_help_text = _("The whole serial")
    fields = ["kind", "serial", "shelf", "model", "maker", "family", "use"]
    readonly_fields = ["use"]

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

    @admin.display(description=_("use"))
    def use(self, spare: Any) -> SafeString:
        held = spare.is_under_ticket
        return in_list("review" if held else "fine", gettext("under a ticket") if held else gettext("free"))


@admin.register(Shipment)
class ShipmentAdmin(ByVerbs):
    """Machines and parts on their way; sent, held and received by acts on the list."""

    add_act = "fleet.edit"
    entry_form = forms.ShipmentEntryForm
    acts = SHIPMENT_ACTS
    actions = [act_on(act) for act in SHIPMENT_ACTS]
    list_display = [
        "number",
        "kind",
        "origin",
        "destination",
        "carrier",
        "standing",
        "planned",
        "sent",
        "received",
        "synthetic",
    ]
    nothing_yet = _("Machines and parts on their way belong here, with their papers.")
    list_filter = ["status", "kind", "from_site", "to_site"]
    list_select_related = ["from_site", "to_site"]
    search_fields = ["number", "reference"]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return views.shipment_page(request, int(object_id) if object_id.isdigit() else 0)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        named = path("<int:shipment>/papers/<int:pk>/", wrap(views.paper), name="fleet_shipment_paper")
        return [named, *super().get_urls()]

    @admin.display(description=_("from"))
    def origin(self, shipment: Shipment) -> str:
        return shipment.from_place

    @admin.display(description=_("state"))
    def standing(self, shipment: Shipment) -> SafeString:
        return in_list(views.SHIPMENT_SHAPES[shipment.status], shipment.get_status_display())

    @admin.display(description=_("planned"))
    def planned(self, shipment: Shipment) -> SafeString:
        return day_of(shipment.planned_at)

    @admin.display(description=_("sent"))
    def sent(self, shipment: Shipment) -> SafeString:
        return day_of(shipment.sent_at)

    @admin.display(description=_("received"))
    def received(self, shipment: Shipment) -> SafeString:
        return day_of(shipment.received_at)

    @admin.display(description=_("to"))
    def destination(self, shipment: Shipment) -> str:
        return shipment.to_place

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
        "asked_by",
        "units",
        "presented_on",
        "decide_by",
        "excluded_on",
        "standing",
        "synthetic",
    ]
    nothing_yet = _("Goods held at a border belong here, with the days the regulation counts.")
    change_form_outer_before_template = "fleet/detention_acts.html"
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

    @admin.display(description=_("state"))
    def standing(self, detention: Detention) -> SafeString:
        is_open = detention.outcome == DetentionOutcome.PENDING
        return in_list("review" if is_open else "fine", detention.get_outcome_display())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        key = int(object_id) if object_id and object_id.isdigit() else 0
        found = Detention.objects.filter(pk=key).first()
        offered = buttons(DETENTION_ACTS, found, actor(request)) if found else []
        beside = {"row": found, "buttons": offered, "acts_url": "admin:fleet_detention_changelist"}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | beside)

    @admin.display(description=_("agency"))
    def asked_by(self, detention: Detention) -> str:
        return detention.agency

    @admin.display(description=_("excluded on"))
    def excluded_on(self, detention: Detention) -> SafeString:
        return figures.when(detention.deemed_excluded_on)

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
