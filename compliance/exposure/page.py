"""The exposure page as one frozen value: what was known then against what is known now, row by row."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from compliance.exposure.reads import known_then_known_now, measure
from compliance.exposure.table import TONE_OF, ExposureGroup, behind, group_of, owners_door, touched_w
from compliance.exposure.values import DIMENSIONS, Exposure
from kit.charts import Part, StandingBar
from kit.errors import Refusal
from kit.look.doors import door
from kit.units import W_PER_MW, format_date, format_power


@dataclass(frozen=True, slots=True)
class Known:
    """How much is touched under the lists of one day, worst first.

    Shape: `parts` are pairs of state and words.
    """

    title: str
    caption: str
    touched_w: int
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ExposurePage:
    """The exposure of a day as its page shows it."""

    exposure: Exposure
    known: tuple[Known, ...]
    standing: StandingBar
    groups: tuple[ExposureGroup, ...]
    most_w: int
    dimension: str

    @property
    def miners_url(self) -> str:
        """The list of all miners."""
        return door("admin:fleet_miner_changelist")

    @property
    def owners_url(self) -> str:
        """The list of all owners as parties."""
        return owners_door()

    @property
    def reasons(self) -> int:
        """How many reasons were found."""
        return sum(len(row.reasons) for row in self.exposure.rows)


def exposure_of(day: date, today: date, dimension: str = "") -> ExposurePage:
    """Measure a day under its own lists and under today's, grouped for the page.

    Shape: a blank dimension shows every one of them.
    Raises: Refusal for a day before any fact and for a dimension there is not.
    """
    if dimension and dimension not in DIMENSIONS:
        raise Refusal(
            _("“%(name)s” is not a way to group; choose one of: %(names)s.")
            % {"name": dimension, "names": ", ".join(DIMENSIONS)}
        )
    if day == today:
        then = now = measure(day)
    else:
        then, now = known_then_known_now(day, today)
    known = behind(now)
    groups = [group_of(then, now, name, known) for name in ([dimension] if dimension else DIMENSIONS)]
    return ExposurePage(
        exposure=then,
        known=(
            _known(then, _("Known then"), _("lists and measures of %(day)s") % {"day": format_date(day)}),
            _known(now, _("Known now"), _("the same day’s fleet, today’s lists and measures")),
        ),
        standing=standing_bar(then),
        groups=tuple(group for group in groups if group.rows),
        most_w=max((row.figures.installed_w for group in groups for row in group.rows), default=0),
        dimension=dimension,
    )


def standing_bar(exposure: Exposure) -> StandingBar:
    """The fleet split by standing, worst first; every machine counts once."""
    words = {
        "blocked": _("blocked pending counsel"),
        "review": _("review"),
        "unknown": _("unknown"),
        "watch": _("watch"),
        "none": _("no open finding"),
    }
    parts = [
        Part(words[standing], TONE_OF[standing], figures.installed_w)
        for standing, figures in exposure.by_standing.items()
    ]
    return StandingBar(_("Installed power by standing"), "MW", tuple(parts), W_PER_MW)


def _known(exposure: Exposure, title: str, caption: str) -> Known:
    words = {
        "blocked": _("%(power)s blocked"),
        "review": _("%(power)s review"),
        "unknown": _("%(power)s unknown"),
    }
    found = {
        str(standing): touched_w(figures)
        for standing, figures in exposure.by_standing.items()
        if standing in words and touched_w(figures)
    }
    parts = tuple(
        (standing, words[standing] % {"power": format_power(watts)}) for standing, watts in found.items()
    )
    touched = sum(watts for standing, watts in found.items() if standing != "unknown")
    return Known(title, caption, touched, parts or (("fine", ""),))
