from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.findings.models import Finding
from compliance.findings.verbs import acknowledge
from kit.accounts.gates import actor


class FindingSerializer(serializers.ModelSerializer[Finding]):
    assigned_to = serializers.CharField(source="assigned_to.username", read_only=True, default=None)

    class Meta:
        model = Finding
        fields = [
            "id",
            "rule",
            "subject_kind",
            "subject_key",
            "subject_name",
            "site_id",
            "standing",
            "sentence",
            "authority",
            "source",
            "confidence",
            "due_on",
            "machines",
            "power_w",
            "ghs",
            "value_cents",
            "owners",
            "is_synthetic",
            "opened_at",
            "seen_at",
            "resolved_at",
            "assigned_to",
            "acknowledged_at",
            "note",
        ]


class FindingFilter(filters.FilterSet):
    is_open = filters.BooleanFilter(field_name="resolved_at", lookup_expr="isnull")

    class Meta:
        model = Finding
        fields = ["rule", "standing", "site_id", "subject_key", "is_synthetic"]


class NoteSerializer(serializers.Serializer[None]):
    note = serializers.CharField()


class FindingViewSet(viewsets.ReadOnlyModelViewSet[Finding]):
    """Reasons to look, found by rules, with figures and authority; a figure is not a verdict."""

    queryset = Finding.objects.select_related("assigned_to")
    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    read_act, write_act = "compliance.view", "compliance.edit"

    @extend_schema(request=NoteSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str | None = None) -> Response:
        """Note what a person makes of the finding; it stays open while its facts do."""
        finding, told = self.get_object(), NoteSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        acknowledge(finding, note=told.validated_data["note"], by=actor(request))
        return Response(FindingSerializer(finding).data)
