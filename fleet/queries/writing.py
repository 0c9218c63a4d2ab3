"""A list into a file: rows in the order of their keys, a batch at a time, the file in pieces."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.queries.models import Export, ExportPiece, FileFormat
from fleet.queries.sources import Source, source_of
from fleet.queries.verbs import KEPT_FOR
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import progress
from kit.tabular import csv_lines, safe_cell

ROWS_A_BATCH = 5_000
PIECE_BYTES = 1 << 20
MOST_SHEET_ROWS = 1_048_575  # of a sheet, below the header


def write(export: Export, job: Job) -> Export:
    """Write the file of an export; what a killed or stopped run left behind is dropped first.

    Raises: Refusal if a sheet cannot hold so many rows; Cancelled if it was stopped.
    """
    source = source_of(export.list)
    rows = source.rows(export.query)
    ExportPiece.objects.filter(export=export).delete()
    total = rows.order_by().count()
    if export.file_format == FileFormat.XLSX and total > MOST_SHEET_ROWS:
        raise Refusal(
            gettext("{rows} rows do not fit into a sheet. Ask for CSV, or narrow the list.").format(
                rows=f"{total:,}"
            )
        )
    try:
        with TemporaryFile() as file:
            counted = _Counted(_batches(source, rows), job, total)
            if export.file_format == FileFormat.XLSX:
                _write_sheet(file, source, counted)
            else:
                _write_lines(file, source, counted)
            _keep(export, file, counted.rows)
    except BaseException:
        ExportPiece.objects.filter(export=export).delete()
        raise
    return export


class _Counted:
    """Rows, telling the job after each batch how many there were."""

    def __init__(self, batches: Iterator[list[Sequence[Any]]], job: Job, total: int) -> None:
        self._batches, self._job, self._total, self.rows = batches, job, total, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        progress(self._job, 0, total=self._total, message=gettext("Writing rows"))
        for batch in self._batches:
            yield from batch
            self.rows += len(batch)
            progress(self._job, self.rows, total=max(self._total, self.rows))


def _batches(source: Source, rows: Any) -> Iterator[list[Sequence[Any]]]:
    """Each batch begins behind the last key of the one before, so the last costs what the first does."""
    last = 0
    while True:
        found = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *source.paths)[:ROWS_A_BATCH])
        if not found:
            return
        last = found[-1][0]
        yield [source.shown(row[1:]) for row in found]


def _write_lines(file: IO[bytes], source: Source, rows: _Counted) -> None:
    for line in csv_lines(source.header, rows):
        file.write(line.encode())


def _write_sheet(file: IO[bytes], source: Source, rows: _Counted) -> None:
    from openpyxl import Workbook  # only where it is used: openpyxl is heavy

    book = Workbook(write_only=True)
    sheet = book.create_sheet(source.name)
    for row in itertools.chain([source.header], itertools.islice(rows, MOST_SHEET_ROWS)):
        sheet.append([safe_cell(cell) for cell in row])
    book.save(file)


def _keep(export: Export, file: IO[bytes], rows: int) -> None:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    with transaction.atomic():
        for number in itertools.count():
            content = file.read(PIECE_BYTES)
            if not content:
                break
            digest.update(content)
            size += len(content)
            ExportPiece.objects.create(export=export, number=number, content=content)
        export.rows, export.size, export.sha256 = rows, size, digest.hexdigest()
        export.finished_at = timezone.now()
        export.expires_at = export.finished_at + KEPT_FOR
        export.save()
