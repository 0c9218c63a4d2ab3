"""Exposure: power by country over time, the fleet beside the network, then the tables of the day."""

from datetime import date

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper, format_day, hashrate_words, standing_words, tone_of
from compliance.reports.parts import Course, ExposureRow, ExposureTable, Measure, WorldShares
from kit import charts as c
from kit.pdf import palette as p
from kit.pdf.blocks import draw_footnote, draw_heading
from kit.pdf.charts import draw_shares, draw_stacked_bars
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.sheet import Sheet
from kit.pdf.table import Column, Table
from kit.units import W_PER_MW, format_power, megawatts, money

TABLE_ROOM = 74.0  # a table begins on this page only if its head and three rows fit


def draw_course(sheet: Sheet, paper: Paper) -> None:
    """The chart over quarters and the dot plot below it."""
    ink, report = sheet.ink, paper.report
    y = draw_heading(ink, paper.section, paper.title, _lead(paper))
    if report.course.ends:
        y = draw_stacked_bars(ink, _bars(report.course), p.LEFT, y - 6, height=300) - 34
    if report.world.rows:
        ink.rule(p.LEFT, y + 16, p.RIGHT, y + 16)
        below = draw_shares(ink, _shares(report.world), p.LEFT, y, p.columns_wide(9))
        _reading(ink, report.world, y)
        y = below
    draw_footnote(ink, _footnote(paper))


def _lead(paper: Paper) -> str:
    report = paper.report
    words = {
        "machines": f"{report.fleet.machines:,}",
        "power": format_power(report.fleet.installed_w, 1),
        "count": len([row for row in report.course.rows if row.power_w and row.power_w[-1]]),
        "day": format_day(report.as_of),
    }
    text = (
        _("%(machines)s machines with %(power)s stand in %(count)s countries at the end of %(day)s.") % words
    )
    largest = max(report.course.rows, key=lambda row: row.power_w[-1] if row.power_w else 0, default=None)
    if largest is None or not largest.power_w or not report.fleet.installed_w:
        return text
    share = 100 * largest.power_w[-1] // max(sum(row.power_w[-1] for row in report.course.rows), 1)
    return f"{text} " + _("%(country)s carries %(share)s per cent of the power.") % {
        "country": largest.label,
        "share": share,
    }


def _bars(course: Course) -> c.StackedBars:
    """Years stand under their first quarter; totals are set at the first and last bar only."""
    labels, year = [], 0
    for end in course.ends:
        labels.append(str(end.year) if end.year != year else "")
        year = end.year
    peak = max((sum(values) for values in zip(*(row.power_w for row in course.rows), strict=True)), default=0)
    is_large = peak >= 2 * W_PER_MW
    return c.StackedBars(
        _("Power of machines at sites by country, end of quarter"),
        "MW" if is_large else "kW",
        tuple(labels),
        tuple(c.Series(row.label, row.tone, row.power_w) for row in course.rows),
        tuple(
            c.Event(position, f"{format_day(event.on)}: {event.label}")
            for event in course.events
            if (position := _position(course, event.on)) is not None
        ),
        _("From the stays of machines; the last bar is the day of this report."),
        W_PER_MW if is_large else 1_000,
        1 if peak < 100 * W_PER_MW else 0,
    )


def _position(course: Course, on: date) -> float | None:
    """Where a day stands among the bars, between the ends of two quarters."""
    for number, end in enumerate(course.ends):
        if on <= end:
            if number == 0:
                return None
            before = course.ends[number - 1]
            return number + (on - before).days / max((end - before).days, 1)
    return None


def _shares(world: WorldShares) -> c.Shares:
    note = world.source
    if world.month is not None:
        note = _("Network: %(source)s, %(month)s") % {"source": world.source, "month": f"{world.month:%Y-%m}"}
    return c.Shares(
        _("Fleet against the network, per cent of hashrate"),
        _("fleet"),
        _("network"),
        tuple(c.Share(row.label, row.fleet_bps, row.world_bps, row.tone) for row in world.rows),
        note,
    )


