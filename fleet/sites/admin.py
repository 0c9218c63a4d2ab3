from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fleet.sites.drawn import drawn_words
from fleet.sites.forms import SiteForm
from fleet.sites.lists import CappedPaginator, RecordedAdmin
from fleet.sites.models import Building, PowerFeed, Rack, Site, Slot
from fleet.sites.places import country_name
from fleet.sites.reads import site_list
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
    list_display = ["name", "site", "nameplate_w", "energized_on", "synthetic"]
    list_filter = ["site"]
    list_select_related = ["site"]
    search_fields = ["name", "site__name"]
    fields = ["site", "name", "nameplate_w", "energized_on", "source", "confidence"]


@admin.register(Building)
class BuildingAdmin(RecordedAdmin):
    """Halls and containers."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "building"
    list_display = ["name", "site", "feed"]
    list_filter = ["site"]
    list_select_related = ["site", "feed__site"]
    search_fields = ["name", "site__name"]


@admin.register(Rack)
class RackAdmin(RecordedAdmin):
    """Racks; they are entered with their slots, many at a time."""

    view_act = "fleet.view"
    list_display = ["name", "building", "site"]
    list_filter = ["site"]
    list_select_related = ["building__site", "site"]
    search_fields = ["name"]
    paginator = CappedPaginator


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
