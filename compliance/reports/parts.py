"""The sections of a report as frozen values: what each page, file and hash is made from.

Units: `_w` watts, `_ghs` gigahashes per second, `_cents` of the report's currency, `_bps` basis points.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of the fleet something touches; a value of None is not known.

    Shape: `installed_w` is the sum of the machines, `contracted_w` what contracts say, where they do.
    """

    machines: int = 0
    installed_w: int = 0
    contracted_w: int | None = None
    ghs: int = 0
    value_cents: int | None = None
    unpriced: int = 0
    owners: int = 0


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One country, region, programme, host or site with what it touches and its gravest standing."""

    key: str
    label: str
    measure: Measure
    standing: str = "none"


@dataclass(frozen=True, slots=True)
class ExposureTable:
    """The fleet by one dimension.

    Shape: with `is_whole` the rows share the fleet between them and add up to it; programmes and hosts
    need not, for a machine may fall under none or several.
    """

    dimension: str
    title: str
    rows: tuple[ExposureRow, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One country's power at the end of each period: of its machines, and by contract.

    Shape: at a site without a contract the machines stand in for it.
    """

    country: str
    label: str
    tone: str
    power_w: tuple[int, ...]
    contracted_w: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A dated happening that belongs on a time axis."""

    on: date
    label: str


@dataclass(frozen=True, slots=True)
class Course:
    """Power by country over time, from the stays of machines, bottom row first."""

    ends: tuple[date, ...]
    rows: tuple[CourseRow, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A country's share of the fleet's hashrate beside its share of the network's."""

    label: str
    tone: str
    fleet_bps: int | None
    world_bps: int | None


@dataclass(frozen=True, slots=True)
class WorldShares:
    """The fleet against the network, with the month and source of the network's figures."""

    month: date | None
    source: str
    rows: tuple[ShareRow, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One reason to look, as it stood on the day."""

    number: str
    rule: str
    title: str
    standing: str
    about: str
    sentence: str
    authority: str
    source: str
    confidence: str
    measure: Measure
    since: date | None
    due_on: date | None
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item of the checklist: what was measured and what is missing."""

    code: str
    title: str
    outcome: str
    measured: tuple[str, ...]
    missing: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The post-raid checklist at one site."""

    site: str
    site_name: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class DateCount:
    """How many papers of one kind end on a day."""

    on: date
    count: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of date with its days; whose they are is not part of the report."""

    kind: str
    label: str
    days: tuple[DateCount, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """Dates on papers, counted; without names, numbers or any mark of a person."""

    workers: int
    contractors: int
    lanes: tuple[Lane, ...]
    overdue: int
    within_30: int
    within_90: int
    later: int
    unknown: int


@dataclass(frozen=True, slots=True)
class OriginCell:
    """Parts of one kind in one model by evidence of their origin."""

    known: int
    declared: int
    unknown: int
    country: str = ""
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class OriginRow:
    """One model of miner; a cell of None means the model has no such part on record."""

    model: str
    machines: int
    cells: tuple[OriginCell | None, ...]


@dataclass(frozen=True, slots=True)
class SupplyChannel:
    """One way to get machines, parts or repair."""

    name: str
    supplies: str
    country: str
    is_in_house: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Component origin by model and kind of part, unknown counted as such."""

    kinds: tuple[str, ...]
    rows: tuple[OriginRow, ...]
    unknown_boards: int
    boards: int
    channels: tuple[SupplyChannel, ...]


@dataclass(frozen=True, slots=True)
class MoneyStep:
    """One row of the way from what was expected to what was paid.

    Shape: kinds as in `kit.charts.Step`; a cost or a sum set aside is negative.
    """

    label: str
    amount_cents: int
    kind: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class OwnerClass:
    """The owners of a sale in one state of payment."""

    status: str
    label: str
    owners: int
    machines: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class GateRow:
    """One step of a case: its day where it is done."""

    label: str
    passed_on: date | None


@dataclass(frozen=True, slots=True)
class Sale:
    """One liquidation as it stood on the day."""

    number: str
    title: str
    site: str
    status: str
    currency: str
    machines: int
    power_w: int
    owners: int
    steps: tuple[MoneyStep, ...]
    classes: tuple[OwnerClass, ...]
    gates: tuple[GateRow, ...]
    proof_root: str
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class SiteRow:
    """How full one site is; a value of None is not known."""

    code: str
    name: str
    country: str
    nameplate_w: int | None
    energized_w: int | None
    contracted_w: int | None
    installed_w: int
    drawn_w: int | None
    drawn_basis: str
    headroom_w: int | None
    is_held: bool
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """The sites in scope, as full as they are."""

    sites: tuple[SiteRow, ...]


@dataclass(frozen=True, slots=True)
class ListEdition:
    """The edition of a list that stood on the day."""

    name: str
    authority: str
    published_on: date
    entries: int
    is_excerpt: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class LawRow:
    """A rule of law the day fell under, with how sure its dates are and when they were last looked at."""

    code: str
    title: str
    authority: str
    citation: str
    from_on: date
    to_on: date | None
    confidence: str
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A document facts were read from, and how many facts of which kind rest on it."""

    document: str
    facts: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule that was applied: its name and what it asks."""

    code: str
    asks: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What was known, in which version."""

    documents: tuple[SourceRow, ...]
    lists: tuple[ListEdition, ...]
    rules: tuple[RuleRow, ...]
    rules_sha256: str
    laws: tuple[LawRow, ...]
    regimes: tuple[LawRow, ...]
    fonts_sha256: str
    trail_length: int
    trail_sha256: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the six figures of the executive page, ready to be set."""

    code: str
    label: str
    figure: str
    unit: str
    change: str
    tone: str = ""
    trend: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingPart:
    """How much power has one gravest standing."""

    standing: str
    label: str
    power_w: int


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is different from the day compared with."""

    on: date
    sentence: str


@dataclass(frozen=True, slots=True)
class Executive:
    """The page for who reads only one: a sentence, six figures, one bar, what changed, what is asked."""

    headline: str
    figures: tuple[KeyFigure, ...]
    standings: tuple[StandingPart, ...]
    changes: tuple[Change, ...]
    decisions: tuple[str, ...]
