"""The rack map of a site: a shape per slot, from the machines that stand in them today."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from fleet.miners.racks import drawn_as
from fleet.sites.models import Slot
from kit.look.doors import door
from kit.look.values import Rack, SlotMap, SlotState
from kit.questions import Question, rows
from kit.units import format_count

MOST_SLOTS = 2_500  # as many as can be told apart on one page
WIDTH = 6
Place = tuple[str, int, str, int, str | None]  # building, rack, its name, position, status of the miner


def slots_question(site_id: int) -> Question[list[Place]]:
    """Every slot of a site with the state of the miner in it, none where it is free."""
    found = Slot.objects.filter(site_id=site_id).values_list(
        "rack__building__name", "rack_id", "rack__name", "position", "miner__status"
    )
    return rows(found.order_by("rack__building__name", "rack__name", "position")[: MOST_SLOTS + 1], list)


def rack_maps(places: Iterable[Place]) -> tuple[tuple[SlotMap, ...], str]:
    """One map per building, and a note where there are more slots than are drawn."""
    places = list(places)
    buildings: dict[str, dict[tuple[int, str], list[SlotState]]] = defaultdict(lambda: defaultdict(list))
    for building, rack_id, name, _position, status in places[:MOST_SLOTS]:
        buildings[building][rack_id, name].append(drawn_as(status))
    maps = tuple(
        SlotMap(building, tuple(_rack(pk, name, slots) for (pk, name), slots in racks.items()), WIDTH)
        for building, racks in buildings.items()
    )
    if len(places) <= MOST_SLOTS:
        return maps, ""
    return maps, _("The first %(n)s slots are drawn; the list has all.") % {"n": format_count(MOST_SLOTS)}


def _rack(pk: int, name: str, slots: list[SlotState]) -> Rack:
    return Rack(name, tuple(slots), door("operator:rack", pk))
