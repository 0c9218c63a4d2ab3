from rest_framework import serializers, viewsets

from compliance.origin.models import OriginRecord


class OriginRecordSerializer(serializers.ModelSerializer[OriginRecord]):
    part_kind = serializers.CharField(source="part.kind", read_only=True)
    part_serial = serializers.CharField(source="part.serial", read_only=True)
    family = serializers.CharField(source="part.family", read_only=True)

    class Meta:
        model = OriginRecord
        fields = [
            "id",
            "part_kind",
            "part_serial",
            "family",
            "status",
            "maker",
            "maker_country",
            "assembly_country",
            "evidence_kind",
            "evidence_on",
            "recorded_at",
            "superseded_at",
            "source",
            "confidence",
            "is_synthetic",
        ]


class OriginRecordViewSet(viewsets.ReadOnlyModelViewSet[OriginRecord]):
    """Where parts come from as far as shown; a part without a record is unknown."""

    queryset = OriginRecord.objects.select_related("part")
    serializer_class = OriginRecordSerializer
    filterset_fields = ["status", "part__serial", "part__kind", "part__family"]
    read_act = "compliance.view"
