"""A rack and what stands in its slots, as it is drawn."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from fleet.miners.models import MinerStatus
from fleet.sites.models import Rack, Slot
from kit.look import values
from kit.look.slots import slot_key

WIDTH = 6
DRAWN_AS: dict[str, values.SlotState] = {
    MinerStatus.MINING: "mining",
    MinerStatus.ENERGIZED: "mining",
    MinerStatus.LOW: "low",
    MinerStatus.OFFLINE: "offline",
    MinerStatus.RACKED: "offline",
    MinerStatus.IN_REPAIR: "repair",
}


def drawn_as(status: str | None) -> values.SlotState:
    """The shape of a slot by the state of the miner in it; none is a free one."""
    return "free" if status is None else DRAWN_AS.get(status, "review")


@dataclass(frozen=True)
class SlotLine:
    """One slot with the miner in it, if there is one.

    Units: watts, gigahash per second.
    """

    slot_id: int
    position: int
    miner_id: int | None
    serial: str
    status: str | None
    model: str
    owner: str
    power_w: int | None
    ghs: int | None

    @property
    def status_word(self) -> str:
        return str(MinerStatus(self.status).label) if self.status else gettext("free")

    @property
    def drawn(self) -> values.SlotState:
        return drawn_as(self.status)

    @property
    def shape(self) -> SafeString:
        return slot_key(self.drawn)


def lines_of(rack: Rack) -> list[SlotLine]:
    """The slots of a rack in their order, in one query."""
    rows = Slot.objects.filter(rack=rack).values_list(
        "id",
        "position",
        "miner__id",
        "miner__serial",
        "miner__status",
        "miner__model__name",
        "miner__owner__number",
        "miner__power_w",
        "miner__ghs",
    )
    return [
        SlotLine(slot, place, miner, serial or "", status, model or "", owner or "", power_w, ghs)
        for slot, place, miner, serial, status, model, owner, power_w, ghs in rows.order_by("position")
    ]


def map_of(rack: Rack, lines: list[SlotLine]) -> values.SlotMap:
    """The rack drawn."""
    names = tuple(_said(line) for line in lines)
    drawn = values.Rack(rack.name, tuple(line.drawn for line in lines), names=names)
    return values.SlotMap(str(rack), (drawn,), WIDTH)


def _said(line: SlotLine) -> str:
    return f"{line.position}: {', '.join(filter(None, (line.serial, line.status_word)))}"


def neighbours(rack: Rack) -> tuple[Rack | None, Rack | None]:
    """The racks before and after one in its building, by their names."""
    beside = Rack.objects.filter(building_id=rack.building_id).only("id", "name")
    before = beside.filter(name__lt=rack.name).order_by("-name").first()
    return before, beside.filter(name__gt=rack.name).order_by("name").first()
