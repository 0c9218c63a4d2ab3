"""What machines draw now: what they told lately, or the plates of those that run and never told anything.

The tables of the miners' and the readings' rooms stand above this one; they are read by name.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from fleet.sites.models import DrawnBasis
from kit.units import format_date

DRAWN = frozenset({"drawn_w", "drawn_basis", "drawn_at"})
"""The fields of a site that a person, a meter or the machines' readings fill in."""
FRESH = timedelta(minutes=15)  # a reading older than this says nothing about now

TOLD = "left join fleet_latestreading told on told.miner_id = miner.id"
# One that is off and never told anything is off, and nothing is expected of it.
_RUNS = (
    "(miner.status in ('energized', 'mining', 'low')"
    " or miner.status = 'offline' and told.miner_id is not null)"
)
_FRESH = f"{_RUNS} and told.at > %(fresh)s"
# One that is switched on and never told anything is believed to draw what its plate says.
_BY_PLATE = (
    f"({_FRESH} and told.power_w is null and told.is_hashing"
    " or told.miner_id is null and miner.status in ('energized', 'mining', 'low'))"
)
COLUMNS = f"""
    count(*) filter (where {_RUNS}),
    count(*) filter (where {_FRESH}),
    count(told.power_w) filter (where {_FRESH}),
    coalesce(sum(told.power_w) filter (where {_FRESH}), 0)::bigint,
    count(*) filter (where {_BY_PLATE}),
    coalesce(sum(miner.power_w) filter (where {_BY_PLATE}), 0)::bigint,
    max(told.at) filter (where {_FRESH})
"""
"""Of a group of miners: running, fresh, reporting, what they report, by plate, their plates, newest."""


@dataclass(frozen=True)
class Drawn:
    """What a group of machines draws now, and how that is known.

    Shape: of the running `machines`, `reporting` told watts; `assumed` count with their plates: they hash
    without telling watts, or never told anything; `silent` told something once and nothing lately, or do not
    hash without saying what they draw, and count nothing. `at` is the newest reading of those that count.
    """

    machines: int = 0
    fresh: int = 0
    reporting: int = 0
    reported_w: int = 0
    assumed: int = 0
    assumed_w: int = 0
    at: datetime | None = None

    @property
    def silent(self) -> int:
        return self.machines - self.reporting - self.assumed

    @property
    def drawn_w(self) -> int | None:
        """What counts, added up; None where nothing does."""
        if not self.fresh and not self.assumed:
            return None
        return self.reported_w + self.assumed_w

    @property
    def basis(self) -> DrawnBasis:
        """By plate where one plate is in the sum, reported where every watt was told."""
        if self.drawn_w is None:
            return DrawnBasis.UNKNOWN
        return DrawnBasis.REPORTED if self.fresh and not self.assumed else DrawnBasis.NAMEPLATE

    def __add__(self, other: "Drawn") -> "Drawn":
        return Drawn(
            self.machines + other.machines,
            self.fresh + other.fresh,
            self.reporting + other.reporting,
            self.reported_w + other.reported_w,
            self.assumed + other.assumed,
            self.assumed_w + other.assumed_w,
            max((at for at in (self.at, other.at) if at is not None), default=None),
        )


def drawn_words(basis: str, at: datetime | None, *, now: datetime | None = None) -> str:
    """How a drawn figure is known and as of when; one that is no longer fresh says so."""
    label = str(DrawnBasis(basis).label)
    if at is None or basis == DrawnBasis.UNKNOWN:
        return label
    now, at = now or timezone.now(), at.astimezone(UTC)
    if at > now - FRESH:
        return gettext("{basis} at {time} UTC").format(basis=label, time=f"{at:%H:%M}")
    if at.date() == now.astimezone(UTC).date():
        return gettext("{basis}, last at {time} UTC").format(basis=label, time=f"{at:%H:%M}")
    return gettext("{basis}, {day}").format(basis=label, day=format_date(at.date()))
