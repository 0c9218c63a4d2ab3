from rest_framework import serializers, viewsets

from kit.trail.models import TrailEntry


class TrailSerializer(serializers.ModelSerializer[TrailEntry]):
    sha256 = serializers.SerializerMethodField()

    class Meta:
        model = TrailEntry
        fields = [
            "id",
            "at",
            "actor_name",
            "verb",
            "subject_kind",
            "subject_id",
            "subject_name",
            "detail",
            "sha256",
        ]

    def get_sha256(self, entry: TrailEntry) -> str:
        return bytes(entry.hash).hex()


class TrailViewSet(viewsets.ReadOnlyModelViewSet[TrailEntry]):
    """Every business act with its hash, newest first."""

    queryset = TrailEntry.objects.all()
    serializer_class = TrailSerializer
    filterset_fields = ["verb", "subject_kind", "subject_id"]
    read_act = "trail.view"
