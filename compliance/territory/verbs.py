from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from compliance.territory.facts import LawRow, RegimeRow
from compliance.territory.measures import LAWS
from compliance.territory.models import Law, Regime
from compliance.territory.regimes import REGIMES
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.trail.verbs import record


@dataclass(frozen=True)
class Entered:
    """How many rows of a table were written, and how many were there and left as they were."""

    created: int
    kept: int


def load_regimes(rows: Iterable[RegimeRow] = REGIMES, *, by: User | None = None) -> Entered:
    """Write the measures that are missing; a row that is there, edited or not, stays as it is."""
    if by is not None:
        require(by, "compliance.edit")
    rows = tuple(rows)
    with transaction.atomic():
        present = set(Regime.objects.values_list("code", "measure", "from_on"))
        missing = [row for row in rows if (row.code, row.measure, row.from_on) not in present]
        Regime.objects.bulk_create([Regime(**asdict(row)) for row in missing])
        if missing:
            record("regimes.entered", None, by=by, detail={"rows": len(missing)})
    return Entered(len(missing), len(rows) - len(missing))


def load_laws(rows: Iterable[LawRow] = LAWS, *, by: User | None = None) -> Entered:
    """Write the rules of law that are missing; a row that is there, edited or not, stays as it is."""
    if by is not None:
        require(by, "compliance.edit")
    rows = tuple(rows)
    with transaction.atomic():
        present = set(Law.objects.values_list("code", "from_on"))
        missing = [row for row in rows if (row.code, row.from_on) not in present]
        Law.objects.bulk_create([Law(**asdict(row)) for row in missing])
        if missing:
            record("laws.entered", None, by=by, detail={"rows": len(missing)})
    return Entered(len(missing), len(rows) - len(missing))
