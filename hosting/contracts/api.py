from django.db.models import QuerySet
from django.utils.translation import gettext
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.miners.models import Miner, MinerStatus
from fleet.sites.api import Rows
from fleet.sites.models import Site
from hosting.contracts.models import Contract, Enquiry, SiteParty
from hosting.contracts.power import CustomerPower, customers_at
from hosting.contracts.reads import miners_of_user
from kit.accounts.gates import actor
from kit.errors import Refusal


class ContractSerializer(serializers.ModelSerializer[Contract]):
    party_name = serializers.CharField(source="party.name", read_only=True)
    site_name = serializers.CharField(source="site.name", read_only=True)

    class Meta:
        model = Contract
        fields = [
            "id",
            "number",
            "kind",
            "party",
            "party_name",
            "site",
            "site_name",
            "contracted_w",
            "rate_microcents_kwh",
            "currency",
            "from_on",
            "to_on",
            "source",
            "confidence",
            "is_synthetic",
        ]


class ContractViewSet(viewsets.ReadOnlyModelViewSet[Contract]):
    """Power taken from hosts and given to customers."""

    queryset = Contract.objects.select_related("party", "site")
    serializer_class = ContractSerializer
    filterset_fields = ["kind", "party", "site", "is_synthetic"]
    read_act = "hosting.view"


class CustomerPowerSerializer(serializers.Serializer[CustomerPower]):
    """What one customer has contracted, installed and running at one site, in watts; null is unknown."""

    site_code = serializers.CharField()
    number = serializers.CharField()
    name = serializers.CharField()
    contracted_w = serializers.IntegerField(allow_null=True)
    installed_w = serializers.IntegerField()
    drawn_w = serializers.IntegerField(
        allow_null=True,
        help_text="what the machines told lately, or the plates of those that run and never told anything",
    )
    drawn_basis = serializers.CharField()
    drawn_at = serializers.DateTimeField(allow_null=True)
    headroom_w = serializers.IntegerField(allow_null=True)
    machines = serializers.IntegerField()


class CustomerPowerViewSet(viewsets.GenericViewSet):
    """Customers' power at a site, contracted against installed."""

    queryset = Contract.objects.none()
    serializer_class = CustomerPowerSerializer
    pagination_class = None
    read_act = "hosting.view"

    @extend_schema(parameters=[OpenApiParameter("site", str, required=True, description="Code of the site")])
    def list(self, request: Request) -> Response:
        """Every customer with a contract or a machine there."""
        code = request.query_params.get("site", "")
        site = Site.objects.filter(code=code).first()
        if site is None:
            raise Refusal(gettext("There is no site “%(code)s”.") % {"code": code[:40]}, where="site")
        return Response(self.get_serializer(customers_at(site), many=True).data)


class EnquirySerializer(serializers.ModelSerializer[Enquiry]):
    class Meta:
        model = Enquiry
        fields = "__all__"


class EnquiryViewSet(viewsets.ReadOnlyModelViewSet[Enquiry]):
    """Who asks to have machines hosted; what is null is unknown."""

    queryset = Enquiry.objects.all()
    serializer_class = EnquirySerializer
    filterset_fields = ["site", "status", "is_synthetic"]
    read_act = "hosting.view"


class SitePartySerializer(serializers.ModelSerializer[SiteParty]):
    party_name = serializers.CharField(source="party.name", read_only=True)
    site_name = serializers.CharField(source="site.name", read_only=True)

    class Meta:
        model = SiteParty
        fields = [
            "id",
            "site",
            "site_name",
            "party",
            "party_name",
            "role",
            "from_on",
            "to_on",
            "source",
            "confidence",
            "is_synthetic",
        ]


class SitePartyViewSet(viewsets.ReadOnlyModelViewSet[SiteParty]):
    """What part a party plays at a site, from when to when."""

    queryset = SiteParty.objects.select_related("site", "party")
    serializer_class = SitePartySerializer
    filterset_fields = ["site", "party", "role"]
    read_act = "hosting.view"


class MyMinerSerializer(serializers.ModelSerializer[Miner]):
    model_name = serializers.CharField(source="model.name", read_only=True)
    site_name = serializers.CharField(source="site.name", read_only=True, allow_null=True)

    class Meta:
        model = Miner
        fields = ["id", "serial", "model_name", "site_name", "status", "power_w", "ghs", "is_synthetic"]


class MyMinerFilter(filters.FilterSet):
    """Written out: a filter set of field names would be a new class for every request."""

    status = filters.ChoiceFilter(choices=MinerStatus.choices)


class MyMinerViewSet(Rows):
    """A customer's own machines and where they are; others answer 404."""

    queryset = Miner.objects.none()
    serializer_class = MyMinerSerializer
    filterset_class = MyMinerFilter
    orderings = ("id", "serial")
    ordering = "serial"
    read_act = "portal.view"
    write_act = ""  # nobody's
    row_fields = {name: name for name in MyMinerSerializer.Meta.fields} | {
        "model_name": "model__name",
        "site_name": "site__name",
    }

    def get_queryset(self) -> QuerySet[Miner]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return miners_of_user(actor(self.request).pk)


class MyContractViewSet(viewsets.ReadOnlyModelViewSet[Contract]):
    """A customer's own contracts; others answer 404."""

    queryset = Contract.objects.none()
    serializer_class = ContractSerializer
    filterset_fields = ["site"]
    read_act = "portal.view"

    def get_queryset(self) -> QuerySet[Contract]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        mine = Contract.objects.filter(party__members__user=actor(self.request), kind="hosting")
        return mine.select_related("party", "site")
