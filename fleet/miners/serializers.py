"""The shapes in which miners, parts and stays are told and asked for."""

from typing import Any

from rest_framework import serializers

from fleet.catalog.models import MinerModel, PartKind
from fleet.miners.models import Miner, MinerStatus, Owner, Part, Stay
from fleet.sites.models import Site, Slot

BULK_AT_MOST = 10_000  # a larger move is an import


class MinerSerializer(serializers.ModelSerializer[Miner]):
    model_name = serializers.CharField(source="model.name")
    site_code = serializers.CharField(source="site.code", allow_null=True)
    owner_number = serializers.CharField(source="owner.number", allow_null=True)
    rack_name = serializers.CharField(source="rack.name", allow_null=True)
    slot_position = serializers.IntegerField(source="slot.position", allow_null=True)

    class Meta:
        model = Miner
        fields = [
            "id",
            "serial",
            "model_name",
            "owner_number",
            "site_code",
            "rack_name",
            "slot_position",
            "status",
            "board_family",
            "power_w",
            "ghs",
            "mac",
            "firmware",
            "is_exportable",
            "is_synthetic",
            "created_at",
            "changed_at",
        ]


class MinerFields(serializers.Serializer[Any]):
    """What may be told of a new miner; power and hashrate are the catalogue's unless given."""

    serial = serializers.CharField(max_length=40)
    status = serializers.ChoiceField(choices=MinerStatus.choices, required=False)
    power_w = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    ghs = serializers.IntegerField(min_value=0, max_value=10_000_000, required=False)
    board_family = serializers.CharField(max_length=40, required=False)
    mac = serializers.CharField(max_length=17, required=False)
    firmware = serializers.CharField(max_length=80, required=False)
    is_exportable = serializers.BooleanField(required=False, allow_null=True)


class MinerEntry(MinerFields):
    """A miner to be entered."""

    model = serializers.SlugRelatedField(slug_field="name", queryset=MinerModel.objects.all())
    owner = serializers.SlugRelatedField(slug_field="number", queryset=Owner.objects.all(), required=False)
    site = serializers.SlugRelatedField(slug_field="code", queryset=Site.objects.all(), required=False)
    slot = serializers.PrimaryKeyRelatedField(queryset=Slot.objects.select_related("rack"), required=False)
    at = serializers.DateTimeField(required=False)
    accept_overcommitment = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=120, required=False, default="")


class MinerCorrection(serializers.Serializer[Any]):
    """What may be corrected of a miner; place, state and owner have acts of their own."""

    power_w = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    ghs = serializers.IntegerField(min_value=0, max_value=10_000_000, required=False)
    board_family = serializers.CharField(max_length=40, required=False)
    mac = serializers.CharField(max_length=17, required=False, allow_blank=True)
    firmware = serializers.CharField(max_length=80, required=False, allow_blank=True)
    is_exportable = serializers.BooleanField(required=False, allow_null=True)


class Many(serializers.Serializer[Any]):
    """Miners by their keys, with the instant and the reason of the act."""

    miners = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=BULK_AT_MOST)
    at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(max_length=120, required=False, default="")


class Receipt(Many):
    """Where miners that were under way arrive; more than the site can carry takes consent and a reason."""

    site = serializers.SlugRelatedField(slug_field="code", queryset=Site.objects.all())
    accept_overcommitment = serializers.BooleanField(required=False, default=False)


class Move(Receipt):
    """Where the miners go, and into which slots."""

    slots = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text="Key of the slot by key of the miner"
    )

    def validate_slots(self, given: dict[str, int]) -> dict[int, int]:
        if not all(key.isdecimal() for key in given):
            raise serializers.ValidationError("Write the keys of miners.")
        return {int(key): slot for key, slot in given.items()}


class StateSet(Many):
    status = serializers.ChoiceField(choices=MinerStatus.choices)


