import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fleet.sites.drawn import DRAWN
from fleet.sites.models import Rack, Site
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


MOST_RACKS, MOST_SLOTS, LONGEST_NAME = 500, 1_000, 40
RANGE = re.compile(r"^(?P<word>.*?)(?P<first>\d+)\s*(?:-|–|\.\.)\s*(?P=word)?(?P<last>\d+)$")


def names_in(text: str) -> list[str]:
    """Names with commas or lines between; `R01-R12` is all from R01 to R12.

    Raises: forms.ValidationError if there are none, one twice, or too many.
    """
    names: list[str] = []
    for piece in filter(None, (piece.strip() for piece in text.replace(",", "\n").splitlines())):
        found = RANGE.match(piece)
        if found is None:
            names.append(piece)
            continue
        first, last, wide = int(found["first"]), int(found["last"]), len(found["first"])
        # One more than may be is enough to say so.
        numbers = range(first, min(last, first + MOST_RACKS) + 1)
        names += [f"{found['word']}{number:0{wide}}" for number in numbers]
    if not 0 < len(names) <= MOST_RACKS:
        raise forms.ValidationError(_("Name between 1 and %(most)s racks."), params={"most": MOST_RACKS})
    if len(set(names)) < len(names) or max(map(len, names)) > LONGEST_NAME:
        raise forms.ValidationError(_("A name is there twice, or longer than 40 characters."))
    return names


class RacksForm(forms.ModelForm):
    """Racks of a building, many at a time, each with the same number of slots."""

    building_name = forms.CharField(
        label=_("building or container"), max_length=80, help_text=_("A new name makes a new building.")
    )
    names = forms.CharField(
        label=_("names of the racks"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("With commas between, or a range: R01-R12."),
    )
    slots = forms.IntegerField(label=_("slots in each"), min_value=1, max_value=MOST_SLOTS)

    class Meta:
        model = Rack
        fields = ["site", "building_name", "names", "slots"]

    def clean_names(self) -> list[str]:
        return names_in(self.cleaned_data["names"])

    def clean_building_name(self) -> str:
        return str(self.cleaned_data["building_name"]).strip()

    def _post_clean(self) -> None:
        """The rows are made by a verb, which checks and says what is wrong."""
