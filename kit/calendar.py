"""Business days, counted by a named calendar of public holidays."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import holidays
from django.utils.translation import gettext as _

from kit.errors import Refusal

CALENDARS: dict[str, Callable[[int], holidays.HolidayBase]] = {
    # Federal holidays by 5 U.S.C. 6103, with the day on which each is observed.
    "US": lambda year: holidays.country_holidays("US", years=year),
}

_SATURDAY = 5


def is_business_day(day: date, calendar: str = "US") -> bool:
    """Whether the day is neither a weekend day nor a holiday, as observed."""
    return day.weekday() < _SATURDAY and day not in _holidays(calendar, day.year)


def business_days_after(day: date, n: int, calendar: str = "US") -> date:
    """The n-th business day after `day`, which itself is not counted; zero gives `day`.

    Raises: Refusal for a negative count or a calendar nobody has entered.
    """
    if n < 0:
        raise Refusal(
            _("A deadline of %(count)d business days cannot be counted; give zero or more.") % {"count": n}
        )
    _known(calendar)
    while n:
        day += timedelta(days=1)
        n -= is_business_day(day, calendar)
    return day


@cache
def _holidays(calendar: str, year: int) -> frozenset[date]:
    # A frozen set per year: the library's own object fills itself while it is asked, which two
    # threads may do at once.
    return frozenset(_known(calendar)(year))


def _known(calendar: str) -> Callable[[int], holidays.HolidayBase]:
    if calendar not in CALENDARS:
        raise Refusal(
            _("There is no business calendar “%(name)s”; known are: %(known)s.")
            % {"name": calendar, "known": ", ".join(sorted(CALENDARS))}
        )
    return CALENDARS[calendar]
