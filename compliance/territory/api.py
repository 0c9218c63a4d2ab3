from rest_framework import serializers, viewsets

from compliance.territory.models import Law, Regime

DATED = ["authority", "citation", "from_on", "to_on", "confidence", "source", "reviewed_on", "note"]


class RegimeSerializer(serializers.ModelSerializer[Regime]):
    class Meta:
        model = Regime
        fields = ["id", "code", "territory", "name", "measure", *DATED]


class LawSerializer(serializers.ModelSerializer[Law]):
    class Meta:
        model = Law
        fields = ["id", "code", "title", "status", *DATED]


class RegimeViewSet(viewsets.ReadOnlyModelViewSet[Regime]):
    """Measures on territories, with their dates and authority."""

    queryset = Regime.objects.all()
    serializer_class = RegimeSerializer
    filterset_fields = ["territory", "measure", "code"]
    read_act = "compliance.view"


class LawViewSet(viewsets.ReadOnlyModelViewSet[Law]):
    """Rules of law that are not about a territory, with their dates and authority."""

    queryset = Law.objects.all()
    serializer_class = LawSerializer
    filterset_fields = ["code", "status"]
    read_act = "compliance.view"
