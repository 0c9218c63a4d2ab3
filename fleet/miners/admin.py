from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import PartKind
from fleet.miners import verbs
from fleet.miners.acts import ACTS, act_on, chosen_page, may_act
from fleet.miners.beside import beside_list
from fleet.miners.filters import MinerFilter
from fleet.miners.forms import HoldForm, MinerEntryForm
from fleet.miners.life import CORRECTABLE
from fleet.miners.listing import FROM_API, LIST, miners_of
from fleet.miners.models import Miner, MoveHold, Owner, Part, Stay
from fleet.miners.reads import families, open_holds, with_fragment
from fleet.miners.serializers import BULK_AT_MOST
from fleet.queries import views
from fleet.queries.models import FileFormat
from fleet.sites.lists import CappedPaginator, RecordedAdmin
from kit.accounts.gates import actor
from kit.errors import Refusal
from kit.units import format_hashrate, format_power


class FamilyFilter(admin.SimpleListFilter):
    """Control board families that occur, read from the summary and not from two million rows."""

    title = _("control board family")
    parameter_name = "board_family"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(family, family) for family in families()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Miner]) -> QuerySet[Miner]:
        return queryset.filter(board_family=self.value()) if self.value() else queryset


class _Asked(admin.SimpleListFilter):
    """A filter of the API that the side bar does not offer; shown while the address asks for it."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = request.GET.get(str(self.parameter_name))
        return [(value, value)] if value else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Miner]) -> QuerySet[Miner]:
        given = {str(self.parameter_name): request.GET.getlist(str(self.parameter_name))}
        try:
            return miners_of(urlencode(given, doseq=True), queryset)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return queryset.none()


@cache
def _asked_filters() -> list[type[_Asked]]:
    """Made when the first list is asked for: by then every room has offered its filters."""
    own = {"board_family", *FROM_API}
    return [
        type(f"Asked_{name}", (_Asked,), {"parameter_name": name, "title": each.label})
        for name, each in MinerFilter.base_filters.items()
        if name not in own
    ]


@admin.register(Miner)
class MinerAdmin(RecordedAdmin):
    """Machines by serial. Place, state and owner change by acts on the list, which check and record them."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    list_display = [
        "serial",
        "model",
        "whose",
        "site",
        "place",
        "status",
        "power",
        "hashrate",
        "synthetic",
    ]
    list_filter = [
        "site",
        "status",
        "model",
        FamilyFilter,
        "is_exportable",
        "is_synthetic",
    ]
    change_form_outer_before_template = "fleet/miner_doors.html"
    list_before_template = "fleet/miner_filters.html"
    list_select_related = ["model", "owner", "site", "rack", "slot"]
    list_per_page = 50
    paginator = CappedPaginator
    search_fields = ["serial"]
    search_help_text = _("At least four characters of the serial")
    sortable_by = ["serial"]
    actions = ["export_csv", "export_xlsx", *(act_on(act) for act in ACTS.values())]
    autocomplete_fields = ["owner", "slot"]
    fields = [
        "serial",
        "model",
        "owner",
        "site",
        "rack",
        "slot",
        "status",
        *sorted(CORRECTABLE - {"model"}),
        "is_synthetic",
        "created_at",
        "changed_at",
    ]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*self.list_filter, *_asked_filters()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Miner]:
        return Miner.objects.all()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Miner], search_term: str
    ) -> tuple[QuerySet[Miner], bool]:
        if not search_term:
            return queryset, False
        try:
            return with_fragment(queryset, search_term), False
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return queryset.none(), False

    def get_form(self, request: HttpRequest, obj: Miner | None = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, **(kwargs | ({"form": MinerEntryForm} if obj is None else {})))

    def get_fields(self, request: HttpRequest, obj: Miner | None = None) -> Any:
        return self.fields if obj else [*MinerEntryForm.Meta.fields, *MinerEntryForm.declared_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Miner | None = None) -> Any:
        return [name for name in self.fields if name not in CORRECTABLE - {"model"}] if obj else []

    def save_model(self, request: HttpRequest, obj: Miner, form: ModelForm, change: bool) -> None:
        given = dict(form.cleaned_data)
        if change:
            changes = {name: given[name] for name in form.changed_data}
            verbs.correct_miner(obj, by=actor(request), **changes)
        else:
            made = verbs.register_miner(given.pop("serial"), given.pop("model"), by=actor(request), **given)
            obj.pk = made.pk

    def get_actions(self, request: HttpRequest) -> Any:
        user, actions = actor(request), super().get_actions(request)
        return {name: action for name, action in actions.items() if may_act(user, name)}

    def get_urls(self) -> list[URLPattern]:
        wrap, back = self.admin_site.admin_view, {"back": "admin:fleet_miner_changelist"}
        named = back | {"list_name": LIST}
        return [
            path("filters/save/", wrap(views.save), named, name="fleet_miner_savefilter"),
            path("filters/drop/", wrap(views.drop), back, name="fleet_miner_dropfilter"),
            path("export/", wrap(views.export), named, name="fleet_miner_export"),
            path("chosen/<int:pk>/<str:name>/", wrap(chosen_page), name="fleet_miner_chosen"),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        key = int(object_id) if object_id and object_id.isdigit() else 0
        miner = Miner.objects.select_related("site", "rack").filter(pk=key).first()
        beside: dict[str, Any] = {
            "miner": miner,
            "holds": open_holds([key], [miner.site_id or 0]) if miner else (),
        }
        beside["may_work"] = actor(request).may("miners.move")
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | beside)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        beside = beside_list(request) if request.method == "GET" else {}
        response: HttpResponse = super().changelist_view(request, (extra_context or {}) | beside)
        return response

    @admin.action(description=_("Export as CSV"))
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Miner]) -> None:
        self._export(request, queryset, FileFormat.CSV)

    @admin.action(description=_("Export as XLSX"))
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet[Miner]) -> None:
        self._export(request, queryset, FileFormat.XLSX)

    def _export(self, request: HttpRequest, queryset: QuerySet[Miner], file_format: str) -> None:
        query = request.GET.urlencode()
        if request.POST.get("select_across") != "1":
            keys = queryset.order_by().values_list("pk", flat=True)[:BULK_AT_MOST]
            query = urlencode({"ids": ",".join(map(str, keys))})
        views.start(request, LIST, query, file_format)

    @admin.display(description=_("owner"))
    def whose(self, miner: Miner) -> str:
        return miner.owner.number if miner.owner else "–"

    @admin.display(description=_("rack and slot"))
    def place(self, miner: Miner) -> str:
        if miner.rack is None:
            return "–"
        return f"{miner.rack.name} · {miner.slot.position}" if miner.slot else miner.rack.name

    @admin.display(description=_("power"))
    def power(self, miner: Miner) -> str:
        return format_power(miner.power_w)

    @admin.display(description=_("hashrate"))
    def hashrate(self, miner: Miner) -> str:
        return format_hashrate(miner.ghs)


