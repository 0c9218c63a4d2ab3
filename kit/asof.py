"""What “as of a day” means: the state at the end of that day, UTC."""

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from kit.errors import Refusal


def end_of(day: date) -> datetime:
    """The first instant after the day, UTC; what began before it and had not ended by it counts."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def instants_at(day: date, start: str = "from_at", end: str = "to_at") -> Q:
    """Rows whose interval of instants contains the end of the day; an open end counts."""
    moment = end_of(day)
    return Q(**{f"{start}__lt": moment}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": moment}))


def days_at(day: date, start: str = "from_on", end: str = "to_on") -> Q:
    """Rows whose interval of days contains the day; the end day itself no longer counts."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD.

    Raises: Refusal for anything else.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"“{text}” is not a day. Write it as YYYY-MM-DD, for example 2022-04-20.") from None
