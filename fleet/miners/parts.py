"""Parts go into miners and come out of them by serial."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.catalog.models import Maker, PartKind, PartModel
from fleet.miners.models import Miner, Part
from fleet.miners.rows import may
from fleet.sites.models import Site
from kit.accounts.models import User
from kit.errors import Refusal
from kit.trail.verbs import record

UNKNOWN = "unknown"
# The tables of the workshop's room stand above this one; they are read by name, its code is not imported.
UNDER_WAY = """
select shipment.number
from fleet_shipmentitem item join fleet_shipment shipment on shipment.id = item.shipment_id
where item.part_id = %s and item.state = 'pending' and shipment.status in ('sent', 'customs') limit 1
"""


def fit_part(
    miner: Miner,
    kind: str,
    serial: str,
    *,
    by: User | None,
    at: datetime | None = None,
    position: int = 0,
    model: PartModel | None = None,
    maker: Maker | None = None,
    family: str = "",
    is_synthetic: bool = False,
    is_answering: bool = False,
) -> Part:
    """Fit a part into a miner, entering it if its serial is new; one that sits there already stays as it is.

    A control board of a known family tells the miner's family. A part that answers from the miner is believed
    to be there, whatever shipment it was to come with.

    Raises: Refusal if the part sits in another miner, is on its way, or the kind is not in the table.
    """
    may(by, "miners.move")
    serial = _checked_serial(kind, serial)
    with transaction.atomic():
        part, is_new = (
            Part.objects.select_for_update(of=("self",))
            .select_related("miner")
            .get_or_create(kind=kind, serial=serial, defaults={"is_synthetic": is_synthetic})
        )
        if part.miner_id == miner.pk and not is_new:
            return part
        if part.miner is not None and part.miner_id != miner.pk:
            raise Refusal(
                gettext("{part} sits in {other}. Remove it there first. Nothing was changed.").format(
                    part=part, other=part.miner.serial
                )
            )
        if not is_new and not is_answering:
            _refuse_under_way(part)
        part.miner, part.position, part.fitted_at = miner, position, at or timezone.now()
        part.shelf = None
        part.model, part.maker, part.family = model or part.model, maker or part.maker, family or part.family
        part.save()
        _touch(miner, part, part.family)
        record("part.fitted", part, by=by, detail={"miner": miner.serial, "position": position})
    return part


def remove_part(part: Part, *, by: User | None, reason: str = "") -> None:
    """Take a part out of its miner and put it on the shelf of the site.

    Of a miner without its control board the family is unknown.

    Raises: Refusal if it is in no miner.
    """
    may(by, "miners.move")
    with transaction.atomic():
        row = Part.objects.select_for_update(of=("self",)).select_related("miner").get(pk=part.pk)
        if row.miner is None:
            raise Refusal(gettext("{part} is in no miner.").format(part=row))
        miner = row.miner
        row.miner, row.fitted_at, row.position, row.shelf_id = None, None, 0, miner.site_id
        row.save()
        _touch(miner, row, UNKNOWN)
        record("part.removed", row, by=by, detail={"miner": miner.serial, "reason": reason})
    part.refresh_from_db()


def stock_part(
    kind: str,
    serial: str,
    site: Site,
    *,
    by: User | None,
    model: PartModel | None = None,
    maker: Maker | None = None,
    family: str = "",
    is_synthetic: bool = False,
) -> Part:
    """Put a part on the shelf of a site as a spare, entering it if its serial is new.

    Raises: Refusal if it sits in a miner, or the kind is not in the table.
    """
    may(by, "miners.move")
    serial = _checked_serial(kind, serial)
    with transaction.atomic():
        part, _is_new = (
            Part.objects.select_for_update(of=("self",))
            .select_related("miner")
            .get_or_create(kind=kind, serial=serial, defaults={"is_synthetic": is_synthetic})
        )
        if part.miner is not None:
            raise Refusal(
                gettext("{part} sits in {other}. Remove it there first. Nothing was changed.").format(
                    part=part, other=part.miner.serial
                )
            )
        if part.shelf_id == site.pk:
            return part
        part.shelf = site
        part.model, part.maker, part.family = model or part.model, maker or part.maker, family or part.family
        part.save()
        record("part.stocked", part, by=by, detail={"site": site.code})
    return part


def _checked_serial(kind: str, serial: str) -> str:
    serial = serial.strip().upper()
    if kind not in PartKind.values or not serial:
        raise Refusal(
            gettext("A part needs a serial and a kind out of: {kinds}.").format(
                kinds=", ".join(PartKind.values)
            )
        )
    return serial


def _refuse_under_way(part: Part) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY, [part.pk])
        found = cursor.fetchone()
    if found:
        raise Refusal(
            gettext("{part} is on its way with {shipment}. Receive that first. Nothing was changed.").format(
                part=part, shipment=found[0]
            )
        )


def _touch(miner: Miner, part: Part, family: str) -> None:
    """A swap is news about the machine: whoever sweeps by `changed_at` looks at its origin again."""
    changes: dict[str, object] = {"changed_at": timezone.now()}
    # A board of a family nobody knows tells nothing of its miner when it is fitted, and much when it is gone.
    if part.kind == PartKind.CONTROL_BOARD and (part.miner_id is None or family != UNKNOWN):
        changes["board_family"] = family
    Miner.objects.filter(pk=miner.pk).update(**changes)
