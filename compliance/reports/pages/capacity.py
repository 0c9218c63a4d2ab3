"""Capacity by site: nameplate, energized, contracted, installed, drawn and what is left."""

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper
from compliance.reports.parts import SiteRow
from kit import charts as c
from kit.pdf import palette as p
from kit.pdf.blocks import draw_footnote, draw_heading
from kit.pdf.charts import draw_bullets
from kit.pdf.faces import Style
from kit.pdf.sheet import Sheet
from kit.pdf.table import Column, Table
from kit.units import megawatts

ROWS_A_PAGE = 15
BASES = ("metered", "reported", "nameplate")


def draw_capacity(sheet: Sheet, paper: Paper) -> None:
    """A bar for each site whose nameplate and energized power are known, then the table of all."""
    ink, sites = sheet.ink, paper.report.capacity.sites
    known = [site for site in sites if site.nameplate_w is not None and site.energized_w is not None]
    lead = _(
        "What each plate can carry, what is energized, promised and standing there. Headroom is energized"
        " power less the larger of contracted and installed; it is unknown where energized power is."
    )
    y = draw_heading(ink, paper.section, paper.title, lead)
    for start in range(0, len(known), ROWS_A_PAGE):
        if start:
            y = sheet.turn()
        y = (
            draw_bullets(ink, [_bullet(site) for site in known[start : start + ROWS_A_PAGE]], p.LEFT, y - 12)
            - 22
        )
    if y < p.LAST_LINE + 80:
        y = sheet.turn()
    _table(sheet, sites, y)
    draw_footnote(
        ink, _("Nameplate, energized and drawn figures are those on record now; earlier ones are not kept.")
    )


def _bullet(site: SiteRow) -> c.Bullet:
    return c.Bullet(
        site.name,
        site.nameplate_w or 0,
        site.energized_w or 0,
        site.contracted_w or 0,
        site.installed_w,
        site.drawn_w,
        site.drawn_basis if site.drawn_basis in BASES else "unknown",  # type: ignore[arg-type]
        is_held=site.is_held,
    )


def _table(sheet: Sheet, sites: tuple[SiteRow, ...], y: float) -> float:
    """Every site; a total stands only under columns of which every row is known."""
    table = Table(
        (
            Column(_("Site, MW"), 0.3, style=Style.NARROW_BOLD, color=p.INK),
            Column(_("Country"), 0.1),
            Column(_("Nameplate"), 0.1, "figures"),
            Column(_("Energized"), 0.1, "figures"),
            Column(_("Contracted"), 0.1, "figures"),
            Column(_("Installed"), 0.1, "figures"),
            Column(_("Drawn"), 0.1, "figures"),
            Column(_("Headroom"), 0.1, "figures"),
        )
    )
    columns: list[list[int | None]] = [
        [site.nameplate_w for site in sites],
        [site.energized_w for site in sites],
        [site.contracted_w for site in sites],
        [site.installed_w for site in sites],
        [site.drawn_w for site in sites],
        [site.headroom_w for site in sites],
    ]
    rows = (
        (_name(site), site.country, *(megawatts(column[number], 2).number for column in columns))
        for number, site in enumerate(sites)
    )
    total = (_("Total"), "", *(_sum(column) for column in columns)) if len(sites) > 1 else None
    return table.draw(sheet, rows, y, total=total)


def _name(site: SiteRow) -> str:
    return f"{site.name} ({_('held')})" if site.is_held else site.name


def _sum(column: list[int | None]) -> str:
    known = [value for value in column if value is not None]
    return megawatts(sum(known), 2).number if len(known) == len(column) else _("unknown")
