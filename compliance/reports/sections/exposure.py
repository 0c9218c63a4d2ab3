"""The fleet of the day by four dimensions, and its hashrate beside the network's."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from compliance.exposure.models import HashrateShare
from compliance.exposure.values import DIMENSIONS, Figures, Group
from compliance.reports.parts import ExposureRow, ExposureTable, Measure, ShareRow, WorldShares
from compliance.reports.sections.scope import Scope
from compliance.reports.sections.words import TONES, country_words, region_words

BPS = 10_000
MOST_SHARES = 7


def measured(figures: Figures) -> Measure:
    """Figures as the report keeps them: owners counted, not named."""
    return Measure(
        machines=figures.machines,
        installed_w=figures.installed_w,
        contracted_w=figures.contracted_w,
        ghs=figures.ghs,
        value_cents=figures.value_cents,
        unpriced=figures.unpriced,
        owners=figures.owners,
    )


def build_exposure(scope: Scope) -> tuple[ExposureTable, ...]:
    """One table per dimension, gravest and largest first."""
    titles = {
        "country": _("By country"),
        "region": _("By region"),
        "programme": _("By sanctions programme"),
        "host": _("By host"),
    }
    return tuple(
        ExposureTable(
            dimension,
            titles[dimension],
            tuple(_row(dimension, group) for group in grouping.groups),
            not grouping.is_overlapping,
        )
        for dimension in DIMENSIONS
        if (grouping := scope.exposure.by(dimension))
    )


def _row(dimension: str, group: Group) -> ExposureRow:
    label = group.label
    if dimension == "country":
        label = country_words(group.key)
    elif dimension == "region":
        label = region_words(group.key)
    return ExposureRow(group.key, label, measured(group.figures), group.standing)


def build_world(scope: Scope) -> WorldShares:
    """The newest published month by the day, its countries beside ours; one source, never a mixture."""
    published = HashrateShare.objects.filter(month__lte=scope.day).exclude(country="")
    newest = _fullest(published.filter(share_bps__isnull=False))
    fleet = _fleet_shares(scope)
    if newest is None:
        return WorldShares(None, "", ())
    month, source = newest
    same = published.filter(month=month, source=source)
    world: dict[str, int | None] = dict(same.values_list("country", "share_bps"))
    codes = sorted(fleet, key=lambda code: -fleet[code])
    codes += [code for code in sorted(world, key=lambda code: -(world[code] or 0)) if code not in fleet]
    rows = tuple(
        ShareRow(country_words(code), TONES.get(code, "other"), fleet.get(code, 0), world.get(code))
        for code in codes[:MOST_SHARES]
    )
    return WorldShares(month, source, rows)


def _fullest(published: QuerySet[HashrateShare]) -> tuple[date, str] | None:
    """The newest month with the source that names most countries in it."""
    sources = published.values_list("month", "source").annotate(countries=Count("pk"))
    found = sources.order_by("-month", "-countries", "source").first()
    return (found[0], found[1]) if found else None


def _fleet_shares(scope: Scope) -> dict[str, int]:
    """Basis points of the fleet's hashrate by country, rounded to the nearest."""
    ghs: dict[str, int] = defaultdict(int)
    for row in scope.exposure.rows:
        ghs[row.country] += row.figures.ghs
    whole = sum(ghs.values())
    if not whole:
        return {}
    return {code: (2 * BPS * value + whole) // (2 * whole) for code, value in ghs.items() if value}
