from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import Maker, MinerModel, PartModel
from fleet.catalog.reads import earlier_figures
from fleet.sites.lists import RecordedAdmin
from kit.units import format_date, format_efficiency, format_hashrate, format_power, joules_per_terahash


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
    readonly_fields = ["is_synthetic", "earlier"]
    fieldsets = [
        (None, {"fields": ["maker", "name", "released"]}),
        (_("Figures of the catalogue"), {"fields": ["ghs", "power_w", "cooling"]}),
        (
            _("What is inside"),
            {"fields": ["chip", "chip_fab", "hashboards", "chips_per_board", "fans", "board_family"]},
        ),
        (
            _("How this is known"),
            {"fields": ["source", "confidence", "notes", "is_synthetic", "earlier"]},
        ),
    ]

    @admin.display(description=_("earlier figures"))
    def earlier(self, model: MinerModel) -> SafeString | str:
        """What the rows' history keeps, newest first."""
        lines = [
            (
                format_date(then.at.date()),
                format_hashrate(then.ghs),
                format_power(then.power_w),
                then.board_family,
                then.source or "–",
                then.confidence,
            )
            for then in earlier_figures(model)
        ]
        return format_html_join("", "<div>{} · {} · {} · {} · {} ({})</div>", lines) or gettext(
            "none; these are the first"
        )

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
    list_display = ["name", "kind", "maker", "confidence"]
    list_filter = ["kind", "maker", "confidence"]
    list_select_related = ["maker"]
    search_fields = ["name"]
    fields = ["kind", "maker", "name", "source", "confidence", "is_synthetic"]
    readonly_fields = ["is_synthetic"]
