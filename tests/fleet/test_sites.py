import pytest

from fleet.sites.models import Rack, Slot
from fleet.sites.places import check_place, country_choices, country_name, region_name
from fleet.sites.verbs import add_racks
from kit.errors import Refusal


def test_countries_and_regions_have_names():
    assert (country_name("KZ"), country_name("RU")) == ("Kazakhstan", "Russian Federation")
    assert region_name("US-TX") == "Texas"
    assert region_name("") == ""
    assert ("KZ", "Kazakhstan") in country_choices()


@pytest.mark.parametrize(
    ("country", "region", "why"),
    [
        ("XX", "", "“XX” is not a country"),
        ("ru", "", "“ru” is not a country"),
        ("RU", "RU-XXX", "“RU-XXX” is not a region"),
        ("RU", "US-TX", "US-TX is not in RU"),
    ],
)
def test_an_unknown_place_is_refused(country, region, why):
    with pytest.raises(Refusal, match=why):
        check_place(country, region)


def test_racks_come_with_their_slots_once(fleet):
    assert add_racks(fleet.pecos, "Row 1", ["A", "B"], slots=3, by=None) == 2
    assert Slot.objects.filter(site=fleet.pecos).count() == 6
    with pytest.raises(Refusal, match="stands in this building already"):
        add_racks(fleet.pecos, "Row 1", ["C", "A"], slots=3, by=None)
    assert Rack.objects.filter(site=fleet.pecos).count() == 2
