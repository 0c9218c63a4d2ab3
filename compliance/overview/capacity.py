"""The capacity table and the rungs of one site, from what hosting knows of its power."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.exposure.values import SiteExposure
from compliance.overview.touched import state_of_site
from compliance.overview.values import Rung
from fleet.sites.drawn import drawn_words
from fleet.sites.places import country_name, region_name
from fleet.sites.reads import SitePower
from hosting.contracts.reads import SiteCapacity
from kit.charts import Basis, Bullet
from kit.look.doors import door
from kit.look.values import SiteLine
from kit.units import format_count, format_power, share

BASES: dict[str, Basis] = {"metered": "metered", "reported": "reported", "nameplate": "nameplate"}


def place_of(power: SitePower) -> str:
    """Where a site is, in words: region and country; what is not recorded is left out."""
    region = region_name(power.region) if power.region else ""
    return ", ".join(part for part in (region, country_name(power.country)) if part)


def bullet_of(row: SiteCapacity, day: date, is_held: bool = False) -> Bullet:
    """The bar of one site."""
    return Bullet(
        label=row.power.name,
        nameplate_w=row.power.nameplate_w,
        energized_w=row.power.energized_w,
        contracted_w=row.contracted_w,
        installed_w=row.power.installed_w,
        drawn_w=row.power.drawn_w,
        basis=BASES.get(row.power.drawn_basis, "unknown"),
        is_held=is_held,
        asked_w=row.asked_w,
        url=door("operator:site", row.power.code, as_of=day),
    )


def site_line(
    row: SiteCapacity,
    day: date,
    touched: Mapping[int, SiteExposure] | None,
    found: Mapping[int, str],
    is_held: bool,
    may_see_contracts: bool,
) -> SiteLine:
    """One row of the capacity table.

    Shape: `touched` is none for who may not see judgements; `found` the gravest open finding by site.
    """
    site_id = row.power.site_id
    note = _("held") if is_held else ""
    if not note and row.enquiries_without_w:
        note = ngettext("%(n)s asks", "%(n)s ask", row.enquiries_without_w) % {
            "n": format_count(row.enquiries_without_w)
        }
    return SiteLine(
        bullet=bullet_of(row, day, is_held),
        place=place_of(row.power),
        state=""
        if touched is None
        else gravest_state(state_of_site(touched.get(site_id)), found.get(site_id, "")),
        drawn_note=""
        if row.power.drawn_w is None
        else drawn_words(row.power.drawn_basis, row.power.drawn_at),
        headroom_note="" if row.asked_w and not is_held else note,
        installed_url=door("admin:fleet_miner_changelist", site__id__exact=site_id)
        if row.power.machines
        else "",
        contracted_url=door("admin:hosting_contract_changelist", site__id__exact=site_id)
        if may_see_contracts and row.contracted_w
        else "",
    )


def gravest_state(*states: str) -> str:
    """The worst of some states; a finding weighs more than nothing known."""
    order = ("blocked", "review", "watch", "unknown", "fine")
    return min((state for state in states if state), key=order.index, default="unknown")


def rungs(row: SiteCapacity, contracts: int | None) -> tuple[Rung, ...]:
    """The power of a site from nameplate down to headroom.

    Shape: `contracts` is how many are in force, none for who may not see them.
    """
    power = row.power
    basis = (
        drawn_words(power.drawn_basis, power.drawn_at)
        if power.drawn_w is not None
        else _("no meter or report yet")
    )
    counted = "" if contracts is None else _("%(n)s in force") % {"n": format_count(contracts)}
    asked = _("%(power)s asked for") % {"power": format_power(row.asked_w)} if row.asked_w else ""
    if not asked and row.enquiries:
        asked = _("%(n)s enquiries, watts unknown") % {"n": format_count(row.enquiries)}
    sites = door("admin:fleet_site_change", power.site_id)
    return (
        Rung(_("Nameplate"), "name", power.nameplate_w, _("substation and transformers"), url=sites),
        Rung(
            _("Energized"),
            "ener",
            power.energized_w,
            _("live and allowed to be used"),
            _part(power.energized_w, power.nameplate_w, _("of nameplate")),
            sites,
        ),
        Rung(
            _("Contracted"),
            "mark",
            row.contracted_w,
            counted or _("sum of contracts in force"),
            _part(row.contracted_w, power.energized_w, _("of energized")),
            door("admin:hosting_contract_changelist", site__id__exact=power.site_id)
            if contracts is not None
            else "",
        ),
        Rung(
            _("Installed"),
            "inst",
            power.installed_w,
            _("sum of %(n)s miners") % {"n": format_count(power.machines)},
            _part(power.installed_w, row.contracted_w or None, _("of contracted")),
            door("admin:fleet_miner_changelist", site__id__exact=power.site_id),
        ),
        Rung(
            _("Drawn"),
            "drawn",
            power.drawn_w,
            str(basis),
            _part(power.drawn_w, power.installed_w, _("of installed")),
            sites,
        ),
        Rung(
            _("Headroom"),
            "free",
            row.headroom_w,
            _("energized less the larger of contracted and installed"),
            _("over-committed") if row.headroom_w is not None and row.headroom_w < 0 else asked,
            from_w=max(row.contracted_w, power.installed_w),
        ),
    )


def _part(part: int | None, whole: int | None, words: str) -> str:
    known = share(part, whole, 0)
    return f"{known.text} {words}" if known.is_known else ""
