from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.origin.families import UNKNOWN, board_family
from compliance.origin.models import OriginRecord, OriginStatus, SupplyChannel
from fleet.catalog.models import PartKind
from fleet.miners.models import Part
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record

EVIDENCE_KINDS = ("label photo", "telemetry", "invoice", "maker's letter", "teardown")
NEEDS_EVIDENCE = (OriginStatus.EVIDENCED, OriginStatus.VERIFIED)


def record_origin(
    part: Part,
    status: str,
    *,
    maker: str = "",
    maker_country: str = "",
    assembly_country: str = "",
    evidence_kind: str = "",
    evidence_on: date | None = None,
    by: User | None,
    at: datetime | None = None,
    **provenance: Any,
) -> OriginRecord:
    """Record what is known of where a part comes from; the record before it is kept as superseded.

    Raises: Refusal for a state nobody knows, evidence that is claimed but not named, and a country that is
        not two letters.
    """
    if by is not None:
        require(by, "compliance.edit")
    if status not in OriginStatus.values:
        raise Refusal(_("“%(status)s” is not a state of origin.") % {"status": status})
    if status in NEEDS_EVIDENCE and evidence_kind not in EVIDENCE_KINDS:
        raise Refusal(
            _("“%(status)s” needs its evidence: one of %(kinds)s.")
            % {"status": status, "kinds": ", ".join(EVIDENCE_KINDS)},
            where=part.serial,
        )
    for country in (maker_country, assembly_country):
        if country and (len(country) != 2 or not country.isupper()):
            raise Refusal(_("“%(code)s” is not a country; write two capital letters.") % {"code": country})
    if not maker and part.kind == PartKind.CONTROL_BOARD:
        maker, maker_country = _of_family(part.family, maker_country)
    moment = at or timezone.now()
    fields = {
        "status": status,
        "maker": maker,
        "maker_country": maker_country,
        "assembly_country": assembly_country,
        "evidence_kind": evidence_kind,
        "evidence_on": evidence_on,
    }
    with transaction.atomic():
        Part.objects.select_for_update().get(pk=part.pk)
        standing = OriginRecord.objects.filter(part=part, superseded_at__isnull=True)
        same = standing.filter(**fields).first()
        is_of_this_part = same is not None and (part.fitted_at is None or part.fitted_at <= same.recorded_at)
        if same is not None and is_of_this_part:
            return same
        standing.update(superseded_at=moment)
        origin = OriginRecord.objects.create(part=part, recorded_at=moment, **fields, **provenance)
        record("origin.recorded", part, by=by, detail={"status": status, "maker": maker})
    return origin


def _of_family(family: str, country: str) -> tuple[str, str]:
    """Who makes the system on chip of a family of control board, where that is known."""
    row = board_family(family) if family != UNKNOWN else None
    return (row.vendor, country or row.vendor_country) if row else ("", country)


def open_channel(
    name: str,
    supplies: str,
    *,
    country: str = "",
    from_on: date,
    is_in_house: bool = False,
    by: User | None,
    **provenance: Any,
) -> SupplyChannel:
    """Enter a way to get machines, parts or repair; the same again is the row that is there."""
    if by is not None:
        require(by, "compliance.edit")
    if not name.strip() or not supplies.strip():
        raise Refusal(_("A supply channel needs a name and what it supplies."))
    with transaction.atomic():
        channel, created = SupplyChannel.objects.get_or_create(
            name=name,
            supplies=supplies,
            from_on=from_on,
            defaults={"country": country, "is_in_house": is_in_house, **provenance},
        )
        if created:
            record("channel.opened", channel, by=by, detail={"supplies": supplies})
    return channel


def close_channel(channel: SupplyChannel, *, on: date, by: User | None) -> None:
    """End a supply channel on a day.

    Raises: Refusal if it ended already, or would before it began.
    """
    if by is not None:
        require(by, "compliance.edit")
    if on <= channel.from_on:
        raise Refusal(
            _("%(channel)s began on %(day)s; it ends later.") % {"channel": channel, "day": channel.from_on}
        )
    with transaction.atomic():
        if not SupplyChannel.objects.filter(pk=channel.pk, to_on__isnull=True).update(to_on=on):
            raise Refusal(_("%(channel)s has ended already.") % {"channel": channel})
        channel.refresh_from_db()
        record("channel.closed", channel, by=by, detail={"on": on})
