"""Several questions to the database in one query: one way there and back, one state of the data for all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BinaryField, Field, Model, QuerySet

T = TypeVar("T")
M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]
Arguments = Mapping[str, Any] | Sequence[Any]


class Question(Generic[T]):
    """A select and what is made of its rows: asked together with others, or alone when its answer is wanted.

    Shape: values come as JSON has them, so days and instants are text in ISO 8601.
    """

    def __init__(self, sql: str, arguments: Arguments, shape: Callable[[list[Row]], T]) -> None:
        self.sql = str(connection.ops.compose_sql(sql, arguments))  # type: ignore[attr-defined]
        self._shape = shape
        self._answers: list[T] = []

    @property
    def answer(self) -> T:
        """What the rows came to."""
        if not self._answers:
            ask(self)
        return self._answers[0]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be asked."""
        return not self._answers

    def take(self, rows: list[Row]) -> None:
        """Make the answer of the rows."""
        self._answers = [self._shape(rows)]


def ask(*questions: "Question[Any] | None") -> None:
    """Ask in one query whatever of this has no answer yet; what nobody wants to know is none."""
    waiting = [question for question in dict.fromkeys(questions) if question and question.is_open]
    if not waiting:
        return
    columns = [f"(select json_agg(q)::text from ({question.sql}) q)" for question in waiting]
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(columns)}")
        answers = cursor.fetchone()
    for question, answer in zip(waiting, answers, strict=True):
        question.take([tuple(row.values()) for row in orjson.loads(answer or "[]")])


def rows(queryset: QuerySet[Any, Row], shape: Callable[[list[Row]], T]) -> Question[T]:
    """The question a queryset of `values_list` asks."""
    try:
        sql, arguments = queryset.query.sql_with_params()
    except EmptyResultSet:  # such as a search in an empty list; the database has nothing to do
        sql, arguments = "select 0 where false", ()
    return Question(sql, arguments, shape)


def instances(
    queryset: QuerySet[M], *related: str, shape: Callable[[list[M]], T], only: Sequence[str] = ()
) -> Question[T]:
    """The question for whole rows of a model, with the related ones named and what is annotated.

    Shape: `related` and `only` stand for `select_related` and `only`; bytes are left to be asked for.
    """
    parts = [_Part(queryset.model, path, () if path else only) for path in ("", *related)]
    annotated = list(queryset.query.annotations)
    names = [name for part in parts for name in part.names]

    def shaped(found: list[Row]) -> T:
        return shape([_joined(parts, annotated, iter(row)) for row in found])

    return rows(queryset.values_list(*names, *annotated), shaped)


class _Part:
    """The columns of one model in a row: the row's own, or those at the end of a path of keys."""

    def __init__(self, model: type[Model], path: str, only: Sequence[str]) -> None:
        self.keys = path.split("__") if path else []
        for key in self.keys:
            model = model._meta.get_field(key).related_model  # type: ignore[assignment]
        self.model = model
        self.fields: list[Field[Any, Any]] = [
            field
            for field in model._meta.concrete_fields
            if not isinstance(field, BinaryField) and (not only or field.primary_key or field.attname in only)
        ]
        prefix = f"{path}__" if path else ""
        self.names = [f"{prefix}{field.attname}" for field in self.fields]

    def instance(self, values: Iterable[Any]) -> Model | None:
        """The row of this model; none where a key led nowhere."""
        known = {
            field.attname: None if value is None else field.to_python(value)
            for field, value in zip(self.fields, values, strict=False)
        }
        if known[self.model._meta.pk.attname] is None:
            return None
        return self.model.from_db(connection.alias, list(known), list(known.values()))


def _joined(parts: list[_Part], annotated: list[str], values: Iterable[Any]) -> Any:
    first, *others = parts
    whole = first.instance(values)
    for part in others:
        *way, last = part.keys
        holder: Any = whole
        for key in way:
            holder = getattr(holder, key)
        setattr(holder, last, part.instance(values))
    for name, value in zip(annotated, values, strict=True):
        setattr(whole, name, value)
    return whole
