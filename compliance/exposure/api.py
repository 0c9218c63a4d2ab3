from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.exposure.reads import measure
from compliance.exposure.show import exposure_json
from compliance.exposure.values import DIMENSIONS
from kit.asof import parse_day


class ExposureViewSet(viewsets.ViewSet):
    """What our machines touch on a day: machines, watts, GH/s, value and owners, with every reason."""

    read_act = "compliance.view"

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="The day; today if not given."),
            OpenApiParameter("known_on", OpenApiTypes.DATE, description="Judge by the lists of another day."),
            OpenApiParameter("by", str, enum=DIMENSIONS),
            OpenApiParameter("site", str, many=True, description="Only these sites, by code."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def list(self, request: Request) -> Response:
        asked = request.query_params
        day = parse_day(asked["as_of"]) if asked.get("as_of") else timezone.now().date()
        known_on = parse_day(asked["known_on"]) if asked.get("known_on") else None
        exposure = measure(day, asked.getlist("site") or None, known_on=known_on)
        return Response(exposure_json(exposure, asked.get("by", "")))
