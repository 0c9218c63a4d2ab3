"""What an exposure says about single sites: their state, and since when they are blocked."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from compliance.exposure.values import Exposure, Reason, SiteExposure
from compliance.overview.course import BlockedSite
from compliance.overview.values import Notice
from compliance.territory.reads import regimes_at
from kit.look.doors import door
from kit.units import format_count, format_date, format_power

STATE_OF = {"none": "fine", "watch": "watch", "unknown": "unknown", "review": "review", "blocked": "blocked"}


def state_of_site(row: SiteExposure | None) -> str:
    """The state shown for a site; nothing recorded of it on the day is unknown."""
    return "unknown" if row is None else STATE_OF[row.standing]


def blocked_sites(exposure: Exposure) -> list[BlockedSite]:
    """The sites blocked as a whole, each with the first day of what blocks it."""
    listed = {row.uid: row.listed_on for row in exposure.designated}
    rows = [row for row in exposure.rows if row.site_standing == "blocked"]
    needs_measures = any(not reason.listed_uid for row in rows for reason in _blocking(row))
    measures = {row.code: row.from_on for row in regimes_at(exposure.known_on)} if needs_measures else {}
    return [_blocked(row, listed | measures) for row in rows]


def _blocking(row: SiteExposure) -> list[Reason]:
    return [reason for reason in row.reasons if reason.standing == "blocked" and reason.covers == "site"]


def _blocked(row: SiteExposure, begun: dict[str, date]) -> BlockedSite:
    days: list[tuple[date, str]] = []
    for reason in _blocking(row):
        keys = reason.listed_uid.split(", ") if reason.listed_uid else reason.programmes
        name = (
            row.host_name
            if reason.about == "host"
            else reason.programmes[0]
            if reason.programmes
            else row.name
        )
        days += [(begun[key], name) for key in keys if key in begun]
    since, name = min(days, default=(None, row.name))
    return BlockedSite(row.site_id, since, _("%(name)s listed") % {"name": name})


def blocked_notices(
    exposure: Exposure, blocked: Iterable[BlockedSite], cases: dict[int, tuple[str, str]], held: set[int]
) -> tuple[Notice, ...]:
    """What is blocked, in a sentence per site; beyond three sites in one sentence for all.

    Shape: `cases` is words and address of the open liquidation by site, `held` the sites nothing may leave.
    """
    rows = {row.site_id: row for row in exposure.rows}
    found = [(rows[each.site_id], each) for each in blocked]
    found.sort(key=lambda pair: -pair[0].figures.installed_w)
    parts = [row for row in exposure.rows if row.standing == "blocked" and row.site_standing != "blocked"]
    if len(found) + len(parts) > 3:
        return (_many(exposure, [row for row, _each in found] + parts),)
    whole = [_notice(exposure, row, each, cases.get(row.site_id), row.site_id in held) for row, each in found]
    return (*whole, *(_part_notice(exposure, row) for row in parts))


def _part_notice(exposure: Exposure, row: SiteExposure) -> Notice:
    """What of a site is blocked where the site as a whole is not."""
    reasons = [reason for reason in row.reasons if reason.standing == "blocked"]
    figures = row.split["blocked"]
    lead = _("%(power)s at %(site)s are blocked pending counsel.") % {
        "power": format_power(figures.installed_w),
        "site": row.name,
    }
    doors = ((_("Exposure"), door("operator:exposure", as_of=exposure.as_of)),)
    return Notice("blocked", lead, reason_sentence(reasons[0], row), doors)


def _notice(
    exposure: Exposure, row: SiteExposure, each: BlockedSite, case: tuple[str, str] | None, is_held: bool
) -> Notice:
    words = {"site": row.name, "day": format_date(each.since) if each.since else ""}
    lead = (
        _("%(site)s has been blocked pending counsel since %(day)s.")
        if each.since
        else _("%(site)s is blocked pending counsel.")
    ) % words
    doors = [(_("Exposure"), door("operator:exposure", as_of=exposure.as_of))]
    if case:
        doors.append(case)
    sentences = [reason_sentence(_blocking(row)[0], row)]
    if is_held:
        sentences.append(_("Moves from this site are on hold."))
    return Notice("blocked", lead, " ".join(sentences), tuple(doors))


def _many(exposure: Exposure, rows: list[SiteExposure]) -> Notice:
    figures = exposure.by_standing["blocked"]
    lead = _("%(n)s sites are blocked pending counsel, wholly or in part.") % {"n": format_count(len(rows))}
    sentence = _("%(machines)s machines, %(power)s: %(names)s.") % {
        "machines": format_count(figures.machines),
        "power": format_power(figures.installed_w),
        "names": ", ".join(row.name for row in rows),
    }
    return Notice(
        "blocked", lead, sentence, ((_("Exposure"), door("operator:exposure", as_of=exposure.as_of)),)
    )


def reason_sentence(reason: Reason, row: SiteExposure) -> str:
    """Who is touched by what, without repeating the standing that the lead has said."""
    who = {
        "host": _("Host %(name)s") % {"name": row.host_name},
        "territory": _("The territory"),
        "landlord": _("The landlord"),
        "power": _("The power supplier"),
        "contractor": _("A contractor on the premises"),
        "owner": _("An owner"),
    }.get(reason.about, reason.about)
    return f"{who}: {reason.source} ({reason.authority}, {reason.citation})."
