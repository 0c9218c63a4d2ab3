"""Rows kept by their natural keys: written once, counted every time, never written over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
BATCH = 5_000


@dataclass
class Tally:
    """How many rows a scenario holds, from documents and invented, and how many of them are new."""

    from_sources: int = 0
    synthetic: int = 0
    new: int = 0

    def add(self, rows: int, *, new: int, is_synthetic: bool) -> None:
        """Count rows of one provenance."""
        if is_synthetic:
            self.synthetic += rows
        else:
            self.from_sources += rows
        self.new += new


def keep(tally: Tally, model: type[M], key: Mapping[str, Any], *, is_synthetic: bool, **fields: Any) -> M:
    """The row with this key, made if missing; one that is there may have been edited and stays as it is."""
    row = model._default_manager.filter(**key).first()
    tally.add(1, new=int(row is None), is_synthetic=is_synthetic)
    if row is None:
        if any(field.name == "is_synthetic" for field in model._meta.fields):
            fields["is_synthetic"] = is_synthetic
        row = model._default_manager.create(**key, **fields)
    return row


def keep_many(tally: Tally, rows: Iterable[M], key: tuple[str, ...], *, is_synthetic: bool) -> None:
    """Write the rows whose key is not there yet, in a few statements however many they are.

    Shape: `key` holds attribute names; the first is looked up in the database.
    """
    wanted = list(rows)
    if not wanted:
        return
    model = type(wanted[0])
    values = {getattr(row, key[0]) for row in wanted}
    there = set(model._default_manager.filter(**{f"{key[0]}__in": values}).values_list(*key))
    missing = [row for row in wanted if tuple(getattr(row, name) for name in key) not in there]
    for row in missing:
        if hasattr(row, "is_synthetic"):
            row.is_synthetic = is_synthetic
    model._default_manager.bulk_create(missing, batch_size=BATCH)
    tally.add(len(wanted), new=len(missing), is_synthetic=is_synthetic)
