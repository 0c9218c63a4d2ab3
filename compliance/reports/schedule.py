"""When a report falls due: pure functions over a rhythm, a time of day and a time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from kit.errors import Refusal

MONTHS = {"monthly": tuple(range(1, 13)), "quarterly": (1, 4, 7, 10)}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often and at which local time.

    Shape: weekly is every Monday, monthly the first of a month, quarterly the first of January, April,
    July and October.
    """

    frequency: str
    at_time: time
    time_zone: str = "UTC"


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name.

    Raises: Refusal for a name nobody knows.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(
            _("“%(zone)s” is not a time zone. Write it like America/Chicago.") % {"zone": name},
            where="time_zone",
        ) from None


def next_due(rhythm: Rhythm, after: datetime) -> datetime:
    """The first due instant later than `after`, in UTC.

    Shape: a local time that a clock change skips counts as much later as the clock jumps; one that comes
    twice counts the first time.
    Raises: Refusal for an unknown time zone or frequency.
    """
    zone = zone_of(rhythm.time_zone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    for _number in range(100):  # a quarter has at most 92 days
        if _falls_on(rhythm.frequency, day):
            due = datetime.combine(day, rhythm.at_time, zone).astimezone(UTC)
            if due > after:
                return due
        day += timedelta(days=1)
    raise Refusal(
        _("“%(frequency)s” is not a frequency of a schedule.") % {"frequency": rhythm.frequency},
        where="frequency",
    )


def latest_due(rhythm: Rhythm, first: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The newest due instant not later than `now`, counted from one that is due, and the one after it.

    However many were missed, one report makes up for them.
    """
    due, following = first, next_due(rhythm, first)
    while following <= now:
        due, following = following, next_due(rhythm, following)
    return due, following


def day_covered(due_at: datetime) -> date:
    """The last day that had ended, UTC, when a report fell due: the day it is as of."""
    return due_at.astimezone(UTC).date() - timedelta(days=1)


def day_before(frequency: str, as_of: date) -> date:
    """The day one period earlier, with which a report is compared."""
    if frequency == "daily":
        return as_of - timedelta(days=1)
    if frequency == "weekly":
        return as_of - timedelta(days=7)
    return months_earlier(as_of, 3 if frequency == "quarterly" else 1)


def months_earlier(day: date, months: int) -> date:
    """The same day some months earlier, or the month's last day where it has none of that number."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def _falls_on(frequency: str, day: date) -> bool:
    if frequency == "daily":
        return True
    if frequency == "weekly":
        return day.isoweekday() == 1
    return day.day == 1 and day.month in MONTHS.get(frequency, ())
