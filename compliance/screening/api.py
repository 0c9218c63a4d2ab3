from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.screening.models import Match, MatchStatus
from compliance.screening.reads import review_desk
from compliance.screening.verbs import decide
from kit.accounts.gates import actor


class MatchSerializer(serializers.ModelSerializer[Match]):
    party = serializers.CharField(source="party.number", read_only=True)
    party_name = serializers.CharField(source="party.name", read_only=True)
    list = serializers.CharField(source="listed.source.code", read_only=True)
    listed_uid = serializers.CharField(source="listed.uid", read_only=True)
    listed_name = serializers.CharField(source="listed.name", read_only=True)
    listed_on = serializers.DateField(source="listed.listed_on", read_only=True)

    class Meta:
        model = Match
        fields = [
            "id",
            "party",
            "party_name",
            "list",
            "listed_uid",
            "listed_name",
            "listed_on",
            "basis",
            "agrees_on",
            "status",
            "found_at",
        ]


class DecisionSerializer(serializers.Serializer[None]):
    outcome = serializers.ChoiceField(choices=[MatchStatus.CONFIRMED.value, MatchStatus.DISMISSED.value])
    reason = serializers.CharField()


class MatchViewSet(viewsets.ReadOnlyModelViewSet[Match]):
    """Parties a list may name, with what agrees; a person decides."""

    queryset = Match.objects.none()
    serializer_class = MatchSerializer
    filterset_fields = ["status", "basis", "party__number", "listed__source__code"]
    read_act, write_act = "compliance.view", "compliance.decide"

    def get_queryset(self) -> QuerySet[Match]:
        return review_desk()

    @extend_schema(request=DecisionSerializer, responses=MatchSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Say whether the party is the listed one or another, and why."""
        match, told = self.get_object(), DecisionSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        decide(match, told.validated_data["outcome"], told.validated_data["reason"], by=actor(request))
        return Response(MatchSerializer(match).data)
