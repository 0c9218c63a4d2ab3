"""The shapes in which tickets, shipments and detentions are told and asked for."""

from typing import Any

from rest_framework import serializers

from fleet.catalog.models import PartKind
from fleet.miners.models import Miner, Part
from fleet.miners.serializers import BULK_AT_MOST
from fleet.sites.models import Site
from fleet.workshop.faults import CHOICES, Severity
from fleet.workshop.models import Spare, Ticket, WorkedBy
from fleet.workshop.shipping import (
    Detention,
    DetentionOutcome,
    NoticeKind,
    PaperKind,
    Shipment,
    ShipmentKind,
)

Shape = serializers.Serializer[Any]


def _text(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


def _site(**how: Any) -> serializers.SlugRelatedField[Site]:
    return serializers.SlugRelatedField(slug_field="code", queryset=Site.objects.all(), **how)


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    miner_serial = serializers.CharField(source="miner.serial", allow_null=True)
    part_kind = serializers.CharField(source="part.kind", allow_null=True)
    part_serial = serializers.CharField(source="part.serial", allow_null=True)
    site_code = serializers.CharField(source="site.code", allow_null=True)
    feed_name = serializers.CharField(source="feed.name", allow_null=True)
    rma_number = serializers.CharField(source="rma.number", allow_null=True)

    class Meta:
        model = Ticket
        fields = [
            "id",
            "status",
            "fault",
            "severity",
            "miner_serial",
            "part_kind",
            "part_serial",
            "site_code",
            "feed_name",
            "text",
            "outcome",
            "rule",
            "rma_number",
            "work_by",
            "worker",
            "worker_number",
            "opened_at",
            "taken_at",
            "sent_out_at",
            "repaired_at",
            "closed_at",
            "is_synthetic",
        ]


class TicketEntry(Shape):
    """A ticket to be opened: on a miner by its serial, or on a part by its kind and serial."""

    miner = serializers.SlugRelatedField(slug_field="serial", queryset=Miner.objects.all(), required=False)
    part_kind = serializers.ChoiceField(choices=PartKind.choices, required=False)
    part_serial = _text(60)
    fault = serializers.ChoiceField(choices=CHOICES)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    text = _text(500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        miner = attrs.pop("miner", None)
        kind, serial = attrs.pop("part_kind", ""), attrs.pop("part_serial", "").strip().upper()
        if (miner is None) == (not serial):
            raise serializers.ValidationError("Name a miner, or the kind and serial of a part.")
        attrs["subject"] = miner or Part.objects.filter(kind=kind, serial=serial).first()
        if attrs["subject"] is None:
            raise serializers.ValidationError({"part_serial": "No part has this kind and serial."})
        return attrs


class Said(Shape):
    text = _text(500)


class Noted(Shape):
    text = serializers.CharField(max_length=2000)


class Worked(Shape):
    work_by = serializers.ChoiceField(choices=WorkedBy.choices, required=False, allow_blank=True)
    worker = _text(120)
    worker_number = _text(40)


class Repair(Worked):
    outcome = _text(500)


class Closing(Shape):
    outcome = _text(500)


class SwapEntry(Worked):
    """A part out, a part in, or both, by their serials."""

    kind = serializers.ChoiceField(choices=PartKind.choices)
    old = _text(60)
    new = _text(60)
    family = _text(40)
    is_old_faulty = serializers.BooleanField(required=False, default=True)


class RmaEntry(Shape):
    vendor = serializers.CharField(max_length=200)
    reference = _text(80)
    carrier = _text(120)


class Return(Shape):
    is_repaired = serializers.BooleanField()
    site = _site(required=False)
    text = _text(500)


class StoryShape(Shape):
    """One line of a ticket's story."""

    at = serializers.DateTimeField()
    by = serializers.CharField()
    status = serializers.CharField()
    text = serializers.CharField()


class SpareSerializer(serializers.ModelSerializer[Spare]):
    model_name = serializers.CharField(source="model.name", allow_null=True)
    shelf_code = serializers.CharField(source="shelf.code", allow_null=True)
    is_under_ticket = serializers.BooleanField()

    class Meta:
        model = Spare
        fields = ["id", "kind", "serial", "model_name", "family", "shelf_code", "is_under_ticket"]


class SpareEntry(Shape):
    """A part to be put on the shelf of a site."""

    kind = serializers.ChoiceField(choices=PartKind.choices)
    serial = serializers.CharField(max_length=60)
    site = _site()
    family = _text(40)


class StockShape(Shape):
    """Spares of one kind and model at one site."""

    kind = serializers.CharField()
    model = serializers.CharField()
    site = serializers.CharField()
    on_shelf = serializers.IntegerField()
    under_ticket = serializers.IntegerField()
    free = serializers.IntegerField()


class ShipmentSerializer(serializers.ModelSerializer[Shipment]):
    from_code = serializers.CharField(source="from_site.code", allow_null=True)
    to_code = serializers.CharField(source="to_site.code", allow_null=True)
    job = serializers.IntegerField(source="job_id", allow_null=True)
    job_status = serializers.CharField(source="job.status", allow_null=True)

    class Meta:
        model = Shipment
        fields = [
            "id",
            "number",
            "kind",
            "status",
            "from_code",
            "from_party",
            "to_code",
            "to_party",
            "carrier",
            "reference",
            "planned_at",
            "sent_at",
            "received_at",
            "job",
            "job_status",
            "is_synthetic",
        ]


class ShipmentEntry(Shape):
    """A shipment to be planned; miners and parts by their keys."""

    number = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=ShipmentKind.choices)
    from_site = _site(required=False)
    from_party = _text(200)
    to_site = _site(required=False)
    to_party = _text(200)
    carrier = _text(120)
    reference = _text(80)
    miners = serializers.ListField(
        child=serializers.IntegerField(), max_length=BULK_AT_MOST, required=False, default=list
    )
    parts = serializers.ListField(
        child=serializers.IntegerField(), max_length=BULK_AT_MOST, required=False, default=list
    )


class When(Shape):
    at = serializers.DateTimeField(required=False)


class Arrival(When):
    site = _site(required=False)
    missing = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=BULK_AT_MOST, required=False, default=list
    )
    accept_overcommitment = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=120, required=False, default="")


