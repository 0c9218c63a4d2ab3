"""What the operator's own pages show, as frozen values; a part this reader may not see is None."""

from dataclasses import dataclass
from datetime import date

from kit.charts import StackedBars, Ticks
from kit.look.values import CountGrid, JobLine, Kpi, Shown, SiteLine, SlotMap


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence over the page: what is stopped where, since when and why, with doors to what follows.

    Shape: `doors` are pairs of words and address.
    """

    kind: str
    lead: str
    sentence: str = ""
    doors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list: a state, what it is, a quiet second line, a figure at the end."""

    state: str
    title: str
    note: str = ""
    url: str = ""
    figure: Shown = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date that comes or has passed, with whose or what it is; its state is how near it is."""

    on: date
    state: str
    title: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A schedule with its last runs."""

    title: str
    rhythm: str
    ticks: Ticks
    standing: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class FindingsCard:
    """What is open on the day, by severity and age, with the weightiest."""

    total: int
    grid: CountGrid
    largest: tuple[Line, ...]
    oldest_days: int | None
    url: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The overview as of a day."""

    day: date
    first_steps: tuple[tuple[str, str, str], ...] = ()
    notices: tuple[Notice, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    sites: tuple[SiteLine, ...] = ()
    total_label: str = ""
    territory: StackedBars | None = None
    findings: FindingsCard | None = None
    dates: tuple[DateLine, ...] | None = None
    later_dates: int = 0
    jobs: tuple[JobLine, ...] | None = None
    schedules: tuple[ScheduleLine, ...] | None = None
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One meaning of power at a site, from nameplate down to headroom.

    Units: watts.
    """

    name: str
    kind: str
    w: int | None
    note: str = ""
    share: str = ""
    url: str = ""
    from_w: int = 0


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party at the site with the part it plays and what touches it."""

    name: str
    number: str
    role: str
    since: date
    until: date | None
    state: str
    sentence: str
    url: str
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract in force at the site.

    Units: watts.
    """

    number: str
    party: str
    kind: str
    contracted_w: int | None
    from_on: date
    to_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A stop on moving machines of the site."""

    about: str
    reason: str
    authority: str
    since: date


@dataclass(frozen=True, slots=True)
class ContractorLine:
    """A firm whose people work on the site, with the date its word ends."""

    name: str
    scope: str
    people: int
    state: str
    attested: str
    url: str
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class SitePage:
    """One site as of a day."""

    day: date
    site_id: int
    code: str
    name: str
    place: str
    caption: str
    state: str
    rungs: tuple[Rung, ...]
    scale_w: int
    machines: int
    racks: tuple[SlotMap, ...]
    rack_note: str
    holds: tuple[HoldLine, ...]
    notices: tuple[Notice, ...] = ()
    tabs: tuple[tuple[str, str], ...] = ()
    findings: tuple[Line, ...] | None = None
    findings_url: str = ""
    parties: tuple[PartyLine, ...] | None = None
    contracts: tuple[ContractLine, ...] | None = None
    contracts_in_all: int = 0
    contractors: tuple[ContractorLine, ...] | None = None
    cases: tuple[Line, ...] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    is_synthetic: bool = False

    @property
    def contracts_span(self) -> str:
        """The contracts take the whole width where no contractor's card stands beside them."""
        return "c7" if self.contractors else "c12"
