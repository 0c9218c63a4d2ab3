"""Bcause, 2018: one customer whose twenty machines outgrew his home; lost numerals stay unknown."""

from datetime import UTC, date, datetime

from compliance.scenarios.fleets import Machine, place_machines, place_under_contract
from compliance.scenarios.ground import SYNTHETIC, bring_host, bring_parties, bring_sites
from compliance.scenarios.invented import invented_serial
from compliance.scenarios.rows import Tally, keep
from compliance.scenarios.seedfiles import read_seed
from fleet.catalog.models import MinerModel
from fleet.miners.models import Owner
from hosting.contracts.models import Contract, ContractKind

NAME = "bcause-2018"
SITE = "bcause"
CUSTOMER = "BC-0001"
MODEL = "Antminer S9"
FROM_ON = date(2018, 2, 1)
FROM_AT = datetime(2018, 2, 1, tzinfo=UTC)


def load(tally: Tally) -> None:
    """Load the site, the customer and his machines of an invented model; contracted watts are unknown."""
    seed = read_seed(NAME)
    parties = bring_parties(tally, seed)
    site = bring_sites(tally, seed)[SITE]
    source = "S2 L35-43; the first day is synthetic"
    bring_host(tally, site, parties["BCAUSE"], from_on=FROM_ON, source=source, confidence="high")
    contract = keep(
        tally,
        Contract,
        {"number": f"{CUSTOMER}-H"},
        is_synthetic=False,
        kind=ContractKind.HOSTING,
        party=parties[CUSTOMER],
        site=site,
        from_on=FROM_ON,
        source="S2 L41-43; number and first day are synthetic",
        confidence="medium",
    )
    owner, model = Owner.objects.get(number=CUSTOMER), MinerModel.objects.get(name=MODEL)
    machines = [
        Machine(invented_serial("BC", position), model, owner)
        for position in range(1, seed.whole("machines") + 1)
    ]
    miners = place_machines(tally, site, machines, from_at=FROM_AT, reason=SYNTHETIC)
    place_under_contract(tally, machines, miners, {owner.pk: contract}, FROM_AT)
