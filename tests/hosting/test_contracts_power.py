"""What customers have contracted at a site against what of theirs stands there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fleet.catalog.models import Maker, MinerModel
from fleet.miners.models import Miner, Owner
from fleet.miners.verbs import register_miner, transfer_ownership
from fleet.sites.models import Site
from hosting.contracts.power import customers_at
from hosting.contracts.verbs import NewContract, end_contract, open_contract, place_by_owner, place_miners
from hosting.parties.models import Party, PartyKind
from kit.errors import Refusal
from kit.trail.models import TrailEntry

PLATE_W = 3_250


@pytest.fixture
def site(db) -> Site:
    site = Site.objects.create(code="pyote", name="Pyote", country="US", nameplate_w=10**6, energized_w=10**6)
    s19 = MinerModel.objects.create(maker=Maker.objects.create(name="B"), name="S19", ghs=1, power_w=PLATE_W)
    for number, machines in (("C-1", 2), ("C-2", 1)):
        owner = Owner.objects.create(number=number, name=f"Owner {number}")
        Party.objects.create(
            number=number, name=f"Customer {number}", kind=PartyKind.ORGANISATION, owner=owner
        )
        for n in range(machines):
            register_miner(
                f"{number}-{n}", s19, site=site, owner=owner, status="mining" if n else "offline", by=None
            )
    register_miner("nobody-1", s19, site=site, by=None)
    return site


def contract(site: Site, number: str, watts: int | None, party: str = "C-1"):
    return open_contract(
        NewContract(
            number=number,
            kind="hosting",
            party=Party.objects.get(number=party),
            site=site,
            from_on=date(2022, 1, 1),
            contracted_w=watts,
        ),
        by=None,
    )


def test_a_customer_has_contracted_installed_drawn_and_headroom(site):
    contract(site, "K-1", 5_000)
    contract(site, "K-2", 5_000)
    ended = contract(site, "K-3", 5_000)
    end_contract(ended, on_day=timezone.now().date() - timedelta(days=1), by=None)
    first, *others = customers_at(site)
    assert (first.name, first.contracted_w, first.installed_w, first.drawn_w, first.headroom_w) == (
        "Customer C-1",
        10_000,
        2 * PLATE_W,
        PLATE_W,
        10_000 - 2 * PLATE_W,
    )
    assert {(row.name, row.contracted_w, row.machines) for row in others} == {
        ("Owner C-2", None, 1),
        ("no owner recorded", None, 1),
    }


def test_one_contract_without_watts_makes_the_sum_unknown(site):
    contract(site, "K-1", 5_000)
    contract(site, "K-2", None)
    assert customers_at(site)[0].contracted_w is None


def test_a_customer_without_machines_is_listed_with_nothing_installed(site):
    party = Party.objects.create(number="C-9", name="Newcomer", kind=PartyKind.ORGANISATION)
    contract(site, "K-9", 5_000, party.number)
    last = next(row for row in customers_at(site) if row.number == "C-9")
    assert (last.installed_w, last.machines, last.headroom_w) == (0, 0, 5_000)


def test_machines_beyond_what_was_contracted_are_placed_only_with_consent(site):
    first = contract(site, "K-1", 2 * PLATE_W - 1)
    keys = list(Miner.objects.filter(owner__number="C-1").order_by("pk").values_list("pk", flat=True))
    assert place_miners(first, keys[:1], by=None) == 1
    with pytest.raises(Refusal, match=r"K-1 has .* contracted and .* placed; another .* too much"):
        place_miners(first, keys, by=None)
    with pytest.raises(Refusal, match="accept the over-commitment with a reason"):
        place_by_owner(site, by=None)
    assert place_miners(first, keys[:1], by=None) == 0  # what stands there is not asked again
    assert place_by_owner(site, by=None, accept_overcommitment=True, reason="the second is off") == 1
    detail = TrailEntry.objects.get(verb="site.miners_placed", detail__reason="the second is off").detail
    assert len(detail["overcommitted"]) == 1


def test_a_machine_that_changed_hands_is_weighed_where_it_is_placed(site):
    theirs = contract(site, "K-2", PLATE_W, "C-2")
    place_by_owner(site, by=None)
    keys = list(Miner.objects.filter(owner__number="C-1").values_list("pk", flat=True))
    transfer_ownership(keys, Owner.objects.get(number="C-2"), by=None)
    with pytest.raises(Refusal, match="K-2 has"):
        place_miners(theirs, keys, by=None)


def test_a_promise_beyond_the_plate_is_refused_where_nobody_knows_what_is_energized(site):
    Site.objects.update(energized_w=None, nameplate_w=9_000)
    with pytest.raises(Refusal, match=r"Pyote has a plate of .* too much"):
        contract(site, "K-1", 9_001)
    assert contract(site, "K-1", 9_000).pk


def test_the_page_and_the_api_show_it_in_few_queries(site, cast, as_user, django_assert_max_num_queries):
    contract(site, "K-1", 5_000)
    client = as_user(cast.finance)
    page = reverse("operator:site_power", args=["pyote"])
    client.get(page)
    with django_assert_max_num_queries(12):
        shown = client.get(page).content.decode()
    for words in ("Customer C-1", "more than contracted", "no owner recorded", "in no rack"):
        assert words in shown
    with django_assert_max_num_queries(4):  # two of them are the session and its user
        told = client.get("/api/v1/customer-power/?site=pyote").json()
    assert told[0]["headroom_w"] == 5_000 - 2 * PLATE_W
    assert client.get("/api/v1/customer-power/?site=nowhere").status_code == 400
    assert as_user(cast.technician).get(page).status_code == 403
