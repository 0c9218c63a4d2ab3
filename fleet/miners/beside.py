"""What stands above the list of miners: saved filters, further filters, and the list as a file."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fleet.miners.filters import MinerFilter
from fleet.miners.listing import LAYOUT, LIST, asked, for_admin
from fleet.queries.reads import filters_of
from kit.accounts.gates import actor
from kit.errors import Refusal

# Filters whose values are typed, for the side bar can only offer choices.
TYPED = (
    "owner",
    "maker",
    "country",
    "region",
    "building",
    "feed",
    "rack_name",
    "power_min",
    "power_max",
    "ghs_min",
    "ghs_max",
    "changed_after",
    "here_after",
    "here_before",
    "text",
)


def beside_list(request: HttpRequest) -> dict[str, Any]:
    """The saved filters and typed filters of the list as it is asked for, in one query."""
    user, here = actor(request), reverse("admin:fleet_miner_changelist")
    try:
        current = asked(request.GET.urlencode())
    except Refusal:  # the list itself says what is wrong with what was asked
        current = ""
    kept = [
        {
            "row": row,
            "url": f"{here}?{for_admin(row.query)}",
            "is_own": row.user_id == user.pk,
            "is_current": bool(current) and row.query == current,
        }
        for row in filters_of(user, LIST)
    ]
    typed = [(name, MinerFilter.base_filters[name].label, request.GET.get(name, "")) for name in TYPED]
    return {
        "saved_filters": kept,
        "typed_filters": typed,
        "is_typed": any(value for _name, _label, value in typed),
        "kept_parameters": [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in TYPED and name not in LAYOUT
        ],
        "list_query": for_admin(current),
    }
