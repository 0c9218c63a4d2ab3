"""Words and numbers inside a line: states, figures with their unit set smaller, dates, hashes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kit import units
from kit.look.states import state_of
from kit.look.svg import icon

MEASURES: dict[str, Callable[..., units.Figure]] = {
    "count": units.count,
    "power": units.power,
    "megawatts": units.megawatts,
    "energy": units.energy,
    "hashrate": units.hashrate,
    "efficiency": units.efficiency,
    "percent": units.percent,
    "bitcoin": units.bitcoin,
}
FORMS = ("pill", "plain", "shape")


def figure(value: units.Figure | str | int | None, url: str = "") -> SafeString:
    """A number with its unit set smaller; with an address it becomes a door to the rows it counts."""
    if isinstance(value, SafeString):
        return value
    if value is None:
        value = units.unknown()
    elif isinstance(value, int):
        value = units.count(value)
    elif not isinstance(value, units.Figure):
        value = units.Figure(str(value))
    tail = format_html('<span class="cents">{}</span>', value.tail) if value.tail else ""
    unit = format_html('{}<span class="u">{}</span>', units.THIN, value.unit) if value.unit else ""
    kind = "num" if value.is_known else "num unknown"
    body = format_html('<span class="{}"><bdi>{}{}{}</bdi></span>', kind, value.number, tail, unit)
    return format_html('<a class="lnk" href="{}">{}</a>', url, body) if url else body


def measure(value: Any, kind: str, bare: bool = False, url: str = "", **how: Any) -> SafeString:
    """A measured value, formatted by its kind.

    Raises: LookupError for a kind that is not measured here.
    """
    if kind not in MEASURES:
        raise LookupError(f"Nothing measures {kind!r}; use one of {', '.join(MEASURES)}.")
    measured = MEASURES[kind](value, **how)
    return figure(measured.bare if bare else measured, url)


def state(kind: str | None, word: object = "", form: str = "pill", is_short: bool = False) -> SafeString:
    """Shape, word, colour: a pill for a thing, plain in tables, shape alone where the heading names it.

    Raises: LookupError for an unknown kind or form.
    """
    if form not in FORMS:
        raise LookupError(f"A state has no form {form!r}; use one of {', '.join(FORMS)}.")
    known = state_of(kind)
    said = word or (known.short if is_short else known.word)
    text = format_html('<span class="sr">{}</span>' if form == "shape" else "{}", said)
    classes = f"st pill {known.kind}" if form == "pill" else f"st {known.kind}"
    return format_html('<span class="{}">{}{}</span>', classes, icon(known.shape), text)


def when(value: date | datetime | None, zone: tzinfo = UTC, today: date | None = None) -> SafeString:
    """A day or an instant; with today's date it also says how far away it is."""
    if value is None:
        return figure(None)
    if isinstance(value, datetime):
        shown, on = units.format_instant(value, zone), value.astimezone(zone).date()
    else:
        shown, on = units.format_date(value), value
    near = format_html(' <span class="sub">{}</span>', units.format_days_until(on, today)) if today else ""
    return format_html('<time class="nowrap" datetime="{}">{}</time>{}', value.isoformat(), shown, near)


def digest(value: str | None, head: int = 12, tail: int = 8) -> SafeString:
    """A hash or serial, shortened in the middle, whole on hover."""
    if not value:
        return figure(None)
    shown = value if len(value) <= head + tail + 1 else f"{value[:head]}\u2026{value[-tail:]}"
    return format_html('<bdi class="mono" title="{}">{}</bdi>', value, shown)


def synthetic(word: object = "") -> SafeString:
    """The chip that says a page or card shows synthetic data."""
    return format_html('<span class="chip synth">{}</span>', word or gettext("Synthetic data"))
