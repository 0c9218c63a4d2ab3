from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django_filters import rest_framework as filters
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
from fleet.telemetry.models import Curtailment, CurtailmentReason, ReadingBatch
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
    """Five-minute windows of a period: all, with readings, reachable, hashing; those curtailed once more."""

    from_at = serializers.DateTimeField()
    to_at = serializers.DateTimeField()
    windows = serializers.IntegerField()
    observed = serializers.IntegerField()
    reachable = serializers.IntegerField()
    hashing = serializers.IntegerField()
    reachable_bps = serializers.IntegerField(allow_null=True)
    hashing_bps = serializers.IntegerField(allow_null=True)
    curtailed = serializers.IntegerField()
    curtailed_reachable = serializers.IntegerField()
    curtailed_hashing = serializers.IntegerField()
    reachable_uncurtailed_bps = serializers.IntegerField(allow_null=True)
    hashing_uncurtailed_bps = serializers.IntegerField(allow_null=True)


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
        # Field by field: the serializer makes itself anew for every batch, which takes longer than a row.
        answer = {name: getattr(batch, name) for name in BatchSerializer.Meta.fields} | {"by": batch.by_id}
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
        site = _site(request)
        found = reads.site_drawn(site)
        names = ("drawn_w", "basis", "machines", "reporting", "assumed", "silent", "at")
        return Response({"site_id": site.pk} | {name: getattr(found, name) for name in names})


class CurtailmentSerializer(serializers.ModelSerializer[Curtailment]):
    site_code = serializers.CharField(source="site.code")
    feed_name = serializers.CharField(source="feed.name", allow_null=True)

    class Meta:
        model = Curtailment
        fields = ["id", "site_code", "feed_name", "from_at", "to_at", "reason", "source", "is_synthetic"]


class CurtailmentEntry(serializers.Serializer[Any]):
    """A curtailment of a site by its code, or of one of its feeds by name; without an end it goes on."""

    site = serializers.SlugRelatedField(slug_field="code", queryset=Site.objects.all())
    feed = serializers.CharField(max_length=80, required=False, allow_blank=True)
    from_at = serializers.DateTimeField()
    to_at = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.ChoiceField(choices=CurtailmentReason.choices)
    source = serializers.CharField(max_length=300)  # type: ignore[assignment]  # Field has a “source” too

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if name := attrs.pop("feed", ""):
            attrs["feed"] = attrs["site"].feeds.filter(name=name).first()
            if attrs["feed"] is None:
                raise serializers.ValidationError({"feed": gettext("This site has no feed of this name.")})
        return attrs


class CurtailmentEnd(serializers.Serializer[Any]):
    at = serializers.DateTimeField(required=False)


class CurtailmentFilter(filters.FilterSet):
    site = filters.CharFilter(field_name="site__code")
    reason = filters.MultipleChoiceFilter(choices=CurtailmentReason.choices)
    is_open = filters.BooleanFilter(field_name="to_at", lookup_expr="isnull")


class CurtailmentViewSet(Rows):
    """When sites and feeds were told to draw less, why, and who said so."""

    queryset = Curtailment.objects.order_by()
    serializer_class = CurtailmentSerializer
    filterset_class = CurtailmentFilter
    row_fields = {name: name for name in CurtailmentSerializer.Meta.fields} | {
        "site_code": "site__code",
        "feed_name": "feed__name",
    }

    @extend_schema(request=CurtailmentEntry, responses={201: CurtailmentSerializer})
    def create(self, request: Request) -> Response:
        """Write down a curtailment."""
        given = CurtailmentEntry(data=request.data)
        given.is_valid(raise_exception=True)
        entered = verbs.enter_curtailment(by=actor(request), **given.validated_data)
        return Response(self.row(entered.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=CurtailmentEnd, responses=CurtailmentSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """Say when it ended; now, unless given."""
        given = CurtailmentEnd(data=request.data)
        given.is_valid(raise_exception=True)
        verbs.end_curtailment(self.get_object(), by=actor(request), **given.validated_data)
        return Response(self.row(pk))


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
