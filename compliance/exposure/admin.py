from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from compliance.exposure.models import HashrateShare
from kit.accounts.gates import GatedAdmin
from kit.units import percent


@admin.register(HashrateShare)
class HashrateShareAdmin(GatedAdmin):
    """How the network's hashrate was spread over countries; context, not exposure."""

    view_act = "compliance.view"
    list_display = ["month", "label", "country", "share", "source", "confidence"]
    list_filter = ["month", "source"]
    search_fields = ["label", "country"]

    @admin.display(description=_("share"), ordering="share_bps")
    def share(self, row: HashrateShare) -> str:
        return percent(row.share_bps).text
