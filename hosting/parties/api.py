from rest_framework import serializers, viewsets

from hosting.parties.models import Party
from hosting.parties.reads import with_hold


class PartySerializer(serializers.ModelSerializer[Party]):
    names: serializers.RelatedField = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="name"
    )
    is_held = serializers.BooleanField(read_only=True)

    class Meta:
        model = Party
        fields = [
            "id",
            "number",
            "kind",
            "name",
            "country",
            "names",
            "is_held",
            "source",
            "confidence",
            "is_synthetic",
        ]


class PartyViewSet(viewsets.ReadOnlyModelViewSet[Party]):
    """Persons and organisations we deal with."""

    queryset = with_hold(Party.objects.prefetch_related("names"))
    serializer_class = PartySerializer
    filterset_fields = ["number", "kind", "is_synthetic"]
    read_act = "hosting.view"
