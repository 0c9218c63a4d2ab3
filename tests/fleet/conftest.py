"""A small fleet: two sites, a few models, owners and racks."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from fleet.catalog.models import Maker, MinerModel
from fleet.miners.models import Owner
from fleet.sites.models import Site, Slot
from fleet.sites.verbs import add_racks

LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Fleet:
    """Where the machines of these tests stand, what they are and whose."""

    bratsk: Site
    pecos: Site
    s19: MinerModel
    m50: MinerModel
    dana: Owner
    olga: Owner
    slots: list[Slot]


@pytest.fixture
def fleet(db) -> Fleet:
    bratsk = Site.objects.create(
        code="bratsk",
        name="Bratsk",
        country="RU",
        region="RU-IRK",
        nameplate_w=14_000_000,
        energized_w=12_000_000,
    )
    pecos = Site.objects.create(code="pecos", name="Pecos", country="US", region="US-TX")
    bitmain, whatsminer = Maker.objects.create(name="Bitmain"), Maker.objects.create(name="MicroBT")
    s19 = MinerModel.objects.create(maker=bitmain, name="Antminer S19", ghs=95_000, power_w=3_250)
    m50 = MinerModel.objects.create(maker=whatsminer, name="Whatsminer M50", ghs=114_000, power_w=3_306)
    add_racks(bratsk, "Hall A", ["R1", "R2"], slots=4, by=None)
    return Fleet(
        bratsk=bratsk,
        pecos=pecos,
        s19=s19,
        m50=m50,
        dana=Owner.objects.create(number="C-001", name="Dana"),
        olga=Owner.objects.create(number="C-002", name="Olga"),
        slots=list(Slot.objects.select_related("rack").order_by("rack__name", "position")),
    )
