"""Template tags of the look; each one hands over to a function in `kit.look` or to an include in `ph/`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kit import charts, units
from kit.look import areas, bars, days, figures, svg, values
from kit.look import lanes as lane_drawings
from kit.look import matrix as matrices
from kit.look import proof as proofs
from kit.look import shares as share_drawings
from kit.look import slots as slot_drawings
from kit.look import waterfall as waterfalls
from kit.look.states import state_of
from kit.look.unfold import PORTAL_SHEETS, SHEETS

register = template.Library()

CAPACITY_COLUMNS = (
    ("drawn", _("drawn")),
    ("installed", _("installed")),
    ("contracted", _("contracted")),
    ("energized", _("energized")),
    ("nameplate", _("nameplate")),
    ("headroom", _("headroom")),
)


@register.simple_tag
def sheets(surface: str = "operator") -> SafeString:
    """Links to the stylesheets of the operator's pages or of the portal."""
    paths = PORTAL_SHEETS if surface == "portal" else SHEETS
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(path),) for path in paths))


# ---- words and numbers


@register.simple_tag
def state(kind: str | None, word: object = "", form: str = "pill", short: bool = False) -> SafeString:
    """A state as pill, plain or shape; see `kit.look.states`."""
    return figures.state(kind, word, form, short)


@register.simple_tag
def num(value: Any, kind: str = "count", bare: bool = False, url: str = "", **how: Any) -> SafeString:
    """A measured number: count, power, megawatts, energy, hashrate, efficiency, percent, bitcoin."""
    return figures.measure(value, kind, bare, url, **how)


@register.simple_tag
def money(cents: int | None, currency: str, bare: bool = False, url: str = "") -> SafeString:
    """Money with its ISO code and smaller cents."""
    amount = units.money(cents, currency)
    return figures.figure(amount.bare if bare else amount, url)


@register.simple_tag
def millions(
    cents: int | None, currency: str, decimals: int = 1, url: str = "", bare: bool = False
) -> SafeString:
    """A total in millions, for where the exact figure is a click away."""
    amount = units.money_millions(cents, currency, decimals)
    return figures.figure(amount.bare if bare else amount, url)


@register.simple_tag
def hashrate(ghs: int | None, unit: str = "", bare: bool = False, url: str = "") -> SafeString:
    """Hashrate in the unit its size asks for, or in the column's unit."""
    amount = units.hashrate(ghs, unit)
    return figures.figure(amount.bare if bare else amount, url)


@register.simple_tag
def share(part: int | None, whole: int | None, decimals: int = 2, url: str = "") -> SafeString:
    """A part of a whole in per cent."""
    return figures.figure(units.share(part, whole, decimals), url)


@register.simple_tag
def when(value: date | datetime | None, zone: tzinfo = UTC, today: date | None = None) -> SafeString:
    """A day or an instant, near ones also relative."""
    return figures.when(value, zone, today)


@register.simple_tag
def digest(value: str | None, head: int = 12, tail: int = 8) -> SafeString:
    """A hash or serial shortened in the middle."""
    return figures.digest(value, head, tail)


@register.simple_tag
def synth(word: object = "") -> SafeString:
    """The synthetic-data chip."""
    return figures.synthetic(word)


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """A symbol of the sprite."""
    return svg.icon(name, kind)


@register.simple_tag
def symbol(name: str) -> SafeString:
    """A Material symbol; only in the operator's frame, which ships that font."""
    return format_html('<span class="ms" aria-hidden="true">{}</span>', name)


@register.filter
def figure(value: values.Shown) -> SafeString:
    """A figure of `kit.units`, a text or a number, set as a number."""
    return figures.figure(value)


# ---- frames


@register.simple_block_tag
def piece(content: SafeString) -> SafeString:
    """Markup kept under a name for a later tag: {% piece as foot %}...{% endpiece %}."""
    # The block was rendered with its values escaped; stripping it must not lose that.
    return SafeString(content.strip())


