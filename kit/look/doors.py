"""The addresses behind figures; a page that this installation does not have is no door."""

from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def door(name: str, *arguments: Any, **asked: Any) -> str:
    """The address of a page, with what is asked of it; empty where there is no such page.

    Shape: a query value of None is left out.
    """
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    query = urlencode({key: value for key, value in asked.items() if value is not None})
    return f"{address}?{query}" if query else address
