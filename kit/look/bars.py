"""Bars that live in table rows: capacity, counts, parts of a whole, ticks and columns."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from kit import units
from kit.charts import Bullet, StandingBar, Ticks
from kit.look import svg
from kit.look.states import Words
from kit.look.values import Columns

BULLET_HEIGHT = 34
BULLET_TOP = 7
INNER_GAP = 6


def bullet_sentence(site: Bullet) -> str:
    """What the bar says, for those who do not see it."""
    return gettext(
        "%(site)s: nameplate %(nameplate)s, energized %(energized)s, contracted %(contracted)s, "
        "installed %(installed)s, drawn %(drawn)s, headroom %(headroom)s"
    ) % {
        "site": site.label,
        "nameplate": units.format_power(site.nameplate_w),
        "energized": units.format_power(site.energized_w),
        "contracted": units.format_power(site.contracted_w),
        "installed": units.format_power(site.installed_w),
        "drawn": units.format_power(site.drawn_w),
        "headroom": units.format_power(site.headroom_w),
    }


def capacity(site: Bullet) -> SafeString:
    """One site: outline nameplate, pale energized, mid installed, dark drawn, the mark contracted.

    Where the nameplate is not known the end of the bar is hatched.
    """

    def at(w: int) -> float:
        return min(100 * max(w, 0) / site.scale_w, 100)

    top, height = BULLET_TOP, BULLET_HEIGHT - 2 * BULLET_TOP
    contracted, installed, used = at(site.contracted_w), at(site.installed_w), at(site.used_w)
    energized = used if site.energized_w is None else at(site.energized_w)
    inner = (top + INNER_GAP, height - 2 * INNER_GAP)
    parts = []
    if site.nameplate_w is None:
        known = max(energized, used)
        parts.append(svg.fill(known, top, 100 - known, height, "unknown"))
    parts.append(svg.fill(0, top, energized, height, "energized"))
    if energized > used:
        parts.append(svg.fill(used, top, energized - used, height, "free"))
    parts.append(svg.fill(0, top, installed, height, "installed"))
    if used > energized:
        parts.append(svg.fill(energized, top, used - energized, height, "over"))
    if site.asked_w:
        parts.append(svg.fill(used, top + height - 5, at(site.asked_w), 5, "over"))
    if site.drawn_w is None:
        parts.append(svg.fill(0, inner[0], installed, inner[1], "card"))
        parts.append(svg.fill(0, inner[0], installed, inner[1], "unknown"))
    else:
        parts.append(svg.fill(0, inner[0], at(site.drawn_w), inner[1], "drawn"))
    parts.append(svg.rect(0, top, 100, height, 'class="f-name"', 1.5))
    mark = f"M-1.25 3h2.5v{BULLET_HEIGHT - 6}h-2.5z"
    if site.contracted_w:
        parts.append(svg.spot(contracted, 0, f'<path class="f-mark" d="{mark}"/>'))
    return svg.drawing(BULLET_HEIGHT, bullet_sentence(site), *parts, kind="w flip")


BASIS_WORDS: dict[str, Words] = {
    "metered": gettext_lazy("metered"),
    "reported": gettext_lazy("reported"),
    "nameplate": gettext_lazy("by nameplate"),
    "unknown": "",
}


def basis_word(site: Bullet) -> str:
    """How drawn power is known."""
    return "" if site.drawn_w is None else str(BASIS_WORDS[site.basis])


def bar(value: int | None, most: int, tone: str = "t2", height: int = 12) -> SafeString:
    """A plain bar beside its figure; a value that is not known is hatched over the whole width."""
    if value is None:
        return svg.drawing(height, "", svg.fill(0, 0, 100, height, "unknown", 1.5), kind="w flip")
    width = 100 * min(max(value, 0), most) / most if most else 0
    return svg.drawing(height, "", svg.fill(0, 0, width, height, tone, 1.5), kind="w flip")


def rung(kind: str, w: int | None, scale_w: int, from_w: int = 0, height: int = 22) -> SafeString:
    """One meaning of power on a line of its own, drawn as in the bar; what is not known is hatched.

    Shape: kinds are name, ener, mark, inst, drawn and free; headroom starts at `from_w`.
    """
    if w is None:
        return svg.drawing(height, "", svg.fill(0, 3, 100, 16, "unknown", 1.5), kind="w flip")
    start, width = (100 * min(max(each, 0), scale_w) / max(scale_w, 1) for each in (from_w, abs(w)))
    if kind == "name":
        shape = svg.rect(0, 3.5, width, 15, 'class="f-name"', 2)
    elif kind == "mark":
        mark = svg.spot(width, 0, '<path class="f-mark" d="M-1.5 2h3v18h-3z"/>') if w else ""
        shape = svg.rect(0, 9, width, 4, 'class="f-mark"') + mark
    elif kind == "free":
        tone, left = ("over", start - width) if w < 0 else ("free", start)
        shape = svg.fill(max(left, 0), 3, width, 16, tone)
    else:
        tone = {"ener": "energized", "inst": "installed", "drawn": "drawn"}[kind]
        shape = svg.fill(0, 3, width, 16, tone, 2)
    return svg.drawing(height, "", shape, kind="w flip")


def standing(whole: StandingBar) -> SafeString:
    """A whole split by standing, worst first."""
    parts, before, said = [], 0, []
    for part in whole.parts:
        if whole.total:
            x, width = 100 * before / whole.total, 100 * part.value / whole.total
            parts.append(svg.fill(x, 2, width, 10, part.tone))
        before += part.value
        said.append(f"{part.label} {units.divide(part.value, whole.per_unit, whole.decimals)}")
    if not whole.total:
        parts.append(svg.fill(0, 2, 100, 10, "line"))
    return svg.drawing(14, f"{whole.title}, {whole.unit}: {', '.join(said)}", *parts, kind="w flip")


def ticks(row: Ticks, step: int = 6) -> SafeString:
    """Is a schedule or machine steady: height is value, a missed run is a low grey tick."""
    most = max((value for value in row.values if value is not None), default=0) or 1
    parts = []
    for number, value in enumerate(row.values):
        height = 4.0 if value is None else max(16 * value / most, 1.5)
        tone = "other" if value is None else ("t2" if value == most else "t3")
        size = f'width="{step - 2}" height="{svg.short(height)}"'
        place = f'x="{number * step}" y="{svg.short(18 - height)}" {size}'
        parts.append(f'<rect {place} {svg.paint(tone)} rx=".8"/>')
    missed = sum(value is None for value in row.values)
    said = gettext("%(label)s: last %(n)d, %(missed)d missed") % {
        "label": row.label,
        "n": len(row.values),
        "missed": missed,
    }
    return svg.drawing(20, said, *parts, kind="ltr", width=max(len(row.values), 1) * step)


def columns(chart: Columns, height: int = 132) -> SafeString:
    """Columns with the figure on top; the last one in the brand colour."""
    base, room = height - 20, height - 32
    parts = [svg.level(base - room * share, "ax0" if share == 0 else "ax") for share in (0, 0.5, 1)]
    slot = 100 / max(len(chart.columns), 1)
    for number, column in enumerate(chart.columns):
        left, middle = slot * (number + 0.16), slot * (number + 0.5)
        is_last = number == len(chart.columns) - 1
        parts.append(svg.words(middle, height - 5, column.label, "m"))
        if column.value is None:
            parts.append(svg.fill(left, base - 12, slot * 0.68, 12, "unknown"))
            continue
        tall = room * column.value / max(chart.top, 1)
        parts.append(svg.fill(left, base - tall, slot * 0.68, tall, "brand" if is_last else "t3", 1))
        parts.append(svg.words(middle, base - tall - 4, column.value, "m b" if is_last else "m"))
    if not chart.columns:
        parts.append(svg.words(50, base - room / 2, gettext("Nothing counted yet."), "m"))
    return svg.drawing(height, chart.title, *parts)
