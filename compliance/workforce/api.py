from django.db.models import Prefetch
from rest_framework import serializers, viewsets

from compliance.workforce.models import Clock, Worker


class ClockSerializer(serializers.ModelSerializer[Clock]):
    class Meta:
        model = Clock
        fields = ["kind", "ends_on", "is_duration_of_status", "is_attested"]


class WorkerSerializer(serializers.ModelSerializer[Worker]):
    site = serializers.CharField(source="site.code", read_only=True)
    clocks = ClockSerializer(many=True, read_only=True)

    class Meta:
        model = Worker
        fields = [
            "id",
            "number",
            "site",
            "contractor_id",
            "function",
            "hired_on",
            "ended_on",
            "section1_on",
            "section2_on",
            "clocks",
            "is_synthetic",
        ]


class WorkerViewSet(viewsets.ReadOnlyModelViewSet[Worker]):
    """Workers by number with the dates on record; neither names nor numbers of documents."""

    queryset = (
        Worker.objects.defer("name")
        .select_related("site")
        .prefetch_related(
            Prefetch("clocks", Clock.objects.filter(superseded_on__isnull=True).defer("document_number"))
        )
    )
    serializer_class = WorkerSerializer
    filterset_fields = ["number", "site__code", "contractor_id"]
    read_act = "workforce.view"
