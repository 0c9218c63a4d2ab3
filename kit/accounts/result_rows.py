"""The rows of an admin list as the look draws them, written in one pass and not by a template a cell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field, quote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, LINK_CLASSES, ROW_CLASSES
from unfold.utils import display_for_field, display_for_value

BOX = "action_checkbox"
# What only the look's own way of drawing rows knows to draw.
OWN_WAYS = ("ordering_field", "list_sections", "list_editable")
OWN_DISPLAYS = ("label", "header", "dropdown")
ROW = (
    '<tbody class="block relative lg:table-row-group {}">'
    '<tr class="data-row block border border-base-200 mb-3 relative rounded-default lg:table-row'
    ' lg:border-none lg:mb-0 lg:rounded-none dark:border-base-800">'
)
STRIPES = (ROW.format(""), ROW.format("bg-base-50 dark:bg-white/[.02]"))
END = "</tr></tbody>"
LINK = " ".join(LINK_CLASSES)


@dataclass(frozen=True)
class Column:
    """One column: what opens and closes its cells, what a cell shows, and whether it links to the row."""

    opened: str
    closed: str
    shown: Callable[[Any], str]
    is_link: bool


def can_draw(cl: ChangeList) -> bool:
    """Whether a list asks for nothing but cells."""
    admin = cl.model_admin
    if any(getattr(admin, way, None) for way in OWN_WAYS):
        return False
    methods = (getattr(admin, name, None) for name in cl.list_display if isinstance(name, str))
    return not any(getattr(method, flag, False) for method in methods for flag in OWN_DISPLAYS)


def drawn_rows(cl: ChangeList, headers: list[dict[str, Any]]) -> SafeString:
    """Every row of a list's page, under the look's headers."""
    columns = [_column(cl, number, headers[number]["text"]) for number in range(len(cl.list_display))]
    return mark_safe("".join(_rows(cl, columns)))


def _rows(cl: ChangeList, columns: list[Column]) -> Iterator[str]:
    address = _address(cl)
    for number, row in enumerate(cl.result_list):
        yield STRIPES[number % 2]
        for column in columns:
            shown = column.shown(row)
            if column.is_link:
                shown = f'<a href="{escape(address(row))}" class="{LINK}"{_opener(cl, row)}>{shown}</a>'
            yield column.opened + shown + column.closed
        yield END


def _column(cl: ChangeList, number: int, label: Any) -> Column:
    name = cl.list_display[number]
    links = cl.list_display_links or ()
    is_link = name in links
    tag = "th" if is_link and name == links[0] else "td"
    if name == BOX:
        classes = " ".join(CHECKBOX_CLASSES)
        shown: Callable[[Any], str] = cl.model_admin.action_checkbox
    else:
        written, is_short = _written(cl, name)
        classes = " ".join([f"field-{_name(name)}", *ROW_CLASSES, *(["nowrap"] if is_short else [])])
        shown = _guarded(written, cl.model_admin.get_empty_value_display())
    said = gettext("Select record") if number == 0 and not is_link else str(label)
    opened = f'<{tag} class="{escape(classes)}" data-label="{escape(said)}">'
    return Column(opened, f"</{tag}>", shown, is_link)


def _written(cl: ChangeList, name: Any) -> tuple[Callable[[Any], Any], bool]:
    """How a column's value is written, and whether it stays on one line."""
    admin, empty = cl.model_admin, cl.model_admin.get_empty_value_display()
    try:
        field = cl.lookup_opts.get_field(name)
    except FieldDoesNotExist:
        field = None
    if field is None or field.auto_created or (field.is_relation and not field.many_to_one):
        return lambda row: _of_method(row, name, admin, empty), False
    if field.many_to_one:
        return lambda row: empty if (value := getattr(row, name)) is None else value, True
    is_short = isinstance(field, models.DateField | models.TimeField)
    if isinstance(field, models.CharField) and not field.flatchoices:
        return lambda row: getattr(row, name) or empty, False
    return lambda row: display_for_field(getattr(row, name), field, empty), is_short


def _of_method(row: Any, name: Any, admin: Any, empty: str) -> Any:
    _field, method, value = lookup_field(name, row, admin)
    if isinstance(value, str):
        return value
    is_boolean = getattr(method, "boolean", False)
    return display_for_value(value, getattr(method, "empty_value_display", empty), is_boolean)


def _guarded(written: Callable[[Any], Any], empty: str) -> Callable[[Any], str]:
    def shown(row: Any) -> str:
        try:
            return conditional_escape(written(row))
        except ObjectDoesNotExist:
            return conditional_escape(empty)

    return shown


def _address(cl: ChangeList) -> Callable[[Any], str]:
    """Where a row is changed; worked out for the first row, the others differ by their key."""

    def whole(row: Any) -> str:
        kept: Any = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
        return str(add_preserved_filters(kept, cl.url_for_result(row)))

    first = next(iter(cl.result_list), None)
    url = "" if first is None else whole(first)
    before, mark, after = url.partition(f"/{quote(first.pk)}/change/" if first is not None else "/")
    if not mark or type(cl).url_for_result is not ChangeList.url_for_result:
        return whole
    return lambda row: f"{before}/{quote(row.pk)}/change/{after}"


def _opener(cl: ChangeList, row: Any) -> str:
    if not cl.is_popup:
        return ""
    key = row.serializable_value(str(cl.to_field) if cl.to_field else cl.lookup_opts.pk.attname)
    return f' data-popup-opener="{escape(key)}"'


def _name(name: Any) -> str:
    return name if isinstance(name, str) else name.__name__
