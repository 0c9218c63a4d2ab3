from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from fleet.catalog.models import Maker, MinerModel
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.provenance import Confidence
from kit.trail.verbs import record

NEEDED = ("manufacturer", "model", "hashrate_ths", "power_w")
GHS_PER_THS = 1_000


def load_catalog(
    rows: Iterable[Mapping[str, str]], *, source: str, by: User | None = None
) -> tuple[int, int]:
    """Write makers and models from rows of the catalogue file; returns how many are new and how many changed.

    Rows that are not named stay. Loading the same rows again changes nothing.

    Raises: Refusal, naming line and column; nothing is changed then.
    """
    if by is not None:
        require(by, "fleet.edit")
    known = {model.name: model for model in MinerModel.objects.select_related("maker")}
    created = changed = 0
    with transaction.atomic():
        makers: dict[str, Maker] = {}
        for line, row in enumerate(rows, start=2):
            fields = _fields(row, line)
            maker = row["manufacturer"].strip()
            if maker not in makers:
                makers[maker], _made = Maker.objects.get_or_create(name=maker)
            wanted = fields | {"maker": makers[maker], "source": source}
            model = known.get(fields["name"])
            if model is None:
                known[fields["name"]] = MinerModel.objects.create(**wanted)
                created += 1
            elif any(getattr(model, field) != value for field, value in wanted.items()):
                for field, value in wanted.items():
                    setattr(model, field, value)
                model.save()
                changed += 1
        if created or changed:
            record(
                "catalog.loaded", None, by=by, detail={"new": created, "changed": changed, "source": source}
            )
    return created, changed


def _fields(row: Mapping[str, str], line: int) -> dict[str, Any]:
    missing = [column for column in NEEDED if not (row.get(column) or "").strip()]
    if missing:
        raise Refusal(
            gettext("Column {column} is empty or missing. The catalogue was not changed.").format(
                column=missing[0]
            ),
            where=gettext("Line {line}").format(line=line),
        )
    confidence = (row.get("confidence") or "").strip()
    released = (row.get("release_ym") or "").strip()
    family = (row.get("control_board_family") or "").strip()
    hashboards = (row.get("hashboards") or "").strip()
    # What varies from machine to machine is unknown for the model; what was seen goes into its notes.
    is_mixed, varies = family.startswith("mixed"), "-" in hashboards.lstrip("-")
    notes = [
        (row.get("notes") or "").strip(),
        gettext("hashboards: {seen}").format(seen=hashboards) if varies else "",
        gettext("control boards seen: {seen}").format(seen=family) if is_mixed else "",
    ]
    return {
        "name": row["model"].strip(),
        "ghs": _whole(row, "hashrate_ths", line, times=GHS_PER_THS),
        "power_w": _whole(row, "power_w", line),
        "released": released,
        "cooling": (row.get("cooling") or "").strip(),
        "chip": (row.get("chip") or "").strip(),
        "chip_fab": (row.get("chip_fab") or "").strip(),
        "hashboards": None if varies else _whole_or_none(row, "hashboards", line),
        "chips_per_board": _whole_or_none(row, "chips_per_board", line),
        "fans": _whole_or_none(row, "fans", line),
        "board_family": "unknown" if is_mixed else family or "unknown",
        "confidence": confidence if confidence in Confidence.values else Confidence.UNKNOWN,
        "notes": "; ".join(filter(None, notes)),
    }


def _whole_or_none(row: Mapping[str, str], column: str, line: int) -> int | None:
    return _whole(row, column, line, least=0) if (row.get(column) or "").strip() else None


def _whole(row: Mapping[str, str], column: str, line: int, *, times: int = 1, least: int = 1) -> int:
    """A cell as a whole number in the stored unit; a figure finer than that is refused, not rounded."""
    text = row[column].strip()
    try:
        value = Decimal(text) * times
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < least or value != int(value):
        raise Refusal(
            gettext("Column {column}: “{value}” is not a number of at least {least}.").format(
                column=column, value=text[:40], least=least
            ),
            where=gettext("Line {line}").format(line=line),
        )
    return int(value)
