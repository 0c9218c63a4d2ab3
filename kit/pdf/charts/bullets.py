"""How full each site is: one bar, six meanings, as a share of the site's own nameplate."""

from collections.abc import Sequence

from kit.charts import Bullet
from kit.pdf import palette as p
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.units import megawatts

ROW, BAR = 34.0, 15.0
NAME_ROOM, FIGURE_ROOM = 0.22, 0.085  # shares of the width for the name and for each figure column
GROUND, PLACED, DRAWN = "#DDECEB", "#83B4B1", "#1F5C5A"


def draw_bullets(ink: Ink, sites: Sequence[Bullet], x: float, top: float, width: float = p.WIDTH) -> float:
    """Draw head and one row per site below `top`; returns the lowest y used."""
    left, right = x + width * NAME_ROOM, x + width * (1 - 5 * FIGURE_ROOM) - 10
    _head(ink, x, top - 10, width, left)
    y = top - 17
    for site in sites:
        _row(ink, site, x, y, width, left, right)
        y -= ROW
    return y


def _figures(site: Bullet) -> tuple[int | None, ...]:
    return (site.nameplate_w, site.contracted_w, site.installed_w, site.drawn_w, site.headroom_w)


def _head(ink: Ink, x: float, y: float, width: float, left: float) -> None:
    """Column heads with the drawing of each meaning beside them: there is no legend elsewhere."""
    words = ink.words
    ink.text(x, y, words.in_megawatts, 7, color=p.MUTE, room=left - x - 8)
    ink.rect(left, y - 0.6, 12, 6, fill=GROUND)
    ink.text(left + 16, y, words.energized, 7, Style.BOLD, p.INK)
    names = (words.nameplate, words.contracted, words.installed, words.drawn, words.headroom)
    for number, name in enumerate(names):
        at = x + width * (1 - (5 - number) * FIGURE_ROOM) + 3
        room = width * FIGURE_ROOM - 3
        ink.figure(at, y, name, room, 7, Style.BOLD, p.INK)
        with ink.unmirrored(at, room) as box:
            _swatch(ink, number, box + room - 12, y + 9)
    ink.rule(x, y - 5, x + width, y - 5, p.INK, 0.6)


def _swatch(ink: Ink, number: int, x: float, y: float) -> None:
    """A piece of the bar above the head of the figure it means."""
    if number == 0:
        ink.rect(x, y, 12, 6, stroke=p.MUTE, weight=0.7)
    elif number == 1:
        ink.rule(x + 11, y - 0.5, x + 11, y + 6.5, p.INK, 1.8)
    elif number == 4:
        ink.hatch(x, y, 12, 6, p.FILL["t2"], 3.6)
    else:
        ink.rect(x, y, 12, 6, fill=PLACED if number == 2 else DRAWN)


def _row(ink: Ink, site: Bullet, x: float, y: float, width: float, left: float, right: float) -> None:
    """Name with the basis of the drawn figure, bar, five figures."""
    middle = y - ROW / 2
    room = width * NAME_ROOM - 8
    ink.text(x, middle + 1, site.label, 8.4, Style.BOLD, p.INK, room=room)
    basis = getattr(ink.words, f"basis_{site.basis}")
    note = " · ".join(filter(None, (site.note or basis, ink.words.held if site.is_held else "")))
    ink.text(x, middle - 9, note, 7, color=p.WORD["blocked"] if site.is_held else p.MUTE, room=room)
    _bar(ink, site, left, middle - BAR / 2, right - left)
    for number, value in enumerate(_figures(site)):
        at = x + width * (1 - (5 - number) * FIGURE_ROOM) + 3
        words = ink.words.unknown if value is None else megawatts(value).number
        color = p.WORD["review"] if number == 4 and value is not None and value < 0 else p.BODY
        ink.figure(at, middle - 2.6, words, width * FIGURE_ROOM - 3, 7.4, Style.NARROW, color)
    ink.rule(x, y - ROW, x + width, y - ROW, weight=0.4)


def _bar(ink: Ink, site: Bullet, x: float, y: float, wide: float) -> None:
    """Outline nameplate, ground energized, middle installed, dark inside drawn, stroke across contracted.

    Where the nameplate is not known the end of the bar is hatched.
    """

    def at(value: int) -> float:
        return x + wide * min(value / site.scale_w, 1.12)

    used = at(site.used_w)
    energized = used if site.energized_w is None else at(site.energized_w)
    if site.nameplate_w is None:
        ink.hatch(max(energized, used), y, x + wide - max(energized, used), BAR, step=2.2)
    ink.rect(x, y, energized - x, BAR, fill=GROUND)
    if energized > used:
        ink.hatch(used, y, energized - used, BAR, p.FILL["t2"], 3.6)
    ink.rect(x, y, at(site.installed_w) - x, BAR, fill=PLACED)
    if used > energized:
        ink.hatch(energized, y, used - energized, BAR, p.REVIEW, 2.6)
    if site.drawn_w is None:
        ink.hatch(x, y + 4.5, at(site.installed_w) - x, BAR - 9, step=2.2)
    else:
        ink.rect(x, y + 4.5, at(site.drawn_w) - x, BAR - 9, fill=DRAWN)
    ink.rect(x, y, wide, BAR, stroke=p.MUTE, weight=0.7)
    ink.rule(at(site.contracted_w), y - 3, at(site.contracted_w), y + BAR + 3, p.INK, 1.8)
