from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from kit.asof import parse_day
from kit.errors import Refusal
from kit.units import format_date


def today() -> date:
    """The day it is, UTC."""
    return timezone.now().date()


def asked_day(request: HttpRequest, name: str = "as_of") -> date:
    """The day a page is asked for, today if none is named.

    Raises: Refusal for what is not a day, and for a day that has not come.
    """
    text = request.GET.get(name, "").strip()
    if not text:
        return today()
    day = parse_day(text)
    if day > today():
        raise Refusal(
            _("%(day)s has not come yet. Ask for today or an earlier day.") % {"day": format_date(day)}
        )
    return day
