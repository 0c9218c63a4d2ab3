"""Each frozen value of `kit.charts` as vectors.

`draw_x(ink, value, x, top, width)` draws below `top` and returns the lowest y it used.
"""

from kit.pdf.charts.bullets import draw_bullets
from kit.pdf.charts.lanes import draw_lanes
from kit.pdf.charts.matrix import draw_matrix
from kit.pdf.charts.shares import draw_shares
from kit.pdf.charts.stacked import draw_stacked_bars
from kit.pdf.charts.standing import draw_standing_bar
from kit.pdf.charts.ticks import draw_sparkline, draw_ticks
from kit.pdf.charts.waterfall import draw_waterfall

__all__ = (
    "draw_bullets",
    "draw_lanes",
    "draw_matrix",
    "draw_shares",
    "draw_sparkline",
    "draw_stacked_bars",
    "draw_standing_bar",
    "draw_ticks",
    "draw_waterfall",
)
