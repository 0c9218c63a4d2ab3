"""Our shares against another whole's as a dot plot: hollow for theirs, filled for ours."""

from kit.charts import Share, Shares
from kit.pdf import palette as p
from kit.pdf.charts.frame import draw_title, short_share, steps
from kit.pdf.faces import Style
from kit.pdf.ink import Ink

ROW = 22.0
NAME_ROOM = 0.22


def draw_shares(ink: Ink, chart: Shares, x: float, top: float, width: float = p.WIDTH) -> float:
    """Draw title, scale and one row per share below `top`; returns the lowest y used."""
    y = draw_title(ink, x, top, width, chart.title, chart.note) - 12
    known = [bps for row in chart.rows for bps in (row.ours_bps, row.other_bps) if bps is not None]
    marks = steps(max(known, default=100) // 100 + 1, 5)
    marks.append(marks[-1] + (marks[1] if len(marks) > 1 else 1))
    left = x + width * NAME_ROOM
    scale = width * (1 - NAME_ROOM - 0.06) / max(marks[-1] * 100, 1)
    ground = y - ROW * len(chart.rows) + 8
    for mark in marks:
        ink.rule(left + mark * 100 * scale, y + 8, left + mark * 100 * scale, ground, weight=0.4)
        ink.text(left + mark * 100 * scale, ground - 10, str(mark), 6.6, color=p.MUTE, align="center")
    named = _widest(chart)
    for row in chart.rows:
        ink.text(x, y - 3, row.label, 8, Style.BOLD, p.INK, room=width * NAME_ROOM - 8)
        _row(ink, row, left, y, scale)
        if row is named and row.ours_bps is not None and row.other_bps is not None:
            ink.text(left + row.other_bps * scale, y + 9, chart.other, 7, color=p.MUTE, align="center")
            ink.text(
                left + row.ours_bps * scale, y + 9, chart.ours, 7, Style.BOLD, p.WORD[row.tone], "center"
            )
        y -= ROW
    return ground - 12


def _widest(chart: Shares) -> Share | None:
    """The row whose two dots are farthest apart: its dots carry the names, which must not meet."""
    both = [row for row in chart.rows if row.ours_bps is not None and row.other_bps is not None]
    return max(both, key=lambda row: abs((row.ours_bps or 0) - (row.other_bps or 0)), default=None)


def _row(ink: Ink, row: Share, left: float, y: float, scale: float) -> None:
    """Two dots and the line between them; a share that is not known is said in words."""
    ours = None if row.ours_bps is None else left + row.ours_bps * scale
    other = None if row.other_bps is None else left + row.other_bps * scale
    if ours is not None and other is not None:
        ink.rule(other, y, ours, y, "#B8C0CA", 2.2)
    is_ours_first = ours is not None and (other is None or ours < other)
    if other is not None and row.other_bps is not None:
        ink.dot(other, y, 3.6, fill=p.WHITE, stroke=p.INK, weight=1.1)
        at, align = (other + 7, "start") if is_ours_first or ours is None else (other - 7, "end")
        ink.text(
            at,
            y - 2.6,
            short_share(row.other_bps),
            7.4,
            color=p.MUTE,
            align="start" if align == "start" else "end",
        )
    if ours is None or row.ours_bps is None:
        ink.text((other or left) + 34, y - 2.6, ink.words.unknown, 7.4, color=p.MUTE)
        return
    ink.dot(ours, y, 3.9, fill=p.FILL[row.tone])
    if is_ours_first and other is not None:
        ink.text(ours - 7, y - 2.6, short_share(row.ours_bps), 7.4, Style.BOLD, p.INK, "end")
    else:
        ink.text(ours + 7, y - 2.6, short_share(row.ours_bps), 7.4, Style.BOLD, p.INK)
