"""Gates 12 and 13: owners are paid by a second person, and the case closes when nothing is left over."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from fleet.miners.models import MoveHold
from fleet.miners.verbs import release_hold
from hosting.ledger.chart import account
from hosting.ledger.lines import Line
from hosting.ledger.models import Entry
from hosting.ledger.verbs import post
from hosting.liquidation.checks import faults_of
from hosting.liquidation.gates import check_day, check_second_person, lock, passing
from hosting.liquidation.models import CaseStatus, Gate, Liquidation, Payout, Share, ShareStatus
from hosting.liquidation.steps import APPROVE, PREPARE
from hosting.parties.models import Party
from hosting.parties.reads import stopped_parties
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record
from kit.units import format_money

LATER = (CaseStatus.PAID, CaseStatus.CLOSED)


def pay_out(case: Liquidation, *, by: User | None, on_day: date, method: str, evidence: str) -> int:
    """Pay every share that is due, in one entry; by somebody who prepared nothing in the case.

    Shape: the first time this passes the gate; later it pays what was released since. Owners held meanwhile
        are set aside first.
    Raises: Refusal as the gate does, or if nothing is due.
    """
    case.refresh_from_db()
    if case.status in LATER:
        return _pay_released(case, by=by, on_day=on_day, method=method, evidence=evidence)
    with passing(case, "pay_out", on_day=on_day, by=by, evidence=evidence) as passage:
        paid, cents = _pay(passage.case, by=by, on_day=on_day, method=method)
        passage.detail = {"shares": paid, "amount_cents": cents, "method": method}
    return paid


@transaction.atomic
def _pay_released(case: Liquidation, *, by: User | None, on_day: date, method: str, evidence: str) -> int:
    if by is not None:
        require(by, APPROVE)
    locked = lock(case)
    check_second_person(locked, by)
    check_day(locked, on_day)
    paid, cents = _pay(locked, by=by, on_day=on_day, method=method)
    if not paid:
        raise Refusal(_("No share is due."), where=case.number)
    detail = {"shares": paid, "amount_cents": cents, "method": method, "evidence": evidence}
    record("liquidation.paid_released", case, by=by, detail=detail)
    return paid


def _pay(case: Liquidation, *, by: User | None, on_day: date, method: str) -> tuple[int, int]:
    """Book the payment of what is due; returns shares and cents."""
    if not method.strip():
        raise Refusal(_("Say how it is paid, such as “bank transfer”."), where=case.number)
    _set_aside_held(case, by=by, on_day=on_day)
    due = list(Share.objects.select_for_update().filter(case=case, status=ShareStatus.DUE).order_by("line"))
    total = sum(share.amount_cents for share in due)
    if not due:
        return 0, 0
    owners = account("owners", case.currency)
    lines = [Line(owners, share.party_id, share.amount_cents) for share in due if share.amount_cents]
    if total:
        lines.append(Line(account("bank", case.currency), None, -total))
        batch = Payout.objects.filter(share__case=case).values("entry_id").distinct().count() + 1
        entry = post(
            key=f"{case.number}/payout/{batch}",
            on_day=on_day,
            memo=f"{case.number} payout {batch} to {len(due)} owners",
            lines=lines,
            subject=case,
            by=by,
        )
    else:
        entry = due[0].entry  # shares of zero cents: nothing moves, the distribution stands for it
    Payout.objects.bulk_create(
        [Payout(share=share, paid_on=on_day, method=method, entry=entry) for share in due], batch_size=5_000
    )
    Share.objects.filter(pk__in=[share.pk for share in due]).update(status=ShareStatus.PAID)
    return len(due), total


def _set_aside_held(case: Liquidation, *, by: User | None, on_day: date) -> None:
    """Shares that were due but whose owners have been held since go to the blocked account."""
    held = stopped_parties(on_day)
    shares = list(Share.objects.filter(case=case, status=ShareStatus.DUE, party_id__in=held).order_by("line"))
    if shares:
        _shift(case, shares, ShareStatus.SET_ASIDE, "held", on_day=on_day, by=by)
        record("liquidation.set_aside", case, by=by, detail={"lines": [share.line for share in shares]})


@transaction.atomic
def release_set_aside(
    case: Liquidation, party: Party, *, by: User | None, on_day: date, reason: str
) -> Share:
    """Make an owner's set-aside share due again, once the hold has ended.

    Raises: Refusal while the owner is held, or if nothing of the owner's is set aside.
    """
    if by is not None:
        require(by, PREPARE)
    locked = lock(case)
    if not reason.strip():
        raise Refusal(_("A release needs a reason."), where=case.number)
    share = Share.objects.filter(case=case, party=party, status=ShareStatus.SET_ASIDE).first()
    if share is None:
        raise Refusal(_("Nothing of %(party)s is set aside.") % {"party": party.number}, where=case.number)
    if party.pk in stopped_parties(on_day):
        raise Refusal(
            _("%(party)s is still on hold; the share stays set aside.") % {"party": party.number},
            where=case.number,
        )
    _shift(locked, [share], ShareStatus.DUE, "released", on_day=on_day, by=by)
    detail = {"line": share.line, "amount_cents": share.amount_cents, "reason": reason}
    record("liquidation.share_released", case, by=by, detail=detail)
    share.refresh_from_db()
    return share


def _shift(
    case: Liquidation,
    shares: Sequence[Share],
    status: ShareStatus,
    name: str,
    *,
    on_day: date,
    by: User | None,
) -> Entry | None:
    """Move shares between due and set aside, and the money between the bank and the blocked account."""
    aside = 1 if status == ShareStatus.SET_ASIDE else -1
    currency, total = case.currency, sum(share.amount_cents for share in shares)
    entry = None
    if total:
        lines = [
            Line(account("blocked", currency), None, aside * total),
            Line(account("bank", currency), None, -aside * total),
        ]
        for share in shares:
            if share.amount_cents:
                lines.append(Line(account("owners", currency), share.party_id, aside * share.amount_cents))
                lines.append(
                    Line(account("set_aside", currency), share.party_id, -aside * share.amount_cents)
                )
        booked = Entry.objects.filter(subject_kind=case._meta.label_lower, subject_id=case.pk).count()
        key, memo = (
            f"{case.number}/{name}/{booked + 1}",
            f"{case.number} {len(shares)} shares: {status.label}",
        )
        entry = post(key=key, on_day=on_day, memo=memo, lines=lines, subject=case, by=by)
    Share.objects.filter(pk__in=[share.pk for share in shares]).update(status=status)
    return entry


def close_case(case: Liquidation, *, by: User | None, on_day: date, evidence: str) -> None:
    """Close a case whose books agree to the cent and in which nothing is due any more.

    Shape: shares of held owners stay set aside in the blocked account, and reserves where they are; both can
        be released after the case is closed.
    Raises: Refusal naming what is left over.
    """
    with passing(case, "close_case", on_day=on_day, by=by, evidence=evidence) as passage:
        due = Share.objects.filter(case=case, status=ShareStatus.DUE)
        cents = sum(due.values_list("amount_cents", flat=True))
        if due.exists():
            raise Refusal(
                _("%(count)d shares of together %(amount)s are still due.")
                % {"count": due.count(), "amount": format_money(cents, case.currency)},
                where=case.number,
            )
        faults = faults_of(passage.case)
        if faults:
            raise Refusal(faults[0].sentence, where=case.number)
        _release_moves(passage.case)
        aside = Share.objects.filter(case=case, status=ShareStatus.SET_ASIDE).values_list(
            "amount_cents", flat=True
        )
        passage.detail = {"difference_cents": 0, "set_aside_cents": sum(aside)}


def _release_moves(case: Liquidation) -> None:
    gate = Gate.objects.filter(case=case, verb="hold_site").first()
    hold = (
        MoveHold.objects.filter(pk=gate.detail.get("hold"), released_at__isnull=True).first()
        if gate
        else None
    )
    if hold is not None:
        release_hold(hold, by=None, reason=f"{case.number} closed")
