"""Frozen values of charts: the page draws them as SVG, the document as vectors, from the same figures.

Nothing here knows a colour, a font or a model. A `tone` is a name from the palette of meanings: `t1` to `t5`
for territories and cost kinds, `other`, and the standings `blocked`, `review`, `watch`, `unknown`, `fine`.
Words arrive already translated.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Standing = Literal["blocked", "review", "watch", "unknown", "fine"]
StepKind = Literal["start", "cost", "aside", "subtotal", "end"]
Basis = Literal["metered", "reported", "nameplate", "unknown"]


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of figures, one per label of its chart.

    Shape: a value of None is a gap in the source and stays a gap in the drawing.
    """

    label: str
    tone: str
    values: tuple[int | None, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A dated happening drawn as a dotted line with its words above the bars.

    Shape: `position` counts bars from 0; 2.5 stands in the middle of the third bar.
    """

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class StackedBars:
    """How an amount spread over kinds, period by period, bottom series first.

    Shape: `labels` holds one text per bar, empty where the axis stays silent.
    Units: values are whole numbers; `per_unit` of them make one shown `unit` (1_000_000 W make 1 MW).
    """

    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    events: tuple[Event, ...] = ()
    note: str = ""
    per_unit: int = 1
    decimals: int = 0
    is_synthetic: bool = False

    @property
    def totals(self) -> tuple[int, ...]:
        """Height of each bar in whole units; a gap counts as nothing."""
        return tuple(sum(row.values[i] or 0 for row in self.series) for i in range(len(self.labels)))


@dataclass(frozen=True, slots=True)
class Part:
    """A labelled piece of a whole."""

    label: str
    tone: str
    value: int


@dataclass(frozen=True, slots=True)
class StandingBar:
    """One whole split by standing, worst first.

    Units: as for StackedBars.
    """

    title: str
    unit: str
    parts: tuple[Part, ...]
    per_unit: int = 1
    decimals: int = 1

    @property
    def total(self) -> int:
        """The whole, in the unit of the parts."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class Bullet:
    """How full one site is; a value of None is not known.

    Units: watts.
    """

    label: str
    nameplate_w: int | None
    energized_w: int | None
    contracted_w: int
    installed_w: int
    drawn_w: int | None
    basis: Basis = "unknown"
    is_held: bool = False
    note: str = ""
    asked_w: int = 0
    url: str = ""

    @property
    def used_w(self) -> int:
        """The larger of contracted and installed."""
        return max(self.contracted_w, self.installed_w)

    @property
    def headroom_w(self) -> int | None:
        """Energized less what is used; negative when over-committed, not known where energized is not."""
        return None if self.energized_w is None else self.energized_w - self.used_w

    @property
    def scale_w(self) -> int:
        """What the whole bar stands for: the nameplate, else a quarter more than the largest figure."""
        if self.nameplate_w is not None:
            return max(self.nameplate_w, 1)
        known = (self.energized_w, self.contracted_w, self.installed_w, self.drawn_w)
        return max(max(w or 0 for w in known) * 5 // 4, 1)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a waterfall.

    Units: cents, signed as it changes the running sum (a cost is negative); a start, subtotal or end states a
    level.
    """

    label: str
    amount_cents: int
    kind: StepKind
    note: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Where money went, from what was expected to what was paid."""

    title: str
    currency: str
    steps: tuple[Step, ...]
    note: str = ""

    @property
    def levels(self) -> tuple[tuple[int, int], ...]:
        """Lower and upper end of each step's bar, in cents."""
        running, ends = 0, []
        for step in self.steps:
            before = running
            is_level = step.kind in ("start", "subtotal", "end")
            running = step.amount_cents if is_level else running + step.amount_cents
            ends.append((0, running) if is_level else (min(before, running), max(before, running)))
        return tuple(ends)

    @property
    def mismatches(self) -> tuple[str, ...]:
        """Labels of subtotals and ends that differ from the sum of the steps before them."""
        running, wrong = 0, []
        for step in self.steps:
            if step.kind in ("subtotal", "end"):
                if running != step.amount_cents:
                    wrong.append(step.label)
                running = step.amount_cents
            else:
                running += step.amount_cents
        return tuple(wrong)


@dataclass(frozen=True, slots=True)
class Dot:
    """One paper, or `count` papers that end on the same day."""

    on: date
    count: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """All papers of one kind."""

    label: str
    dots: tuple[Dot, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lanes:
    """Which papers end when, one lane per kind, counted from the as-of date."""

    title: str
    as_of: date
    lanes: tuple[Lane, ...]
    note: str = ""
    days: int = 365

    def count(self, first: int | None, last: int | None) -> int:
        """Papers ending between two day numbers from the as-of date, both included; None is open."""
        gaps = [((dot.on - self.as_of).days, dot.count) for lane in self.lanes for dot in lane.dots]
        return sum(n for gap, n in gaps if (first is None or gap >= first) and (last is None or gap <= last))


@dataclass(frozen=True, slots=True)
class Cell:
    """Evidence of origin for one model and one kind of part, counted in machines or parts."""

    known: int
    declared: int
    unknown: int
    code: str = ""
    is_listed: bool = False

    @property
    def total(self) -> int:
        """Everything counted in the cell, unknown included."""
        return self.known + self.declared + self.unknown


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by columns of evidence.

    Shape: `cells[i][j]` belongs to `rows[i]` and `columns[j]`; None where the part does not exist.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell | None, ...], ...]
    row_notes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a comparison of two shares; None is not known.

    Units: basis points of the whole (3,540 is 35.4 per cent).
    """

    label: str
    ours_bps: int | None
    other_bps: int | None = None
    tone: str = "t1"


@dataclass(frozen=True, slots=True)
class Shares:
    """Our shares against the shares of another whole, as a dot plot."""

    title: str
    ours: str
    other: str
    rows: tuple[Share, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Is a schedule or machine steady: one tick per day or run, None where it was missed."""

    label: str
    values: tuple[int | None, ...]
    note: str = ""
