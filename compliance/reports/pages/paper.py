"""What every page function is handed, and the words all pages share."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.reports.parts import Measure
from compliance.reports.value import ComplianceReport
from kit.pdf.words import Words
from kit.units import format_date, hashrate, megawatts, money_short


@dataclass(frozen=True, slots=True)
class Entry:
    """One section in the list of contents."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The value being drawn, its document number, and which section this is."""

    report: ComplianceReport
    document: str
    contents: tuple[Entry, ...]
    left_out: tuple[str, ...]
    section: str = ""
    title: str = ""

    def at(self, number: int, entry: Entry) -> "Paper":
        """The same paper opened at a section."""
        return replace(self, section=str(number), title=entry.title)


def standing_words() -> dict[str, str]:
    """The word of each standing; nothing is ever called clean."""
    return {
        "blocked": _("Blocked pending counsel"),
        "review": _("Review"),
        "watch": _("Watch"),
        "unknown": _("Unknown"),
        "fine": _("No open finding"),
    }


def confidence_words() -> dict[str, str]:
    """How sure a source is, in words."""
    return {
        "high": _("confidence high"),
        "medium": _("confidence medium"),
        "low": _("confidence low"),
        "unknown": _("confidence unknown"),
    }


def tone_of(standing: str) -> str:
    """The standing's name in the palette; no standing is the quiet one."""
    return standing if standing in ("blocked", "review", "watch", "unknown") else "fine"


def format_day(day: date | None) -> str:
    """A day on paper; none is unknown."""
    return format_date(day)


def measure_words(measure: Measure, currency: str) -> tuple[str, ...]:
    """What a finding touches, largest first in meaning: power, machines, owners, value."""
    words = []
    if measure.installed_w:
        words.append(megawatts(measure.installed_w).text)
    if measure.machines:
        text = ngettext("%(count)s machine", "%(count)s machines", measure.machines)
        words.append(text % {"count": f"{measure.machines:,}"})
    if measure.owners:
        text = ngettext("%(count)s owner", "%(count)s owners", measure.owners)
        words.append(text % {"count": f"{measure.owners:,}"})
    if measure.value_cents:
        words.append(money_short(measure.value_cents, currency).text)
    return tuple(words)


def hashrate_words(ghs: int) -> str:
    """Hashrate of a column of sites."""
    return hashrate(ghs, "PH/s").number


def kit_words() -> Words:
    """The words the drawing kit prints, from the catalogue."""
    return Words(
        page=_("Page {page} of {pages}"),
        synthetic=_("CONTAINS SYNTHETIC DATA"),
        missing_title=_("Characters that could not be drawn"),
        missing_lead=_(
            "No installed typeface has these characters. A lozenge ◊ stands in their place, "
            "in the fields named here; everything else on the pages is complete."
        ),
        missing_place=_("in: {fields}"),
        missing_package=_("the package {package} would bring it"),
        missing_anywhere=_("no package of this system brings it"),
        missing_more=_("and {count} more"),
        unknown=_("unknown"),
        in_megawatts=_("Power in MW"),
        nameplate=_("nameplate"),
        energized=_("energized"),
        contracted=_("contracted"),
        installed=_("installed"),
        drawn=_("drawn"),
        headroom=_("headroom"),
        held=_("held"),
        basis_metered=_("metered"),
        basis_reported=_("reported"),
        basis_nameplate=_("by nameplate"),
        basis_unknown=_("basis unknown"),
        torn_axis=_("The axis is torn: it begins at {amount}."),
        overdue=_("overdue"),
        within_30=_("30 days"),
        within_90=_("90 days"),
        urgent=_("{count} overdue or within 30 days"),
        beyond=_("{count} later than this axis"),
        documented=_("documented"),
        declared=_("declared"),
        listed_party=_("listed party named"),
        months=tuple(str(format_date(date(2022, month, 1))).split()[1] for month in range(1, 13)),
    )
