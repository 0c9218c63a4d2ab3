from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.miners import serializers as shapes
from fleet.miners import verbs
from fleet.miners.bulk import SHOWN
from fleet.miners.filters import MinerFilter, PartFilter, StayFilter
from fleet.miners.models import Miner, Owner, Part, Stay
from fleet.sites.api import FIELDS, Rows
from kit.accounts.gates import actor
from kit.errors import RowProblem, RowsRefused

ORDERING = OpenApiParameter(
    "ordering", str, description="A field, with - in front for the other way; without a value comes last."
)
MOVES = {"move", "bulk_move", "receive", "set_status", "end"}


def _paths(names: list[str], **elsewhere: str) -> dict[str, str]:
    return {name: elsewhere.get(name, name) for name in names}


class MinerViewSet(Rows):
    """Machines by serial; where one stands, whose it is and how it does have acts of their own."""

    queryset = Miner.objects.order_by()
    serializer_class = shapes.MinerSerializer
    filterset_class = MinerFilter
    orderings = ("id", "serial", "status", "model", "site", "owner", "power_w", "ghs", "changed_at")
    ordering = "serial"  # the second field of the indexes over site and state
    ties = {
        "status": "serial",
        "model": "serial",
        "site": "serial",
        "owner": "serial",
        "power_w": "id",
        "ghs": "id",
        "changed_at": "id",
    }
    row_fields = _paths(
        shapes.MinerSerializer.Meta.fields,
        model_name="model__name",
        owner_number="owner__number",
        site_code="site__code",
        rack_name="rack__name",
        slot_position="slot__position",
    )

    @property
    def write_act(self) -> str:  # type: ignore[override]
        return "miners.move" if self.action in MOVES else "fleet.edit"

    @extend_schema(parameters=[FIELDS, ORDERING])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=shapes.MinerEntry, responses={201: shapes.MinerSerializer})
    def create(self, request: Request) -> Response:
        """Enter a miner under its serial."""
        given = _checked(shapes.MinerEntry(data=request.data))
        miner = verbs.register_miner(given.pop("serial"), given.pop("model"), by=actor(request), **given)
        return Response(self.row(miner.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.MinerCorrection, responses=shapes.MinerSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Correct what is known of a miner."""
        given = _checked(shapes.MinerCorrection(data=request.data))
        verbs.correct_miner(self.get_object(), by=actor(request), **given)
        return Response(self.row(pk))

    @extend_schema(request=shapes.Entries, responses={201: shapes.Entered})
    @action(detail=False, methods=["post"], url_path="bulk-create")
    def bulk_create(self, request: Request) -> Response:
        """Enter up to 1,000 miners; one bad row refuses all, and every bad row is named with its field."""
        given = _checked_rows(shapes.Entries(data=request.data))
        ids = verbs.register_miners(given.pop("rows"), by=actor(request), **given)
        return Response({"created": len(ids), "ids": ids}, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.Corrections, responses=shapes.HowMany)
    @action(detail=False, methods=["post"], url_path="bulk-update")
    def bulk_update(self, request: Request) -> Response:
        """Correct up to 1,000 miners, each by its serial or key, all or none."""
        given = _checked_rows(shapes.Corrections(data=request.data))
        return Response({"changed": verbs.correct_miners(given.pop("rows"), by=actor(request), **given)})

    @extend_schema(request=shapes.Moves, responses=shapes.HowMany)
    @action(detail=False, methods=["post"], url_path="bulk-move")
    def bulk_move(self, request: Request) -> Response:
        """Move up to 1,000 miners, each to its own site and slot, all or none."""
        given = _checked_rows(shapes.Moves(data=request.data))
        return Response({"changed": verbs.place_miners_at(given.pop("rows"), by=actor(request), **given)})

    @extend_schema(request=shapes.Move, responses=shapes.HowMany)
    @action(detail=False, methods=["post"])
    def move(self, request: Request) -> Response:
        """Move miners to a site; an open hold stops all of them."""
        given = _checked(shapes.Move(data=request.data))
        changed = verbs.move_miners(given.pop("miners"), given.pop("site"), by=actor(request), **given)
        return Response({"changed": changed})

    @extend_schema(request=shapes.Receipt, responses=shapes.HowMany)
    @action(detail=False, methods=["post"])
    def receive(self, request: Request) -> Response:
        """Take in at a site miners that were under way."""
        given = _checked(shapes.Receipt(data=request.data))
        changed = verbs.receive_miners(given.pop("miners"), given.pop("site"), by=actor(request), **given)
        return Response({"changed": changed})

    @extend_schema(request=shapes.StateSet, responses=shapes.HowMany)
    @action(detail=False, methods=["post"], url_path="set-status")
    def set_status(self, request: Request) -> Response:
        """Take miners to a state."""
        given = _checked(shapes.StateSet(data=request.data))
        changed = verbs.set_status(given.pop("miners"), given.pop("status"), by=actor(request), **given)
        return Response({"changed": changed})

    @extend_schema(request=shapes.Transfer, responses=shapes.HowMany)
    @action(detail=False, methods=["post"])
    def transfer(self, request: Request) -> Response:
        """Give miners to another owner."""
        given = _checked(shapes.Transfer(data=request.data))
        changed = verbs.transfer_ownership(
            given.pop("miners"), given.pop("owner"), by=actor(request), **given
        )
        return Response({"changed": changed})

    @extend_schema(request=shapes.Ending, responses=shapes.HowMany)
    @action(detail=False, methods=["post"])
    def end(self, request: Request) -> Response:
        """Mark miners sold or scrapped."""
        given = _checked(shapes.Ending(data=request.data))
        changed = verbs.end_stays(given.pop("miners"), given.pop("status"), by=actor(request), **given)
        return Response({"changed": changed})


class PartViewSet(Rows):
    """Parts by serial, in a miner or on the shelf."""

    queryset = Part.objects.order_by()
    serializer_class = shapes.PartSerializer
    filterset_class = PartFilter
    write_act = "miners.move"
    row_fields = _paths(
        shapes.PartSerializer.Meta.fields,
        model_name="model__name",
        maker_name="maker__name",
        miner_serial="miner__serial",
    )

    @extend_schema(request=shapes.PartFitting, responses={201: shapes.PartSerializer})
    def create(self, request: Request) -> Response:
        """Fit a part into a miner; its serial is entered if it is new."""
        given = _checked(shapes.PartFitting(data=request.data))
        part = verbs.fit_part(
            given.pop("miner"), given.pop("kind"), given.pop("serial"), by=actor(request), **given
        )
        return Response(self.row(part.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.PartRemoval, responses=shapes.PartSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str | None = None) -> Response:
        """Take the part out of its miner."""
        given = _checked(shapes.PartRemoval(data=request.data))
        verbs.remove_part(self.get_object(), by=actor(request), reason=given["reason"])
        return Response(self.row(pk))


class StayViewSet(Rows):
    """Where machines were and whose they were, from one instant to another."""

    queryset = Stay.objects.order_by()
    serializer_class = shapes.StaySerializer
    filterset_class = StayFilter
    row_fields = _paths(
        shapes.StaySerializer.Meta.fields,
        miner_serial="miner__serial",
        site_code="site__code",
        owner_number="owner__number",
        model_name="model__name",
    )


class OwnerFilter(filters.FilterSet):
    number = filters.CharFilter()
    name = filters.CharFilter(lookup_expr="icontains")


class OwnerViewSet(Rows):
    """Owners as labels on machines."""

    queryset = Owner.objects.order_by()
    serializer_class = shapes.OwnerSerializer
    filterset_class = OwnerFilter
    orderings = ("id", "number")
    row_fields = _paths(shapes.OwnerSerializer.Meta.fields)


def _checked(given: Any) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _checked_rows(given: Any) -> dict[str, Any]:
    """What was given, or every row's problem with its place in the list and its field."""
    if given.is_valid():
        return dict(given.validated_data)
    by_row = given.errors.get("rows")
    if not isinstance(by_row, dict) or set(given.errors) != {"rows"}:
        given.is_valid(raise_exception=True)
    problems = [
        RowProblem(int(index), field, " ".join(map(str, sentences)))
        for index, fields in by_row.items()
        for field, sentences in fields.items()
    ]
    first = problems[0]
    message = gettext("{count} problems; the first: row {index}, {field}: {detail} Nothing was changed.")
    raise RowsRefused(message.format(count=len(problems), **asdict(first)), problems[:SHOWN])
