"""Which parts went into a miner and which came out, judged from the serials it tells."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.catalog.models import PartKind
from fleet.miners.models import Miner, Part
from fleet.miners.verbs import correct_miner, fit_part, remove_part
from fleet.telemetry.families import UNKNOWN
from fleet.telemetry.first_sight import KINDS
from fleet.telemetry.models import SeenParts
from fleet.telemetry.snapshots import SeenPart, Snapshot
from kit.accounts.models import User


@dataclass(frozen=True)
class PartChanges:
    """What a comparison did, by serial; `claimed` are parts that another miner tells as well."""

    fitted: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fitted or self.removed or self.corrected or self.claimed)


def gone(stored: Collection[Part], seen: Collection[SeenPart]) -> list[Part]:
    """The stored parts of one kind that others took the place of.

    A board that does not answer is not a board that is gone, so as many leave as came: the one in the place
    of a newcomer, or all of them where no more are missing than came.
    """
    known = {part.serial for part in stored}
    told = {part.serial for part in seen}
    new = [part for part in seen if part.serial not in known]
    missing = [part for part in stored if part.serial not in told]
    if len(missing) <= len(new):
        return missing
    places = {part.position for part in new}
    return [part for part in missing if part.position in places][: len(new)]


@transaction.atomic
def compare_parts(
    miner: Miner, snapshot: Snapshot, *, by: User | None = None, at: datetime | None = None
) -> PartChanges:
    """Bring the parts on record in line with those a miner tells, and its control board family and firmware.

    Shape: a part that sits in another miner is moved, unless that miner still tells it: then it stays
    where it is and is named. A kind of part without any serial told is left alone.
    """
    at = at or timezone.now()
    Miner.objects.select_for_update().get(pk=miner.pk)
    stored = list(Part.objects.filter(miner=miner, kind__in=KINDS).order_by("pk"))
    fitted, removed, claimed = [], [], []
    for kind in KINDS:
        seen = snapshot.of_kind(kind)
        here = [part for part in stored if part.kind == kind]
        for part in gone(here, seen) if seen else []:
            remove_part(part, by=by, reason=gettext("another part answers in its place"))
            removed.append(part.serial)
        family = snapshot.board_family if kind == PartKind.CONTROL_BOARD else ""
        for new in (part for part in seen if part.serial not in {part.serial for part in here}):
            if not _make_free(miner, new, by):
                claimed.append(new.serial)
                continue
            fit_part(
                miner,
                kind,
                new.serial,
                by=by,
                at=at,
                position=new.position,
                family="" if family == UNKNOWN else family,
                is_synthetic=miner.is_synthetic,
                is_answering=True,
            )
            fitted.append(new.serial)
    corrected = _correct(miner, snapshot, by, at)
    return PartChanges(tuple(fitted), tuple(removed), corrected, tuple(claimed))


def _make_free(miner: Miner, new: SeenPart, by: User | None) -> bool:
    """Whether the part may be fitted: it is on the shelf, or came out of a miner that tells it no more."""
    part = Part.objects.filter(kind=new.kind, serial=new.serial).exclude(miner=miner).first()
    if part is None or part.miner_id is None:
        return True
    told = SeenParts.objects.filter(miner_id=part.miner_id).values_list("parts", flat=True).first() or []
    if any(kind == new.kind and serial == new.serial for kind, serial, _position in told):
        return False
    remove_part(part, by=by, reason=gettext("it answers from {serial}").format(serial=miner.serial))
    return True


def _correct(miner: Miner, snapshot: Snapshot, by: User | None, at: datetime) -> tuple[str, ...]:
    told = {
        "board_family": "" if snapshot.board_family == UNKNOWN else snapshot.board_family,
        "firmware": snapshot.firmware,
        "mac": "" if miner.mac else snapshot.mac,
    }
    changes = {name: value for name, value in told.items() if value and getattr(miner, name) != value}
    if changes:
        correct_miner(miner, by=by, at=at, **changes)
    return tuple(sorted(changes))
