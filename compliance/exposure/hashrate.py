"""Context beside an exposure: how the network's hashrate was spread over countries, and how ours was."""

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from compliance.exposure.models import HashrateShare
from compliance.exposure.values import Exposure
from kit.charts import Share, Shares

WHOLE_BPS = 10_000


def shares_at(day: date) -> tuple[HashrateShare, ...]:
    """The newest month of published shares that had ended by a day; one row per country as published."""
    month = HashrateShare.objects.filter(month__lte=day).aggregate(newest=Max("month"))["newest"]
    if month is None:
        return ()
    rows = HashrateShare.objects.filter(month=month).order_by("label", "source")
    # Two sources may give the same month; the surer one, then the first by name, is shown.
    surest: dict[str, HashrateShare] = {}
    order = ("high", "medium", "low", "unknown")
    for row in sorted(rows, key=lambda row: (order.index(row.confidence), row.source)):
        surest.setdefault(row.country or row.label, row)
    return tuple(sorted(surest.values(), key=lambda row: (-(row.share_bps or 0), row.label)))


def compared_with_network(exposure: Exposure) -> Shares | None:
    """Our hashrate by country against the network's; none where no published share is loaded."""
    published = shares_at(exposure.as_of)
    if not published:
        return None
    whole = exposure.total.ghs
    ours = {group.key: group.figures.ghs for group in exposure.by("country").groups}
    rows = [
        Share(
            label=row.label,
            ours_bps=WHOLE_BPS * ours.get(row.country, 0) // whole if whole and row.country else None,
            other_bps=row.share_bps,
        )
        for row in published
        if row.country in ours or (row.share_bps or 0) >= 100
    ]
    return Shares(
        title=_("Hashrate by country"),
        ours=_("ours"),
        other=_("the network, %(month)s") % {"month": f"{published[0].month:%Y-%m}"},
        rows=tuple(rows),
        note=_("The network's shares are estimates: %(source)s.") % {"source": published[0].source},
    )
