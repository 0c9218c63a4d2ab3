from typing import Any

from django.db import transaction
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.catalog.models import MinerModel, PartModel
from fleet.sites.api import Rows
from kit.accounts.gates import actor
from kit.trail.verbs import record


class MinerModelSerializer(serializers.ModelSerializer[MinerModel]):
    maker_name = serializers.CharField(source="maker.name", read_only=True)

    class Meta:
        model = MinerModel
        fields = [
            "id",
            "maker",
            "maker_name",
            "name",
            "released",
            "ghs",
            "power_w",
            "cooling",
            "chip",
            "chip_fab",
            "hashboards",
            "chips_per_board",
            "fans",
            "board_family",
            "source",
            "confidence",
            "notes",
        ]


class MinerModelFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")
    maker = filters.CharFilter(field_name="maker__name")
    cooling = filters.CharFilter()
    board_family = filters.CharFilter()


class MinerModelViewSet(Rows):
    """The catalogue of miner models; a figure that is not known is null."""

    queryset = MinerModel.objects.order_by()
    serializer_class = MinerModelSerializer
    filterset_class = MinerModelFilter
    row_fields = {name: name for name in MinerModelSerializer.Meta.fields} | {"maker_name": "maker__name"}
    orderings = ("id", "name")

    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Enter a model."""
        return self._saved(
            self.get_serializer(data=request.data), "model.entered", request, status.HTTP_201_CREATED
        )

    @transaction.atomic
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change the catalogue's figures of a model; machines keep theirs."""
        given = self.get_serializer(self.get_object(), data=request.data, partial=True)
        return self._saved(given, "model.changed", request, status.HTTP_200_OK)

    def _saved(self, given: Any, verb: str, request: Request, code: int) -> Response:
        given.is_valid(raise_exception=True)
        model: MinerModel = given.save()
        record(
            verb,
            model,
            by=actor(request),
            detail={name: str(value) for name, value in given.validated_data.items()},
        )
        return Response(self.row(model.pk), status=code)


class PartModelSerializer(serializers.ModelSerializer[PartModel]):
    maker_name = serializers.CharField(source="maker.name", read_only=True, allow_null=True)

    class Meta:
        model = PartModel
        fields = ["id", "kind", "maker", "maker_name", "name", "source", "confidence", "is_synthetic"]
        read_only_fields = ["is_synthetic"]


class PartModelViewSet(Rows):
    """Models of parts, such as power supplies and control boards."""

    queryset = PartModel.objects.order_by()
    serializer_class = PartModelSerializer
    filterset_fields = ["kind", "maker", "name", "confidence"]
    row_fields = {name: name for name in PartModelSerializer.Meta.fields} | {"maker_name": "maker__name"}

    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Enter a model of part."""
        return self._saved(
            self.get_serializer(data=request.data), "part_model.entered", request, status.HTTP_201_CREATED
        )

    @transaction.atomic
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change what is known of a model of part."""
        given = self.get_serializer(self.get_object(), data=request.data, partial=True)
        return self._saved(given, "part_model.changed", request, status.HTTP_200_OK)

    def _saved(self, given: Any, verb: str, request: Request, code: int) -> Response:
        given.is_valid(raise_exception=True)
        model: PartModel = given.save()
        detail = {name: str(value) for name, value in given.validated_data.items()}
        record(verb, model, by=actor(request), detail=detail)
        return Response(self.row(model.pk), status=code)
