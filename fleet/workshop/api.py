from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.catalog.models import PartKind
from fleet.miners.verbs import stock_part
from fleet.sites.api import Rows
from fleet.workshop import reads, verbs
from fleet.workshop import serializers as shapes
from fleet.workshop.faults import CHOICES, Severity
from fleet.workshop.models import Ticket, TicketStatus
from fleet.workshop.shipping import DetentionOutcome, Shipment, ShipmentKind, ShipmentStatus
from fleet.workshop.views import paper_response
from kit.accounts.gates import actor
from kit.jobs.models import Job


def _checked(given: Any) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _paths(names: list[str], **elsewhere: str) -> dict[str, str]:
    return {name: elsewhere.get(name, name) for name in names}


class Acts(Rows):
    """Rows with acts: each takes one row, asks what its shape asks, calls its verb and shows the row."""

    def act(self, request: Request, shape: type[shapes.Shape], verb: Callable[..., Any]) -> Response:
        """Call a verb on the row that was asked for."""
        given = _checked(shape(data=request.data))
        row = self.get_object()
        made = verb(row, by=actor(request), **given)
        # What a job does is not done yet: the row names the job.
        soon = isinstance(made, Job)
        return Response(self.row(row.pk), status=status.HTTP_202_ACCEPTED if soon else status.HTTP_200_OK)


def acting(shape: type[shapes.Shape], answer: type[Any], verb: Callable[..., Any], says: str) -> Any:
    """An act of a viewset, by its verb; its address is the verb's name."""
    name = verb.__name__

    @extend_schema(
        request=shape, responses={202 if name.endswith("_soon") else 200: answer}, description=says
    )
    def asked(self: Acts, request: Request, pk: str | None = None) -> Response:
        return self.act(request, shape, verb)

    asked.__name__ = name
    path = (
        name.removesuffix("_soon")
        .removesuffix("_ticket")
        .removesuffix("_shipment")
        .removesuffix("_detention")
    )
    return action(detail=True, methods=["post"], url_path=path.replace("_", "-"))(asked)


class TicketFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=TicketStatus.choices)
    fault = filters.MultipleChoiceFilter(choices=CHOICES)
    severity = filters.MultipleChoiceFilter(choices=Severity.choices)
    miner = filters.CharFilter(field_name="miner__serial")
    part = filters.CharFilter(field_name="part__serial")
    site = filters.CharFilter(field_name="site__code")
    owner = filters.CharFilter(field_name="miner__owner__number")
    rule = filters.CharFilter()
    worker_number = filters.CharFilter()
    opened_after = filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gt")
    is_synthetic = filters.BooleanFilter()


class TicketViewSet(Acts):
    """Tickets on miners and parts, opened by a person or by a rule."""

    queryset = Ticket.objects.order_by()
    serializer_class = shapes.TicketSerializer
    filterset_class = TicketFilter
    write_act = "miners.move"
    row_fields = _paths(
        shapes.TicketSerializer.Meta.fields,
        miner_serial="miner__serial",
        part_kind="part__kind",
        part_serial="part__serial",
        site_code="site__code",
        feed_name="feed__name",
        rma_number="rma__number",
    )

    @extend_schema(request=shapes.TicketEntry, responses={201: shapes.TicketSerializer})
    def create(self, request: Request) -> Response:
        """Open a ticket; the same fault again answers with the one that stands."""
        given = _checked(shapes.TicketEntry(data=request.data))
        ticket = verbs.open_ticket(given.pop("subject"), given.pop("fault"), by=actor(request), **given)
        return Response(self.row(ticket.pk), status=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.StoryShape(many=True))
    @action(detail=True)
    def story(self, request: Request, pk: str | None = None) -> Response:
        """What happened under the ticket, oldest first."""
        return Response([asdict(line) for line in reads.story_of(self.get_object())])

    _told = shapes.TicketSerializer
    take_ticket = acting(shapes.Said, _told, verbs.take_ticket, "Begin to work on it.")
    note = acting(shapes.Noted, _told, verbs.note, "Add a line to its story.")
    wait_for_parts = acting(shapes.Said, _told, verbs.wait_for_parts, "Lay it aside until parts are here.")
    resume = acting(shapes.Said, _told, verbs.resume, "Go on with it.")
    swap_part = acting(shapes.SwapEntry, _told, verbs.swap_part, "Swap a part of its miner by serial.")
    mark_repaired = acting(shapes.Repair, _told, verbs.mark_repaired, "Say that it is repaired, and by whom.")
    reopen = acting(shapes.Said, _told, verbs.reopen, "Work on it again.")
    send_rma = acting(shapes.RmaEntry, _told, verbs.send_rma, "Send its part or miner out.")
    receive_back = acting(shapes.Return, _told, verbs.receive_back, "Take back what was sent out.")
    close_ticket = acting(shapes.Closing, _told, verbs.close_ticket, "Close it.")


class SpareFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=PartKind.choices)
    serial = filters.CharFilter()
    site = filters.CharFilter(field_name="shelf__code")
    model = filters.CharFilter(field_name="model__name")
    is_under_ticket = filters.BooleanFilter()


class SpareViewSet(Rows):
    """Parts in no miner, with where they lie; one under a ticket is not free."""

    queryset = reads.spares().order_by()
    serializer_class = shapes.SpareSerializer
    filterset_class = SpareFilter
    write_act = "miners.move"
    row_fields = _paths(
        shapes.SpareSerializer.Meta.fields, model_name="model__name", shelf_code="shelf__code"
    )

    @extend_schema(request=shapes.SpareEntry, responses={201: shapes.SpareSerializer})
    def create(self, request: Request) -> Response:
        """Put a part on the shelf of a site."""
        given = _checked(shapes.SpareEntry(data=request.data))
        part = stock_part(
            given.pop("kind"), given.pop("serial"), given.pop("site"), by=actor(request), **given
        )
        return Response(self.row(part.pk), status=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.StockShape(many=True))
    @action(detail=False, pagination_class=None)
    def stock(self, request: Request) -> Response:
        """Spares counted by kind, model and site."""
        stock = reads.spare_stock(request.query_params.get("site", ""))
        return Response([asdict(row) | {"free": row.free} for row in stock])


class ShipmentFilter(filters.FilterSet):
    number = filters.CharFilter()
    kind = filters.MultipleChoiceFilter(choices=ShipmentKind.choices)
    status = filters.MultipleChoiceFilter(choices=ShipmentStatus.choices)
    from_site = filters.CharFilter(field_name="from_site__code")
    to_site = filters.CharFilter(field_name="to_site__code")
    carrier = filters.CharFilter()
    miner = filters.CharFilter(field_name="items__miner__serial")
    is_synthetic = filters.BooleanFilter()


WORKED = {
    "send_soon",
    "receive_soon",
    "hold_at_customs_soon",
    "release_from_customs_soon",
    "papers",
    "paper_file",
}


