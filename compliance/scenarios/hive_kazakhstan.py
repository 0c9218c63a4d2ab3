"""Hive Mining in Kazakhstan, May 2021: three enquiries from miners in China, and little power left."""

from datetime import UTC, date, datetime

from compliance.scenarios.fleets import Machine, place_machines, place_under_contract
from compliance.scenarios.ground import SYNTHETIC, bring_host, bring_parties, bring_sites
from compliance.scenarios.invented import invented_serial
from compliance.scenarios.rows import Tally, keep, keep_many
from compliance.scenarios.seedfiles import Seed, read_seed
from fleet.catalog.models import MinerModel
from fleet.miners.models import Owner
from fleet.sites.models import DrawnBasis, PowerFeed, Site
from hosting.contracts.models import Contract, ContractKind, Enquiry
from hosting.parties.models import Party
from hosting.parties.verbs import NewParty, register_parties

NAME = "hive-kazakhstan-2021"
SITE = "hive-kazakhstan"
MODEL = "WhatsMiner M30S"
FROM_ON = date(2020, 10, 1)
FROM_AT = datetime(2020, 10, 1, tzinfo=UTC)
NAMEPLATE_W, ENERGIZED_W, DRAWN_W = 8_000_000, 6_000_000, 5_180_000
DRAWN_AT = datetime(2021, 5, 24, tzinfo=UTC)
# No source gives the host's power: 5.4 of 6 MW are promised, so 0.6 MW are free.
CUSTOMERS: tuple[tuple[str, str, int, int], ...] = (
    # number, name, machines, contracted W
    ("HK-0001", "Steppe Hash LLP", 800, 2_700_000),
    ("HK-0002", "Kelhurst Rig LLC", 500, 1_700_000),
    ("HK-0003", "Dunmere Block LLC", 290, 1_000_000),
)


def load(tally: Tally) -> None:
    """Load the site with invented figures of power, three customers, and the three enquiries."""
    seed = read_seed(NAME)
    host = bring_parties(tally, seed)["HIVE"]
    site = bring_sites(
        tally,
        seed,
        nameplate_w=NAMEPLATE_W,
        energized_w=ENERGIZED_W,
        drawn_w=DRAWN_W,
        drawn_basis=DrawnBasis.REPORTED,
        drawn_at=DRAWN_AT,
    )[SITE]
    bring_host(tally, site, host, from_on=FROM_ON, source="S4; the first day is synthetic", confidence="high")
    keep(
        tally,
        PowerFeed,
        {"site": site, "name": "T1"},
        is_synthetic=True,
        nameplate_w=NAMEPLATE_W,
        energized_on=FROM_ON,
        source=SYNTHETIC,
    )
    _customers(tally, site)
    _enquiries(tally, seed, site)


def _customers(tally: Tally, site: Site) -> None:
    model = MinerModel.objects.get(name=MODEL)
    labels = [Owner(number=number, name=name) for number, name, _machines, _watts in CUSTOMERS]
    keep_many(tally, labels, ("number",), is_synthetic=True)
    owners = Owner.objects.in_bulk([row[0] for row in CUSTOMERS], field_name="number")
    machines: list[Machine] = []
    contracts: dict[int, Contract] = {}
    for number, name, count, watts in CUSTOMERS:
        owner, party = owners[number], Party.objects.filter(number=number).first()
        tally.add(1, new=int(party is None), is_synthetic=True)
        if party is None:
            new = NewParty(number, "organisation", name, owner=owner, source=SYNTHETIC, is_synthetic=True)
            party = register_parties([new], by=None)[0]
        contracts[owner.pk] = keep(
            tally,
            Contract,
            {"number": f"{number}-H"},
            is_synthetic=True,
            kind=ContractKind.HOSTING,
            party=party,
            site=site,
            contracted_w=watts,
            from_on=FROM_ON,
            source=SYNTHETIC,
        )
        first = len(machines) + 1
        machines += [Machine(invented_serial("HK", at), model, owner) for at in range(first, first + count)]
    miners = place_machines(tally, site, machines, from_at=FROM_AT, reason=SYNTHETIC)
    place_under_contract(tally, machines, miners, contracts, FROM_AT)


def _enquiries(tally: Tally, seed: Seed, site: Site) -> None:
    fact, received_on, count = seed.facts["enquiries"], seed.day("received-on"), seed.whole("enquiries")
    for position in range(1, count + 1):
        keep(
            tally,
            Enquiry,
            {"name": f"Enquirer {position} of {count}, name not published", "received_on": received_on},
            is_synthetic=False,
            site=site,
            notes="A bitcoin miner in China asks to be hosted; machines and watts are not said.",
            source=fact.source,
            confidence=fact.confidence,
        )
