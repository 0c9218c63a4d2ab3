"""The thirteen gates of a liquidation as a table; a verb's name is its gate's.

Source: FACTS.md E2 for the order and the evidence; a gate with a second person is opened by somebody who
prepared nothing in the case.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hosting.liquidation.models import CaseStatus as S
from kit.steps import Step

PREPARE, APPROVE = "liquidation.prepare", "liquidation.approve"


@dataclass(frozen=True)
class GateStep:
    """One row of the table: the step with the words a page shows for it."""

    step: Step
    title: Promise
    evidence: Promise
    awaits: Promise

    @property
    def verb(self) -> str:
        return self.step.verb

    @property
    def number(self) -> int:
        return self.step.number


def _row(
    number: int,
    verb: str,
    start: str,
    end: str,
    title: Promise,
    evidence: Promise,
    awaits: Promise,
    *,
    act: str = PREPARE,
    needs_evidence: bool = True,
    second_person: bool = False,
) -> GateStep:
    step = Step(verb, (str(start),), str(end), act, number, verb, needs_evidence, second_person)
    return GateStep(step, title, evidence, awaits)


_finance = _("finance")
_second = _("a second person")
_task = _("the distribution")

GATES: tuple[GateStep, ...] = (
    _row(
        1,
        "freeze_scope",
        S.DRAFT,
        S.SCOPED,
        _("Scope"),
        _("serials, owners, weights and whether machines may leave, as of a day"),
        _finance,
        needs_evidence=False,
    ),
    _row(
        2,
        "hold_site",
        S.SCOPED,
        S.HELD,
        _("Hold"),
        _("why nothing moves or changes owner meanwhile"),
        _finance,
    ),
    _row(
        3, "record_review", S.HELD, S.REVIEWED, _("Legal review"), _("counsel’s memo with its date"), _finance
    ),
    _row(
        4,
        "record_authority",
        S.REVIEWED,
        S.AUTHORISED,
        _("Authority"),
        _("licence, exemption or none needed, and when it ends"),
        _finance,
    ),
    _row(
        5,
        "close_elections",
        S.AUTHORISED,
        S.ELECTED,
        _("Elections"),
        _("owners’ answers and the notices to those who did not answer"),
        _finance,
    ),
    _row(
        6,
        "clear_buyer",
        S.ELECTED,
        S.BUYER_CLEARED,
        _("Buyer"),
        _("a clearance of the buyer in force, no open hold"),
        _finance,
    ),
    _row(7, "appraise", S.BUYER_CLEARED, S.VALUED, _("Valuation"), _("two independent quotes"), _finance),
    _row(
        8,
        "approve_sale",
        S.VALUED,
        S.SOLD,
        _("Sale"),
        _("the agreement"),
        _second,
        act=APPROVE,
        second_person=True,
    ),
    _row(
        9,
        "confirm_proceeds",
        S.SOLD,
        S.RECEIVED,
        _("Proceeds"),
        _("receipts that add up to the price"),
        _finance,
    ),
    _row(
        10,
        "allocate",
        S.RECEIVED,
        S.ALLOCATED,
        _("Distribution"),
        _("shares that add up to the net, booked in one entry"),
        _task,
        needs_evidence=False,
    ),
    _row(
        11,
        "issue_statements",
        S.ALLOCATED,
        S.STATED,
        _("Statements"),
        _("a statement for every share"),
        _task,
        needs_evidence=False,
    ),
    _row(
        12,
        "pay_out",
        S.STATED,
        S.PAID,
        _("Payouts and records"),
        _("the payment order and where records are kept"),
        _second,
        act=APPROVE,
        second_person=True,
    ),
    _row(
        13,
        "close_case",
        S.PAID,
        S.CLOSED,
        _("Close"),
        _("reconciliation to zero"),
        _second,
        act=APPROVE,
        second_person=True,
    ),
)

BY_VERB = {gate.verb: gate for gate in GATES}


def next_gate(status: str) -> GateStep | None:
    """The gate a case in this state stands before; none once it is closed."""
    return next((gate for gate in GATES if status in gate.step.from_status), None)
