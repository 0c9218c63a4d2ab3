"""Parties with their names, numbers, wallets, holds and clearances."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.parties import verbs
from hosting.parties.models import Hold, Party, PartyIdentifier, PartyName, Stake, Wallet
from hosting.parties.reads import clearance_of, held_parties, parties_by_owner, stopped_parties
from hosting.parties.verbs import Identifier, NewParty
from hosting.parties.wallets import normalise_address
from kit.errors import Refusal


def party(number="P-1", name="OOO Sibirskie Mineraly", **more):
    return verbs.register_party(NewParty(number, "organisation", name, **more), by=None)


@pytest.mark.django_db
def test_a_party_is_registered_with_folded_names_and_numbers():
    made = party(
        country="RU",
        names=("GOK Sibirskie Mineraly",),
        identifiers=(Identifier("1718 002246", "tax", "RU"),),
        wallets=(("xbt", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"),),
    )
    assert set(PartyName.objects.filter(party=made).values_list("folded", flat=True)) == {
        "sibirskie mineraly",
        "gok sibirskie mineraly",
    }
    assert PartyIdentifier.objects.get(party=made).folded == "1718002246"
    assert Wallet.objects.get(party=made).asset == "XBT"
    assert Wallet.objects.get(party=made).address.islower()


@pytest.mark.django_db
def test_two_thousand_parties_cost_as_many_queries_as_two():
    party()  # the first trail entry of an empty database costs two more
    counted = []
    for prefix, size in (("A", 2), ("B", 2_000)):
        new = [NewParty(f"{prefix}-{n}", "person", f"Owner {n}") for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            verbs.register_parties(new, by=None)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert Party.objects.count() == PartyName.objects.count() == 2_003


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("new", "why"),
    [
        (NewParty("", "person", "x"), "number and a name"),
        (NewParty("P-2", "person", " "), "number and a name"),
        (NewParty("P-2", "ghost", "x"), "not a kind of party"),
        (NewParty("P-2", "person", "x", country="Kazakhstan"), "not a country code"),
        (NewParty("P-2", "person", "x", country="XX"), "not a country code"),
        (NewParty("P-1", "person", "x"), "is taken"),
        (
            NewParty("P-2", "person", "x", identifiers=(Identifier("--", "tax"),)),
            "neither letters nor digits",
        ),
        (NewParty("P-2", "person", "x", wallets=(("XBT", "two words here, no address"),)), "not an address"),
    ],
)
def test_a_party_that_makes_no_sense_is_refused_and_nothing_is_kept(new, why):
    party()
    with pytest.raises(Refusal, match=why):
        verbs.register_parties([NewParty("P-0", "person", "fine"), new], by=None)
    assert Party.objects.count() == 1


def test_only_who_may_edit_registers(cast):
    with pytest.raises(Refusal, match=r"hosting\.edit"):
        verbs.register_party(NewParty("P-1", "person", "x"), by=cast.auditor)


def test_base58_keeps_its_case_and_hexadecimal_and_bech32_lose_it():
    base58 = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    assert normalise_address("XBT", f" {base58} ") == base58
    assert normalise_address("ETH", "0xDE0B295669a9FD93d5F28D9Ec85E40f4cb697BAe").islower()
    with pytest.raises(Refusal, match="mixes capital"):
        normalise_address("XBT", "bc1QW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")


@pytest.mark.django_db
def test_an_address_belongs_to_one_party():
    one, other = party(), party("P-2", "Another")
    first = verbs.add_wallet(one, "XBT", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", by=None)
    assert verbs.add_wallet(one, "XBT", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", by=None) == first
    with pytest.raises(Refusal, match="belongs to P-1"):
        verbs.add_wallet(other, "XBT", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", by=None)


@pytest.mark.django_db
def test_stakes_never_add_up_to_more_than_the_whole_and_a_new_one_ends_the_old():
    a, b, held = party(), party("P-2", "B"), party("P-3", "Held")
    named = {"held": held, "by": None}
    verbs.set_stake(holder=a, share_bps=5_000, from_on=date(2020, 1, 1), **named)
    verbs.set_stake(holder=b, share_bps=5_000, from_on=date(2020, 1, 1), **named)
    with pytest.raises(Refusal, match="of 10,000"):
        verbs.set_stake(holder=a, share_bps=5_001, from_on=date(2021, 1, 1), **named)
    verbs.set_stake(holder=a, share_bps=4_000, from_on=date(2021, 1, 1), **named)
    assert Stake.objects.filter(holder=a, to_on=date(2021, 1, 1)).count() == 1
    assert verbs.set_stake(holder=a, share_bps=None, from_on=date(2022, 1, 1), **named).share_bps is None
    with pytest.raises(Refusal, match="stake in itself"):
        verbs.set_stake(holder=held, share_bps=1, from_on=date(2021, 1, 1), **named)


def test_a_hold_stands_from_the_day_it_is_placed_to_the_day_it_is_released(cast):
    officer, held = cast.compliance_officer, party()
    verbs.place_hold(held, reason="listed", by=officer, at=datetime(2022, 4, 20, 12, tzinfo=UTC))
    assert held.pk not in held_parties(date(2022, 4, 19))
    assert held.pk in held_parties(date(2022, 4, 20))
    assert held.pk in stopped_parties(date(2022, 4, 19))  # a hold open now stops payments of any day
    verbs.release_hold(held, reason="delisted", by=officer, at=datetime(2022, 5, 1, 12, tzinfo=UTC))
    assert held.pk in held_parties(date(2022, 4, 30))
    assert held.pk not in held_parties(date(2022, 5, 1))
    assert held.pk not in stopped_parties(date(2022, 4, 19))


def test_a_second_reason_joins_the_open_hold_and_the_same_one_changes_nothing(cast):
    held, officer = party(), cast.compliance_officer
    for reason in ("first", "second", "first"):
        verbs.place_hold(held, reason=reason, by=officer)
    assert Hold.objects.get().reason == "first; second"


def test_holds_and_clearances_are_compliances_to_give(cast):
    one = party()
    for user in (cast.finance, cast.fleet_manager, cast.approver):
        with pytest.raises(Refusal, match=r"compliance\.decide"):
            verbs.place_hold(one, reason="x", by=user)
        with pytest.raises(Refusal, match=r"compliance\.decide"):
            verbs.give_clearance(one, purpose="buyer", from_on=date(2022, 1, 1), basis="x", by=user)


def test_a_held_party_is_not_cleared_and_a_clearance_is_dated(cast):
    one, officer = party(), cast.compliance_officer
    verbs.place_hold(one, reason="x", by=officer)
    named = {
        "purpose": "buyer",
        "from_on": date(2022, 5, 1),
        "to_on": date(2022, 6, 1),
        "basis": "memo",
        "by": officer,
    }
    with pytest.raises(Refusal, match="release the hold first"):
        verbs.give_clearance(one, **named)
    verbs.release_hold(one, reason="done", by=officer)
    given = verbs.give_clearance(one, **named)
    assert clearance_of(one, "buyer", date(2022, 5, 1)) == given
    for day in (date(2022, 4, 30), date(2022, 6, 1)):
        assert clearance_of(one, "buyer", day) is None
    assert clearance_of(one, "payee", date(2022, 5, 1)) is None


def test_parties_are_found_by_their_owner_label(story, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = parties_by_owner([one.owner_id for one in story.owners])
    assert {party.pk for party in found.values()} == {one.pk for one in story.owners}
