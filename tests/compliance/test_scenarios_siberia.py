"""The main case on its real figures: 12 MW, 2,000 owners, USD 30m; loaded once and rolled back at the end."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Max, Sum
from django.test.utils import CaptureQueriesContext

from compliance.exposure.reads import measure
from compliance.lists.reads import editions_at
from compliance.scenarios.compass_siberia import BUYER, FLEET, HELD_CUSTOMER, customer_parties
from compliance.scenarios.seedfiles import read_seed
from compliance.scenarios.verbs import load_seeds
from fleet.miners.models import Miner
from fleet.miners.summaries import Holding
from fleet.sites.models import Site
from hosting.contracts.models import Contract, ContractKind, Placement
from hosting.parties.models import Clearance, Hold

BEFORE, DESIGNATED = date(2022, 4, 19), date(2022, 4, 20)
# The mark is what has a test database made; without it a run of this file alone would use the real one.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("siberia")]


@pytest.fixture(scope="module")
def siberia(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_seeds(["compass-siberia-2022"])
        yield
        transaction.set_rollback(True)


def test_the_siberian_fleet_adds_up_to_what_the_documents_say():
    seed = read_seed("compass-siberia-2022")
    miners = Miner.objects.filter(site__code="siberia")
    sums = miners.aggregate(
        watts=Sum("power_w"), heaviest=Max("power_w"), owners=Count("owner", distinct=True)
    )
    assert 0 <= seed.whole("power") - sums["watts"] < sums["heaviest"]
    assert sums["owners"] == seed.whole("owners")
    assert not miners.exclude(is_exportable=False).exists()
    assert not miners.filter(is_synthetic=False).exists()
    value = sum(machines * cents for _model, machines, cents in FLEET)
    assert abs(value - seed.whole("value")) < max(cents for _model, _machines, cents in FLEET)
    most = Holding.objects.filter(site_id=Site.objects.get(code="siberia").pk).aggregate(most=Max("machines"))
    assert most["most"] == seed.whole("machines-per-owner")


def test_every_siberian_machine_is_under_its_owners_contract():
    hosting = Contract.objects.filter(site__code="siberia", kind=ContractKind.HOSTING)
    machines = Miner.objects.filter(site__code="siberia")
    assert hosting.count() == 2_000
    assert hosting.aggregate(sum=Sum("contracted_w")) == machines.aggregate(sum=Sum("power_w"))
    placed = Placement.objects.filter(contract__site__code="siberia", contract__kind=ContractKind.HOSTING)
    of_their_owners = placed.filter(miner__owner=F("contract__party__owner"))
    assert of_their_owners.count() == placed.count() == machines.count()


def test_the_designated_are_known_from_their_day_on():
    before, after = measure(BEFORE, ["siberia"]), measure(DESIGNATED, ["siberia"])
    assert [row.published_on for row in editions_at(BEFORE)] == [BEFORE]
    assert (len(before.designated), len(after.designated)) == (0, 11)
    assert before.rows[0].standing != "blocked"
    assert "RUSSIA-EO14024" not in {name for reason in before.rows[0].reasons for name in reason.programmes}
    assert after.rows[0].standing == "blocked"
    for exposure in (before, after):
        figures = exposure.rows[0].figures
        assert (figures.machines, figures.contracted_w, figures.owners) == (3_777, 12_000_000, 2_000)
        assert (figures.installed_w, figures.value_cents, figures.unpriced) == (11_997_600, 3_000_028_000, 0)


def test_one_owner_is_held_and_the_buyer_in_the_country_is_cleared():
    assert [hold.party.number for hold in Hold.objects.filter(is_synthetic=True)] == [HELD_CUSTOMER]
    clearance = Clearance.objects.get()
    assert (clearance.party.number, clearance.party.country, clearance.party.is_synthetic) == (
        BUYER,
        "RU",
        True,
    )
    customers = customer_parties(3)
    assert len(customers) == 3
    assert HELD_CUSTOMER not in {party.number for party in customers}
    assert all(party.owner.miner_set.count() > 1 for party in customers)


def test_a_second_load_of_the_large_fleet_costs_few_queries():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_seeds(["compass-siberia-2022"])
    assert len(queries) < 80
