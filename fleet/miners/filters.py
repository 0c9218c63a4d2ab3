"""What miners, parts and stays are filtered by; names and codes are compared without a query each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from fleet.catalog.models import MinerModel, PartKind
from fleet.miners.models import Miner, MinerStatus, Owner
from fleet.miners.reads import in_racks, since_between, with_fragment, with_words
from fleet.sites.models import Site
from kit.asof import instants_at


def _key(model: type[Model], **named: str) -> QuerySet[Any, Any]:
    """The key of what has a name, looked up in the same query; as a join it would hide from the index."""
    return model._default_manager.filter(**named).order_by().values("id")[:1]


class MinerFilter(filters.FilterSet):
    serial = filters.CharFilter(label=_("serial"))
    contains = filters.CharFilter(
        method="by_fragment", label=_("Fragment of the serial, at least four characters")
    )
    ids = filters.BaseInFilter(field_name="id", label=_("keys, with commas between"))
    site = filters.CharFilter(method="by_site", label=_("code of the site"))
    site_id = filters.NumberFilter(label=_("key of the site"))
    country = filters.CharFilter(field_name="site__country", label=_("country"))
    region = filters.CharFilter(field_name="site__region", label=_("region, for example RU-IRK"))
    building = filters.CharFilter(method="by_building", label=_("name of the building"))
    building_id = filters.NumberFilter(method="by_building_key", label=_("key of the building"))
    feed = filters.CharFilter(method="by_feed", label=_("name of the feed"))
    feed_id = filters.NumberFilter(method="by_feed_key", label=_("key of the feed"))
    rack = filters.NumberFilter(field_name="rack_id", label=_("key of the rack"))
    rack_name = filters.CharFilter(method="by_rack", label=_("name of the rack"))
    model = filters.CharFilter(method="by_model", label=_("model"))
    model_id = filters.NumberFilter(label=_("key of the model"))
    maker = filters.CharFilter(field_name="model__maker__name", label=_("maker"))
    owner = filters.CharFilter(method="by_owner", label=_("number of the owner"))
    owner_id = filters.NumberFilter(label=_("key of the owner"))
    # Distinct is that filter's habit; here it would sort every row that fits.
    status = filters.MultipleChoiceFilter(choices=MinerStatus.choices, distinct=False, label=_("state"))
    board_family = filters.CharFilter(label=_("control board family"))
    power_min = filters.NumberFilter(field_name="power_w", lookup_expr="gte", label=_("W at least"))
    power_max = filters.NumberFilter(field_name="power_w", lookup_expr="lte", label=_("W at most"))
    ghs_min = filters.NumberFilter(field_name="ghs", lookup_expr="gte", label=_("GH/s at least"))
    ghs_max = filters.NumberFilter(field_name="ghs", lookup_expr="lte", label=_("GH/s at most"))
    is_exportable = filters.BooleanFilter(label=_("may leave the country"))
    exportable_unknown = filters.BooleanFilter(
        field_name="is_exportable", lookup_expr="isnull", label=_("unknown whether it may leave the country")
    )
    is_synthetic = filters.BooleanFilter(label=_("synthetic"))
    firmware = filters.CharFilter(label=_("firmware"))
    mac = filters.CharFilter(method="by_mac", label=_("MAC"))
    changed_after = filters.IsoDateTimeFilter(
        field_name="changed_at", lookup_expr="gt", label=_("changed after")
    )
    changed_before = filters.IsoDateTimeFilter(
        field_name="changed_at", lookup_expr="lt", label=_("changed before")
    )
    entered_after = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gt", label=_("entered after")
    )
    entered_before = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lt", label=_("entered before")
    )
    here_after = filters.IsoDateTimeFilter(method="by_arrival", label=_("where it is since a time after"))
    here_before = filters.IsoDateTimeFilter(method="by_arrival", label=_("where it is since a time before"))
    text = filters.CharFilter(
        method="by_text", label=_("words of at least three letters in serial, model, maker, owner or site")
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # Each is copied for each request: those that are not asked for would cost more than the list.
        self.__dict__["base_filters"] = {
            name: each for name, each in type(self).base_filters.items() if data is not None and name in data
        }
        super().__init__(data, *args, **kwargs)

    def by_fragment(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return with_fragment(rows, value)

    def by_site(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return rows.filter(site_id=_key(Site, code=value))

    def by_building(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return in_racks(rows, "building.name", value)

    def by_building_key(self, rows: QuerySet[Miner], name: str, value: int) -> QuerySet[Miner]:
        return in_racks(rows, "building.id", value)

    def by_feed(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return in_racks(rows, "feed.name", value)

    def by_feed_key(self, rows: QuerySet[Miner], name: str, value: int) -> QuerySet[Miner]:
        return in_racks(rows, "feed.id", value)

    def by_rack(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return in_racks(rows, "rack.name", value)

    def by_mac(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        digits = "".join(value.upper().replace("-", ":").split(":"))
        return rows.filter(mac=":".join(digits[at : at + 2] for at in range(0, len(digits), 2)))

    def by_arrival(self, rows: QuerySet[Miner], name: str, value: datetime) -> QuerySet[Miner]:
        given = self.form.cleaned_data
        after, before = given.get("here_after"), given.get("here_before")
        # With both, the first of them has asked for both.
        return rows if after and name == "here_before" else since_between(rows, after, before)

    def by_text(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return with_words(rows, value)

    def by_model(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return rows.filter(model_id=_key(MinerModel, name=value))

    def by_owner(self, rows: QuerySet[Miner], name: str, value: str) -> QuerySet[Miner]:
        return rows.filter(owner_id=_key(Owner, number=value))


def offer_filter(name: str, label: Any, by: Callable[[QuerySet[Miner], str], QuerySet[Miner]]) -> None:
    """Let miners be filtered by what a higher room knows of them, everywhere a list of them is asked for."""
    MinerFilter.base_filters[name] = filters.CharFilter(
        label=label, method=lambda rows, _name, value: by(rows, value)
    )


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
