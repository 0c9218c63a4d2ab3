"""A small world for judgements: a hosted site in Siberia, a listed host, and a site that nothing touches."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from compliance.lists.verbs import load_version
from fleet.catalog.models import Maker, MinerModel
from fleet.miners.models import Miner, Owner, Stay
from fleet.sites.models import Site
from hosting.contracts.models import Contract, SiteParty
from hosting.parties.models import Party, PartyIdentifier
from hosting.valuation.models import ModelPrice

BEGAN_ON = date(2021, 11, 1)
BEGAN_AT = datetime(2021, 11, 1, tzinfo=UTC)
LISTED_ON = date(2022, 4, 20)
NULLS = ",-0- " * 7
SDN = "\r\n".join(
    [
        '36456,"BITRIVER AG",-0- ,"RUSSIA-EO14024"' + NULLS + ',"Tax ID No. 412633295 (Switzerland)."',
        '36458,"OOO BITRIVER RUS",-0- ,"RUSSIA-EO14024"'
        + NULLS
        + ',"Tax ID No. 3805731961 (Russia); Linked To: BITRIVER AG."',
        '36465,"OOO EVEREST GRUP",-0- ,"RUSSIA-EO14024"' + NULLS + ',"Linked To: BITRIVER AG."',
    ]
).encode()


@dataclass(frozen=True)
class World:
    """What the tests of this storey talk about."""

    siberia: Site
    texas: Site
    host: Party
    owners: tuple[Owner, ...]
    model: MinerModel
    unpriced_model: MinerModel


def number_of(party: Party, value: str, country: str = "RU") -> PartyIdentifier:
    return PartyIdentifier.objects.create(party=party, kind="tax", country=country, value=value, folded=value)


def put(site: Site, model: MinerModel, owner: Owner | None, serials: list[str]) -> list[Miner]:
    """Machines that stand at a site since the beginning."""
    miners = Miner.objects.bulk_create(
        Miner(
            serial=serial,
            model=model,
            owner=owner,
            site=site,
            status="mining",
            power_w=model.power_w,
            ghs=model.ghs,
        )
        for serial in serials
    )
    Stay.objects.bulk_create(
        Stay(
            miner=miner,
            site=site,
            owner=owner,
            model=model,
            power_w=model.power_w,
            ghs=model.ghs,
            from_at=BEGAN_AT,
        )
        for miner in miners
    )
    return miners


@pytest.fixture
def world(db) -> World:
    maker = Maker.objects.create(name="Bitmain", country="CN")
    model = MinerModel.objects.create(maker=maker, name="S19 Pro", ghs=110_000, power_w=3_250)
    unpriced = MinerModel.objects.create(maker=maker, name="S9", ghs=13_500, power_w=1_323)
    ModelPrice.objects.create(model=model, from_on=BEGAN_ON, price_cents=800_000)
    siberia = Site.objects.create(code="bratsk", name="Bratsk", country="RU", region="RU-IRK")
    texas = Site.objects.create(code="corsicana", name="Corsicana", country="US", region="US-TX")
    host = Party.objects.create(number="P-1", kind="organisation", name="OOO BitRiver Rus", country="RU")
    number_of(host, "3805731961")
    SiteParty.objects.create(site=siberia, party=host, role="host", from_on=BEGAN_ON)
    Contract.objects.create(
        number="C-1", kind="capacity", party=host, site=siberia, contracted_w=20_000, from_on=BEGAN_ON
    )
    owners = tuple(Owner.objects.create(number=f"O-{n}", name=f"Owner {n}") for n in range(1, 4))
    for owner in owners:
        Party.objects.create(number=f"P-{owner.number}", kind="person", name=owner.name, owner=owner)
    put(siberia, model, owners[0], ["A1", "A2", "A3"])
    put(siberia, model, owners[1], ["B1"])
    put(siberia, unpriced, owners[1], ["B2"])
    put(texas, model, owners[2], ["C1", "C2"])
    return World(siberia, texas, host, owners, model, unpriced)


@pytest.fixture
def sdn_list(world):
    """The edition that lists the host."""
    return load_version("ofac-sdn", LISTED_ON, {"sdn.csv": SDN}, is_excerpt=True, by=None)
