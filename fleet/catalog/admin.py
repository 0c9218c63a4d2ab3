from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import Maker, MinerModel, PartModel
from fleet.sites.lists import RecordedAdmin
from kit.units import format_efficiency, format_hashrate, format_power, joules_per_terahash


@admin.register(MinerModel)
class MinerModelAdmin(RecordedAdmin):
    """The catalogue; its figures are facts with a confidence, to be put right by the operator."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "model"
    list_display = [
        "name",
        "maker",
        "released",
        "hashrate",
        "power",
        "efficiency",
        "board_family",
        "confidence",
    ]
    list_filter = ["maker", "cooling", "confidence"]
    list_select_related = ["maker"]
    search_fields = ["name", "chip"]
    readonly_fields = ["is_synthetic"]

    @admin.display(description=_("hashrate"), ordering="ghs")
    def hashrate(self, model: MinerModel) -> str:
        return format_hashrate(model.ghs)

    @admin.display(description=_("power"), ordering="power_w")
    def power(self, model: MinerModel) -> str:
        return format_power(model.power_w)

    @admin.display(description=_("efficiency"))
    def efficiency(self, model: MinerModel) -> str:
        return format_efficiency(joules_per_terahash(model.power_w, model.ghs))


@admin.register(Maker)
class MakerAdmin(RecordedAdmin):
    """Who makes miners and parts."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "maker"
    list_display = ["name", "country"]
    search_fields = ["name"]


@admin.register(PartModel)
class PartModelAdmin(RecordedAdmin):
    """Models of parts."""

    view_act = "fleet.view"
    edit_act = add_act = "fleet.edit"
    noun = "part_model"
    list_display = ["name", "kind", "maker"]
    list_filter = ["kind", "maker"]
    list_select_related = ["maker"]
    search_fields = ["name"]
