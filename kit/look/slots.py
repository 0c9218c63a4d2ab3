"""Does the rack mine: a map of slots with a shape per state."""

from collections import Counter
from collections.abc import Sequence

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from kit.look import svg
from kit.look.states import Words
from kit.look.values import Rack, SlotMap, SlotState

PITCH, SIZE = 11, 8
SCALE_LARGE = 3

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


def _slot(rack: Rack, number: int, state: SlotState, width: int) -> str:
    """One slot in its place; what it is called is told where a pointer rests on it."""
    shape = slot_shape(state, number % width * PITCH, number // width * PITCH)
    if number >= len(rack.names):
        return shape
    return f"<g><title>{escape(rack.names[number])}</title>{shape}</g>"


def rack_drawing(rack: Rack, width: int, scale: int = 1) -> SafeString:
    """The slots of one rack row by row; not mirrored in right-to-left pages, because the rack is not."""
    shapes = "".join(_slot(rack, number, state, width) for number, state in enumerate(rack.slots))
    rows = max(-(-len(rack.slots) // width), 1)
    wide, high = width * PITCH - (PITCH - SIZE), rows * PITCH - (PITCH - SIZE)
    sentence = f"{rack.label}: {in_words(_counted(rack.slots))}"
    # Every word inside passed through escape(); the rest is our own markup.
    return mark_safe(
        f'<svg class="ltr" width="{wide * scale}" height="{high * scale}" viewBox="0 0 {wide} {high}" '
        f'role="img" aria-label="{escape(sentence)}">{shapes}</svg>'
    )


def slots(building: SlotMap, *, is_large: bool = False) -> SafeString:
    """The racks of a building, as many in a row as there is room for; each says in words what it shows."""
    if not building.racks:
        return format_html('<p class="sub">{}</p>', gettext("No racks are drawn for this building."))
    scale = SCALE_LARGE if is_large else 1
    racks = format_html_join(
        "",
        "<li>{}</li>",
        ((_rack(rack, rack_drawing(rack, building.width, scale)),) for rack in building.racks),
    )
    said = f"{building.title}: {in_words(slot_counts(building))}"
    return format_html('<ul class="racks ltr" aria-label="{}">{}</ul>', said, racks)


def _rack(rack: Rack, drawing: SafeString) -> SafeString:
    label = format_html('<span class="i">{}</span>{}', rack.label, drawing)
    return format_html('<a href="{}">{}</a>', rack.url, label) if rack.url else label


def slot_counts(building: SlotMap) -> list[tuple[SlotState, int]]:
    """How many slots stand in each state, in the order of the key."""
    return _counted([state for rack in building.racks for state in rack.slots])


def in_words(counts: Sequence[tuple[SlotState, int]]) -> str:
    """Counted states as a phrase."""
    return ", ".join(f"{number} {SLOT_WORDS[state]}" for state, number in counts) or gettext("no slots")


def _counted(states: Sequence[SlotState]) -> list[tuple[SlotState, int]]:
    counted = Counter(states)
    return [(state, counted[state]) for state in SLOT_WORDS if counted[state]]


def slot_key(state: SlotState) -> SafeString:
    """The shape of a state for the key above the map."""
    return svg.drawing(12, "", slot_shape(state, 1, 2), kind="", width=12)
