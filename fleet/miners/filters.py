"""What miners, parts and stays are filtered by; names and codes are compared without a query each."""

from typing import Any

from django.db.models import Model, QuerySet
from django_filters import rest_framework as filters

from fleet.catalog.models import MinerModel, PartKind
from fleet.miners.models import Miner, MinerStatus, Owner
from fleet.miners.reads import with_fragment
from fleet.sites.models import Site
from kit.asof import instants_at


def _key(model: type[Model], **named: str) -> QuerySet[Any, Any]:
    """The key of what has a name, looked up in the same query; as a join it would hide from the index."""
    return model._default_manager.filter(**named).order_by().values("id")[:1]


class MinerFilter(filters.FilterSet):
    serial = filters.CharFilter()
    contains = filters.CharFilter(
        method="by_fragment", label="Fragment of the serial, at least four characters"
    )
    site = filters.CharFilter(method="by_site")
    country = filters.CharFilter(field_name="site__country")
    rack = filters.NumberFilter(field_name="rack_id")
    model = filters.CharFilter(method="by_model")
    maker = filters.CharFilter(field_name="model__maker__name")
    owner = filters.CharFilter(method="by_owner")
    # Distinct is that filter's habit; here it would sort every row that fits.
    status = filters.MultipleChoiceFilter(choices=MinerStatus.choices, distinct=False)
    board_family = filters.CharFilter()
    is_exportable = filters.BooleanFilter()
    is_synthetic = filters.BooleanFilter()
    changed_after = filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    def by_fragment(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return with_fragment(rows, value)

    def by_site(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return rows.filter(site_id=_key(Site, code=value))

    def by_model(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return rows.filter(model_id=_key(MinerModel, name=value))

    def by_owner(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return rows.filter(owner_id=_key(Owner, number=value))


class PartFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=PartKind.choices)
    serial = filters.CharFilter()
    miner = filters.CharFilter(field_name="miner__serial")
    family = filters.CharFilter()


class StayFilter(filters.FilterSet):
    miner = filters.CharFilter(field_name="miner__serial")
    site = filters.CharFilter(method="by_site")
    owner = filters.CharFilter(field_name="owner__number")
    as_of = filters.DateFilter(method="on_day", label="Stays that held at the end of this day, UTC")

    def on_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(instants_at(value))

    def by_site(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(site_id=_key(Site, code=value))
