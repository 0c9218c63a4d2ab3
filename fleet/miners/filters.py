"""What miners, parts and stays are filtered by; names and codes are compared without a query each."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from fleet.catalog.models import PartKind
from fleet.miners.models import Miner, MinerStatus
from fleet.miners.reads import with_fragment
from kit.asof import instants_at


class MinerFilter(filters.FilterSet):
    serial = filters.CharFilter()
    contains = filters.CharFilter(
        method="by_fragment", label="Fragment of the serial, at least four characters"
    )
    site = filters.CharFilter(field_name="site__code")
    country = filters.CharFilter(field_name="site__country")
    rack = filters.NumberFilter(field_name="rack_id")
    model = filters.CharFilter(field_name="model__name")
    maker = filters.CharFilter(field_name="model__maker__name")
    owner = filters.CharFilter(field_name="owner__number")
    status = filters.MultipleChoiceFilter(choices=MinerStatus.choices)
    board_family = filters.CharFilter()
    is_exportable = filters.BooleanFilter()
    is_synthetic = filters.BooleanFilter()
    changed_after = filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    def by_fragment(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return with_fragment(rows, value)


class PartFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=PartKind.choices)
    serial = filters.CharFilter()
    miner = filters.CharFilter(field_name="miner__serial")
    family = filters.CharFilter()


class StayFilter(filters.FilterSet):
    miner = filters.CharFilter(field_name="miner__serial")
    site = filters.CharFilter(field_name="site__code")
    owner = filters.CharFilter(field_name="owner__number")
    as_of = filters.DateFilter(method="on_day", label="Stays that held at the end of this day, UTC")

    def on_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(instants_at(value))
