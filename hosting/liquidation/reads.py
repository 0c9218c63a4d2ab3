from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from fleet.miners.models import MinerStatus, Stay
from hosting.ledger.models import Posting
from hosting.liquidation.models import (
    Cost,
    Liquidation,
    Offer,
    Receipt,
    Reserve,
    ScopeItem,
    Share,
    ShareStatus,
    Statement,
)
from hosting.parties.models import Clearance, ClearancePurpose, Party
from kit.asof import instants_at
from kit.units import format_money

ORDER = (ShareStatus.PAID, ShareStatus.DUE, ShareStatus.SET_ASIDE)


@dataclass(frozen=True)
class Scope:
    """What is frozen into a case, or would be.

    Units: watts, GH/s and cents; no appraisal is unknown.
    """

    machines: int
    owners: int
    power_w: int
    ghs: int
    exportable: int
    appraised_cents: int | None
    unsold: int


@dataclass(frozen=True)
class MoneyLine:
    """A receipt, cost or reserve with the entry that booked it.

    Units: cents.
    """

    kind: str
    label: str
    amount_cents: int
    on_day: date
    entry_id: int
    evidence: str


@dataclass(frozen=True)
class StandingSum:
    """Shares of one state, with the entry that allocated them.

    Units: cents; weight in the unit of the case's basis.
    """

    status: str
    owners: int
    cents: int
    weight: int
    rounding_cents: int
    statements: int
    entry_id: int


@dataclass(frozen=True)
class ShareLine:
    """One owner's share with its state on a day and the owner's machines by model."""

    share: Share
    status: str
    machines: str

    @property
    def statement(self) -> Statement | None:
        """The statement that was issued for it, if one was."""
        return getattr(self.share, "statement", None)


@dataclass(frozen=True)
class PayoutBatch:
    """One payment of many shares.

    Units: cents.
    """

    entry_id: int
    paid_on: date
    method: str
    owners: int
    cents: int


@dataclass(frozen=True)
class Books:
    """The entries of a case added up.

    Units: cents; credits are below zero.
    """

    entries: int
    postings: int
    debit_cents: int
    credit_cents: int

    @property
    def difference_cents(self) -> int:
        """Debits less credits, which is nothing in books that balance."""
        return self.debit_cents + self.credit_cents


def scope_of(case: Liquidation) -> Scope:
    """Machines, owners, watts and appraisal of a case in one query."""
    found = ScopeItem.objects.filter(case=case).aggregate(
        machines=Count("id"),
        owners=Count("party_id", distinct=True),
        power_w=Sum("power_w", default=0),
        ghs=Sum("ghs", default=0),
        exportable=Count("id", filter=Q(is_exportable=True)),
        appraised_cents=Sum("appraised_cents"),
        unsold=Count("id", filter=~Q(miner__status=MinerStatus.SOLD)),
    )
    return Scope(**found)


def scope_to_freeze(case: Liquidation) -> Scope:
    """What stood at the case's site when its day ended, before it is frozen."""
    found = Stay.objects.filter(instants_at(case.as_of), site=case.site_id).aggregate(
        machines=Count("id"),
        owners=Count("owner_id", distinct=True),
        power_w=Sum("power_w", default=0),
        ghs=Sum("ghs", default=0),
        exportable=Count("id", filter=Q(miner__is_exportable=True)),
    )
    return Scope(**found, appraised_cents=None, unsold=found["machines"])


def money_at(case: Liquidation, day: date) -> tuple[MoneyLine, ...]:
    """Receipts, costs and reserves booked by a day, in the order of their entries, in one query."""
    rows = [
        model._default_manager.filter(case=case, on_day__lte=day)
        .annotate(kind=Value(kind, output_field=CharField()), what=label)
        .values_list("kind", "what", "amount_cents", "on_day", "entry_id", "evidence")
        for model, kind, label in (
            (Receipt, "receipt", Value("", output_field=CharField())),
            (Cost, "cost", F("label")),
            (Reserve, "reserve", F("label")),
        )
    ]
    found = rows[0].union(*rows[1:], all=True).order_by("entry_id")
    return tuple(MoneyLine(*row) for row in found)


def _shares_at(case: Liquidation, day: date) -> QuerySet[Any]:
    """The shares of a case with `standing`: a share paid after the day was still to be paid on it."""
    standing = Case(
        When(status=ShareStatus.PAID, payout__paid_on__gt=day, then=Value(ShareStatus.DUE)),
        default=F("status"),
        output_field=CharField(),
    )
    return Share.objects.filter(case=case).annotate(standing=standing)


