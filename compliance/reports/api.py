"""Reports and their schedules for programs."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.reports import verbs
from compliance.reports.models import Report, ReportKind, ReportSchedule
from compliance.reports.views import as_csv, as_json
from kit.accounts.gates import actor
from kit.documents.views import as_download
from kit.jobs.api import JobSerializer


class ReportSerializer(serializers.ModelSerializer[Report]):
    number = serializers.CharField(source="document.number", read_only=True)
    file_sha256 = serializers.CharField(source="document.sha256", read_only=True)
    is_synthetic = serializers.BooleanField(source="document.is_synthetic", read_only=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "number",
            "kind",
            "title",
            "as_of",
            "schedule",
            "due_at",
            "document",
            "value_sha256",
            "file_sha256",
            "is_synthetic",
            "made_at",
            "delivered_at",
        ]
        read_only_fields = fields


class MakeSerializer(serializers.Serializer):
    """What is asked of a report: day, sites, and the day compared with."""

    kind = serializers.ChoiceField(choices=ReportKind.choices, default=ReportKind.COMPLIANCE)
    as_of = serializers.DateField()
    sites = serializers.ListField(child=serializers.CharField(), default=list)
    compared_on = serializers.DateField(required=False, allow_null=True, default=None)


class ReportViewSet(viewsets.ReadOnlyModelViewSet[Report]):
    """Reports made, with their files; a POST asks for a new one and answers with its job."""

    queryset = Report.objects.select_related("document").defer("value", "document__content")
    serializer_class = ReportSerializer
    filterset_fields = ["kind", "as_of", "schedule"]
    read_act = "reports.view"
    write_act = "reports.edit"

    @extend_schema(request=MakeSerializer, responses={202: JobSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a report; the job tells when it is in the library."""
        asked = MakeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        job = verbs.make_report(
            asked.validated_data["kind"],
            asked.validated_data["as_of"],
            tuple(asked.validated_data["sites"]),
            by=actor(request),
            compared_on=asked.validated_data["compared_on"],
        )
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def pdf(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The stored PDF."""
        return as_download(self.get_object().document)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True)
    def csv(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The tables as a zip of CSV files, from the stored value."""
        return as_csv(self.get_object())

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT})
    @action(detail=True)
    def value(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The stored value in canonical JSON; its SHA-256 is `value_sha256`."""
        return as_json(self.get_object())


class ScheduleSerializer(serializers.ModelSerializer[ReportSchedule]):
    class Meta:
        model = ReportSchedule
        fields = [
            "id",
            "kind",
            "title",
            "frequency",
            "at_time",
            "time_zone",
            "site_codes",
            "recipients",
            "language",
            "is_enabled",
            "next_due_at",
        ]
        read_only_fields = ["next_due_at"]


class ReportScheduleViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[ReportSchedule],
):
    """When reports are made by themselves; a schedule is switched off, never deleted."""

    queryset = ReportSchedule.objects.all()
    serializer_class = ScheduleSerializer
    filterset_fields = ["kind", "frequency", "is_enabled"]
    read_act = "reports.view"
    write_act = "reports.edit"

    def perform_create(self, serializer: serializers.BaseSerializer[ReportSchedule]) -> None:
        serializer.instance = verbs.save_schedule(
            ReportSchedule(**serializer.validated_data), by=actor(self.request)
        )

    def perform_update(self, serializer: serializers.BaseSerializer[ReportSchedule]) -> None:
        schedule = self.get_object()
        for name, value in serializer.validated_data.items():
            setattr(schedule, name, value)
        serializer.instance = verbs.save_schedule(schedule, by=actor(self.request))


ROUTES = [("reports", ReportViewSet), ("report-schedules", ReportScheduleViewSet)]
