"""What a checklist is told of a site and what it answers: frozen, and ready to be stored."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from compliance.exposure.values import Exposure, gravest
from compliance.origin.models import SupplyChannel
from compliance.origin.reads import OriginGroup
from compliance.workforce.reads import ContractorJudgement, WorkerJudgement, WorkerRecord

State = Literal["none", "watch", "unknown", "review", "blocked"]


@dataclass(frozen=True)
class Evidence:
    """What a person put down for an item, and when."""

    text: str
    on_day: date


@dataclass(frozen=True)
class SiteFacts:
    """Everything the items look at, as it stood at one site at the end of a day.

    Shape: supply channels, lists and the exposure are of the whole house; the rest is of the site.
    """

    day: date
    workers: tuple[WorkerRecord, ...]
    judgements: tuple[WorkerJudgement, ...]
    contractors: tuple[ContractorJudgement, ...]
    origin: tuple[OriginGroup, ...]
    channels: tuple[SupplyChannel, ...]
    exposure: Exposure
    lists: int
    stale_lists: tuple[str, ...]
    open_matches: int
    matches: int
    findings: int
    findings_acknowledged: int
    evidence: dict[str, tuple[Evidence, ...]]

    @property
    def is_synthetic(self) -> bool:
        """Whether anything counted at the site was invented."""
        here = [row.is_synthetic for row in self.workers] + [row.is_synthetic for row in self.contractors]
        return any(here) or any(row.is_synthetic for row in self.origin)


@dataclass(frozen=True)
class Line:
    """One thing measured: so many of so many, and what that asks for.

    Shape: `how` is `data` where the records say it, `person` where somebody put down evidence; a line that
        counts what is open, not what is done, says so.
    """

    text: str
    done: int
    whole: int
    state: State
    how: str = "data"
    counts_open: bool = False


@dataclass(frozen=True)
class Outcome:
    """The lines of one item and what is missing; nothing missing is no open finding, and no assurance."""

    lines: tuple[Line, ...]
    missing: tuple[str, ...]

    @property
    def state(self) -> State:
        """The gravest state of its lines; unknown without any."""
        return gravest(line.state for line in self.lines) if self.lines else "unknown"

    def as_json(self) -> dict[str, Any]:
        """For storing."""
        return {
            "state": self.state,
            "lines": [asdict(line) for line in self.lines],
            "missing": list(self.missing),
        }