@register.simple_block_tag
def card(
    content: str,
    title: object,
    q: object = "",
    foot: object = "",
    right: object = "",
    span: str = "",
    flush: bool = False,
    anchor: str = "",
) -> str:
    """A card: title, a quiet line beside it, what stands at the right, body, footer."""
    return _include(
        "ph/card.html",
        title=title,
        q=q,
        foot=foot,
        right=right,
        span=span,
        flush=flush,
        anchor=anchor,
        content=content,
    )


@register.simple_block_tag
def banner(content: str, kind: str = "") -> str:
    """A note over the page: a state kind, `going` for news, nothing for a plain one."""
    shape = state_of(kind).shape if kind and kind != "going" else "i-info"
    return _include("ph/banner.html", kind=kind, shape=shape, content=content)


@register.simple_tag(takes_context=True)
def asof(context: Context, on: date | None, name: str = "as_of", note: object = "") -> str:
    """The as-of control: a date field that keeps the other parameters of the address."""
    request = context.get("request")
    kept = (
        [(key, value) for key, found in request.GET.lists() for value in found if key != name]
        if request
        else []
    )
    return _include("ph/asof.html", on=on, name=name, kept=kept, note=note)


@register.simple_tag
def nothing(sentence: object, title: object = "", url: str = "", label: object = "") -> str:
    """An empty state: one sentence what belongs here, one button."""
    return _include("ph/nothing.html", sentence=sentence, title=title, url=url, label=label)


@register.simple_tag
def pager(next_url: str = "", count: object = "", first_url: str = "") -> str:
    """Next by cursor, without page counts."""
    return _include("ph/pager.html", next_url=next_url, count=count, first_url=first_url)


# ---- components


@register.simple_tag
def kpis(items: Sequence[values.Kpi]) -> str:
    """Key figures in one frame, each a door."""
    return _include("ph/kpis.html", items=items)


@register.simple_tag
def gates(steps: Sequence[values.Gate]) -> str:
    """The gates of a case in order: done green, current petrol, later grey."""
    return _include("ph/gates.html", steps=steps)


@register.simple_tag
def timeline(steps: Sequence[values.Gate]) -> str:
    """Few gates without numbers, as customers see them."""
    return _include("ph/timeline.html", steps=steps)


@register.simple_tag
def job(line: values.JobLine) -> str:
    """One long piece of work; it polls itself while it runs."""
    return _include("ph/job.html", job=line)


@register.simple_tag
def proof(value: values.Proof) -> str:
    """The way from a share to the published root, with a code that opens the check."""
    code = proofs.qr_code(value.check_url) if value.check_url else ""
    return _include("ph/proof.html", proof=value, code=code)


# ---- charts


@register.simple_tag
def capacity(site: charts.Bullet) -> SafeString:
    """The six meanings of power of one site in one bar."""
    return bars.capacity(site)


@register.simple_tag
def capacity_table(lines: Sequence[values.SiteLine], total_label: object = "") -> str:
    """Sites with their bars and figures; the column heads carry the swatches."""
    known = [line.bullet for line in lines]
    total = None
    if total_label:
        total = [
            (word, *_known_sum([getattr(bullet, f"{name}_w") for bullet in known]))
            for name, word in CAPACITY_COLUMNS
        ]
    return _include("ph/capacity_table.html", lines=lines, total=total, total_label=total_label)


@register.simple_tag
def basis(site: charts.Bullet) -> str:
    """How drawn power is known: metered, reported, by nameplate; nothing where it is unknown."""
    return bars.basis_word(site)


@register.simple_tag
def bar(value: int | None, most: int, tone: str = "t2", height: int = 12) -> SafeString:
    """A bar in a table row, beside its figure."""
    return bars.bar(value, most, tone, height)


@register.simple_tag
def rung(kind: str, w: int | None, scale_w: int, from_w: int = 0) -> SafeString:
    """One meaning of a site's power on a line of its own."""
    return bars.rung(kind, w, scale_w, from_w)


@register.simple_tag
def standing(whole: charts.StandingBar) -> SafeString:
    """A whole split by standing."""
    return bars.standing(whole)