class Transfer(Many):
    owner = serializers.SlugRelatedField(slug_field="number", queryset=Owner.objects.all())


class Ending(Many):
    status = serializers.ChoiceField(choices=[MinerStatus.SOLD, MinerStatus.SCRAPPED])


class HowMany(serializers.Serializer[Any]):
    """How many miners an act changed."""

    changed = serializers.IntegerField()


ROWS_AT_MOST = 1_000  # of a request whose rows have fields of their own


class EntryRow(MinerFields):
    """One miner to be entered; model, owner, site and slot by name, number, code and key."""

    model = serializers.CharField(max_length=120)
    owner = serializers.CharField(max_length=40, required=False)
    site = serializers.CharField(max_length=40, required=False)
    slot = serializers.IntegerField(required=False)


class CorrectionRow(MinerCorrection):
    """One miner, by serial or key, and what is to be corrected of it."""

    id = serializers.IntegerField(required=False)
    serial = serializers.CharField(max_length=40, required=False)


class MoveRow(serializers.Serializer[Any]):
    """One miner, by serial or key, and where it goes."""

    id = serializers.IntegerField(required=False)
    serial = serializers.CharField(max_length=40, required=False)
    site = serializers.CharField(max_length=40)
    slot = serializers.IntegerField(required=False)


class Rows(serializers.Serializer[Any]):
    """Rows with fields of their own; all are done, or none."""

    at = serializers.DateTimeField(required=False)


class Entries(Rows):
    rows = serializers.ListField(child=EntryRow(), min_length=1, max_length=ROWS_AT_MOST)
    accept_overcommitment = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=120, required=False, default="")


class Corrections(Rows):
    rows = serializers.ListField(child=CorrectionRow(), min_length=1, max_length=ROWS_AT_MOST)


class Moves(Rows):
    rows = serializers.ListField(child=MoveRow(), min_length=1, max_length=ROWS_AT_MOST)
    accept_overcommitment = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=120, required=False, default="")


class Entered(serializers.Serializer[Any]):
    """The keys of the miners entered, in the order of the rows."""

    created = serializers.IntegerField()
    ids = serializers.ListField(child=serializers.IntegerField())


class PartSerializer(serializers.ModelSerializer[Part]):
    miner_serial = serializers.CharField(source="miner.serial", allow_null=True)
    model_name = serializers.CharField(source="model.name", allow_null=True)
    maker_name = serializers.CharField(source="maker.name", allow_null=True)

    class Meta:
        model = Part
        fields = [
            "id",
            "kind",
            "serial",
            "model_name",
            "maker_name",
            "family",
            "miner_serial",
            "position",
            "fitted_at",
            "is_synthetic",
        ]


class PartFitting(serializers.Serializer[Any]):
    """A part to be fitted into a miner."""

    miner = serializers.SlugRelatedField(slug_field="serial", queryset=Miner.objects.all())
    kind = serializers.ChoiceField(choices=PartKind.choices)
    serial = serializers.CharField(max_length=60)
    position = serializers.IntegerField(min_value=0, max_value=100, required=False)
    family = serializers.CharField(max_length=40, required=False)
    at = serializers.DateTimeField(required=False)


class PartRemoval(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=120, required=False, default="")


class StaySerializer(serializers.ModelSerializer[Stay]):
    miner_serial = serializers.CharField(source="miner.serial")
    site_code = serializers.CharField(source="site.code")
    owner_number = serializers.CharField(source="owner.number", allow_null=True)
    model_name = serializers.CharField(source="model.name")

    class Meta:
        model = Stay
        fields = [
            "id",
            "miner_serial",
            "site_code",
            "owner_number",
            "model_name",
            "power_w",
            "ghs",
            "from_at",
            "to_at",
            "reason",
        ]


class OwnerSerializer(serializers.ModelSerializer[Owner]):
    class Meta:
        model = Owner
        fields = ["id", "number", "name", "is_synthetic"]
