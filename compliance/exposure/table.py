"""The rows of the exposure page: every group of a day beside the same group under today's lists."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from compliance.exposure.values import Exposure, Figures, Group, Reason, SiteExposure
from compliance.territory.models import Regime
from fleet.sites.places import country_name, region_name
from kit.look.doors import door
from kit.units import format_count, format_date, format_power

STATE_OF = {"none": "fine", "watch": "watch", "unknown": "unknown", "review": "review", "blocked": "blocked"}
TONE_OF = {"none": "t2", "watch": "watch", "unknown": "unknown", "review": "review", "blocked": "blocked"}
NAMED_SITES = 3


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One territory, programme or host with what it touches, and what today's lists add to it.

    Shape: `now` is in words, `now_state` the state it would have today where that differs.
    """

    label: str
    note: str
    state: str
    tone: str
    figures: Figures
    machines_url: str
    owners_url: str
    now: str
    now_state: str = ""


@dataclass(frozen=True, slots=True)
class ExposureGroup:
    """The rows of one dimension under a heading."""

    title: str
    caption: str
    rows: tuple[ExposureRow, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the reasons: the days of listings by number, names and days of measures by code."""

    listed: Mapping[str, date]
    measures: Mapping[str, tuple[date, str]]

    def since(self, reason: Reason) -> list[date]:
        """The days on which what a reason rests on began."""
        if reason.listed_uid:
            return [self.listed[uid] for uid in reason.listed_uid.split(", ") if uid in self.listed]
        return [self.measures[code][0] for code in reason.programmes if code in self.measures]


def behind(now: Exposure) -> Behind:
    """What stands behind the reasons of an exposure, in one query."""
    codes = {code for row in now.rows for reason in row.reasons for code in reason.programmes}
    rows = Regime.objects.filter(code__in=codes).order_by("-from_on")
    return Behind(
        listed={row.uid: row.listed_on for row in now.designated},
        measures={row.code: (row.from_on, f"{row.name}, {row.get_measure_display()}") for row in rows},
    )


def group_of(then: Exposure, now: Exposure, dimension: str, known: Behind) -> ExposureGroup:
    """The rows of one dimension, those only today's lists make at the end."""
    title, caption = {
        "country": (_("Country"), _("where the machines stand")),
        "region": (_("Region"), _("where one is recorded")),
        "programme": (_("Programme"), _("by whose list or order")),
        "host": (_("Host"), _("who runs the site")),
    }[dimension]
    table = _Table(dimension, {row.code: row for row in then.rows}, now, known)
    groups = [group for group in then.by(dimension).groups if _is_shown(group, dimension)]
    later = {group.key: group for group in now.by(dimension).groups if _is_shown(group, dimension)}
    shown = {group.key for group in groups}
    rows = [table.row(group, later.get(group.key)) for group in groups]
    rows += [table.row_of_today(group) for key, group in later.items() if key not in shown]
    return ExposureGroup(title, caption, tuple(rows))


def _is_shown(group: Group, dimension: str) -> bool:
    """A site without a region is grouped under its country, which has rows of its own."""
    return dimension != "region" or "-" in group.key


@dataclass(frozen=True, slots=True)
class _Table:
    dimension: str
    sites: Mapping[str, SiteExposure]
    now: Exposure
    known: Behind

    def row(self, group: Group, later: Group | None) -> ExposureRow:
        members = self.members(group)
        said, state = self.difference(group, later)
        return ExposureRow(
            label=self.label(group),
            note=self.note(group, members),
            state=STATE_OF[group.standing],
            tone=TONE_OF[group.standing],
            figures=group.figures,
            machines_url=miners_door(members),
            owners_url=owners_door(),
            now=said,
            now_state=state,
        )

    def row_of_today(self, group: Group) -> ExposureRow:
        """A group that today's lists make and those of the day did not."""
        since = self.since(group)
        words = {"power": format_power(touched_w(group.figures)), "day": since}
        return ExposureRow(
            label=self.label(group),
            note=self.measure_name(group) or _("nothing under it on this day"),
            state="fine",
            tone="t2",
            figures=Figures(contracted_w=0, value_cents=0),
            machines_url="",
            owners_url="",
            now=(_("+ %(power)s from %(day)s") if since else _("+ %(power)s")) % words,
            now_state=STATE_OF[group.standing],
        )

    def difference(self, group: Group, later: Group | None) -> tuple[str, str]:
        """What today's lists change about a row, in words, and the state it would have."""
        if later is None:
            return _("no longer in force"), ""
        if later.standing != group.standing:
            since = self.since(later)
            return (_("from %(day)s") % {"day": since} if since else ""), STATE_OF[later.standing]
        more_w = touched_w(later.figures) - touched_w(group.figures)
        if more_w:
            return f"{'+ ' if more_w > 0 else ''}{format_power(more_w)}", STATE_OF[later.standing]
        return _("same"), ""

    def since(self, group: Group) -> str:
        """The first day of what gives a group its standing today, where that is known."""
        if self.dimension == "programme" and group.key in self.known.measures:
            return format_date(self.known.measures[group.key][0])
        days = [
            day
            for row in self.now.rows
            if row.code in group.sites
            for reason in row.reasons
            if reason.standing == group.standing
            and (self.dimension != "programme" or group.key in reason.programmes)
            for day in self.known.since(reason)
        ]
        return format_date(min(days)) if days else ""

    def members(self, group: Group) -> list[SiteExposure]:
        return [self.sites[code] for code in group.sites if code in self.sites]

    def label(self, group: Group) -> str:
        names: dict[str, Callable[[str], str]] = {"country": country_name, "region": region_name}
        return names[self.dimension](group.key) if self.dimension in names else group.label

    def measure_name(self, group: Group) -> str:
        """What a programme is, in words, where a measure is recorded under its code."""
        if self.dimension != "programme" or group.key not in self.known.measures:
            return ""
        return self.known.measures[group.key][1]

    def note(self, group: Group, members: list[SiteExposure]) -> str:
        """What the programme is, the sites, and the authority of the gravest reason."""
        names = [row.name for row in members]
        more = len(names) - NAMED_SITES
        sites = ", ".join(names[:NAMED_SITES])
        if more > 0:
            sites = _("%(sites)s and %(n)s more") % {"sites": sites, "n": format_count(more)}
        if self.dimension == "host":
            sites = _("at %(sites)s") % {"sites": sites}
        measure = self.measure_name(group)
        authority = "" if measure else _authority(group, members, self.dimension)
        return " · ".join(part for part in (measure, sites, authority) if part)


def _authority(group: Group, members: Iterable[SiteExposure], dimension: str) -> str:
    for row in members:
        for reason in row.reasons:
            if reason.standing == group.standing and (
                dimension != "programme" or group.key in reason.programmes
            ):
                return f"{reason.authority}, {reason.citation.partition(';')[0]}"
    return ""


def touched_w(figures: Figures) -> int:
    """The watts by which something touched is told: the larger of installed and contracted."""
    return max(figures.installed_w, figures.contracted_w or 0)


def owners_door() -> str:
    """The list of parties, only those who own machines."""
    return door("admin:hosting_party_changelist", owner__isnull="False")


def miners_door(members: Iterable[SiteExposure]) -> str:
    """The list of miners, only those of some sites."""
    ids = sorted({row.site_id for row in members})
    if len(ids) == 1:
        return door("admin:fleet_miner_changelist", site__id__exact=ids[0])
    return door("admin:fleet_miner_changelist", site__id__in=",".join(str(pk) for pk in ids)) if ids else ""
