"""What rules are told and what they answer: frozen facts of a day, and findings not yet written down."""

from dataclasses import dataclass
from datetime import date

from compliance.exposure.values import NOTHING, Exposure, Figures
from compliance.origin.reads import OriginGroup
from compliance.ownership.reads import OwnedParty
from compliance.screening.reads import ListedMatch
from compliance.workforce.reads import ContractorJudgement, WorkerJudgement
from hosting.contracts.reads import SiteCapacity


@dataclass(frozen=True)
class StaleList:
    """A list whose newest edition is older than it should be."""

    code: str
    name: str
    authority: str
    newest_on: date
    allowed_days: int


@dataclass(frozen=True)
class ChecklistGap:
    """An item of the newest run of a checklist at a site that is neither shown nor judged to be in order."""

    template: str
    item: str
    title: str
    site_id: int
    state: str
    missing: tuple[str, ...]
    as_of: date


@dataclass(frozen=True)
class DayFacts:
    """Everything the rules look at, grouped, as it stood at the end of a day."""

    day: date
    exposure: Exposure
    matches: tuple[ListedMatch, ...]
    owned: tuple[OwnedParty, ...]
    workers: tuple[WorkerJudgement, ...]
    contractors: tuple[ContractorJudgement, ...]
    origin: tuple[OriginGroup, ...]
    capacity: tuple[SiteCapacity, ...]
    stale: tuple[StaleList, ...]
    gaps: tuple[ChecklistGap, ...]


@dataclass(frozen=True)
class Found:
    """One finding as a rule states it.

    Shape: `hold_site_id` and `hold_party_id` say what is stopped until a person releases it.
    """

    rule: str
    subject_kind: str
    subject_key: str
    subject_name: str
    standing: str
    sentence: str
    authority: str
    source: str
    confidence: str
    site_id: int | None = None
    due_on: date | None = None
    figures: Figures = NOTHING
    is_synthetic: bool = False
    hold_site_id: int | None = None
    hold_party_id: int | None = None