class _Read(RecordedAdmin):
    """A list to be looked at only."""

    view_act = "fleet.view"
    paginator = CappedPaginator
    list_per_page = 50


@admin.register(Part)
class PartAdmin(_Read):
    """Parts by serial; they are fitted and removed through the API or a ticket."""

    list_display = ["serial", "kind", "model", "maker", "miner", "position", "family", "synthetic"]
    list_filter = ["kind"]
    list_select_related = ["model", "maker", "miner"]
    search_fields = ["serial"]
    search_help_text = _("The whole serial of the part, or of its miner")
    sortable_by: list[str] = []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Part], search_term: str
    ) -> tuple[QuerySet[Part], bool]:
        serial = search_term.strip().upper()
        if not serial:
            return queryset, False
        # Both sides have an index: the part's is over kind and serial.
        own = queryset.filter(kind__in=PartKind.values, serial=serial)
        return (own if own.exists() else queryset.filter(miner__serial=serial)), False


@admin.register(Stay)
class StayAdmin(_Read):
    """Where machines were and whose they were."""

    list_display = ["miner", "site", "owner", "model", "power_w", "from_at", "to_at", "reason"]
    list_filter = ["site"]
    list_select_related = ["miner", "site", "owner", "model"]
    ordering = ["-id"]
    search_fields = ["miner__serial"]
    search_help_text = _("The whole serial of the miner")
    sortable_by: list[str] = []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Stay], search_term: str
    ) -> tuple[QuerySet[Stay], bool]:
        serial = search_term.strip().upper()
        return (queryset.filter(miner__serial=serial) if serial else queryset), False


@admin.register(Owner)
class OwnerAdmin(RecordedAdmin):
    """Owners as labels on machines."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "owner"
    list_display = ["number", "name", "synthetic"]
    list_filter = ["is_synthetic"]
    search_fields = ["number", "name"]
    fields = ["number", "name"]


@admin.register(MoveHold)
class MoveHoldAdmin(RecordedAdmin):
    """Stops on moves, open ones first; releasing one is an act on the list."""

    view_act = "fleet.view"
    add_act = "holds.place"
    list_display = ["subject", "reason", "authority", "placed_at", "placed_by", "released_at"]
    list_filter = [("released_at", admin.EmptyFieldListFilter), "site"]
    list_select_related = ["site", "miner", "placed_by"]
    ordering = ["released_at", "-placed_at"]
    nothing_yet = _("Nothing is stopped: machines may be moved by those who may move machines.")
    search_fields = ["reason", "authority"]
    actions = ["release"]

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if actor(request).may("holds.place") else {}

    @admin.display(description=_("on"))
    def subject(self, hold: MoveHold) -> str:
        return str(hold.site or hold.miner)

    def get_form(self, request: HttpRequest, obj: MoveHold | None = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, **(kwargs | ({"form": HoldForm} if obj is None else {})))

    def get_fields(self, request: HttpRequest, obj: MoveHold | None = None) -> Any:
        own = ["site", "miner", "reason", "authority", "placed_at", "placed_by", "released_at", "released_by"]
        return own if obj else ["site", "serial", "reason", "authority"]

    def save_model(self, request: HttpRequest, obj: MoveHold, form: ModelForm, change: bool) -> None:
        given = form.cleaned_data
        subject = given["site"] or given["miner"]
        hold = verbs.place_hold(
            subject, reason=given["reason"], authority=given["authority"], by=actor(request)
        )
        obj.pk = hold.pk

    @admin.action(description=_("Release"))
    def release(self, request: HttpRequest, queryset: QuerySet[MoveHold]) -> HttpResponse | None:
        for hold in queryset:
            try:
                verbs.release_hold(hold, by=actor(request))
            except Refusal as refusal:
                messages.error(request, f"{hold}: {refusal}")
        return None
