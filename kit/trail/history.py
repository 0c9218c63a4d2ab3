"""Row history by database triggers, so that bulk and raw SQL writes are in it too."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pghistory.models
import pgtrigger
from django.db import models

M = TypeVar("M", bound=type[models.Model])


class RowHistory(pghistory.models.Event):
    """An earlier state of a row; two billion of them are not enough for a fleet, hence the bigint key."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def tracked() -> Callable[[M], M]:
    """Keep the earlier state of each row at update and delete; an insert is told by its batch or verb."""
    track: Callable[[M], M] = pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old, level=pgtrigger.Statement),
        pghistory.DeleteEvent(level=pgtrigger.Statement),
        base_model=RowHistory,
        append_only=True,
    )
    return track
