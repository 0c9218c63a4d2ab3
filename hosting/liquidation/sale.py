"""Gates 6 to 8: who buys, what it is worth, and that a second person agrees."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from hosting.liquidation.gates import lock, passing
from hosting.liquidation.models import CaseStatus, Liquidation, Offer, ScopeItem
from hosting.parties.models import ClearancePurpose, Party
from hosting.parties.reads import clearance_of, stopped_parties
from hosting.valuation.reads import prices_at
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record
from kit.units import format_date

QUOTES_NEEDED = 2
UNSOLD = (
    CaseStatus.SCOPED,
    CaseStatus.HELD,
    CaseStatus.REVIEWED,
    CaseStatus.AUTHORISED,
    CaseStatus.ELECTED,
    CaseStatus.BUYER_CLEARED,
    CaseStatus.VALUED,
)


@dataclass(frozen=True)
class Quote:
    """What an independent valuer said the machines are worth together.

    Units: cents of the case's currency.
    """

    valuer: str
    total_cents: int
    evidence: str


@transaction.atomic
def record_offer(
    case: Liquidation,
    buyer: Party,
    amount_cents: int,
    *,
    offered_on: date,
    evidence: str = "",
    by: User | None,
) -> Offer:
    """Note what a buyer offers for everything in scope.

    Raises: Refusal before the scope is frozen, after the sale, or for an amount that is not above zero.
    """
    if by is not None:
        require(by, "liquidation.prepare")
    locked = lock(case)
    if locked.status not in UNSOLD:
        raise Refusal(_("Offers are taken between scope and sale."), where=case.number)
    if amount_cents <= 0:
        raise Refusal(_("An offer is above zero."), where=case.number)
    offer = Offer.objects.create(
        case=locked, buyer=buyer, amount_cents=amount_cents, offered_on=offered_on, evidence=evidence
    )
    record(
        "liquidation.offer_recorded",
        case,
        by=by,
        detail={"buyer": buyer.number, "amount_cents": amount_cents},
    )
    return offer


def clear_buyer(case: Liquidation, buyer: Party, *, by: User | None, on_day: date, evidence: str) -> None:
    """Choose the buyer: cleared, not held, and in the site's country where the machines cannot leave it.

    Raises: Refusal naming what is missing.
    """
    with passing(case, "clear_buyer", on_day=on_day, by=by, evidence=evidence) as passage:
        clearance = _check_buyer(passage.case, buyer, on_day)
        passage.changes = {"buyer": buyer}
        passage.detail = {"buyer": buyer.number, "clearance": clearance, "country": buyer.country}


def _check_buyer(case: Liquidation, buyer: Party, on_day: date) -> int:
    """The key of the clearance that lets this buyer buy."""
    if buyer.pk in stopped_parties(on_day):
        raise Refusal(
            _("%(buyer)s is on hold, blocked pending counsel; choose another buyer.") % {"buyer": buyer},
            where=case.number,
        )
    clearance = clearance_of(buyer, ClearancePurpose.BUYER, on_day)
    if clearance is None:
        raise Refusal(
            _(
                "%(buyer)s has no clearance as a buyer in force on %(day)s; a compliance officer gives "
                "it after the review."
            )
            % {"buyer": buyer, "day": format_date(on_day)},
            where=case.number,
        )
    # Whether a machine may leave is often unknown: only a plain yes for all of them opens the border.
    fixed = ScopeItem.objects.filter(
        Q(is_exportable=False) | Q(is_exportable__isnull=True), case=case
    ).count()
    if fixed and buyer.country != case.site.country:
        raise Refusal(
            _(
                "%(count)d machines cannot leave %(country)s or it is unknown whether they can; "
                "%(buyer)s is in %(theirs)s. The buyer has to be in the country of the site."
            )
            % {
                "count": fixed,
                "country": case.site.country,
                "buyer": buyer,
                "theirs": buyer.country or _("unknown"),
            },
            where=case.number,
        )
    return clearance.pk


def appraise(
    case: Liquidation,
    *,
    quotes: Sequence[Quote],
    by: User | None,
    on_day: date,
    evidence: str = "",
    prices: Mapping[int, int] | None = None,
) -> int:
    """Value every machine by the price of its model and keep the valuers' quotes; returns the sum.

    Shape: `prices` are cents by model id; without them the prices known on the day are used.
    Units: cents.
    Raises: Refusal for fewer than two different valuers, a valuer who is the buyer, or a model without price.
    """
    said = evidence or "; ".join(f"{quote.valuer}: {quote.evidence}" for quote in quotes)[:400]
    with passing(case, "appraise", on_day=on_day, by=by, evidence=said) as passage:
        _check_quotes(passage.case, quotes)
        known = dict(prices) if prices is not None else prices_at(on_day, case.currency)
        _check_prices(case, known)
        with connection.cursor() as cursor:
            cursor.execute(
                """update hosting_scopeitem i set appraised_cents = p.cents
                   from unnest(%s::bigint[], %s::bigint[]) p (model_id, cents)
                   where i.case_id = %s and i.model_id = p.model_id""",
                [list(known), list(known.values()), case.pk],
            )
        total: int = ScopeItem.objects.filter(case=case).aggregate(sum=Sum("appraised_cents"))["sum"]
        passage.detail = {"appraised_cents": total, "quotes": [asdict(quote) for quote in quotes]}
    return total


def _check_quotes(case: Liquidation, quotes: Sequence[Quote]) -> None:
    valuers = {quote.valuer.strip().casefold() for quote in quotes if quote.evidence.strip()}
    if len(valuers) < QUOTES_NEEDED:
        raise Refusal(
            _(
                "A valuation takes quotes of two different valuers, each with its evidence; there is "
                "%(count)d."
            )
            % {"count": len(valuers)},
            where=case.number,
        )
    if case.buyer is not None and case.buyer.name.casefold() in valuers:
        raise Refusal(_("%(buyer)s buys and cannot value.") % {"buyer": case.buyer}, where=case.number)


def _check_prices(case: Liquidation, prices: Mapping[int, int]) -> None:
    missing = ScopeItem.objects.filter(case=case).exclude(model_id__in=list(prices))
    named = list(missing.values_list("model__name").annotate(machines=Count("id")).order_by("model__name"))
    if named:
        listed = ", ".join(f"{name} ({machines})" for name, machines in named)
        raise Refusal(_("There is no price for: %(models)s.") % {"models": listed}, where=case.number)
    if any(cents < 0 for cents in prices.values()):
        raise Refusal(_("A price below zero cannot be."), where=case.number)


def approve_sale(case: Liquidation, offer: Offer, *, by: User | None, on_day: date, evidence: str) -> None:
    """Accept an offer of the cleared buyer; by somebody who prepared nothing in the case.

    Raises: Refusal if the offer is another buyer's, or the buyer is no longer cleared.
    """
    with passing(case, "approve_sale", on_day=on_day, by=by, evidence=evidence) as passage:
        if offer.case_id != case.pk or offer.buyer_id != passage.case.buyer_id:
            raise Refusal(_("This offer is not one of the cleared buyer’s."), where=case.number)
        _check_buyer(passage.case, offer.buyer, on_day)
        Offer.objects.filter(pk=offer.pk).update(accepted_on=on_day)
        passage.detail = {"offer": offer.pk, "buyer": offer.buyer.number, "amount_cents": offer.amount_cents}
    offer.refresh_from_db()
