"""Pages of a list by the key of their last row, so that the thousandth costs what the first does."""

import base64
import binascii
import json
from collections.abc import Iterator
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

    Shape: a view's `orderings` names the fields, its `ties` the unique one behind each that is not. Rows
        without a value come last, and first the other way round; they are a stretch of their own.
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
        found: list[Any] = []
        for stretch in self._stretches(rows, place.values, is_less=bool(sign)):
            found += stretch[: self._size + 1 - len(found)]
            if len(found) > self._size:
                break
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

    def _stretches(self, rows: QuerySet[Any], values: list[Any], *, is_less: bool) -> Iterator[QuerySet[Any]]:
        """The rows behind a place, in at most two questions that each read an index in its order."""
        if not values:
            yield rows
            return
        first = self._fields[0]
        may_be_null = rows.model._meta.get_field(first).null
        if values[0] is not None:
            yield rows.filter(self._beyond(rows, self._fields, values, is_less=is_less))
            if may_be_null and not is_less:
                yield rows.filter(**{f"{first}__isnull": True})
        elif may_be_null:
            nulls = rows.filter(**{f"{first}__isnull": True})
            yield nulls.filter(self._beyond(rows, self._fields[1:], values[1:], is_less=is_less))
            if is_less:
                yield rows.filter(**{f"{first}__isnull": False})
        else:
            raise Refusal(gettext("This is not a cursor of this list."), where="cursor")

    def _beyond(self, rows: QuerySet[Any], fields: list[str], values: list[Any], *, is_less: bool) -> Any:
        compare = LessThan if is_less else GreaterThan
        columns = [rows.model._meta.get_field(field) for field in fields]
        try:
            given = [
                Value(column.to_python(value), output_field=column)
                for column, value in zip(columns, values, strict=True)
            ]
        except ValidationError:
            raise Refusal(gettext("This is not a cursor of this list."), where="cursor") from None
        if len(given) == 1:
            return compare(F(fields[0]), given[0])
        return compare(_Row(*map(F, fields)), _Row(*given))

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
