from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.sites.drawn import DRAWN
from fleet.sites.models import Site
from fleet.sites.pages import ByUnique
from fleet.sites.places import check_place
from fleet.sites.power import PlacePower, power_of_places
from kit.accounts.gates import actor
from kit.accounts.rendering import OrjsonRenderer
from kit.errors import Refusal
from kit.trail.verbs import record

LAYOUT = ("ordering", "limit", "cursor", "fields", "format")  # how a list is laid out, not what is in it
FIELDS = OpenApiParameter("fields", str, description="Only these fields, with commas between.")


class Rows(viewsets.GenericViewSet):
    """Lists and single rows straight from the database as values, without an object per row.

    Shape: `row_fields` says where each field of the answer comes from; `ordering` is that of who names none.
    """

    row_fields: Mapping[str, str]
    orderings: ClassVar[tuple[str, ...]] = ("id",)
    ordering: ClassVar[str] = "-id"
    ties: ClassVar[Mapping[str, str]] = {}
    pagination_class = ByUnique
    renderer_classes = [OrjsonRenderer]
    read_act = "fleet.view"
    write_act = "fleet.edit"

    @extend_schema(parameters=[FIELDS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        names = self._names(request)
        self._refuse_unknown(request)
        page = self.paginate_queryset(self._values(self.filter_queryset(self.get_queryset()), names))
        rows = [{name: row[path] for name, path in names.items()} for row in page or []]
        return self.get_paginated_response(rows)

    def retrieve(self, request: Request, pk: str | None = None, *args: Any, **kwargs: Any) -> Response:
        return Response(self.row(pk))

    def row(self, pk: Any) -> dict[str, Any]:
        """One row as the list would show it."""
        try:
            found = self._values(self.get_queryset().filter(pk=pk), self.row_fields).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return {name: found[path] for name, path in self.row_fields.items()}

    def _refuse_unknown(self, request: Request) -> None:
        """Refuse a filter this list does not have: left unsaid, the answer would pass for a filtered one."""
        known = _known_filters(type(self))
        if unknown := [name for name in request.query_params if name not in known]:
            raise Refusal(
                gettext("“{name}” is not a filter. There are: {known}.").format(
                    name=unknown[0][:40], known=", ".join(known)
                ),
                where=unknown[0][:40],
            )

    def _names(self, request: Request) -> Mapping[str, str]:
        asked = [name for name in request.query_params.get("fields", "").split(",") if name]
        if unknown := [name for name in asked if name not in self.row_fields]:
            known = ", ".join(self.row_fields)
            message = gettext("“{name}” is not a field. There are: {known}.").format(
                name=unknown[0], known=known
            )
            raise Refusal(message, where="fields")
        return {name: self.row_fields[name] for name in asked} if asked else self.row_fields

    def _values(self, rows: QuerySet[Any], names: Mapping[str, str]) -> QuerySet[Any, Any]:
        # The next page is found by the fields of the order, so those are always read.
        return rows.values(*{*names.values(), *self.orderings, *self.ties.values()})


@cache
def _known_filters(view: type[Rows]) -> tuple[str, ...]:
    """What a list may be asked by, worked out once: a filter set of field names is a new class each time."""
    found = filters.DjangoFilterBackend().get_filterset_class(view(), view.queryset)
    return (*(found.base_filters if found else {}), *LAYOUT)


class SiteSerializer(serializers.ModelSerializer[Site]):
    class Meta:
        model = Site
        fields = [
            "id",
            "code",
            "name",
            "country",
            "region",
            "locality",
            "time_zone",
            "nameplate_w",
            "energized_w",
            "drawn_w",
            "drawn_basis",
            "drawn_at",
            "drawn_machines",
            "opened_on",
            "closed_on",
            "source",
            "confidence",
            "is_synthetic",
        ]
        read_only_fields = ["is_synthetic", "drawn_machines"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        held = self.instance
        country = attrs.get("country", held.country if isinstance(held, Site) else "")
        region = attrs.get("region", held.region if isinstance(held, Site) else "")
        check_place(country, region)
        return attrs


class PlacePowerSerializer(serializers.Serializer[Any]):
    """Watts of one place; null is unknown."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    nameplate_w = serializers.IntegerField(allow_null=True)
    energized_w = serializers.IntegerField(allow_null=True)
    installed_w = serializers.IntegerField()
    drawn_w = serializers.IntegerField(allow_null=True)
    drawn_basis = serializers.CharField()
    drawn_at = serializers.DateTimeField(allow_null=True)
    headroom_w = serializers.IntegerField(allow_null=True)
    machines = serializers.IntegerField()
    fed_by = serializers.CharField()


class SitePowerSerializer(serializers.Serializer[Any]):
    """A site with its feeds and buildings, and the machines that stand in no rack."""

    site = PlacePowerSerializer()
    feeds = PlacePowerSerializer(many=True)
    buildings = PlacePowerSerializer(many=True)
    unracked = PlacePowerSerializer()


def _power(place: PlacePower) -> dict[str, Any]:
    return {
        "id": place.place_id,
        "name": place.name,
        "nameplate_w": place.nameplate_w,
        "energized_w": place.energized_w,
        "installed_w": place.installed_w,
        "drawn_w": place.drawn_w,
        "drawn_basis": place.drawn_basis,
        "drawn_at": place.drawn_at,
        "headroom_w": place.headroom_w,
        "machines": place.machines,
        "fed_by": place.fed_by,
    }


class SiteFilter(filters.FilterSet):
    code = filters.CharFilter()
    country = filters.CharFilter()
    region = filters.CharFilter()
    is_synthetic = filters.BooleanFilter()


class SiteViewSet(Rows):
    """Sites with their power; unknown figures are null."""

    queryset = Site.objects.order_by()
    serializer_class = SiteSerializer
    filterset_class = SiteFilter
    row_fields = {name: name for name in SiteSerializer.Meta.fields}
    orderings = ("id", "code")

    @extend_schema(request=None, responses=SitePowerSerializer)
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def power(self, request: Request, pk: str | None = None) -> Response:
        """The power of the site, its feeds and buildings."""
        places = power_of_places(self.get_object())
        return Response(
            {
                "site": _power(places.site),
                "feeds": [_power(place) for place in places.feeds],
                "buildings": [_power(place) for place in places.buildings],
                "unracked": _power(places.unracked),
            }
        )

    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Enter a site."""
        site = self._saved(self.get_serializer(data=request.data), "site.entered", request)
        return Response(self.row(site.pk), status=status.HTTP_201_CREATED)

    @transaction.atomic
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change what is known of a site."""
        given = self.get_serializer(self.get_object(), data=request.data, partial=True)
        return Response(self.row(self._saved(given, "site.changed", request).pk))

    def _saved(self, given: Any, verb: str, request: Request) -> Site:
        given.is_valid(raise_exception=True)
        by_hand = {"drawn_machines": None} if DRAWN & set(given.validated_data) else {}
        site: Site = given.save(**by_hand)
        record(verb, site, by=actor(request), detail=dict(given.validated_data))
        return site
