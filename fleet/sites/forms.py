from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fleet.sites.drawn import DRAWN
from fleet.sites.models import Site
from fleet.sites.places import check_place, country_choices
from kit.errors import Refusal


class SiteForm(forms.ModelForm):
    """A site with a country and region that exist."""

    country = forms.ChoiceField(label=_("country"), choices=country_choices)

    class Meta:
        model = Site
        fields = [
            "code",
            "name",
            "country",
            "region",
            "locality",
            "time_zone",
            "nameplate_w",
            "energized_w",
            "drawn_w",
            "drawn_basis",
            "drawn_at",
            "opened_on",
            "closed_on",
            "source",
            "confidence",
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        try:
            check_place(given.get("country", ""), given.get("region", ""))
        except Refusal as refusal:
            self.add_error("region", str(refusal))
        return given

    def save(self, commit: bool = True) -> Any:
        # What a person wrote down is nobody's readings.
        if DRAWN & set(self.changed_data):
            self.instance.drawn_machines = None
        return super().save(commit)
