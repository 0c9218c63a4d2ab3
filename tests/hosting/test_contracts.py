"""Contracts, placements, roles and what is left of a site's power."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.miners.models import Miner
from fleet.sites.models import Site
from hosting.contracts import verbs
from hosting.contracts.load import Promise, peak_w
from hosting.contracts.models import Contract, Placement
from hosting.contracts.reads import contracted_at, hosts_at, site_capacity
from hosting.contracts.verbs import NewContract
from hosting.parties.verbs import NewParty, register_party
from hosting.valuation.reads import prices_at, value_of
from hosting.valuation.verbs import set_price
from kit.errors import Refusal

START = date(2022, 1, 1)
MW = 1_000_000


@pytest.fixture
def site(db):
    return Site.objects.create(code="ekibastuz", name="Ekibastuz", country="KZ", energized_w=10 * MW)


@pytest.fixture
def host(db):
    return register_party(NewParty("H-1", "organisation", "Host", country="KZ"), by=None)


def new(number, kind, party, site, watts, **more):
    return NewContract(number, kind, party, site, more.pop("from_on", START), watts, **more)


def test_a_contract_beyond_what_is_energized_is_refused_with_the_sum(site, host):
    verbs.open_contract(new("C-1", "hosting", host, site, 7 * MW), by=None)
    with pytest.raises(
        Refusal, match=r"10\.00.MW energized.*another 4\.00.MW.*promised 11\.00.MW.*1\.00.MW too much"
    ):
        verbs.open_contract(new("C-2", "hosting", host, site, 4 * MW), by=None)
    assert Contract.objects.count() == 1
    with pytest.raises(Refusal, match="needs a reason"):
        verbs.open_contract(new("C-2", "hosting", host, site, 4 * MW), by=None, accept_overcommitment=True)
    verbs.open_contract(
        new("C-2", "hosting", host, site, 4 * MW),
        by=None,
        accept_overcommitment=True,
        reason="a customer leaves",
    )
    capacity = site_capacity(date(2022, 2, 1))[0]
    assert (capacity.contracted_w, capacity.headroom_w) == (11 * MW, -1 * MW)


def test_contracts_of_one_batch_are_added_up_together(site, host):
    batch = [new(f"C-{n}", "hosting", host, site, 3 * MW) for n in range(4)]
    with pytest.raises(Refusal, match="too much"):
        verbs.open_contracts(batch, by=None)
    assert not Contract.objects.exists()


def test_a_contract_after_another_has_ended_is_not_over_commitment(site, host):
    verbs.open_contract(new("C-1", "hosting", host, site, 8 * MW, to_on=date(2022, 6, 1)), by=None)
    verbs.open_contract(new("C-2", "hosting", host, site, 8 * MW, from_on=date(2022, 6, 1)), by=None)
    assert contracted_at(date(2022, 5, 31)) == {site.pk: 8 * MW} == contracted_at(date(2022, 6, 1))


def test_a_site_whose_energized_watts_are_unknown_cannot_be_over_committed(site, host):
    Site.objects.filter(pk=site.pk).update(energized_w=None)
    verbs.open_contract(new("C-1", "hosting", host, site, 99 * MW), by=None)
    assert site_capacity(date(2022, 2, 1))[0].headroom_w is None


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 60), st.integers(1, 60)), max_size=12),
)
def test_the_peak_is_the_fullest_day(spans):
    promises = [
        Promise(w, date.fromordinal(700_000 + a), date.fromordinal(700_000 + a + b)) for w, a, b in spans
    ]
    days = [date.fromordinal(700_000 + d) for d in range(125)]
    by_day = [sum(p.watts for p in promises if p.from_on <= day < p.to_on) for day in days]
    assert peak_w(promises)[0] == max(by_day, default=0)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"watts": 0}, "not above zero"),
        ({"watts": -5}, "not above zero"),
        ({"to_on": START}, "end before it begins"),
        ({"currency": "usd"}, "not a currency code"),
    ],
)
def test_terms_that_make_no_sense_are_refused(site, host, more, why):
    with pytest.raises(Refusal, match=why):
        verbs.open_contract(new("C-1", "hosting", host, site, more.pop("watts", MW), **more), by=None)


def test_capacity_taken_from_a_host_counts_instead_of_what_customers_were_promised(site, host):
    verbs.open_contract(new("K-1", "capacity", host, site, 9 * MW), by=None)
    verbs.open_contract(new("C-1", "hosting", host, site, 6 * MW), by=None)
    assert contracted_at(date(2022, 2, 1)) == {site.pk: 9 * MW}
    assert contracted_at(date(2021, 12, 31)) == {}


def test_a_new_host_ends_the_one_before(site, host):
    other = register_party(NewParty("H-2", "organisation", "Second host"), by=None)
    verbs.assign_site_role(site, host, "host", from_on=START, by=None)
    verbs.assign_site_role(site, other, "host", from_on=date(2022, 6, 1), by=None)
    assert hosts_at(date(2022, 5, 31)) == {site.pk: host}
    assert hosts_at(date(2022, 6, 1)) == {site.pk: other}


def test_enquiries_ask_for_watts_or_do_not_say(site, host, django_assert_max_num_queries):
    named = {"received_on": date(2021, 6, 1), "site": site, "by": None}
    verbs.record_enquiry(name="One", wanted_w=5 * MW, **named)
    verbs.record_enquiry(name="Two", **named)
    declined = verbs.record_enquiry(name="Three", wanted_w=MW, **named)
    verbs.answer_enquiry(declined, "declined", by=None)
    with django_assert_max_num_queries(4):
        capacity = site_capacity(date(2022, 2, 1))[0]
    assert (capacity.asked_w, capacity.enquiries, capacity.enquiries_without_w) == (5 * MW, 2, 1)
    assert site_capacity(date(2021, 5, 31))[0].enquiries == 0
    with pytest.raises(Refusal, match="answered already"):
        verbs.answer_enquiry(declined, "won", by=None)


def test_machines_come_under_their_owners_contract_in_one_go(story):
    at = datetime(2022, 1, 2, tzinfo=UTC)
    contracts = verbs.open_contracts(
        [new(f"C-{p.number}", "hosting", p, story.site, None) for p in story.owners], by=None
    )
    machines = Miner.objects.filter(site=story.site).count()
    assert verbs.place_by_owner(story.site, by=None, at=at) == machines
    assert verbs.place_by_owner(story.site, by=None, at=at) == 0
    assert {p.contract.party.owner_id == p.miner.owner_id for p in Placement.objects.all()} == {True}
    verbs.end_contract(contracts[0], on_day=date(2022, 3, 1), by=None)
    ended = Placement.objects.filter(contract=contracts[0])
    assert {p.to_at for p in ended} == {datetime(2022, 3, 1, tzinfo=UTC)}


def test_another_owners_machine_is_not_placed(story):
    contract = verbs.open_contract(new("C-1", "hosting", story.owners[0], story.site, None), by=None)
    theirs = Miner.objects.exclude(owner=story.owners[0].owner).first()
    with pytest.raises(Refusal, match=theirs.serial):
        verbs.place_miners(contract, [theirs], by=None)
    assert not Placement.objects.exists()


def test_a_member_is_a_customers_log_in(cast, host):
    first = verbs.add_member(cast.customer, host, by=None)
    assert verbs.add_member(cast.customer, host, by=None) == first
    with pytest.raises(Refusal, match="not a customer"):
        verbs.add_member(cast.finance, host, by=None)


def test_a_price_holds_from_its_day_until_the_next(story):
    model = story.models[0]
    set_price(model, 900_000, from_on=date(2022, 6, 1), by=None)
    assert prices_at(date(2022, 5, 31))[model.pk] == 805_000
    assert prices_at(date(2022, 6, 1))[model.pk] == 900_000
    assert prices_at(date(2021, 1, 1)) == {}
    value = value_of([(model.pk, 3), (-1, 2)], date(2022, 6, 1))
    assert (value.cents, value.priced, value.unpriced) == (2_700_000, 3, 2)
    with pytest.raises(Refusal, match="another price"):
        set_price(model, 1, from_on=date(2022, 6, 1), by=None)
