from django.contrib import admin

from hosting.parties.admin import RecordedAdmin
from hosting.valuation.models import ModelPrice


@admin.register(ModelPrice)
class ModelPriceAdmin(RecordedAdmin):
    """What one machine of a model was worth from a day on; a new price is a new row."""

    noun = "price"
    view_act = "hosting.view"
    add_act = "hosting.edit"
    list_display = ["model", "from_on", "price_cents", "currency", "source", "confidence", "is_synthetic"]
    list_filter = ["currency", "is_synthetic"]
    list_select_related = ["model"]
    search_fields = ["model__name"]
