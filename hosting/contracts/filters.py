"""What this storey adds to the filters of the list of miners."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleet.miners.filters import offer_filter
from fleet.miners.models import Miner
from hosting.contracts.models import Placement


def under_contract(miners: QuerySet[Miner], number: str) -> QuerySet[Miner]:
    """Miners that stand under a contract now."""
    placed = Placement.objects.filter(contract__number=number, to_at__isnull=True)
    return miners.filter(pk__in=placed.values("miner_id"))


offer_filter("contract", _("number of the contract"), under_contract)
