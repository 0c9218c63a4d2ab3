"""Our shares against the shares of another whole: a filled dot, a hollow dot, a line between them."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from kit import units
from kit.charts import Share, Shares
from kit.look import svg

ROW_HEIGHT = 22


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One comparison with its drawing and its two figures."""

    share: Share
    dots: SafeString
    ours: units.Figure
    other: units.Figure


def share_rows(chart: Shares) -> list[ShareRow]:
    """The rows of a comparison; a share that is not known has no dot, its row is hatched."""
    known = [bps for row in chart.rows for bps in (row.ours_bps, row.other_bps) if bps is not None]
    most = max(known, default=0) or 10_000
    rows = []
    for row in chart.rows:
        places = [None if bps is None else 96 * bps / most + 2 for bps in (row.ours_bps, row.other_bps)]
        ours, other = places
        parts = [svg.level(ROW_HEIGHT / 2, "ax")]
        if ours is None:
            parts.append(svg.fill(0, ROW_HEIGHT / 2 - 3, 100, 6, "unknown"))
        if ours is not None and other is not None:
            left, width = min(ours, other), abs(ours - other)
            parts.append(svg.fill(left, ROW_HEIGHT / 2 - 1, width, 2, "t3"))
        if other is not None:
            parts.append(svg.spot(other, ROW_HEIGHT / 2, '<circle r="4.5" class="hollow"/>'))
        if ours is not None:
            parts.append(svg.spot(ours, ROW_HEIGHT / 2, f'<circle r="5" {svg.paint(row.tone)}/>'))
        dots = svg.drawing(ROW_HEIGHT, "", *parts, kind="w flip")
        rows.append(ShareRow(row, dots, units.percent(row.ours_bps, 1), units.percent(row.other_bps, 1)))
    return rows
