"""The compliance report as one frozen value; PDF, CSV and JSON are drawings of it and know nothing else.

Units: `_w` watts, `_ghs` gigahashes per second, `_cents` of the report's currency, `_bps` basis points.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from compliance.reports.parts import (
    Capacity,
    Checklist,
    Course,
    Executive,
    ExposureTable,
    FindingRow,
    Measure,
    Origin,
    Sale,
    Sources,
    Staff,
    WorldShares,
)
from kit.errors import Refusal

FORMAT = 1  # of the stored value; a stored report names the format it was built in


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """Everything the compliance report says, as of the end of one day, UTC.

    Shape: `data_time` is when the newest fact of this value was recorded (the newest business act of the
    trail, making reports left out; the end of the day where the trail is empty). No clock is read.
    """

    format: int
    kind: str
    language: str
    operator: str
    as_of: date
    compared_on: date
    data_time: datetime
    scope: tuple[str, ...]
    currency: str
    is_synthetic: bool
    fleet: Measure
    before: Measure
    sites: int
    executive: Executive
    course: Course
    world: WorldShares
    exposure: tuple[ExposureTable, ...]
    findings: tuple[FindingRow, ...]
    checklists: tuple[Checklist, ...]
    staff: Staff
    origin: Origin
    sales: tuple[Sale, ...]
    capacity: Capacity
    sources: Sources

    def as_dict(self) -> dict[str, Any]:
        """The value in plain types, as it is stored."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @property
    def sha256(self) -> str:
        """Hash of the canonical JSON, printed on the cover."""
        return hashlib.sha256(canonical_json(self.as_dict())).hexdigest()


def canonical_json(plain: dict[str, Any]) -> bytes:
    """Sorted keys, no spaces, UTF-8: one text for one value."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def from_dict(plain: dict[str, Any]) -> ComplianceReport:
    """The value of a stored report.

    Raises: Refusal for a value of another format.
    """
    if plain.get("format") != FORMAT:
        raise Refusal(
            f"This report was stored in format {plain.get('format')}; this version of Pithead draws {FORMAT}."
        )
    return msgspec.convert(plain, ComplianceReport)
