"""Frozen values that only pages draw; what pages and documents share is in `kit.charts`.

Words arrive already translated. A `state` is a kind of the state table, empty where nothing is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kit.charts import Bullet
from kit.units import Figure

Shown = Figure | str | int | None
MarkKind = Literal["authorisation", "stay", "passport", "i9", "receipt", "attestation"]
SlotState = Literal["mining", "low", "offline", "repair", "review", "free"]
GateStanding = Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key figure and the door behind it."""

    label: str
    figure: Shown
    note: str = ""
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place of the portal's bar and tabs."""

    label: str
    url: str
    icon: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Brand:
    """The name and mark under which a customer sees the portal."""

    name: str
    logo_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One row of the capacity table: the bar's figures and what stands beside them."""

    bullet: Bullet
    place: str = ""
    state: str = ""
    word: str = ""
    drawn_note: str = ""
    headroom_note: str = ""
    installed_url: str = ""
    contracted_url: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """One step of an ordered case, with its evidence and date."""

    name: str
    standing: GateStanding
    on: date | str | None = None
    evidence: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One long piece of work; while it runs the row asks for itself again every two seconds.

    Shape: `standing` is the status of a job row: queued, running, done, failed or cancelled;
    a total of 0 is not known.
    """

    title: str
    standing: str
    done: int = 0
    total: int = 0
    message: str = ""
    url: str = ""
    poll_url: str = ""
    stop_url: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of date on a lane."""

    on: date
    kind: MarkKind
    tone: str = "ink3"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a lane; an open side runs to the edge."""

    first_on: date | None
    last_on: date | None
    tone: str = "t2"


@dataclass(frozen=True, slots=True)
class Track:
    """The dates of one worker, contractor or licence."""

    label: str
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """A time axis shared by the lanes of one table; today is an ink line."""

    today: date
    before_days: int = 60
    after_days: int = 180

    def place(self, on: date) -> float:
        """Per cent of the width, held inside the edges."""
        share = 100 * ((on - self.today).days + self.before_days) / (self.before_days + self.after_days)
        return min(max(share, 0.0), 100.0)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A count with a second measure beneath."""

    count: int
    note: str = ""
    url: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One line of a heat matrix; a cell of None is nothing, not unknown."""

    label: str
    cells: tuple[HeatCell | None, ...]
    note: str = ""
    state: str = ""
    word: str = ""
    url: str = ""
    total: HeatCell | None = None


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """Lines under one heading."""

    label: str
    rows: tuple[HeatRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Counts by row and column in four heat classes.

    Shape: `unknown_column` is the place of the column of what is not known; it is hatched, never heated.
    """

    head: str
    columns: tuple[str, ...]
    groups: tuple[HeatGroup, ...]
    unknown_column: int | None = None
    total_label: str = ""


@dataclass(frozen=True, slots=True)
class CountRow:
    """Counts of one state over the columns of a count grid; None in `urls` leaves a figure without a door."""

    state: str
    counts: tuple[int, ...]
    urls: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class CountGrid:
    """What is open, how bad, how old."""

    head: str
    columns: tuple[str, ...]
    rows: tuple[CountRow, ...]


@dataclass(frozen=True, slots=True)
class Rack:
    """The slots of one rack, row by row from the top; `names` tells each slot where a pointer rests on it."""

    label: str
    slots: tuple[SlotState, ...]
    url: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotMap:
    """Racks of one building.

    Shape: `width` slots side by side in a rack.
    """

    title: str
    racks: tuple[Rack, ...]
    width: int = 6


@dataclass(frozen=True, slots=True)
class Level:
    """Power touched by a finding from one day on.

    Units: watts.
    """

    on: date
    blocked_w: int
    review_w: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class DayLine:
    """Megawatts under a finding over time, with the day that is looked at."""

    title: str
    first_on: date
    last_on: date
    levels: tuple[Level, ...]
    chosen_on: date
    chosen_note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column with its figure on top; a value of None is a missed one."""

    label: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Columns:
    """Is it getting better: the last column stands in the brand colour."""

    title: str
    columns: tuple[Column, ...]
    top: int = 100


@dataclass(frozen=True, slots=True)
class ProofStep:
    """A neighbour on the way to the root and the side it stands on."""

    side: Literal["L", "R"]
    digest: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That one share is counted in a published total.

    Units: cents.
    """

    leaf: str
    steps: Sequence[ProofStep]
    root: str
    amount_cents: int
    currency: str
    check_url: str = ""
    published: str = ""
