from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kit.accounts.gates import actor
from kit.jobs import verbs
from kit.jobs.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "title",
            "status",
            "done",
            "total",
            "message",
            "outcome",
            "attempts",
            "created_at",
            "started_at",
            "finished_at",
        ]


class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Job]):
    """Long work with its progress and outcome; a job that has not ended can be stopped."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_fields = ["status", "kind"]
    read_act = "jobs.view"
    write_act = "jobs.view"  # to stop one: its verb asks whose it is

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Ask the job to stop at its next sign of progress."""
        job = self.get_object()
        verbs.cancel(job, by=actor(request))
        job.refresh_from_db()
        return Response(self.get_serializer(job).data)
