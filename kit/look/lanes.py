"""Dates on one axis: a lane per worker or kind of paper, a shape per kind of date, today as an ink line."""

from datetime import date, timedelta

from django.utils import dateformat
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kit import units
from kit.charts import Lane, Lanes
from kit.look import svg
from kit.look.values import Axis, Mark, MarkKind, Track

LANE_HEIGHT = 30
STEP_DAYS = 30
WORDS_WIDTH = 8
NEAR_DAYS = 30

SHAPES: dict[MarkKind, str] = {
    "authorisation": '<path d="M0-7 7 0 0 7-7 0z" {paint}/>',
    "stay": '<circle r="5.5" {paint}/>',
    "passport": '<rect x="-5" y="-5" width="10" height="10" class="hollow"/>',
    "i9": '<path d="M0-6.5 6.5 5.5h-13z" {paint}/>',
    "receipt": '<path d="M-6-4h12v8h-12z" class="hollow"/>',
    "attestation": '<rect x="-1.5" y="-9" width="3" height="18" {paint}/>',
}


def _axis_days(axis: Axis) -> list[date]:
    """Every thirtieth day, on a long axis every sixtieth, but today and the edges."""
    step = STEP_DAYS if axis.before_days + axis.after_days <= 9 * STEP_DAYS else 2 * STEP_DAYS
    first, last = -(axis.before_days // step), axis.after_days // step
    days = [axis.today + timedelta(days=step * number) for number in range(first, last + 1) if number]
    return [day for day in days if 3 < axis.place(day) < 97]


def lane_axis(axis: Axis) -> SafeString:
    """The dates over a column of lanes."""
    parts = [svg.words(axis.place(day), 12, dateformat.format(day, "j M"), "m") for day in _axis_days(axis)]
    parts.append(svg.words(axis.place(axis.today), 12, gettext("today"), "b m"))
    return svg.drawing(18, "", *parts, kind="w ltr")


def _mark(axis: Axis, mark: Mark, height: int) -> str:
    x, today = axis.place(mark.on), axis.place(axis.today)
    ends = x > 70
    # Words that would run through the ink line of today stand behind it.
    words_at = today if 0 < today - x < WORDS_WIDTH else x
    shape = SHAPES[mark.kind].format(paint=svg.paint(mark.tone))
    kind, dx = ("i halo e", -11) if ends else ("i halo", 11)
    label = f'<text x="{dx}" y="4" class="{kind}">{escape(mark.label)}</text>' if mark.label else ""
    return svg.spot(x, height / 2, shape) + (svg.spot(words_at, height / 2, label) if label else "")


def lane(track: Track, axis: Axis, height: int = LANE_HEIGHT) -> SafeString:
    """One lane: grid, stretches, today, then the shapes with their words."""
    parts = [svg.upright(axis.place(day), 0, height, "ax") for day in _axis_days(axis)]
    for span in track.spans:
        first = axis.place(span.first_on) if span.first_on else 0.0
        last = axis.place(span.last_on) if span.last_on else 100.0
        parts.append(svg.fill(first, height / 2 - 3, last - first, 6, span.tone, 2))
    parts.append(svg.upright(axis.place(axis.today), 0, height, "nowline"))
    parts.extend(_mark(axis, mark, height) for mark in track.marks)
    said = ", ".join(f"{mark.label or mark.kind} {units.format_date(mark.on)}" for mark in track.marks)
    return svg.drawing(height, f"{track.label}: {said or gettext('no dates')}", *parts, kind="w ltr")


def mark_key(kind: MarkKind) -> SafeString:
    """The shape of a kind of date for a key below the table."""
    shape = SHAPES[kind].format(paint=svg.paint("ink3"))
    return svg.drawing(16, "", f'<g transform="translate(8 8)">{shape}</g>', kind="", width=16)


def axis_of(chart: Lanes) -> Axis:
    """The axis of a chart of papers: a tenth of it lies before the as-of date."""
    return Axis(today=chart.as_of, before_days=chart.days // 10, after_days=chart.days)


def paper_lane(chart: Lanes, row: Lane) -> SafeString:
    """All papers of one kind; a larger dot is several on the same day, and the tone says how near it is."""
    axis = axis_of(chart)
    parts = [svg.upright(axis.place(day), 0, LANE_HEIGHT, "ax") for day in _axis_days(axis)]
    parts.append(svg.level(LANE_HEIGHT / 2, "ax"))
    parts.append(svg.upright(axis.place(axis.today), 0, LANE_HEIGHT, "nowline"))
    for dot in row.dots:
        gap = (dot.on - chart.as_of).days
        tone = "review" if gap < 0 else "watch" if gap <= NEAR_DAYS else "ink3"
        radius = min(4 + dot.count, 9)
        parts.append(
            svg.spot(axis.place(dot.on), LANE_HEIGHT / 2, f'<circle r="{radius}" {svg.paint(tone)}/>')
        )
    total = sum(dot.count for dot in row.dots)
    said = gettext("%(label)s: %(n)d papers") % {"label": row.label, "n": total}
    return svg.drawing(LANE_HEIGHT, said, *parts, kind="w ltr")
