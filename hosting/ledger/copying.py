"""Rows by the thousand at a flat cost each: COPY instead of INSERT."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows through COPY; constraints and statement triggers see them as they see an INSERT."""
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin") as stream:
        for row in rows:
            stream.write_row(row)
