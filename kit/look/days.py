"""What was touched on which day: blocked below, review on top of it, the chosen day as an ink line."""

from datetime import date

from django.utils.safestring import SafeString

from kit import units
from kit.look import svg
from kit.look.values import DayLine, Level

HEIGHT, BASE, HEAD = 138, 116, 30
FIRST_YEAR_ROOM = 14


def _place(chart: DayLine, on: date) -> float:
    days = max((chart.last_on - chart.first_on).days, 1)
    return min(max(100 * (on - chart.first_on).days / days, 0.0), 100.0)


def _years(chart: DayLine) -> list[str]:
    parts = []
    for year in range(chart.first_on.year, chart.last_on.year + 1):
        x = _place(chart, date(year, 1, 1))
        parts.append(svg.upright(x, 10, BASE, "ax"))
        if x == 0 and _place(chart, date(year + 1, 1, 1)) < FIRST_YEAR_ROOM:
            continue  # the next year's figure would stand on this one
        parts.append(svg.words(x, HEIGHT - 2, year, "m" if 2 < x < 98 else "e" if x >= 98 else ""))
    return parts


def _label(x: float, y: float, text: object, kind: str, shift: int) -> str:
    """Words beside a place, on its left where the right edge is near."""
    ends = x > 55
    return svg.words(x, y, text, f"{kind} halo e" if ends else f"{kind} halo", -shift if ends else shift)


def day_line(chart: DayLine) -> SafeString:
    """Megawatts under a finding by day, as steps."""
    most = max((each.blocked_w + each.review_w for each in chart.levels), default=0) or 1

    def y(w: int) -> str:
        return svg.short(BASE - (BASE - HEAD) * w / most)

    ends = [*(_place(chart, each.on) for each in chart.levels), 100.0][1:]
    areas, labels, blocked, review = [], [], f"M0 {BASE}", ""
    before: Level | None = None
    for each, end in zip(chart.levels, ends, strict=True):
        x = _place(chart, each.on)
        start, stop = svg.short(x * 10), svg.short(end * 10)
        low, high = y(each.blocked_w), y(each.blocked_w + each.review_w)
        if each.review_w:
            areas.append(f'<path class="f-rtint" d="M{start} {low}V{high}H{stop}V{low}Z"/>')
            review += f"M{start} {low}V{high}H{stop}"
        areas.append(f'<path class="f-btint" d="M{start} {BASE}V{low}H{stop}V{BASE}Z"/>')
        blocked += f"H{start}V{low}H{stop}"
        if each.label:
            is_review = before is not None and before.blocked_w == each.blocked_w
            labels.append(_label(x, float(high if is_review else low) - 5, each.label, "i", 4))
        before = each
    lines = f'<path class="l-review" d="{review}"/>' if review else ""
    x = _place(chart, chart.chosen_on)
    parts = [
        *_years(chart),
        svg.stretched(BASE, f'{"".join(areas)}{lines}<path class="l-blocked" d="{blocked}"/>'),
        *labels,
        svg.upright(x, 4, BASE, "nowline"),
        svg.spot(x, BASE, '<circle r="8" class="f-brand"/><circle r="3" class="f-card"/>'),
        _label(x, 13, units.format_date(chart.chosen_on), "b", 8),
        _label(x, 26, chart.chosen_note, "i", 8) if chart.chosen_note else "",
    ]
    return svg.drawing(HEIGHT, chart.title, *parts, kind="w ltr")
