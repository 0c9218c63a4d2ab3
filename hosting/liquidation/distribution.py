"""Gate 10: every cent of the net goes to an owner, booked in one entry."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, F, Sum, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from hosting.ledger.chart import account
from hosting.ledger.copying import copy_rows
from hosting.ledger.lines import Line
from hosting.ledger.verbs import post
from hosting.liquidation.gates import check_day, lock, passing
from hosting.liquidation.models import Basis, CaseStatus, Liquidation, ScopeItem, Share, ShareStatus
from hosting.liquidation.proceeds import net_of
from hosting.liquidation.proof import Leaf, root_of, salt_of, tree
from hosting.liquidation.steps import PREPARE
from hosting.parties.reads import stopped_parties
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.allocate import split_by_rank
from kit.errors import Refusal
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import enqueue
from kit.trail.verbs import record

KIND = "liquidation.distribute"
WEIGHT: dict[str, Combinable] = {
    Basis.APPRAISED: F("appraised_cents"),
    Basis.HASHRATE: F("ghs"),
    Basis.UNIT: Value(1),
}
COLUMNS = (
    "case_id",
    "party_id",
    "line",
    "machines",
    "weight",
    "amount_cents",
    "rounding_cents",
    "status",
    "entry_id",
)


@dataclass(frozen=True)
class Claim:
    """What one owner brings in: machines and their weight."""

    party_id: int
    owner: str
    machines: int
    weight: int


@dataclass(frozen=True)
class PlannedShare:
    """One line of the distribution before it is booked.

    Units: cents; the rounding is the cent given by rank, 0 or 1.
    """

    line: int
    claim: Claim
    amount_cents: int
    rounding_cents: int


def plan(net_cents: int, claims: Sequence[Claim]) -> list[PlannedShare]:
    """Split the net over the claims, lines in the order of owner numbers, ties to the smaller number.

    Raises: Refusal as `split_by_rank` does.
    """
    ordered = sorted(claims, key=lambda claim: claim.owner)
    split = split_by_rank(net_cents, [claim.weight for claim in ordered], [claim.owner for claim in ordered])
    return [
        PlannedShare(line, claim, amount, amount - floor)
        for line, (claim, amount, floor) in enumerate(
            zip(ordered, split.amounts, split.floors, strict=True), 1
        )
    ]


def claims_of(case: Liquidation) -> list[Claim]:
    """Machines and weight by owner, on the case's basis."""
    rows = (
        ScopeItem.objects.filter(case=case)
        .values_list("party_id", "party__number")
        .annotate(machines=Count("id"), weight=Sum(WEIGHT[case.basis]))
        .order_by("party__number")
    )
    return [Claim(*row) for row in rows]


def allocate(case: Liquidation, *, by: User | None, on_day: date) -> int:
    """Split the net over all owners and book it; what belongs to held owners goes to the blocked account.

    Raises: Refusal as its gate does, or if costs and reserves exceed the receipts.
    """
    with passing(case, "allocate", on_day=on_day, by=by) as passage:
        locked = passage.case
        net = net_of(locked)
        planned = plan(net, claims_of(locked))
        held = {one.claim.party_id for one in planned} & stopped_parties(on_day).keys()
        secret = secrets.token_hex(32)
        levels = tree([leaf_of(locked, one, secret).digest for one in planned])
        _book(locked, planned, held, on_day, by)
        passage.changes = {"net_cents": net, "proof_root": root_of(levels), "proof_secret": secret}
        passage.detail = {
            "net_cents": net,
            "owners": len(planned),
            "set_aside": len(held),
            "given_by_rank_cents": sum(one.rounding_cents for one in planned),
            "proof_root": root_of(levels),
        }
    return len(planned)


def leaf_of(case: Liquidation, one: PlannedShare, secret: str) -> Leaf:
    """The line of the proof that stands for a share."""
    claim = one.claim
    salt = salt_of(secret, claim.owner)
    return Leaf(
        case.number,
        claim.owner,
        one.line,
        claim.machines,
        claim.weight,
        one.amount_cents,
        case.currency,
        salt,
    )


def _book(
    case: Liquidation, planned: Sequence[PlannedShare], held: set[int], on_day: date, by: User | None
) -> None:
    """One entry for the whole distribution, one posting and one share an owner."""
    currency = case.currency
    due, aside = account("owners", currency), account("set_aside", currency)
    lines = [
        Line(aside if one.claim.party_id in held else due, one.claim.party_id, -one.amount_cents)
        for one in planned
        if one.amount_cents
    ]
    set_aside = sum(one.amount_cents for one in planned if one.claim.party_id in held)
    net = sum(one.amount_cents for one in planned)
    if net:
        lines.append(Line(account("proceeds", currency), None, net))
    if set_aside:
        lines.append(Line(account("blocked", currency), None, set_aside))
        lines.append(Line(account("bank", currency), None, -set_aside))
    if not lines:
        raise Refusal(_("The net is zero; there is nothing to distribute."), where=case.number)
    key, memo = f"{case.number}/distribution", f"{case.number} distribution to {len(planned)} owners"
    entry = post(key=key, on_day=on_day, memo=memo, lines=lines, subject=case, by=by)
    copy_rows("hosting_share", COLUMNS, (_share_row(case, one, held, entry.pk) for one in planned))


def _share_row(case: Liquidation, one: PlannedShare, held: set[int], entry_id: int) -> tuple[int | str, ...]:
    claim = one.claim
    status = ShareStatus.SET_ASIDE if claim.party_id in held else ShareStatus.DUE
    figures = (one.line, claim.machines, claim.weight, one.amount_cents, one.rounding_cents)
    return (case.pk, claim.party_id, *figures, str(status), entry_id)


def planned_again(case: Liquidation) -> list[PlannedShare]:
    """The distribution as the stored shares tell it, in the order of their lines."""
    rows = (
        Share.objects.filter(case=case)
        .order_by("line")
        .values_list(
            "line", "party_id", "party__number", "machines", "weight", "amount_cents", "rounding_cents"
        )
    )
    return [
        PlannedShare(line, Claim(party_id, owner, machines, weight), amount_cents, rounding_cents)
        for line, party_id, owner, machines, weight, amount_cents, rounding_cents in rows.iterator()
    ]


@transaction.atomic
def distribute(case: Liquidation, *, by: User | None, on_day: date) -> Job:
    """Ask for the distribution: allocation, then statements in batches; one that runs is returned.

    Raises: Refusal before the proceeds are confirmed, or once all statements are issued.
    """
    if by is not None:
        require(by, PREPARE)
    locked = lock(case)
    if locked.status not in (CaseStatus.RECEIVED, CaseStatus.ALLOCATED):
        raise Refusal(
            _(
                "A distribution starts once the proceeds are confirmed and ends with the last statement; "
                "this case is “%(status)s”."
            )
            % {"status": locked.get_status_display()},
            where=case.number,
        )
    check_day(locked, on_day)
    live = Job.objects.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    running = live.filter(pk=locked.job_id).first() if locked.job_id is not None else None
    if running is not None:
        return running
    title = _("Distribution of %(case)s") % {"case": case.number}
    job = enqueue(KIND, title, by=by, arguments={"case": case.pk, "on_day": on_day.isoformat()})
    Liquidation.objects.filter(pk=case.pk).update(job=job)
    record("liquidation.distribution_asked", case, by=by, detail={"on_day": on_day, "job": job.pk})
    case.refresh_from_db()
    return job
