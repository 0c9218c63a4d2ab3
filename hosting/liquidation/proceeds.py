"""Gate 9 and the money before it: receipts, costs and reserves, each booked as it is recorded."""

from datetime import date, datetime, time
from typing import TypeVar

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from fleet.miners.models import MinerStatus
from fleet.miners.verbs import end_stays
from hosting.ledger.chart import account
from hosting.ledger.lines import Line
from hosting.ledger.verbs import post
from hosting.liquidation.gates import check_day, lock, passing
from hosting.liquidation.models import (
    CaseStatus,
    Cost,
    Liquidation,
    Money,
    Offer,
    Receipt,
    Reserve,
    ScopeItem,
)
from hosting.liquidation.steps import PREPARE
from hosting.parties.reads import stopped_parties
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record
from kit.units import format_money

M = TypeVar("M", bound=Money)
BEFORE_DISTRIBUTION = (CaseStatus.SOLD, CaseStatus.RECEIVED)
AFTER_PROCEEDS = (CaseStatus.RECEIVED, CaseStatus.ALLOCATED, CaseStatus.STATED, CaseStatus.PAID)


@transaction.atomic
def record_receipt(
    case: Liquidation,
    amount_cents: int,
    *,
    on_day: date,
    reference: str,
    evidence: str = "",
    by: User | None,
) -> Receipt:
    """Note and book money from the buyer; the bank's reference makes it count once.

    Raises: Refusal before the sale, beyond the price, or while the buyer is held.
    """
    _may_book(case, amount_cents, on_day, by)
    locked = lock(case)
    key = f"{case.number}/receipt/{reference}"
    known = Receipt.objects.filter(entry__key=key).first()
    if known is not None:
        return _same(known, amount_cents, case)
    if locked.status != CaseStatus.SOLD:
        raise Refusal(
            _("Receipts are taken after the sale and before the proceeds are confirmed."), where=case.number
        )
    offer = Offer.objects.select_related("buyer").get(case=case, accepted_on__isnull=False)
    buyer = offer.buyer
    if buyer.pk in stopped_parties(on_day):
        raise Refusal(
            _("The buyer is on hold, blocked pending counsel; ask counsel before taking money."),
            where=case.number,
        )
    open_cents = offer.amount_cents - total(case, Receipt)
    if amount_cents > open_cents:
        raise Refusal(
            _("%(amount)s is more than the %(open)s still owed.")
            % {
                "amount": format_money(amount_cents, case.currency),
                "open": format_money(open_cents, case.currency),
            },
            where=case.number,
        )
    lines = [
        Line(account("bank", case.currency), buyer, amount_cents),
        Line(account("proceeds", case.currency), buyer, -amount_cents),
    ]
    entry = post(
        key=key, on_day=on_day, memo=f"{case.number} receipt {reference}", lines=lines, subject=case, by=by
    )
    row = Receipt.objects.create(
        case=locked,
        offer=offer,
        amount_cents=amount_cents,
        on_day=on_day,
        evidence=evidence,
        entry=entry,
        is_synthetic=locked.is_synthetic,
    )
    record(
        "liquidation.receipt_recorded",
        case,
        by=by,
        detail={"amount_cents": amount_cents, "reference": reference},
    )
    return row


def record_cost(
    case: Liquidation, label: str, amount_cents: int, *, on_day: date, evidence: str = "", by: User | None
) -> Cost:
    """Note and book a cost of the sale, paid out of the proceeds.

    Raises: Refusal outside the time between sale and distribution, or for the same label with another amount.
    """
    return _book(case, Cost, label, amount_cents, "bank", on_day=on_day, evidence=evidence, by=by)


def record_reserve(
    case: Liquidation, label: str, amount_cents: int, *, on_day: date, evidence: str = "", by: User | None
) -> Reserve:
    """Note and book money kept back from the owners for a reason.

    Raises: Refusal as `record_cost` does.
    """
    return _book(case, Reserve, label, amount_cents, "reserves", on_day=on_day, evidence=evidence, by=by)


