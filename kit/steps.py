"""A workflow is a table of steps; a step is taken by an UPDATE that names the status it expects."""

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from kit.errors import Refusal


@dataclass(frozen=True)
class Step:
    """One allowed change of status: the verb, where it may start, where it ends, which act it takes."""

    verb: str
    from_status: tuple[str, ...]
    to_status: str
    act: str
    number: int = 0
    title: str = ""
    needs_evidence: bool = False
    second_person: bool = False


def take(row: models.Model, step: Step, **changes: Any) -> None:
    """Move a row along one step, or refuse because it is no longer where the step starts.

    Raises: Refusal, naming the status found.
    """
    manager = type(row)._default_manager
    with transaction.atomic():
        moved = manager.filter(pk=row.pk, status__in=step.from_status).update(
            status=step.to_status, **changes
        )
        if not moved:
            found = manager.values_list("status", flat=True).get(pk=row.pk)
            wanted = " or ".join(step.from_status)
            raise Refusal(f"{row} is “{found}”; “{step.verb}” starts from “{wanted}”. Nothing was changed.")
    row.refresh_from_db()
