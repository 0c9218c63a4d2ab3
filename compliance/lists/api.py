from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.lists.models import ListedIdentifier, ListedParty, ListVersion
from compliance.lists.reads import search_listed


class ListVersionSerializer(serializers.ModelSerializer[ListVersion]):
    list = serializers.CharField(source="source.code", read_only=True)
    name = serializers.CharField(source="source.name", read_only=True)
    authority = serializers.CharField(source="source.authority", read_only=True)

    class Meta:
        model = ListVersion
        fields = [
            "id",
            "list",
            "name",
            "authority",
            "published_on",
            "loaded_at",
            "filename",
            "sha256",
            "entries",
            "is_excerpt",
        ]


class ListVersionViewSet(viewsets.ReadOnlyModelViewSet[ListVersion]):
    """Editions of published lists, with the hash of the file each came from."""

    queryset = ListVersion.objects.select_related("source")
    serializer_class = ListVersionSerializer
    filterset_fields = ["source__code", "published_on", "is_excerpt"]
    read_act = "compliance.view"


class ListedNumberSerializer(serializers.ModelSerializer[ListedIdentifier]):
    class Meta:
        model = ListedIdentifier
        fields = ["kind", "country", "value"]


class ListedPartySerializer(serializers.ModelSerializer[ListedParty]):
    list = serializers.CharField(source="source.code", read_only=True)
    names: serializers.RelatedField = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="name"
    )
    identifiers = ListedNumberSerializer(many=True, read_only=True)

    class Meta:
        model = ListedParty
        fields = [
            "id",
            "list",
            "uid",
            "kind",
            "name",
            "names",
            "identifiers",
            "programmes",
            "authority",
            "measure",
            "citation",
            "listed_on",
            "delisted_on",
            "confidence",
        ]


class ListedPartyViewSet(viewsets.ReadOnlyModelViewSet[ListedParty]):
    """Whom the lists name; `q` looks by name or alias, number on the list, or identifier."""

    queryset = ListedParty.objects.select_related("source").prefetch_related("names", "identifiers")
    serializer_class = ListedPartySerializer
    filterset_fields = ["source__code", "uid", "kind"]
    read_act = "compliance.view"

    def get_queryset(self) -> QuerySet[ListedParty]:
        queryset, text = super().get_queryset(), self.request.query_params.get("q", "").strip()
        return search_listed(queryset, text) if text else queryset

    @extend_schema(parameters=[OpenApiParameter("q", str, description="A name, alias or number.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)
