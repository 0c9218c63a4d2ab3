from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.queries import verbs
from fleet.queries.models import Export, FileFormat, SavedFilter
from fleet.queries.reads import filters_of
from fleet.queries.views import as_file
from fleet.sites.api import Rows
from kit.accounts.gates import actor


class SavedFilterSerializer(serializers.ModelSerializer[SavedFilter]):
    user_name = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        model = SavedFilter
        fields = ["id", "list", "name", "query", "is_shared", "user_name", "created_at"]


class FilterEntry(serializers.Serializer[Any]):
    """A query as it stands behind the ? of an address, under a name; the same name again replaces it."""

    list = serializers.CharField(max_length=40, default="miners")
    name = serializers.CharField(max_length=80)
    query = serializers.CharField(max_length=2_000, allow_blank=True)
    is_shared = serializers.BooleanField(default=False)


class SavedFilterViewSet(Rows):
    """One's own saved filters and those others share; somebody else's own ones answer 404."""

    queryset = SavedFilter.objects.none()
    serializer_class = SavedFilterSerializer
    filterset_fields = ["list", "is_shared"]
    write_act = "fleet.view"
    row_fields = {name: name for name in SavedFilterSerializer.Meta.fields} | {"user_name": "user__username"}

    def get_queryset(self) -> QuerySet[SavedFilter]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return filters_of(actor(self.request)).order_by()

    @extend_schema(request=FilterEntry, responses={201: SavedFilterSerializer})
    def create(self, request: Request) -> Response:
        """Save a filter of one's own."""
        given = FilterEntry(data=request.data)
        given.is_valid(raise_exception=True)
        row = given.validated_data
        kept = verbs.save_filter(
            row["list"], row["name"], row["query"], by=actor(request), is_shared=row["is_shared"]
        )
        return Response(self.row(kept.pk), status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Forget a filter of one's own."""
        verbs.drop_filter(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportSerializer(serializers.ModelSerializer[Export]):
    job_status = serializers.CharField(source="job.status", read_only=True)

    class Meta:
        model = Export
        fields = [
            "id",
            "list",
            "query",
            "file_format",
            "filename",
            "rows",
            "size",
            "sha256",
            "job",
            "job_status",
            "created_at",
            "finished_at",
            "expires_at",
        ]


class ExportEntry(serializers.Serializer[Any]):
    """Which list, with the filters of its address, in which format."""

    list = serializers.CharField(max_length=40, default="miners")
    query = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    file_format = serializers.ChoiceField(choices=FileFormat.choices, default=FileFormat.CSV)


class ExportViewSet(Rows):
    """Lists as files: asked for, written by a job, kept for a week."""

    queryset = Export.objects.order_by()
    serializer_class = ExportSerializer
    filterset_fields = ["list", "file_format"]
    write_act = "fleet.view"
    row_fields = {name: name for name in ExportSerializer.Meta.fields} | {"job_status": "job__status"}

    @extend_schema(request=ExportEntry, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a file; the answer names its job."""
        given = ExportEntry(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        export = verbs.ask_export(asked["list"], asked["query"], asked["file_format"], by=actor(request))
        return Response(self.row(export.pk), status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], filterset_fields=None, pagination_class=None)
    def file(self, request: Request, pk: str | None = None) -> StreamingHttpResponse:
        """The finished file."""
        return as_file(self.get_object())