@register.simple_tag
def ticks(row: charts.Ticks) -> SafeString:
    """The last runs or days, a missed one low and grey."""
    return bars.ticks(row)


@register.simple_tag
def columns(chart: values.Columns) -> SafeString:
    """Columns with figures on top."""
    return bars.columns(chart)


@register.simple_tag
def stacked(chart: charts.StackedBars) -> SafeString:
    """An amount over time by kinds."""
    return areas.stacked(chart)


@register.simple_tag
def day_line(chart: values.DayLine) -> SafeString:
    """Megawatts under a finding by day."""
    return days.day_line(chart)


@register.simple_tag
def lane(track: values.Track, axis: values.Axis) -> SafeString:
    """The dates of one row on a shared axis."""
    return lane_drawings.lane(track, axis)


@register.simple_tag
def lane_axis(axis: values.Axis) -> SafeString:
    """The dates over a column of lanes."""
    return lane_drawings.lane_axis(axis)


@register.simple_tag
def mark_key(kind: values.MarkKind) -> SafeString:
    """The shape of one kind of date."""
    return lane_drawings.mark_key(kind)


@register.simple_tag
def lanes(chart: charts.Lanes) -> str:
    """Papers by kind and day, one lane per kind."""
    rows = [
        (row, lane_drawings.paper_lane(chart, row), sum(dot.count for dot in row.dots)) for row in chart.lanes
    ]
    return _include("ph/lanes.html", chart=chart, rows=rows, axis=lane_drawings.axis_of(chart))


@register.simple_tag
def matrix(value: values.Heat | charts.Matrix) -> str:
    """Counts in heat classes, or evidence per cell, by the kind of value given."""
    if isinstance(value, charts.Matrix):
        return _include("ph/evidence.html", matrix=value, rows=matrices.evidence_rows(value))
    most = matrices.heat_most(value)
    groups = []
    for group in value.groups:
        rows = [(row, matrices.heat_spots(value, row.cells, most)) for row in group.rows]
        groups.append((group, rows))
    span = len(value.columns) + (3 if value.total_label else 2)
    return _include("ph/matrix.html", heat=value, groups=groups, span=span)


@register.simple_tag
def counts(grid: values.CountGrid) -> str:
    """A count matrix with a bar under each figure."""
    # Thin bars in a hatching would be unreadable; the state stands in the same row, so grey is enough.
    tones = {"unknown": "ink3"}
    rows = []
    for row in grid.rows:
        doors = row.urls or (None,) * len(row.counts)
        cells = list(zip(row.counts, doors, strict=True))
        rows.append((row.state, tones.get(row.state, row.state), cells))
    return _include("ph/counts.html", grid=grid, rows=rows, most=matrices.count_most(grid))


@register.simple_tag
def waterfall(chart: charts.Waterfall) -> str:
    """A table row per step, the axis torn where it is broken."""
    rows, floor = waterfalls.waterfall_rows(chart), waterfalls.axis_floor(chart)
    start = units.money_short(floor, chart.currency) if floor else None
    return _include("ph/waterfall.html", chart=chart, rows=rows, start=start)


@register.simple_tag
def shares(chart: charts.Shares) -> str:
    """Our shares against those of another whole."""
    return _include("ph/shares.html", chart=chart, rows=share_drawings.share_rows(chart))


@register.simple_tag
def slots(building: values.SlotMap, is_large: bool = False) -> str:
    """A rack map with its key; a large one where it is the only one."""
    key = [
        (slot_drawings.slot_key(kind), number, slot_drawings.SLOT_WORDS[kind])
        for kind, number in slot_drawings.slot_counts(building)
    ]
    return _include("ph/slots.html", key=key, drawing=slot_drawings.slots(building, is_large=is_large))


def _known_sum(figures: Sequence[int | None]) -> tuple[int | None, int]:
    """The sum of what is known, none where nothing is, and how many are not known."""
    known = [figure for figure in figures if figure is not None]
    return (sum(known) if known else None), len(figures) - len(known)


def _include(include: str, /, **context: Any) -> str:
    """One include of `ph/`, rendered by itself."""
    return render_to_string(include, context)
