"""Does the rack mine: a map of slots with a shape per state."""

from collections import Counter

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from kit.look import svg
from kit.look.states import Words
from kit.look.values import Rack, SlotMap, SlotState

PITCH, SIZE, RACK_GAP, RACK_HEAD, ROW_GAP = 11, 8, 14, 14, 22

SLOT_WORDS: dict[SlotState, Words] = {
    "mining": gettext_lazy("mining"),
    "low": gettext_lazy("low"),
    "offline": gettext_lazy("offline"),
    "repair": gettext_lazy("in repair"),
    "review": gettext_lazy("review"),
    "free": gettext_lazy("free"),
}


def slot_shape(state: SlotState, x: int, y: int) -> str:
    """One slot; states differ by shape before they differ by colour."""
    half = SIZE // 2
    if state == "mining":
        return f'<rect x="{x}" y="{y}" width="{SIZE}" height="{SIZE}" class="sl-mining"/>'
    if state == "low":
        frame = f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{SIZE - 1}" height="{SIZE - 1}" class="sl-low"/>'
        return frame + f'<rect x="{x}" y="{y + half}" width="{SIZE}" height="{half}" class="sl-mining"/>'
    if state == "offline":
        inner = SIZE - 2
        return f'<path d="M{x + 1} {y + 1}l{inner} {inner}m0-{inner}l-{inner} {inner}" class="sl-x"/>'
    if state == "free":
        return f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{SIZE - 1}" height="{SIZE - 1}" class="sl-free"/>'
    kind = "sl-rep" if state == "repair" else "sl-rev"
    return f'<path d="M{x + half} {y}l{half} {half}-{half} {half}-{half}-{half}z" class="{kind}"/>'


def _rack(rack: Rack, left: int, top: int, width: int) -> str:
    shapes = "".join(
        slot_shape(state, left + number % width * PITCH, top + number // width * PITCH)
        for number, state in enumerate(rack.slots)
    )
    label = f'<text x="{left}" y="{top - 4}" class="i">{escape(rack.label)}</text>'
    return f'<a href="{escape(rack.url)}">{label}{shapes}</a>' if rack.url else label + shapes


def slots(building: SlotMap) -> SafeString:
    """Racks of a building in rows; not mirrored in right-to-left pages, because the building is not."""
    levels = max((-(-len(rack.slots) // building.width) for rack in building.racks), default=0)
    rack_width = building.width * PITCH + RACK_GAP
    rack_height = levels * PITCH + ROW_GAP
    parts = [
        _rack(
            rack,
            number % building.racks_per_row * rack_width,
            number // building.racks_per_row * rack_height + RACK_HEAD,
            building.width,
        )
        for number, rack in enumerate(building.racks)
    ]
    rows = -(-len(building.racks) // building.racks_per_row)
    width, height = building.racks_per_row * rack_width, max(rows * rack_height, 24)
    if not building.racks:
        parts.append(svg.words(0, 16, gettext("No racks are drawn for this building.")))
    counts = ", ".join(f"{SLOT_WORDS[state]} {number}" for state, number in slot_counts(building))
    return svg.drawing(height, f"{building.title}: {counts}", *parts, kind="ltr", width=width)


def slot_counts(building: SlotMap) -> list[tuple[SlotState, int]]:
    """How many slots stand in each state, in the order of the key."""
    counted = Counter(state for rack in building.racks for state in rack.slots)
    return [(state, counted[state]) for state in SLOT_WORDS if counted[state]]


def slot_key(state: SlotState) -> SafeString:
    """The shape of a state for the key above the map."""
    return svg.drawing(12, "", slot_shape(state, 1, 2), kind="", width=12)
