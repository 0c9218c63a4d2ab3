from django.contrib import admin

from compliance.territory.models import Law, Regime
from fleet.sites.lists import RecordedAdmin

DATED = ["authority", "citation", "from_on", "to_on", "confidence", "source", "reviewed_on", "note"]


@admin.register(Regime)
class RegimeAdmin(RecordedAdmin):
    """Measures on territories, as dated rows; loading the tables again leaves edited rows alone."""

    noun = "regime"
    view_act = "compliance.view"
    edit_act = add_act = "compliance.edit"
    list_display = ["territory", "name", "measure", "authority", "citation", "from_on", "to_on", "confidence"]
    list_filter = ["measure", "confidence"]
    search_fields = ["territory", "name", "code", "authority", "citation"]
    fields = ["code", "territory", "name", "measure", *DATED]


@admin.register(Law)
class LawAdmin(RecordedAdmin):
    """Rules of law that are not about a territory, as dated rows."""

    noun = "law"
    view_act = "compliance.view"
    edit_act = add_act = "compliance.edit"
    list_display = [
        "title",
        "status",
        "authority",
        "citation",
        "from_on",
        "to_on",
        "confidence",
        "reviewed_on",
    ]
    list_filter = ["status", "confidence", "authority"]
    search_fields = ["code", "title", "authority", "citation"]
    fields = ["code", "title", "status", *DATED]
