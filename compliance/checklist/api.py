from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.checklist.models import ChecklistRun
from compliance.checklist.templates import TEMPLATES
from compliance.checklist.verbs import run_checklist
from fleet.sites.models import Site
from kit.accounts.gates import actor


class ChecklistRunSerializer(serializers.ModelSerializer[ChecklistRun]):
    site = serializers.CharField(source="site.code", read_only=True)
    made_by = serializers.CharField(source="made_by.username", read_only=True, default=None)

    class Meta:
        model = ChecklistRun
        fields = ["id", "template", "site", "as_of", "result", "made_by", "made_at"]


class AskedRunSerializer(serializers.Serializer[None]):
    template = serializers.ChoiceField(choices=[row.code for row in TEMPLATES])
    site = serializers.SlugRelatedField(slug_field="code", queryset=Site.objects.all())
    as_of = serializers.DateField()


class ChecklistRunViewSet(viewsets.ReadOnlyModelViewSet[ChecklistRun]):
    """Runs of checklists: every item with what was measured and what is missing."""

    queryset = ChecklistRun.objects.select_related("site", "made_by")
    serializer_class = ChecklistRunSerializer
    filterset_fields = ["template", "site__code", "as_of"]
    read_act, write_act = "compliance.view", "compliance.edit"

    @extend_schema(request=AskedRunSerializer, responses=ChecklistRunSerializer)
    def create(self, request: Request) -> Response:
        """Judge a checklist at a site as of a day."""
        asked = AskedRunSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        run = run_checklist(given["template"], given["site"], given["as_of"], by=actor(request))
        return Response(ChecklistRunSerializer(run).data, status=status.HTTP_201_CREATED)