@transaction.atomic
def _book(
    case: Liquidation,
    kind: type[M],
    label: str,
    amount_cents: int,
    credit: str,
    *,
    on_day: date,
    evidence: str,
    by: User | None,
) -> M:
    _may_book(case, amount_cents, on_day, by)
    locked = lock(case)
    noun = kind._meta.model_name
    if not label.strip():
        raise Refusal(_("Say what the money is for."), where=case.number)
    key = f"{case.number}/{noun}/{label}"[:120]
    known = kind._default_manager.filter(entry__key=key).first()
    if known is not None:
        return _same(known, amount_cents, case)
    if locked.status not in BEFORE_DISTRIBUTION:
        raise Refusal(
            _("Costs and reserves are taken between the sale and the distribution."), where=case.number
        )
    lines = [
        Line(account("proceeds", case.currency), None, amount_cents),
        Line(account(credit, case.currency), None, -amount_cents),
    ]
    entry = post(
        key=key, on_day=on_day, memo=f"{case.number} {noun}: {label}"[:300], lines=lines, subject=case, by=by
    )
    row = kind._default_manager.create(
        case=locked,
        label=label,
        amount_cents=amount_cents,
        on_day=on_day,
        evidence=evidence,
        entry=entry,
        is_synthetic=locked.is_synthetic,
    )
    record(f"liquidation.{noun}_recorded", case, by=by, detail={"amount_cents": amount_cents, "label": label})
    return row


def _may_book(case: Liquidation, amount_cents: int, on_day: date, by: User | None) -> None:
    if by is not None:
        require(by, PREPARE)
    if amount_cents <= 0:
        raise Refusal(_("An amount is above zero."), where=case.number)
    check_day(case, on_day)


def _same(known: M, amount_cents: int, case: Liquidation) -> M:
    if known.amount_cents != amount_cents:
        raise Refusal(
            _("This was recorded already with %(amount)s; a booking is never changed.")
            % {"amount": format_money(known.amount_cents, case.currency)},
            where=case.number,
        )
    return known


def confirm_proceeds(case: Liquidation, *, by: User | None, on_day: date, evidence: str) -> None:
    """Confirm that the whole price has been received.

    Raises: Refusal while something is owed, or if costs and reserves exceed the receipts.
    """
    with passing(case, "confirm_proceeds", on_day=on_day, by=by, evidence=evidence) as passage:
        price, received = price_of(case), total(case, Receipt)
        if received != price:
            raise Refusal(
                _("%(received)s of %(price)s have been received.")
                % {
                    "received": format_money(received, case.currency),
                    "price": format_money(price, case.currency),
                },
                where=case.number,
            )
        net_of(case)
        passage.detail = {"received_cents": received}


@transaction.atomic
def hand_over_machines(
    case: Liquidation, *, by: User | None, at: datetime | None = None, on_day: date
) -> int:
    """Mark the machines of a case as sold and end their stays; returns how many there were. Done once.

    Raises: Refusal before the proceeds are confirmed.
    """
    if by is not None:
        require(by, PREPARE)
    locked = lock(case)
    if locked.status not in AFTER_PROCEEDS:
        raise Refusal(_("Machines are handed over once the price has been received."), where=case.number)
    unsold = ScopeItem.objects.filter(case=case).exclude(miner__status=MinerStatus.SOLD)
    ids = list(unsold.values_list("miner_id", flat=True))
    if ids:
        reason = _("sold in %(number)s") % {"number": case.number}
        moment = at or datetime.combine(on_day, time(12), tzinfo=locked.opened_at.tzinfo)
        # Asked for above: the fleet's own act is not one of finance.
        end_stays(ids, MinerStatus.SOLD, by=None, at=moment, reason=reason)
        record("liquidation.handed_over", case, by=by, detail={"machines": len(ids), "on_day": on_day})
    return len(ids)


def total(case: Liquidation, kind: type[Receipt | Cost | Reserve]) -> int:
    """The sum of a case's receipts, costs or reserves.

    Units: cents.
    """
    return kind._default_manager.filter(case=case).aggregate(sum=Sum("amount_cents"))["sum"] or 0


def price_of(case: Liquidation) -> int:
    """The price of the accepted offer; nothing before the sale.

    Units: cents.
    """
    offer = Offer.objects.filter(case=case, accepted_on__isnull=False).first()
    return offer.amount_cents if offer else 0


def net_of(case: Liquidation) -> int:
    """Receipts less costs and reserves.

    Units: cents.
    Raises: Refusal if that is below zero.
    """
    net = total(case, Receipt) - total(case, Cost) - total(case, Reserve)
    if net < 0:
        raise Refusal(
            _("Costs and reserves exceed the receipts by %(amount)s; nothing can be distributed.")
            % {"amount": format_money(-net, case.currency)},
            where=case.number,
        )
    return net
