"""Compass Mining in Siberia: 12 MW with BitRiver, about 2,000 owners, about USD 30m, not exportable."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from random import Random

from compliance.scenarios.fleets import Machine, place_machines, place_under_contract, power_of
from compliance.scenarios.ground import SYNTHETIC, bring_host, bring_parties, bring_prices, bring_sites
from compliance.scenarios.invented import invented_names, invented_serial
from compliance.scenarios.rows import Tally, keep, keep_many
from compliance.scenarios.seedfiles import Seed, read_seed
from fleet.catalog.models import MinerModel
from fleet.miners.models import Owner
from fleet.sites.models import Site
from hosting.contracts.models import Contract, ContractKind
from hosting.parties.models import Clearance, ClearancePurpose, Hold, Party
from hosting.parties.verbs import NewParty, give_clearance, place_hold, register_parties

NAME = "compass-siberia-2022"
SITE = "siberia"
BUYER = "CS-BUYER"
CAPACITY_CONTRACT = "CS-CAPACITY"
HELD_CUSTOMER = "CS-0417"
RANDOM_SEED = 20220420

# No source says which machines they were. These three add up to a little under 12 MW and to USD 30m.
FLEET: tuple[tuple[str, int, int], ...] = (
    # model, machines, price of one in cents
    ("Antminer S19j Pro", 2_100, 805_000),
    ("Antminer S19 Pro", 980, 864_000),
    ("WhatsMiner M30S+", 697, 664_000),
)
FROM_ON = date(2021, 12, 1)
FROM_AT = datetime(2021, 12, 1, tzinfo=UTC)
PRICED_ON = date(2022, 4, 1)
HELD_AT = datetime(2022, 4, 12, 9, tzinfo=UTC)
CLEARED_ON = date(2022, 5, 10)


def load(tally: Tally) -> None:
    """Load the site, its host and contract, the owners with their machines, one hold, and a buyer."""
    seed = read_seed(NAME)
    bring_parties(tally, seed)
    host = bring_parties(tally, read_seed("bitriver-2022"), {"BITRIVER-AG"})["BITRIVER-AG"]
    site = bring_sites(tally, seed)[SITE]
    first_day = "the first day is synthetic"
    bring_host(tally, site, host, from_on=FROM_ON, source=f"S0 L1-L13; {first_day}", confidence="high")
    keep(
        tally,
        Contract,
        {"number": CAPACITY_CONTRACT},
        is_synthetic=False,
        kind=ContractKind.CAPACITY,
        party=host,
        site=site,
        contracted_w=seed.whole("power"),
        from_on=FROM_ON,
        source=f"{seed.facts['power'].source}; number synthetic; {first_day}",
        confidence=seed.facts["power"].confidence,
    )
    bring_prices(tally, {model: cents for model, _machines, cents in FLEET}, PRICED_ON)
    owners = _customers(tally, seed)
    machines = _machines(owners, seed.whole("machines-per-owner"))
    miners = place_machines(
        tally, site, machines, from_at=FROM_AT, is_exportable=seed.facts["exportable"].value, reason=SYNTHETIC
    )
    contracts = _hosting_contracts(tally, site, power_of(machines))
    place_under_contract(tally, machines, miners, contracts, FROM_AT)
    _hold_one(tally)
    _buyer(tally)


def customer_parties(count: int) -> list[Party]:
    """The first customers, by number, who got several machines and are not held; for log-ins.

    They are the same ones before and after the machines are sold.
    """
    seed = read_seed(NAME)
    fleet = shuffled_fleet(seed.whole("owners"), seed.whole("machines-per-owner"))
    numbers = [customer_number(position) for position, share in enumerate(fleet, start=1) if len(share) > 1]
    wanted = [number for number in numbers if number != HELD_CUSTOMER][:count]
    return list(Party.objects.filter(number__in=wanted).order_by("number"))


def customer_number(position: int) -> str:
    """The number of a customer, counted from one."""
    return f"CS-{position:04d}"


def shuffled_fleet(owners: int, most: int, random_seed: int = RANDOM_SEED) -> list[list[str]]:
    """Which models each owner has: everybody one, the rest at random, nobody more than the most.

    Shape: one list of model names per owner, always the same for the same random seed.
    """
    random = Random(random_seed)
    units = [model for model, machines, _cents in FLEET for _ in range(machines)]
    random.shuffle(units)
    shares = [[units.pop()] for _ in range(owners)]
    while units:
        share = shares[random.randrange(owners)]
        if len(share) < most:
            share.append(units.pop())
    return shares


def _customers(tally: Tally, seed: Seed) -> list[Owner]:
    names = invented_names(seed.whole("owners"), RANDOM_SEED)
    numbers = [customer_number(position) for position in range(1, len(names) + 1)]
    labels = [Owner(number=number, name=name) for number, (name, _kind) in zip(numbers, names, strict=True)]
    keep_many(tally, labels, ("number",), is_synthetic=True)
    owners = list(Owner.objects.filter(number__in=numbers).order_by("number"))
    there = set(Party.objects.filter(number__in=numbers).values_list("number", flat=True))
    new = [
        NewParty(
            number=owner.number,
            kind=kind,
            name=name,
            owner=owner,
            source=SYNTHETIC,
            is_synthetic=True,
        )
        for owner, (name, kind) in zip(owners, names, strict=True)
        if owner.number not in there
    ]
    register_parties(new, by=None)
    tally.add(len(owners), new=len(new), is_synthetic=True)
    return owners


def _machines(owners: list[Owner], most: int) -> list[Machine]:
    models = MinerModel.objects.in_bulk([model for model, _machines, _cents in FLEET], field_name="name")
    held = [
        (owner, models[name])
        for owner, names in zip(owners, shuffled_fleet(len(owners), most), strict=True)
        for name in names
    ]
    return [
        Machine(serial=invented_serial("CS", position), model=model, owner=owner)
        for position, (owner, model) in enumerate(held, start=1)
    ]


def _hosting_contracts(tally: Tally, site: Site, watts: Mapping[int, int]) -> dict[int, Contract]:
    parties = Party.objects.filter(owner__in=watts).order_by("number")
    rows = [
        Contract(
            number=f"{party.number}-H",
            kind=ContractKind.HOSTING,
            party=party,
            site=site,
            contracted_w=watts[party.owner_id],
            from_on=FROM_ON,
            source=SYNTHETIC,
        )
        for party in parties
        if party.owner_id is not None
    ]
    keep_many(tally, rows, ("number",), is_synthetic=True)
    there = Contract.objects.filter(number__in=[row.number for row in rows]).select_related("party")
    return {row.party.owner_id: row for row in there if row.party.owner_id is not None}


def _hold_one(tally: Tally) -> None:
    party = Party.objects.get(number=HELD_CUSTOMER)
    is_new = not Hold.objects.filter(party=party).exists()
    if is_new:
        place_hold(
            party,
            reason="Identity documents do not agree with the account (synthetic)",
            by=None,
            at=HELD_AT,
            is_synthetic=True,
        )
    tally.add(1, new=int(is_new), is_synthetic=True)


def _buyer(tally: Tally) -> None:
    party = Party.objects.filter(number=BUYER).first()
    tally.add(2, new=0 if party else 2, is_synthetic=True)
    if party is None:
        new = NewParty(
            number=BUYER,
            kind="organisation",
            name="OOO Primer-Pokupatel",
            country="RU",
            source=f"{SYNTHETIC}; that a buyer is sought inside Russia: S0 L13",
            is_synthetic=True,
        )
        party = register_parties([new], by=None)[0]
    if not Clearance.objects.filter(party=party, purpose=ClearancePurpose.BUYER).exists():
        give_clearance(
            party,
            purpose=ClearancePurpose.BUYER,
            from_on=CLEARED_ON,
            basis="Synthetic: screened against the lists loaded, no match; owners declared; pays through a "
            "bank that is on none of them.",
            by=None,
            at=datetime(2022, 5, 10, 9, tzinfo=UTC),
        )
