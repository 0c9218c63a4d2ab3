from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from fleet.miners.models import Miner
from fleet.sites.api import Rows
from fleet.sites.models import Site
from fleet.telemetry import reads, verbs
from fleet.telemetry.models import ReadingBatch
from fleet.telemetry.ranges import REASONS
from kit.accounts.gates import actor
from kit.errors import Refusal

MOST_BYTES = 48 << 20  # 20,000 readings as MinerData have about 40 MB
MOST_MINERS = 1_000
PERIOD = timedelta(days=1)


class ReadingSerializer(serializers.Serializer[Any]):
    """A reading; a figure the miner did not tell is null."""

    miner = serializers.CharField()
    at = serializers.DateTimeField()
    ghs = serializers.IntegerField(allow_null=True)
    power_w = serializers.IntegerField(allow_null=True)
    temp_c = serializers.IntegerField(allow_null=True)
    is_reachable = serializers.BooleanField()
    is_hashing = serializers.BooleanField()


class BatchSerializer(serializers.ModelSerializer[ReadingBatch]):
    class Meta:
        model = ReadingBatch
        fields = [
            "id",
            "taken_at",
            "by",
            "form",
            "readings",
            "accepted",
            "known",
            "refused",
            "refused_by_reason",
            "unknown",
            "unknown_named",
        ]


class UptimeSerializer(serializers.Serializer[Any]):
    """Five-minute windows of a period: all of them, those with readings, reachable ones and hashing ones."""

    from_at = serializers.DateTimeField()
    to_at = serializers.DateTimeField()
    windows = serializers.IntegerField()
    observed = serializers.IntegerField()
    reachable = serializers.IntegerField()
    hashing = serializers.IntegerField()
    reachable_bps = serializers.IntegerField(allow_null=True)
    hashing_bps = serializers.IntegerField(allow_null=True)


class DrawnSerializer(serializers.Serializer[Any]):
    """What the machines of a site draw by their latest readings, and how that is known."""

    site_id = serializers.IntegerField()
    drawn_w = serializers.IntegerField(allow_null=True)
    basis = serializers.CharField()
    machines = serializers.IntegerField()
    reporting = serializers.IntegerField()
    assumed = serializers.IntegerField()
    silent = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True)


def _query(name: str, of: Any = str, text: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, of, description=text)


class ReadingViewSet(Rows):
    """Batches of readings and what became of each; the readings themselves are read back by miner."""

    queryset = ReadingBatch.objects.order_by()
    serializer_class = BatchSerializer
    filterset_fields = ["form", "by"]
    write_act = "readings.write"
    row_fields = {name: name for name in BatchSerializer.Meta.fields}

    @extend_schema(request=OpenApiTypes.OBJECT, responses=BatchSerializer)
    def create(self, request: Request) -> Response:
        """Take a batch: `[[serial or id, seconds, GH/s, W, °C, flags], ...]` or pyasic's `MinerData`.

        Flags are the sum of 1 (it answered) and 2 (it hashed). The same readings again change nothing.
        """
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not told.isdecimal() or int(told) > MOST_BYTES:
            return _too_large()
        kind = (request.content_type or "").partition(";")[0].strip()
        if int(told) and kind != "application/json":
            return _answer(gettext("Send the batch as application/json."), 415)
        try:
            body: bytes = request._request.body
        except RequestDataTooBig:
            return _too_large()
        batch = verbs.take_readings(body, by=actor(request))
        answer = dict(BatchSerializer(batch).data)
        answer["reasons"] = {reason: str(REASONS[reason]) for reason in batch.refused_by_reason}
        return Response(answer)

    @extend_schema(
        parameters=[
            _query("miner", text="its serial"),
            _query("from", datetime, "a day before now unless given"),
            _query("to", datetime),
        ],
        responses=ReadingSerializer(many=True),
    )
    @action(detail=False, filterset_fields=None, pagination_class=None)
    def history(self, request: Request) -> Response:
        """The readings of one miner, oldest first, at most 5,000: go on from the time of the last."""
        miner = _miner(request)
        end = _instant(request, "to") or timezone.now()
        start = _instant(request, "from") or end - PERIOD
        return Response([_reading(miner.serial, row) for row in reads.history(miner, start, end)])

    @extend_schema(
        parameters=[_query("miners", text="serials with commas between, at most 1,000")],
        responses=ReadingSerializer(many=True),
    )
    @action(detail=False, filterset_fields=None, pagination_class=None)
    def latest(self, request: Request) -> Response:
        """The newest reading of each of these miners that has one."""
        wanted = [
            serial.strip().upper()
            for serial in request.query_params.get("miners", "").split(",")
            if serial.strip()
        ]
        if not wanted or len(wanted) > MOST_MINERS:
            raise Refusal(gettext("Name 1 to {most} serials.").format(most=MOST_MINERS), where="miners")
        serials = dict(Miner.objects.filter(serial__in=wanted).values_list("pk", "serial"))
        return Response([_reading(serials[pk], row) for pk, row in reads.latest_of(serials).items()])

    @extend_schema(
        parameters=[_query("miner", text="its serial"), _query("site", text="its code"), _query("days", int)],
        responses=UptimeSerializer,
    )
    @action(detail=False, filterset_fields=None, pagination_class=None)
    def uptime(self, request: Request) -> Response:
        """How much of the last days a miner or every miner of a site was reachable, and hashed."""
        subject = _site(request) if "site" in request.query_params else _miner(request)
        days = request.query_params.get("days", "30")
        if not days.isdecimal() or len(days) > 4:
            raise Refusal(gettext("“{days}” is no number of days.").format(days=days[:40]), where="days")
        return Response(UptimeSerializer(reads.uptime(subject, int(days))).data)

    @extend_schema(parameters=[_query("site", text="its code")], responses=DrawnSerializer)
    @action(detail=False, filterset_fields=None, pagination_class=None)
    def drawn(self, request: Request) -> Response:
        """What a site draws by its machines' latest readings."""
        return Response(DrawnSerializer(reads.site_drawn(_site(request))).data)


def _reading(serial: str, row: Any) -> dict[str, Any]:
    return {
        "miner": serial,
        "at": row.at,
        "ghs": row.ghs,
        "power_w": row.power_w,
        "temp_c": row.temp_c,
        "is_reachable": row.is_reachable,
        "is_hashing": row.is_hashing,
    }


def _miner(request: Request) -> Miner:
    serial = request.query_params.get("miner", "").strip().upper().replace("\0", "")
    if miner := Miner.objects.filter(serial=serial).first():
        return miner
    raise Refusal(gettext("No miner has the serial “{serial}”.").format(serial=serial[:60]), where="miner")


def _site(request: Request) -> Site:
    code = request.query_params.get("site", "").strip().replace("\0", "")
    if site := Site.objects.filter(code=code).first():
        return site
    raise Refusal(gettext("No site has the code “{code}”.").format(code=code[:60]), where="site")


def _instant(request: Request, name: str) -> datetime | None:
    told = request.query_params.get(name, "").replace(" ", "+")  # a plus sign arrives as a space
    if not told:
        return None
    try:
        at = parse_datetime(told)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Refusal(gettext("Write the time as 2026-11-22T12:00:00Z."), where=name)
    return at


def _answer(sentence: str, code: int) -> Response:
    return Response({"detail": sentence, "where": ""}, status=code)


def _too_large() -> Response:
    sentence = gettext(
        "The body is larger than {most} MB, or does not say how large it is. Send less at a time."
    )
    return _answer(sentence.format(most=MOST_BYTES >> 20), status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