def _reading(ink: Ink, world: WorldShares, y: float) -> None:
    """Which countries weigh more in the fleet than in the network, in words."""
    x = p.column_left(9) + 10
    heavier = [r.label for r in world.rows if r.world_bps is not None and (r.fleet_bps or 0) > r.world_bps]
    lighter = [r.label for r in world.rows if r.world_bps is not None and (r.fleet_bps or 0) < r.world_bps]
    sentences = []
    if heavier:
        sentences.append(_("Heavier than the network in %(names)s.") % {"names": ", ".join(heavier)})
    if lighter:
        sentences.append(_("Lighter in %(names)s.") % {"names": ", ".join(lighter)})
    ink.text(x, y, _("Reading"), 9, Style.BOLD, p.INK)
    ink.paragraph(x, y - 14, " ".join(sentences), p.RIGHT - x, 8, 11.4)


def _footnote(paper: Paper) -> str:
    note = _("A share that nobody published is unknown and not drawn. ")
    if paper.report.is_synthetic:
        note += _("Machines, owners and values contain generated rows, marked synthetic in the records.")
    return note


def draw_exposure_tables(sheet: Sheet, paper: Paper) -> None:
    """One table per dimension; those that share the fleet between their rows end with its total."""
    report = paper.report
    lead = _(
        "The same machines by country, region, programme and host. A country or region table adds up to the "
        "fleet; a machine may fall under several programmes, or none."
    )
    y = draw_heading(sheet.ink, paper.section, paper.title, lead) - 6
    if report.fleet.unpriced:
        text = _("%(count)s machines have no price on this day; their value is unknown and in no sum.")
        draw_footnote(sheet.ink, text % {"count": f"{report.fleet.unpriced:,}"})
    for table in report.exposure:
        if y < p.LAST_LINE + TABLE_ROOM:
            y = sheet.turn()
        sheet.ink.text(p.LEFT, y, table.title, 9, Style.BOLD, p.INK)
        if not table.rows:
            sheet.ink.text(p.LEFT, y - 14, _("None at the end of this day."), 8, color=p.MUTE)
            y -= 34
            continue
        y = (
            _table(report.currency).draw(
                sheet,
                (
                    _cells(row.label, row.measure, report.currency, tone_of(row.standing))
                    for row in table.rows
                ),
                y - 18,
                total=_total(table, report.fleet, report.currency),
            )
            - 16
        )


def _table(currency: str) -> Table:
    return Table(
        (
            Column("", 0.21, style=Style.NARROW_BOLD, color=p.INK),
            Column(_("Standing"), 0.205, standings=standing_words()),
            Column(_("Machines"), 0.09, "figures"),
            Column(_("MW contracted"), 0.11, "figures"),
            Column(_("MW installed"), 0.095, "figures"),
            Column("PH/s", 0.085, "figures"),
            Column(_("Value, %(currency)s") % {"currency": currency}, 0.13, "figures"),
            Column(_("Owners"), 0.07, "figures"),
        )
    )


def _cells(label: str, measure: Measure, currency: str, standing: str) -> tuple[str, ...]:
    return (
        label,
        standing,
        f"{measure.machines:,}",
        megawatts(measure.contracted_w, 2).number,
        megawatts(measure.installed_w, 2).number,
        hashrate_words(measure.ghs),
        money(measure.value_cents, currency).bare.text,
        f"{measure.owners:,}",
    )


def _total(table: ExposureTable, fleet: Measure, currency: str) -> tuple[str, ...] | None:
    if not table.is_whole or len(table.rows) < 2:
        return None
    total = added(table.rows)
    cells = _cells(_("Total"), total, currency, "")
    # An owner with machines in two rows counts in both, so owners are the fleet's and not the rows' sum.
    return (*cells[:7], f"{fleet.owners:,}")


def added(rows: tuple[ExposureRow, ...]) -> Measure:
    """The rows' sum; a value is known as far as any row's is."""
    contracted = [row.measure.contracted_w for row in rows if row.measure.contracted_w is not None]
    values = [row.measure.value_cents for row in rows if row.measure.value_cents is not None]
    return Measure(
        sum(row.measure.machines for row in rows),
        sum(row.measure.installed_w for row in rows),
        sum(contracted) if contracted else None,
        sum(row.measure.ghs for row in rows),
        sum(values) if values else None,
        sum(row.measure.unpriced for row in rows),
    )