class Giving(Shape):
    reason = _text(200)


class PaperEntry(Shape):
    kind = serializers.ChoiceField(choices=PaperKind.choices)
    file = serializers.FileField()


class ItemShape(Shape):
    """An item of a shipment."""

    miner = serializers.CharField(allow_null=True)
    part_kind = serializers.CharField(allow_null=True)
    part = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    detention = serializers.IntegerField(allow_null=True)


class PaperShape(Shape):
    """A paper of a shipment with its SHA-256."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    added_at = serializers.DateTimeField()
    document_id = serializers.IntegerField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()


class DetentionSerializer(serializers.ModelSerializer[Detention]):
    shipment_number = serializers.CharField(source="shipment.number")
    units = serializers.IntegerField()

    class Meta:
        model = Detention
        fields = [
            "id",
            "shipment_number",
            "port",
            "entry_no",
            "presented_on",
            "notice",
            "detained_on",
            "notice_on",
            "agency",
            "fees",
            "counsel",
            "outcome",
            "ended_on",
            "note",
            "units",
            "decide_by",
            "notice_by",
            "deemed_excluded_on",
            "is_synthetic",
        ]


class DetentionCorrection(Shape):
    """What is known of a detention."""

    port = serializers.CharField(max_length=120, required=False)
    presented_on = serializers.DateField(required=False)
    notice = serializers.ChoiceField(choices=NoticeKind.choices, required=False)
    entry_no = _text(40)
    detained_on = serializers.DateField(required=False, allow_null=True)
    notice_on = serializers.DateField(required=False, allow_null=True)
    agency = _text(120)
    fees = _text(200)
    counsel = _text(200)
    note = _text(2000)


class DetentionEntry(DetentionCorrection):
    """A detention to be written down; without serials everything still on its way is held."""

    shipment = serializers.SlugRelatedField(slug_field="number", queryset=Shipment.objects.all())
    port = serializers.CharField(max_length=120)
    presented_on = serializers.DateField()
    serials = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=BULK_AT_MOST, required=False, default=list
    )


class DetentionEnd(Shape):
    outcome = serializers.ChoiceField(
        choices=[choice for choice in DetentionOutcome.choices if choice[0] != DetentionOutcome.PENDING]
    )
    on = serializers.DateField()
    note = _text(2000)