class ShipmentViewSet(Acts):
    """Machines and parts on their way; whoever works with machines sends and receives what was planned."""

    queryset = Shipment.objects.order_by()
    serializer_class = shapes.ShipmentSerializer
    filterset_class = ShipmentFilter
    orderings = ("id", "number")
    row_fields = _paths(
        shapes.ShipmentSerializer.Meta.fields,
        from_code="from_site__code",
        to_code="to_site__code",
        job="job_id",
        job_status="job__status",
    )

    @property
    def write_act(self) -> str:  # type: ignore[override]
        return "miners.move" if self.action in WORKED else "fleet.edit"

    @extend_schema(request=shapes.ShipmentEntry, responses={201: shapes.ShipmentSerializer})
    def create(self, request: Request) -> Response:
        """Plan a shipment; nothing moves yet."""
        given = _checked(shapes.ShipmentEntry(data=request.data))
        shipment = verbs.plan_shipment(given.pop("number"), given.pop("kind"), by=actor(request), **given)
        return Response(self.row(shipment.pk), status=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.ItemShape(many=True))
    @action(detail=True)
    def items(self, request: Request, pk: str | None = None) -> Response:
        """What is in it and where that ended up."""
        return Response(reads.items_of(self.get_object().pk))

    @extend_schema(
        methods=["GET"], responses=shapes.PaperShape(many=True), description="Its papers with their SHA-256."
    )
    @extend_schema(methods=["POST"], request=shapes.PaperEntry, responses=shapes.PaperShape(many=True))
    @action(detail=True, methods=["get", "post"])
    def papers(self, request: Request, pk: str | None = None) -> Response:
        """Its papers; a file that is posted is one more."""
        shipment = self.get_object()
        if request.method == "POST":
            given = _checked(shapes.PaperEntry(data=request.data))
            file = given["file"]
            verbs.attach_paper(
                shipment,
                given["kind"],
                file.name,
                file.read(verbs.LARGEST_PAPER + 1),
                media_type=file.content_type or "",
                by=actor(request),
            )
        return Response([asdict(paper) for paper in reads.papers_of(shipment.pk)])

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"papers/(?P<paper>[0-9]+)/file")
    def paper_file(self, request: Request, paper: str, pk: str | None = None) -> HttpResponse:
        """The bytes of a paper."""
        return paper_response(self.get_object().pk, int(paper))

    _told = shapes.ShipmentSerializer
    send_soon = acting(shapes.When, _told, verbs.send_soon, "Have it sent by a job; a hold says why not.")
    hold_at_customs_soon = acting(
        shapes.When, _told, verbs.hold_at_customs_soon, "It is held at customs; a job writes it."
    )
    release_from_customs_soon = acting(
        shapes.When, _told, verbs.release_from_customs_soon, "Customs let it go on; a job writes it."
    )
    receive_soon = acting(shapes.Arrival, _told, verbs.receive_soon, "Have what arrived received by a job.")
    cancel_shipment = acting(shapes.Giving, _told, verbs.cancel_shipment, "Give up a planned shipment.")


class DetentionFilter(filters.FilterSet):
    shipment = filters.CharFilter(field_name="shipment__number")
    port = filters.CharFilter()
    agency = filters.CharFilter()
    outcome = filters.MultipleChoiceFilter(choices=DetentionOutcome.choices)
    excluded_before = filters.DateFilter(field_name="deemed_excluded_on", lookup_expr="lt")
    presented_after = filters.DateFilter(field_name="presented_on", lookup_expr="gt")
    miner = filters.CharFilter(field_name="items__miner__serial")
    is_synthetic = filters.BooleanFilter()


class DetentionViewSet(Acts):
    """Goods held at a border, with the days the regulation counts."""

    queryset = reads.detentions().order_by()
    serializer_class = shapes.DetentionSerializer
    filterset_class = DetentionFilter
    write_act = "fleet.edit"
    row_fields = _paths(shapes.DetentionSerializer.Meta.fields, shipment_number="shipment__number")

    @extend_schema(request=shapes.DetentionEntry, responses={201: shapes.DetentionSerializer})
    def create(self, request: Request) -> Response:
        """Write down that a shipment, or some of it, is held at a border."""
        given = _checked(shapes.DetentionEntry(data=request.data))
        detention = verbs.open_detention(given.pop("shipment"), by=actor(request), **given)
        return Response(self.row(detention.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.DetentionCorrection, responses=shapes.DetentionSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Add or correct what is known of it; the days it counts follow."""
        given = _checked(shapes.DetentionCorrection(data=request.data))
        verbs.correct_detention(self.get_object(), by=actor(request), **given)
        return Response(self.row(pk))

    end_detention = acting(
        shapes.DetentionEnd, shapes.DetentionSerializer, verbs.end_detention, "Write down how it ended."
    )
