from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request

from kit.documents.models import Document
from kit.documents.views import as_download


class DocumentSerializer(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        exclude = ["content"]


class DocumentViewSet(viewsets.ReadOnlyModelViewSet[Document]):
    """Finished files with their SHA-256 and what they were made from."""

    queryset = Document.objects.defer("content")
    serializer_class = DocumentSerializer
    filterset_fields = ["kind", "as_of", "is_synthetic"]
    read_act = "reports.view"

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The stored bytes."""
        return as_download(self.get_object())
