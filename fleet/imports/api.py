from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.imports import verbs
from fleet.imports.models import BatchStatus, ImportBatch
from fleet.imports.views import refused_response
from fleet.sites.api import Rows
from kit.accounts.gates import actor
from kit.errors import Refusal


class ImportSerializer(serializers.ModelSerializer[ImportBatch]):
    class Meta:
        model = ImportBatch
        fields = [
            "id",
            "filename",
            "sha256",
            "size",
            "status",
            "token",
            "lines",
            "creates",
            "updates",
            "same",
            "refused",
            "refusal",
            "problems",
            "warnings",
            "differences",
            "job",
            "created_at",
            "planned_at",
            "applied_at",
        ]


class Upload(serializers.Serializer[Any]):
    """A file of miners: CSV in UTF-8, or XLSX."""

    file = serializers.FileField()


class Token(serializers.Serializer[Any]):
    """The token of the plan that was looked at; what it warns of takes consent and a reason."""

    token = serializers.CharField(max_length=64)
    accept_overcommitment = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=120, required=False, default="")


class ImportViewSet(Rows):
    """A file of miners: given, planned line by line, then applied exactly as planned or not at all."""

    queryset = ImportBatch.objects.order_by()
    serializer_class = ImportSerializer
    parser_classes = [MultiPartParser, JSONParser]
    filterset_fields = ["status"]
    write_act = "imports.apply"
    row_fields = {name: name for name in ImportSerializer.Meta.fields}

    @extend_schema(
        request={"multipart/form-data": Upload}, responses={201: ImportSerializer, 202: ImportSerializer}
    )
    def create(self, request: Request) -> Response:
        """Give a file; a small one is planned in the answer, a large one as a job that the answer names."""
        given = Upload(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        batch = verbs.plan_soon(verbs.receive(file.name, file.chunks(), by=actor(request)), by=actor(request))
        if batch.status == BatchStatus.REFUSED:
            raise Refusal(batch.refusal)
        waits = batch.status == BatchStatus.UPLOADED
        return Response(
            self.row(batch.pk), status=status.HTTP_202_ACCEPTED if waits else status.HTTP_201_CREATED
        )

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: str | None = None) -> Response:
        """Make the plan again, with the fleet as it is now."""
        verbs.plan_soon(self.get_object(), by=actor(request))
        return Response(self.row(pk))

    @extend_schema(request=Token, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str | None = None) -> Response:
        """Do what the plan with this token says, all or nothing."""
        given = Token(data=request.data)
        given.is_valid(raise_exception=True)
        verbs.apply_soon(self.get_object(), by=actor(request), **given.validated_data)
        return Response(self.row(pk))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str | None = None) -> Response:
        """Give the file up; nothing of it is applied."""
        verbs.discard(self.get_object(), by=actor(request))
        return Response(self.row(pk))

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"], url_path="refused", filterset_fields=None, pagination_class=None)
    def refused_lines(self, request: Request, pk: str | None = None) -> StreamingHttpResponse:
        """The refused lines with their reasons, as a CSV file that can be put right and given again."""
        return refused_response(self.get_object())
