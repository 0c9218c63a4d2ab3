from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.sites.models import Site
from fleet.sites.places import check_place
from kit.accounts.gates import actor
from kit.accounts.pages import ByKey
from kit.accounts.rendering import OrjsonRenderer
from kit.errors import Refusal
from kit.trail.verbs import record

FIELDS = OpenApiParameter("fields", str, description="Only these fields, with commas between.")


class ByUnique(ByKey):
    """Pages by a unique field, the key unless another one is asked for."""

    ordering = "-id"
    orderings: ClassVar[tuple[str, ...]] = ("id",)

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        wanted = str(request.query_params.get("ordering") or getattr(view, "ordering", self.ordering))
        allowed = getattr(view, "orderings", self.orderings)
        if wanted.removeprefix("-") not in allowed:
            raise Refusal(
                gettext("Order by one of: {names}.").format(names=", ".join(allowed)), where="ordering"
            )
        return (wanted,)


class Rows(viewsets.GenericViewSet):
    """Lists and single rows straight from the database as values, without an object per row.

    Shape: `row_fields` says where each field of the answer comes from; `ordering` is that of who names none.
    """

    row_fields: Mapping[str, str]
    orderings: ClassVar[tuple[str, ...]] = ("id",)
    ordering: ClassVar[str] = "-id"
    pagination_class = ByUnique
    renderer_classes = [OrjsonRenderer]
    read_act = "fleet.view"
    write_act = "fleet.edit"

    @extend_schema(parameters=[FIELDS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        names = self._names(request)
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
        # The next page is found by the field of the order, so that is always read.
        return rows.values(*{*names.values(), *self.orderings})


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
            "opened_on",
            "closed_on",
            "source",
            "confidence",
            "is_synthetic",
        ]
        read_only_fields = ["is_synthetic"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        held = self.instance
        country = attrs.get("country", held.country if isinstance(held, Site) else "")
        region = attrs.get("region", held.region if isinstance(held, Site) else "")
        check_place(country, region)
        return attrs


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
        site: Site = given.save()
        record(verb, site, by=actor(request), detail=dict(given.validated_data))
        return site
