"""Names the sections share: countries with their colours, standings, listed parties."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fleet.sites.places import country_name, region_name
from kit.errors import Refusal

TONES = {"US": "t1", "KZ": "t2", "CA": "t3", "RU": "t4", "CN": "t5"}
"""Countries with a colour of their own; one colour means one country in every chart."""

SEVERITY = ("blocked", "review", "unknown", "watch", "none")


def country_words(code: str) -> str:
    """A country's name as people say it, or its code where ISO 3166 has no name for it."""
    short = {"RU": _("Russia"), "US": _("United States"), "KZ": _("Kazakhstan"), "IR": _("Iran")}
    if code in short:
        return short[code]
    try:
        return country_name(code)
    except Refusal:
        return code


def region_words(code: str) -> str:
    """A region's name with its country, or the country where no region is recorded."""
    if "-" not in code:
        return _("%(country)s, region not recorded") % {"country": country_words(code)}
    try:
        return f"{region_name(code)}, {country_words(code[:2])}"
    except Refusal:
        return code


def other_countries() -> str:
    """The name of what has no colour of its own."""
    return _("Other countries")


def listed_words(names: list[str]) -> str:
    """Who was listed, in few words."""
    if len(names) == 1:
        return _("%(name)s listed") % {"name": names[0]}
    text = ngettext(
        "%(name)s and %(count)d other listed", "%(name)s and %(count)d others listed", len(names) - 1
    )
    return text % {"name": names[0], "count": len(names) - 1}


def standing_words(standing: str) -> str:
    """A standing as a label."""
    return {
        "blocked": _("Blocked pending counsel"),
        "review": _("Review"),
        "watch": _("Watch"),
        "unknown": _("Unknown"),
        "none": _("No open finding"),
    }[standing]
