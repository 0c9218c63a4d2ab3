from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request

from hosting.liquidation.models import Gate, Liquidation, Share, Statement
from hosting.liquidation.reads import statements_of
from hosting.parties.models import Party
from kit.accounts.gates import actor
from kit.documents.views import as_download


class LiquidationSerializer(serializers.ModelSerializer[Liquidation]):
    class Meta:
        model = Liquidation
        fields = [
            "id",
            "number",
            "title",
            "site",
            "status",
            "as_of",
            "currency",
            "basis",
            "authority",
            "authority_ends_on",
            "buyer",
            "net_cents",
            "proof_root",
            "job",
            "opened_at",
            "is_synthetic",
        ]


class LiquidationViewSet(viewsets.ReadOnlyModelViewSet[Liquidation]):
    """Cases of liquidation; gates, shares and statements are filtered by case."""

    queryset = Liquidation.objects.all()
    serializer_class = LiquidationSerializer
    filterset_fields = ["number", "site", "status"]
    read_act = "money.view"


class GateSerializer(serializers.ModelSerializer[Gate]):
    class Meta:
        model = Gate
        fields = ["id", "case", "verb", "passed_on", "passed_at", "passed_by", "evidence", "detail"]


class GateViewSet(viewsets.ReadOnlyModelViewSet[Gate]):
    """Gates that were passed: by whom, when, on what evidence."""

    queryset = Gate.objects.all()
    serializer_class = GateSerializer
    filterset_fields = ["case", "verb"]
    read_act = "money.view"


class ShareSerializer(serializers.ModelSerializer[Share]):
    party_number = serializers.CharField(source="party.number", read_only=True)

    class Meta:
        model = Share
        fields = [
            "id",
            "case",
            "line",
            "party",
            "party_number",
            "machines",
            "weight",
            "amount_cents",
            "rounding_cents",
            "status",
            "entry",
        ]


class ShareViewSet(viewsets.ReadOnlyModelViewSet[Share]):
    """What each owner gets."""

    queryset = Share.objects.select_related("party")
    serializer_class = ShareSerializer
    filterset_fields = ["case", "party", "status"]
    read_act = "money.view"


class StatementSerializer(serializers.ModelSerializer[Statement]):
    number = serializers.CharField(source="document.number", read_only=True)
    sha256 = serializers.CharField(source="document.sha256", read_only=True)
    case = serializers.IntegerField(source="share.case_id", read_only=True)
    amount_cents = serializers.IntegerField(source="share.amount_cents", read_only=True)
    currency = serializers.CharField(source="share.case.currency", read_only=True)
    status = serializers.CharField(source="share.status", read_only=True)

    class Meta:
        model = Statement
        fields = [
            "id",
            "number",
            "case",
            "share",
            "amount_cents",
            "currency",
            "status",
            "issued_on",
            "sha256",
        ]


class StatementViewSet(viewsets.ReadOnlyModelViewSet[Statement]):
    """Statements that were issued, each with its PDF."""

    queryset = Statement.objects.select_related("share__case", "document").defer("document__content")
    serializer_class = StatementSerializer
    filterset_fields = ["share", "share__case", "share__party"]
    read_act = "money.view"

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The statement as it was issued."""
        return as_download(self.get_object().document)


class MyStatementViewSet(StatementViewSet):
    """A customer's own statements; others answer 404."""

    queryset = Statement.objects.none()
    filterset_fields: list[str] = []
    read_act = "portal.view"

    def get_queryset(self) -> QuerySet[Statement]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return statements_of(Party.objects.filter(members__user=actor(self.request)).values("pk"))
