"""A statement as a frozen value: everything the paper says, built for many owners at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from hosting.liquidation.distribution import PlannedShare, leaf_of, planned_again
from hosting.liquidation.models import (
    Basis,
    Cost,
    Gate,
    Liquidation,
    Offer,
    Receipt,
    Reserve,
    ScopeItem,
    Share,
    ShareStatus,
)
from hosting.liquidation.proof import Neighbour, leads_to, path_of, root_of, tree
from kit.errors import Refusal

DISPUTE_DAYS = 30
BPS = 10_000


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine of the owner with its weight in the distribution."""

    model: str
    serial: str
    weight: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A labelled amount.

    Units: cents.
    """

    label: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What every statement of a case says alike.

    Units: cents; weights in the unit of the basis: cents, GH/s or machines.
    """

    operator: str
    number: str
    title: str
    site: str
    site_country: str
    as_of: date
    currency: str
    basis: str
    sold_on: date | None
    allocated_on: date
    gross_cents: int
    costs: tuple[Sum, ...]
    reserves: tuple[Sum, ...]
    net_cents: int
    machines: int
    power_w: int
    owners: int
    total_weight: int
    given_by_rank_cents: int
    root: str
    prepared_by: str
    approved_by: str
    is_synthetic: bool

    @property
    def at(self) -> datetime:
        """The data time that dates the file: when the day of the allocation began, UTC."""
        return datetime.combine(self.allocated_on, time(), UTC)

    @property
    def dividend_bps(self) -> int:
        """The net as a share of the proceeds."""
        return self.net_cents * BPS // self.gross_cents if self.gross_cents else 0


@dataclass(frozen=True, slots=True)
class StatementValue:
    """One owner's statement before it is drawn.

    Units: cents.
    """

    facts: CaseFacts
    document: str
    line: int
    owner_number: str
    owner_name: str
    machines: tuple[Machine, ...]
    weight: int
    amount_cents: int
    rounding_cents: int
    is_set_aside: bool
    issued_on: date
    leaf: str
    leaf_digest: str
    path: tuple[Neighbour, ...]

    @property
    def dispute_until(self) -> date:
        """The last day on which the owner may dispute the statement."""
        return self.issued_on + timedelta(days=DISPUTE_DAYS)


class Builder:
    """Builds the statements of one case; what they share is read once.

    Raises: Refusal when the stored shares no longer give the root published with the allocation.
    """

    def __init__(self, case: Liquidation) -> None:
        self.case = case
        self.planned = {one.claim.party_id: one for one in planned_again(case)}
        ordered = list(self.planned.values())
        self.leaves = [leaf_of(case, one, case.proof_secret) for one in ordered]
        self.levels = tree([leaf.digest for leaf in self.leaves])
        if root_of(self.levels) != case.proof_root:
            raise Refusal(
                "The shares are not those that were allocated: they do not give the published root. Run "
                "check_ledger.",
                where=case.number,
            )
        self.facts = _facts(case, ordered)

    def build(self, shares: Sequence[Share], issued_on: date) -> list[StatementValue]:
        """The statements of some shares, their machines read in one query."""
        machines = _machines(self.case, [share.party_id for share in shares])
        return [self._one(share, machines[share.party_id], issued_on) for share in shares]

    def _one(self, share: Share, machines: Sequence[Machine], issued_on: date) -> StatementValue:
        one = self.planned[share.party_id]
        leaf, path = self.leaves[one.line - 1], tuple(path_of(self.levels, one.line - 1))
        assert leads_to(leaf.digest, path, self.facts.root)
        return StatementValue(
            facts=self.facts,
            document=document_number(self.case, share.line),
            line=one.line,
            owner_number=share.party.number,
            owner_name=share.party.name,
            machines=tuple(machines),
            weight=one.claim.weight,
            amount_cents=one.amount_cents,
            rounding_cents=one.rounding_cents,
            is_set_aside=share.status == ShareStatus.SET_ASIDE,
            issued_on=issued_on,
            leaf=leaf.text,
            leaf_digest=leaf.digest.hex(),
            path=path,
        )


def document_number(case: Liquidation, line: int) -> str:
    """The number of a share's statement: the case's and the line's."""
    return f"{case.number}-{line:04d}"


def _facts(case: Liquidation, planned: Sequence[PlannedShare]) -> CaseFacts:
    passed = {gate.verb: gate for gate in Gate.objects.filter(case=case).select_related("passed_by")}
    items = list(ScopeItem.objects.filter(case=case).values_list("power_w", flat=True))
    offer = Offer.objects.filter(case=case, accepted_on__isnull=False).first()
    sale, allocation = passed.get("approve_sale"), passed["allocate"]
    return CaseFacts(
        operator=getattr(settings, "OPERATOR_NAME", "Pithead"),
        number=case.number,
        title=case.title,
        site=case.site.name,
        site_country=case.site.country,
        as_of=case.as_of,
        currency=case.currency,
        basis=case.basis,
        sold_on=offer.accepted_on if offer else None,
        allocated_on=allocation.passed_on,
        gross_cents=sum(one.amount_cents for one in _sums(case, Receipt)),
        costs=_sums(case, Cost),
        reserves=_sums(case, Reserve),
        net_cents=case.net_cents or 0,
        machines=len(items),
        power_w=sum(items),
        owners=len(planned),
        total_weight=sum(one.claim.weight for one in planned),
        given_by_rank_cents=sum(one.rounding_cents for one in planned),
        root=case.proof_root,
        prepared_by=str(case.prepared_by or ""),
        approved_by=str(sale.passed_by or "") if sale else "",
        is_synthetic=case.is_synthetic,
    )


def _sums(case: Liquidation, kind: type[Receipt | Cost | Reserve]) -> tuple[Sum, ...]:
    rows = kind._default_manager.filter(case=case).order_by("id")
    return tuple(Sum(getattr(row, "label", ""), row.amount_cents) for row in rows)


def _machines(case: Liquidation, party_ids: list[int]) -> dict[int, list[Machine]]:
    weight = {Basis.APPRAISED: "appraised_cents", Basis.HASHRATE: "ghs"}.get(Basis(case.basis))
    found: defaultdict[int, list[Machine]] = defaultdict(list)
    items = ScopeItem.objects.filter(case=case, party_id__in=party_ids).select_related("model", "miner")
    for item in items.order_by("model__name", "miner__serial"):
        found[item.party_id].append(
            Machine(item.model.name, item.miner.serial, getattr(item, weight) if weight else 1)
        )
    return found
