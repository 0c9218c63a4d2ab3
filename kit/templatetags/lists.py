"""The table of an admin list: the look's own headers over rows drawn in one pass."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from unfold.templatetags.unfold_list import result_headers, result_list

from kit.accounts.result_rows import can_draw, drawn_rows

register = template.Library()


@register.simple_tag(takes_context=True)
def result_table(context: Context, cl: Any) -> SafeString:
    """A list's table; one that asks for more than cells is drawn by the look itself."""
    flat: dict[str, Any] = context.flatten()  # type: ignore[assignment]
    if not cl.result_list or context.get("actions_row") or not can_draw(cl):
        own = flat | result_list(flat, cl)
        return mark_safe(render_to_string("admin/change_list_results.html", own))
    headers = list(result_headers(cl))
    given = {
        "cl": cl,
        "result_headers": headers,
        "num_sorted_fields": sum(bool(header["sortable"] and header["sorted"]) for header in headers),
        "rows": drawn_rows(cl, headers),
    }
    return mark_safe(render_to_string("kit/result_table.html", given))
