"""Installed power by territory over time, quarter by quarter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fleet.sites.places import country_name
from kit.charts import Event, Series, StackedBars
from kit.units import W_PER_MW, format_date

QUARTERS = 24  # six years
LEAST = 8  # fewer bars than two years do not show a course
TONES = ("t1", "t2", "t3", "t4", "t5")


@dataclass(frozen=True, slots=True)
class Happening:
    """A dated happening about a territory that no list and no regime in the data tells."""

    on: date
    country: str
    label: object
    source: str


HAPPENINGS = (
    Happening(
        date(2021, 5, 21), "CN", gettext_lazy("China: State Council"), "State Council committee, 51st meeting"
    ),
)


@dataclass(frozen=True, slots=True)
class BlockedSite:
    """A site under a finding that blocks it, since the day the listing or measure began."""

    site_id: int
    since: date | None
    label: str


def quarter_ends(last: date, most: int = QUARTERS) -> list[date]:
    """The last days of the quarters that end before a day, oldest first, and that day itself."""
    ends = [last]
    year, quarter = last.year, (last.month - 1) // 3
    while len(ends) < most:
        ends.insert(0, date(year, 3 * quarter + 1, 1) - timedelta(days=1))
        year, quarter = (year - 1, 3) if quarter == 0 else (year, quarter - 1)
    return ends


def from_the_first_power(ends: list[date], power: Mapping[int, list[int]]) -> int:
    """The number of the end to start at: what came before was less than a hundredth of the most there was."""
    totals = [sum(watts[number] for watts in power.values()) for number in range(len(ends))]
    most = max(totals, default=0)
    first = next((number for number, total in enumerate(totals) if total * 100 >= most and total), 0)
    return min(first, max(len(ends) - LEAST, 0))


def territory_chart(
    ends: list[date],
    power: Mapping[int, list[int]],
    countries: Mapping[int, str],
    blocked: Iterable[BlockedSite] = (),
    is_synthetic: bool = False,
) -> StackedBars:
    """The stacked chart: a neutral tone a country, the blocked tone from the day a site is blocked."""
    touched = [row for row in blocked if row.since is not None]
    since = {row.site_id: row.since for row in touched if row.since is not None}
    neutral, stopped = _by_country(ends, power, countries, since)
    ranked = sorted(neutral, key=lambda code: (-max(neutral[code]), code))
    named, rest = ranked[: len(TONES)], ranked[len(TONES) :]
    series = [_blocked_series(code, stopped[code], countries, since) for code in sorted(stopped)]
    # The smallest lie at the bottom, where a thin layer can still be read against the axis.
    series += [
        Series(country_label(code), TONES[number], tuple(neutral[code])) for number, code in enumerate(named)
    ][::-1]
    if rest:
        summed = tuple(sum(neutral[code][number] for code in rest) for number in range(len(ends)))
        series.insert(len(stopped), Series(_("other"), "other", summed))
    return StackedBars(
        title=_("Installed power by territory"),
        unit="MW",
        labels=tuple(_labels(ends)),
        series=tuple(series),
        events=_events(ends, neutral, touched),
        note=_("No machine is recorded in this time. Import machines to fill this."),
        per_unit=W_PER_MW,
        decimals=1,
        is_synthetic=is_synthetic,
    )


def _by_country(
    ends: list[date], power: Mapping[int, list[int]], countries: Mapping[int, str], since: Mapping[int, date]
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Watts by country and end: those of sites not blocked then, and those of sites that were."""
    neutral: dict[str, list[int]] = defaultdict(lambda: [0] * len(ends))
    stopped: dict[str, list[int]] = defaultdict(lambda: [0] * len(ends))
    for site_id, watts in power.items():
        country, begun = countries.get(site_id, ""), since.get(site_id)
        for number, end in enumerate(ends):
            is_stopped = begun is not None and begun <= end
            (stopped if is_stopped else neutral)[country][number] += watts[number]
    return neutral, stopped


def _blocked_series(
    code: str, watts: list[int], countries: Mapping[int, str], since: Mapping[int, date]
) -> Series:
    first = min(begun for site_id, begun in since.items() if countries.get(site_id, "") == code)
    note = _("since %(day)s") % {"day": format_date(first)}
    return Series(country_label(code), "blocked", tuple(watts), note)


def country_label(code: str) -> str:
    """The name of a country, or that it is not known."""
    return country_name(code) if code else _("not known")


def _labels(ends: list[date]) -> Iterable[str]:
    """The year over its first quarter; the last day over the last bar."""
    for number, end in enumerate(ends):
        is_last = number == len(ends) - 1
        is_first_quarter = end.month <= 3 and len(ends) - number > max(len(ends) // 4, 2)
        yield format_date(end) if is_last else str(end.year) if is_first_quarter or number == 0 else ""


def _events(
    ends: list[date], present: Mapping[str, list[int]], blocked: Iterable[BlockedSite]
) -> tuple[Event, ...]:
    found = [
        (row.on, f"{row.label}, {format_date(row.on)}")
        for row in HAPPENINGS
        if any(present.get(row.country, ()))
    ]
    found += {(row.since, f"{row.label}, {format_date(row.since)}") for row in blocked if row.since}
    return tuple(
        Event(place, label) for on, label in sorted(found) if (place := _place(ends, on)) is not None
    )


def _place(ends: list[date], on: date) -> float | None:
    """Where a day lies on the axis, counted in bars; none outside it."""
    if on > ends[-1] or (ends[0] - on).days > 92:
        return None
    for number, end in enumerate(ends):
        if on <= end:
            start = ends[number - 1] if number else end - timedelta(days=91)
            return number + max((on - start).days, 0) / max((end - start).days, 1)
    return None