def sums_at(case: Liquidation, day: date) -> tuple[StandingSum, ...]:
    """The shares added up by state: paid, to be paid, set aside."""
    rows = (
        _shares_at(case, day)
        .values("standing")
        .annotate(
            owners=Count("id"),
            cents=Sum("amount_cents"),
            weights=Sum("weight"),
            rounding=Sum("rounding_cents"),
            statements=Count("statement", filter=Q(statement__issued_on__lte=day)),
            entry=Min("entry_id"),
        )
        .order_by()
    )
    found = [
        StandingSum(
            row["standing"],
            row["owners"],
            row["cents"],
            row["weights"],
            row["rounding"],
            row["statements"],
            row["entry"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: ORDER.index(ShareStatus(row.status))))


def share_lines(
    case: Liquidation, day: date, *, status: str = "", after_line: int = 0, rows: int
) -> tuple[ShareLine, ...]:
    """The shares after a line, those of one state only if it is named, in two queries."""
    found = _shares_at(case, day).filter(line__gt=after_line).order_by("line")
    if status:
        found = found.filter(standing=status)
    shares = list(found.select_related("party", "statement")[:rows])
    models: dict[int, list[str]] = defaultdict(list)
    items = ScopeItem.objects.filter(case=case, party_id__in=[share.party_id for share in shares])
    for party_id, name, machines in (
        items.values_list("party_id", "model__name").annotate(machines=Count("id")).order_by("model__name")
    ):
        models[party_id].append(f"{machines} × {name}")
    return tuple(ShareLine(share, share.standing, ", ".join(models[share.party_id])) for share in shares)


def payouts_at(case: Liquidation, day: date) -> tuple[PayoutBatch, ...]:
    """The payments made by a day, oldest first."""
    rows = (
        Share.objects.filter(case=case, payout__paid_on__lte=day)
        .values_list("payout__entry_id", "payout__paid_on", "payout__method")
        .annotate(owners=Count("id"), cents=Sum("amount_cents"))
        .order_by("payout__entry_id")
    )
    return tuple(PayoutBatch(*row) for row in rows)


def allocation_rows(case: Liquidation) -> Iterator[tuple[Any, ...]]:
    """The allocation for a file: line, owner, name, machines, weight, cents, rounding, state."""
    return (
        Share.objects.filter(case=case)
        .order_by("line")
        .values_list(
            "line",
            "party__number",
            "party__name",
            "machines",
            "weight",
            "amount_cents",
            "rounding_cents",
            "status",
        )
        .iterator()
    )


def offers_of(case: Liquidation) -> list[Offer]:
    """What buyers offered, newest first."""
    return list(Offer.objects.filter(case=case).select_related("buyer").order_by("-offered_on", "-id"))


def cleared_buyers(most: int = 50) -> list[Party]:
    """Parties with a clearance as a buyer; whether it is in force on a day is asked when one is chosen."""
    found = Clearance.objects.filter(purpose=ClearancePurpose.BUYER).values("party_id")
    return list(Party.objects.filter(pk__in=found).order_by("name")[:most])


def books_of(case: Liquidation) -> Books:
    """The entries of a case with their debits and credits, added up again."""
    found = Posting.objects.filter(
        entry__subject_kind=case._meta.label_lower, entry__subject_id=case.pk
    ).aggregate(
        entries=Count("entry_id", distinct=True),
        postings=Count("id"),
        debit_cents=Sum("amount_cents", filter=Q(amount_cents__gt=0), default=0),
        credit_cents=Sum("amount_cents", filter=Q(amount_cents__lt=0), default=0),
    )
    return Books(**found)


def statements_of(party_ids: Collection[int] | QuerySet[Any]) -> QuerySet[Statement]:
    """The statements of some customers, newest first, without the files themselves."""
    found = Statement.objects.filter(share__party_id__in=party_ids)
    return (
        found.select_related("share__case__site", "share__party", "document")
        .defer("document__content")
        .order_by("-id")
    )


def summary_line(case: Liquidation) -> str:
    """A case in one line for lists and the terminal."""
    net = format_money(case.net_cents, case.currency) if case.net_cents is not None else _("net unknown")
    return f"{case.number} {case.title}: {case.get_status_display()}, {net}"
