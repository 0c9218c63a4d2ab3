"""The files of seeds/ as they are read: facts with their source, rows whose missing values say “unknown”."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kit.errors import Refusal
from kit.provenance import Confidence

UNKNOWN = "unknown"


def folder() -> Path:
    """Where the seeds lie in the project."""
    return Path(settings.BASE_DIR) / "seeds"


@dataclass(frozen=True)
class Fact:
    """One statement of a founding document; `unknown` where its numeral is lost or nobody gives it."""

    id: str
    about: str
    value: Any
    unit: str
    source: str
    confidence: str

    @property
    def is_known(self) -> bool:
        """Whether a value stands behind the statement."""
        return bool(self.value != UNKNOWN)


@dataclass(frozen=True)
class Seed:
    """One scenario's file: its facts by id, and its rows by kind."""

    name: str
    title: str
    facts: Mapping[str, Fact]
    rows: Mapping[str, tuple[Mapping[str, Any], ...]]

    def whole(self, fact: str) -> int:
        """A fact that is a whole number.

        Raises: Refusal if the value is unknown or something else.
        """
        value = self.facts[fact].value
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refusal(_("“%(value)s” is not a whole number.") % {"value": value}, where=self._at(fact))
        return value

    def day(self, fact: str) -> date:
        """A fact that is a day.

        Raises: Refusal if the value is unknown or something else.
        """
        try:
            return date.fromisoformat(self.facts[fact].value)
        except (TypeError, ValueError):
            raise Refusal(
                _("“%(value)s” is not a day.") % {"value": self.facts[fact].value}, where=self._at(fact)
            ) from None

    def _at(self, fact: str) -> str:
        return f"seeds/scenarios/{self.name}.json, {fact}"


def read_seed(name: str) -> Seed:
    """A scenario's file, every row of it with a source and a confidence.

    Raises: Refusal, naming file and row.
    """
    path = folder() / "scenarios" / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = {
        kind: tuple(found) for kind, found in content.items() if isinstance(found, list) and kind != "facts"
    }
    for kind, found in {**rows, "facts": content["facts"]}.items():
        for position, row in enumerate(found, start=1):
            _check(row, f"seeds/scenarios/{name}.json, {kind} {position}")
    facts = {
        row["id"]: Fact(row["id"], row["about"], row["value"], row["unit"], row["source"], row["confidence"])
        for row in content["facts"]
    }
    return Seed(name, content["title"], facts, rows)


def read_table(path: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file below seeds/, `unknown` as an empty value.

    Raises: Refusal for a row without source or confidence.
    """
    with (folder() / path).open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            _check(row, f"seeds/{path}, line {line}")
            yield {column: "" if value == UNKNOWN else value for column, value in row.items()}


def known(row: Mapping[str, Any], column: str) -> Any:
    """A value of a row, or none if it is unknown."""
    value = row[column]
    return None if value == UNKNOWN else value


def text(row: Mapping[str, Any], column: str) -> str:
    """A text of a row, empty if it is unknown."""
    return known(row, column) or ""


def _check(row: Mapping[str, Any], where: str) -> None:
    if not row.get("source"):
        raise Refusal(_("The row has no source. Every seed row names its document."), where=where)
    if row.get("confidence") not in Confidence.values:
        raise Refusal(
            _("The confidence must be one of %(choices)s.") % {"choices": ", ".join(Confidence.values)},
            where=where,
        )
    if "value" in row and not row.get("unit"):
        raise Refusal(_("The value has no unit."), where=where)
