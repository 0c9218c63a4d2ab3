"""The two tables of a batch, staging and plan: unlogged, for after a crash the plan is made again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from fleet.imports.columns import NAMES
from fleet.imports.models import ImportBatch
from fleet.imports.reading import IS_PACKED, Line, Sheet
from kit.jobs.watch import Watch

if TYPE_CHECKING:
    from fleet.imports.workbook import Book

LINES_A_COPY = 20_000
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def stage_of(batch: ImportBatch) -> str:
    return f"fleet_import_stage_{int(batch.pk)}"


def plan_of(batch: ImportBatch) -> str:
    return f"fleet_import_plan_{int(batch.pk)}"


def counter_of(batch: ImportBatch) -> str:
    """The sequence by which other sessions see how far a statement is; sequences are not transactional."""
    return f"fleet_import_counter_{int(batch.pk)}"


@contextmanager
def counted(batch: ImportBatch) -> Iterator[str]:
    """The batch's counter while work is counted: made before the work's transaction, dropped after it."""
    with connection.cursor() as cursor:
        cursor.execute(f"create sequence if not exists {counter_of(batch)}")
    try:
        yield counter_of(batch)
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"drop sequence if exists {counter_of(batch)}")


def drop_tables(batch: ImportBatch) -> None:
    """Drop what a plan left behind."""
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {plan_of(batch)}, {stage_of(batch)}")


def has_plan(batch: ImportBatch) -> bool:
    """Whether the batch's tables are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select to_regclass(%s) is not null and to_regclass(%s) is not null",
            [stage_of(batch), plan_of(batch)],
        )
        return bool(cursor.fetchone()[0])


def stage(batch: ImportBatch, *, now: datetime, watch: Watch) -> "Sheet | Book":
    """Copy every line of the batch's file into its staging table.

    Raises: Refusal where the file as a whole cannot be read.
    """
    pieces = _pieces(batch, watch)
    first = next(pieces, b"")
    whole = chain([first], pieces)
    sheet = _book(whole, now, watch) if first.startswith(IS_PACKED) else Sheet(whole, now=now)
    cells = ", ".join(f'"c_{name}" text' for name in NAMES)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {plan_of(batch)}, {stage_of(batch)}")
        cursor.execute(
            f"create unlogged table {stage_of(batch)} "
            f"(line bigint, flaws bigint, raw text, from_at timestamptz, {cells})"
        )
        lines = sheet.lines()
        # The pieces come over the same connection, so none may be fetched while a COPY is open.
        while text := "".join(map(_row, islice(lines, LINES_A_COPY))):
            with cursor.copy(f"copy {stage_of(batch)} from stdin (null '')") as copy:
                copy.write(text)
        # Only what is looked up in other tables: the other columns take most of the time.
        joined = ", ".join(f'"c_{name}"' for name in ("serial", "model", "owner", "site", "building", "rack"))
        cursor.execute(f"analyze {stage_of(batch)} ({joined})")
    return sheet


def _book(pieces: Iterable[bytes], now: datetime, watch: Watch) -> "Book":
    from fleet.imports.workbook import Book  # only where it is used: openpyxl is heavy

    return Book(pieces, now=now, watch=watch)


def _row(line: Line) -> str:
    """A line as COPY reads it; what is empty is null. Written out here, for a million lines take a while."""
    cells = line.cells
    values = [str(line.number), str(line.flaws), line.raw, cells.get("from_at", "")]
    values += map(cells.get, NAMES, repeat(""))
    text = "\t".join(values)
    if "\\" in text or "\n" in text or "\r" in text or text.count("\t") >= len(values):
        text = "\t".join(value.translate(ESCAPED) for value in values)
    return text + "\n"


def _pieces(batch: ImportBatch, watch: Watch) -> Iterator[bytes]:
    for number in list(batch.pieces.order_by("number").values_list("number", flat=True)):
        content = bytes(batch.pieces.values_list("content", flat=True).get(number=number))
        yield content
        watch.count(len(content))
