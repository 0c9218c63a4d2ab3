from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from fleet.sites.models import Building, Rack, Site, Slot
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record


def add_racks(site: Site, building: str, names: Iterable[str], *, slots: int, by: User | None) -> int:
    """Give a building racks with so many slots each, making the building if it is new; returns how many.

    Raises: Refusal if a rack of that name stands there already.
    """
    if by is not None:
        require(by, "fleet.edit")
    if slots < 1:
        raise Refusal(gettext("A rack needs at least one slot."))
    try:
        with transaction.atomic():
            hall, _made = Building.objects.get_or_create(site=site, name=building)
            racks = Rack.objects.bulk_create(Rack(site=site, building=hall, name=name) for name in names)
            Slot.objects.bulk_create(
                (Slot(site=site, rack=rack, position=n) for rack in racks for n in range(1, slots + 1)),
                batch_size=5_000,
            )
            record(
                "racks.added", site, by=by, detail={"building": building, "racks": len(racks), "slots": slots}
            )
    except IntegrityError:
        raise Refusal(
            gettext("One of these racks stands in this building already. Nothing was added.")
        ) from None
    return len(racks)
