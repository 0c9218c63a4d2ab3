"""The one gate of the portal: every query of its pages starts here, at the customers of the log-in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from fleet.miners.models import Miner, MoveHold, Part, Stay
from hosting.contracts.models import Contract, ContractKind, Membership, Placement
from hosting.contracts.reads import parties_of_user
from hosting.liquidation.models import (
    CaseStatus,
    Cost,
    Gate,
    Liquidation,
    Receipt,
    Reserve,
    ScopeItem,
    Share,
    Statement,
)
from hosting.parties.models import Party
from kit.accounts.gates import actor, needs
from kit.accounts.models import User

READING = ("GET", "HEAD")
# A case becomes the owners' affair when it stops their machines, not while somebody drafts it.
UNANNOUNCED = (CaseStatus.DRAFT, CaseStatus.SCOPED)


def parties_of(user: User) -> QuerySet[Party]:
    """The customers whose pages a log-in may see."""
    return parties_of_user(user.pk).order_by("number")


@dataclass(frozen=True)
class Customer:
    """Everything one log-in may see; what is not reached from here is not on any page."""

    user: User
    parties: tuple[Party, ...]

    @cached_property
    def party_ids(self) -> list[int]:
        """Keys of the customers."""
        return [party.pk for party in self.parties]

    @cached_property
    def owner_ids(self) -> list[int]:
        """Keys of the owner labels their machines carry."""
        return [party.owner_id for party in self.parties if party.owner_id is not None]

    def miners(self) -> QuerySet[Miner]:
        """Machines they own, and those that were frozen into a case as theirs."""
        # A union of two indexed look-ups; an OR over both would read every miner.
        owned = Miner.objects.filter(owner_id__in=self.owner_ids).order_by().values("pk")
        sold = self.items().order_by().values("miner_id")
        return Miner.objects.filter(pk__in=owned.union(sold))

    def stays(self) -> QuerySet[Stay]:
        """Where their machines were while they were theirs; before and after is not their affair."""
        return Stay.objects.filter(owner_id__in=self.owner_ids)

    def parts(self) -> QuerySet[Part]:
        """Parts in machines they own today."""
        return Part.objects.filter(miner__owner_id__in=self.owner_ids)

    def move_holds(self) -> QuerySet[MoveHold]:
        """Stops on moving their machines, or any machine of a site where they have some."""
        mine = Miner.objects.filter(owner_id__in=self.owner_ids)
        sites = mine.filter(site__isnull=False).values("site_id")
        return MoveHold.objects.filter(
            Q(miner__owner_id__in=self.owner_ids) | Q(site_id__in=sites), released_at__isnull=True
        )

    def contracts(self) -> QuerySet[Contract]:
        """Hosting contracts given to them."""
        return Contract.objects.filter(party_id__in=self.party_ids, kind=ContractKind.HOSTING)

    def placements(self) -> QuerySet[Placement]:
        """Machines under their contracts."""
        return Placement.objects.filter(contract__party_id__in=self.party_ids)

    def items(self) -> QuerySet[ScopeItem]:
        """Their machines frozen into cases that were announced."""
        return ScopeItem.objects.filter(party_id__in=self.party_ids).exclude(case__status__in=UNANNOUNCED)

    def cases(self) -> QuerySet[Liquidation]:
        """Cases that hold machines of theirs."""
        return Liquidation.objects.filter(pk__in=self.items().order_by().values("case_id"))

    def gates(self) -> QuerySet[Gate]:
        """Gates passed by those cases."""
        return Gate.objects.filter(case__in=self.cases())

    def shares(self) -> QuerySet[Share]:
        """Their lines in distributions."""
        return Share.objects.filter(party_id__in=self.party_ids)

    def shares_with_totals(self) -> QuerySet[Share]:
        """Their lines with the sums of the case they are parts of; no other owner's line is told apart."""
        case = OuterRef("case")
        whole = Share.objects.filter(case=case).order_by().values("case")
        costs, reserves = Cost.objects.filter(case=case), Reserve.objects.filter(case=case)
        return self.shares().annotate(
            gross=_sum(Receipt.objects.filter(case=case)),
            costs=_sum(costs),
            reserves=_sum(reserves),
            cost_labels=ArraySubquery(costs.order_by("pk").values("label")),
            reserve_labels=ArraySubquery(reserves.order_by("pk").values("label")),
            whole_weight=Subquery(whole.annotate(sum=Sum("weight")).values("sum")),
            lines=Subquery(whole.annotate(sum=Count("pk")).values("sum")),
        )

    def statements(self) -> QuerySet[Statement]:
        """The papers on those lines."""
        return Statement.objects.filter(share__party_id__in=self.party_ids)

    def members(self) -> QuerySet[Membership]:
        """Who may log in for them."""
        return Membership.objects.filter(party_id__in=self.party_ids)


def _sum(rows: QuerySet[Any]) -> Coalesce:
    summed = rows.order_by().values("case").annotate(sum=Sum("amount_cents")).values("sum")
    return Coalesce(Subquery(summed), 0, output_field=BigIntegerField())


def customer_of(user: User) -> Customer:
    """The customers behind a log-in, looked up once a request."""
    return Customer(user, tuple(parties_of(user)))


Page = Callable[..., HttpResponse]


def page(view: Page) -> Page:
    """Open a page to customers: it gets the request and its customer, answers reading only, is never cached.

    The view runs before the method is judged, so that what is not the customer's is 404 for every method.
    """

    @needs("portal.view")
    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, customer_of(actor(request)), *args, **kwargs)
        if request.method not in READING:
            response = HttpResponseNotAllowed(READING)
        add_never_cache_headers(response)
        return response

    # Nothing is written here; a refused token would answer 403 where 404 is the rule.
    return csrf_exempt(opened)
