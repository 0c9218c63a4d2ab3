"""The operator's page of a case as one frozen value: gates, money and what each owner gets."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from hosting.liquidation.course import Course, course_at, is_live
from hosting.liquidation.drawn import kpis_of, tasks_of, waterfall_of
from hosting.liquidation.models import Liquidation, ShareStatus
from hosting.liquidation.reads import (
    MoneyLine,
    PayoutBatch,
    Scope,
    ShareLine,
    StandingSum,
    money_at,
    payouts_at,
    scope_of,
    scope_to_freeze,
    share_lines,
    sums_at,
)
from kit.accounts.models import User
from kit.charts import Waterfall
from kit.errors import Refusal
from kit.look.values import JobLine, Kpi
from kit.units import format_date

ROWS = 12


@dataclass(frozen=True)
class CasePage:
    """Everything the page of a case shows as of a day.

    Shape: `shares` begin after a line and are those of one state only if it is named; `next_line` is where
        the next ones begin, none at the end.
    Units: cents.
    """

    case: Liquidation
    day: date
    is_now: bool
    course: Course
    scope: Scope
    money: tuple[MoneyLine, ...]
    sums: tuple[StandingSum, ...]
    payouts: tuple[PayoutBatch, ...]
    shares: tuple[ShareLine, ...]
    status: str
    next_line: int | None
    kpis: tuple[Kpi, ...]
    waterfall: Waterfall
    tasks: tuple[JobLine, ...]

    @property
    def received_cents(self) -> int:
        """What came in from the buyer."""
        return self._booked("receipt")

    @property
    def net_cents(self) -> int:
        """Receipts less costs and reserves."""
        return self.received_cents - self._booked("cost") - self._booked("reserve")

    @property
    def owners(self) -> int:
        """How many shares there are."""
        return sum(row.owners for row in self.sums)

    @property
    def shared_cents(self) -> int:
        """What all shares add up to."""
        return sum(row.cents for row in self.sums)

    @property
    def equals_net(self) -> bool:
        """Whether the shares add up to the net to the cent."""
        return self.shared_cents == self.net_cents

    @property
    def weight(self) -> int:
        """The weights of all shares added up."""
        return sum(row.weight for row in self.sums)

    @property
    def given_by_rank_cents(self) -> int:
        """The cents that the largest remainders got."""
        return sum(row.rounding_cents for row in self.sums)

    @property
    def statements(self) -> int:
        """How many statements were issued."""
        return sum(row.statements for row in self.sums)

    @property
    def due(self) -> StandingSum | None:
        """The shares that are to be paid."""
        return self.of(ShareStatus.DUE)

    @property
    def aside(self) -> StandingSum | None:
        """The shares of held owners."""
        return self.of(ShareStatus.SET_ASIDE)

    @property
    def is_working(self) -> bool:
        """Whether a worker is at the distribution or will be."""
        return is_live(self.case.job)

    def of(self, status: str) -> StandingSum | None:
        """The shares of one state, if there are any."""
        return next((row for row in self.sums if row.status == status), None)

    def _booked(self, kind: str) -> int:
        return sum(row.amount_cents for row in self.money if row.kind == kind)


def case_page(
    case: Liquidation,
    reader: User,
    day: date,
    *,
    is_now: bool = True,
    status: str = "",
    after_line: int = 0,
    rows: int = ROWS,
) -> CasePage:
    """The value of the page of a case as it stood when a day ended.

    Raises: Refusal for a day before the case's own, or a state of shares there is not.
    """
    if day < case.as_of:
        raise Refusal(
            _("The scope of %(case)s is as of %(first)s. Ask for that day or a later one.")
            % {"case": case.number, "first": format_date(case.as_of)}
        )
    if status and status not in ShareStatus.values:
        raise Refusal(_("“%(status)s” is not a state of shares.") % {"status": status})
    course = course_at(case, reader, day)
    is_frozen, is_allocated = course.has_passed("freeze_scope"), course.has_passed("allocate")
    scope = scope_of(case) if is_frozen else scope_to_freeze(case)
    money = money_at(case, day)
    sums = sums_at(case, day) if is_allocated else ()
    lines: tuple[ShareLine, ...] = ()
    if is_allocated:
        lines = share_lines(case, day, status=status, after_line=after_line, rows=rows + 1)
    has_paid = any(row.status == ShareStatus.PAID for row in sums)
    return CasePage(
        case=case,
        day=day,
        is_now=is_now,
        course=course,
        scope=scope,
        money=money,
        sums=sums,
        payouts=payouts_at(case, day) if has_paid else (),
        shares=lines[:rows],
        status=status,
        next_line=lines[rows - 1].share.line if len(lines) > rows else None,
        kpis=kpis_of(case, course, scope, money, sums, day),
        waterfall=waterfall_of(case, money, sums),
        tasks=tasks_of(case, sums, is_now=is_now),
    )
