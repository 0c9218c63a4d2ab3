from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fleet.sites.drawn import drawn_words
from fleet.sites.forms import RacksForm, SiteForm
from fleet.sites.lists import CappedPaginator, RecordedAdmin
from fleet.sites.models import Building, PowerFeed, Rack, Site, Slot
from fleet.sites.places import country_name
from fleet.sites.reads import site_list
from fleet.sites.verbs import add_racks
from kit.accounts.gates import actor
from kit.units import format_count, format_power


@admin.register(Site)
class SiteAdmin(RecordedAdmin):
    """Sites with their megawatts; what is installed is the sum of the machines that stand there."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "site"
    form = SiteForm
    list_display = [
        "name",
        "place",
        "nameplate",
        "energized",
        "installed",
        "drawn",
        "machines_there",
        "synthetic",
    ]
    list_filter = ["country", "drawn_basis", "is_synthetic"]
    search_fields = ["name", "code", "locality"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        return site_list()

    @admin.display(description=_("place"), ordering="country")
    def place(self, site: Site) -> str:
        return ", ".join(filter(None, [site.locality, site.region or country_name(site.country)]))

    @admin.display(description=_("nameplate"), ordering="nameplate_w")
    def nameplate(self, site: Site) -> str:
        return format_power(site.nameplate_w)

    @admin.display(description=_("energized"), ordering="energized_w")
    def energized(self, site: Site) -> str:
        return format_power(site.energized_w)

    @admin.display(description=_("installed"), ordering="installed_w")
    def installed(self, site: Site) -> str:
        return format_power(site.installed_w)  # type: ignore[attr-defined]

    @admin.display(description=_("drawn"), ordering="drawn_w")
    def drawn(self, site: Site) -> str:
        if site.drawn_w is None:
            return format_power(None)
        return f"{format_power(site.drawn_w)} ({drawn_words(site.drawn_basis, site.drawn_at)})"

    @admin.display(description=_("machines"), ordering="machines")
    def machines_there(self, site: Site) -> str:
        return format_count(site.machines)  # type: ignore[attr-defined]


@admin.register(PowerFeed)
class PowerFeedAdmin(RecordedAdmin):
    """What brings power to a site."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "feed"
    list_display = ["name", "site", "nameplate", "energized_on", "synthetic"]
    nothing_yet = _("Transformers and lines that bring power to a site belong here.")
    list_filter = ["site"]
    list_select_related = ["site"]
    search_fields = ["name", "site__name"]
    fields = ["site", "name", "nameplate_w", "energized_on", "source", "confidence"]

    @admin.display(description=_("nameplate"), ordering="nameplate_w")
    def nameplate(self, feed: PowerFeed) -> str:
        return format_power(feed.nameplate_w)


@admin.register(Building)
class BuildingAdmin(RecordedAdmin):
    """Halls and containers."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "building"
    list_display = ["name", "site", "fed_by"]
    nothing_yet = _("Halls and containers belong here, each with the feed that powers it.")
    list_filter = ["site"]
    list_select_related = ["site", "feed"]
    search_fields = ["name", "site__name"]

    @admin.display(description=_("feed"))
    def fed_by(self, building: Building) -> str:
        return building.feed.name if building.feed else "–"


@admin.register(Rack)
class RackAdmin(RecordedAdmin):
    """Racks with their slots, entered many at a time; one opens as a picture of what stands in it."""

    view_act = "fleet.view"
    add_act = "fleet.edit"
    form = RacksForm
    list_display = ["rack_map", "hall", "site", "slots_there"]
    list_display_links = None
    list_filter = ["site"]
    list_select_related = ["building", "site"]
    search_fields = ["name", "building__name"]
    ordering = ["site__name", "building__name", "name"]
    sortable_by: tuple[str, ...] = ()
    paginator = CappedPaginator
    nothing_yet = _("Racks belong here, each with its slots.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rack]:
        slots = Slot.objects.filter(rack=OuterRef("pk")).order_by().values("rack").annotate(n=Count("pk"))
        return Rack.objects.annotate(slots_in_it=Coalesce(Subquery(slots.values("n")), 0))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return redirect("operator:rack", int(object_id) if object_id.isdigit() else 0)

    def save_model(self, request: HttpRequest, obj: Rack, form: Any, change: bool) -> None:
        given = form.cleaned_data
        add_racks(
            given["site"], given["building_name"], given["names"], slots=given["slots"], by=actor(request)
        )
        hall = Building.objects.get(site=given["site"], name=given["building_name"])
        made = Rack.objects.get(building=hall, name=given["names"][0])
        obj.pk, obj.name, obj.building, obj.site = made.pk, made.name, hall, given["site"]

    @admin.display(description=_("rack"))
    def rack_map(self, rack: Rack) -> SafeString:
        where = reverse("operator:rack", args=[rack.pk])
        return format_html('<a class="underline" href="{}">{}</a>', where, rack.name)

    @admin.display(description=_("building"))
    def hall(self, rack: Rack) -> str:
        return rack.building.name

    @admin.display(description=_("slots"))
    def slots_there(self, rack: Rack) -> str:
        return format_count(rack.slots_in_it)  # type: ignore[attr-defined]


@admin.register(Slot)
class SlotAdmin(RecordedAdmin):
    """Places in racks; here so that a form can find one."""

    view_act = "fleet.view"
    list_display = ["rack", "position", "site"]
    list_select_related = ["rack__building__site", "site"]
    search_fields = ["rack__name"]
    paginator = CappedPaginator

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
