"""Pages of a list by the key of their last row, so that the thousandth costs what the first does."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from kit.accounts.pages import ByKey
from kit.errors import Refusal

DEFAULT = "-id"


class Place(NamedTuple):
    """Where a page begins: behind these values of the order, or before them."""

    ordering: str
    values: list[Any]
    is_back: bool

    def written(self) -> str:
        content = json.dumps([self.ordering, self.values, self.is_back], default=str)
        return base64.urlsafe_b64encode(content.encode()).decode()


class _Row(Func):
    """Values side by side; rows compared as such meet an index over both columns, where OR does not."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


class ByUnique(ByKey):
    """Pages by a unique field, or by another with a unique one behind it.

    Shape: a view's `orderings` names the fields, its `ties` the unique one behind each that is not.
    """

    def paginate_queryset(  # type: ignore[override]  # a list here is always a queryset
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self._address = request.build_absolute_uri()
        self._size = self.get_page_size(request) or self.page_size
        place = self._place(request, view)
        descends = place.ordering.startswith("-")
        name = place.ordering.removeprefix("-")
        self._fields = [name, view.ties[name]] if name in view.ties else [name]
        sign = "-" if descends != place.is_back else ""
        rows = queryset.order_by(*(f"{sign}{field}" for field in self._fields))
        if place.values:
            rows = rows.filter(self._beyond(queryset, place.values, is_less=bool(sign)))
        found = list(rows[: self._size + 1])
        page, has_more = found[: self._size], len(found) > self._size
        if place.is_back:
            page.reverse()
        self._next = self._link(place, page, is_back=False) if place.is_back or has_more else None
        self._previous = (
            self._link(place, page, is_back=True) if (has_more if place.is_back else place.values) else None
        )
        return page

    def get_next_link(self) -> str | None:
        return self._next

    def get_previous_link(self) -> str | None:
        return self._previous

    def _place(self, request: Request, view: Any) -> Place:
        wanted = str(request.query_params.get("ordering") or getattr(view, "ordering", DEFAULT))
        if wanted.removeprefix("-") not in view.orderings:
            raise Refusal(
                gettext("Order by one of: {names}.").format(names=", ".join(view.orderings)), where="ordering"
            )
        cursor = request.query_params.get(self.cursor_query_param)
        if not cursor:
            return Place(wanted, [], False)
        try:
            place = Place(*json.loads(base64.urlsafe_b64decode(cursor.encode())))
            columns = 2 if wanted.removeprefix("-") in view.ties else 1
            if place.ordering == wanted and len(place.values) == columns:
                return place
        except (binascii.Error, ValueError, TypeError):
            pass
        raise Refusal(
            gettext("This is not a cursor of this list. Follow the addresses of “next” and “previous”."),
            where="cursor",
        )

    def _beyond(self, rows: QuerySet[Any], values: list[Any], *, is_less: bool) -> Any:
        compare = LessThan if is_less else GreaterThan
        columns = [rows.model._meta.get_field(field) for field in self._fields]
        try:
            given = [
                Value(column.to_python(value), output_field=column)
                for column, value in zip(columns, values, strict=True)
            ]
        except ValidationError:
            raise Refusal(gettext("This is not a cursor of this list."), where="cursor") from None
        if len(given) == 1:
            return compare(F(self._fields[0]), given[0])
        return compare(_Row(*map(F, self._fields)), _Row(*given))

    def _link(self, place: Place, page: list[Any], *, is_back: bool) -> str | None:
        if not page:
            return None
        row = page[0 if is_back else -1]
        values = [_plain(row[field]) for field in self._fields]
        there = Place(place.ordering, values, is_back)
        return replace_query_param(self._address, self.cursor_query_param, there.written())


def _plain(value: Any) -> Any:
    # To the microsecond, which JSON's own writing of an instant would cut off.
    return value.isoformat() if isinstance(value, datetime) else value
