"""Which party of ours a list names: by number, by name, and what a person says of it."""

from datetime import date, timedelta

import pytest

from compliance.lists.verbs import load_version
from compliance.screening.models import Match
from compliance.screening.reads import listed_matches_at, review_desk
from compliance.screening.tasks import screen_changed
from compliance.screening.verbs import decide, screen_parties
from hosting.parties.models import Party, PartyName, Wallet
from kit.errors import Refusal
from kit.trail.models import TrailEntry
from tests.compliance.conftest import LISTED_ON, SDN, number_of

NULLS = ",-0- " * 7


def party(name: str, kind: str = "organisation") -> Party:
    return Party.objects.create(number=f"P-{name}"[:40], kind=kind, name=name)


def test_a_party_with_a_listed_number_is_blocked_pending_counsel_from_the_day_of_the_listing(
    sdn_list, world
) -> None:
    (match,) = screen_parties()
    assert (match.party, match.basis, match.listed.uid) == (world.host, "identifier", "36458")
    assert listed_matches_at(LISTED_ON - timedelta(days=1)) == ()
    (found,) = listed_matches_at(LISTED_ON)
    assert (found.standing, found.confidence) == ("blocked", "high")
    assert found.sentence.startswith("Blocked pending counsel: OOO BitRiver Rus has the number of")


def test_a_party_with_a_listed_name_only_is_a_review(sdn_list, world) -> None:
    other = party("BitRiver-Rus, LLC")
    PartyName.objects.create(
        party=party("Everest Mountain Guides"), name="EVEREST GRUP LLC", folded="everest grup"
    )
    screen_parties()
    standing = {row.party_name: (row.standing, row.basis) for row in listed_matches_at(LISTED_ON)}
    assert standing[other.name] == ("review", "name")
    assert standing["Everest Mountain Guides"] == ("review", "name")


def test_a_number_of_another_country_or_without_one_is_not_the_same_number(sdn_list, world) -> None:
    number_of(party("Elsewhere"), "3805731961", "KZ")
    number_of(party("Nowhere"), "3805731961", "")
    assert {match.party for match in screen_parties()} == {world.host}


def test_a_person_is_found_whichever_name_comes_first_and_a_ship_never(db) -> None:
    rows = [
        '1,"DOE, John Roe",individual,"SDGT"' + NULLS + ',"DOB 1962."',
        '2,"EVEREST",vessel,"SDGT"' + NULLS + ",-0- ",
    ]
    load_version("ofac-sdn", LISTED_ON, {"sdn.csv": "\r\n".join(rows).encode()}, by=None)
    party("Everest")
    john = party("John Roe Doe", "person")
    assert [match.party for match in screen_parties()] == [john]


def test_a_listed_wallet_is_a_number_and_its_case_counts_where_it_must(db) -> None:
    address = "149w62rY42aZBox8fGcmqNsXUzSStKeq8C"
    row = '1,"DOE, John",individual,"CYBER2"' + NULLS + f',"Digital Currency Address - XBT {address}."'
    load_version("ofac-sdn", LISTED_ON, {"sdn.csv": row.encode()}, by=None)
    payee = party("Payee")
    Wallet.objects.create(party=payee, asset="BTC", address=address)
    Wallet.objects.create(party=party("Other"), asset="BTC", address=address.lower())
    assert [(match.party, match.basis) for match in screen_parties()] == [(payee, "identifier")]


def test_screening_again_finds_nothing_new_and_writes_nothing(sdn_list, world) -> None:
    screen_parties()
    entries = TrailEntry.objects.count()
    assert screen_parties() == ()
    assert screen_changed() == 0
    assert (Match.objects.count(), TrailEntry.objects.count()) == (1, entries)


def test_an_open_match_by_name_grows_stronger_when_the_number_is_recorded(sdn_list, db) -> None:
    other = party("BITRIVER AG")
    screen_parties([other.pk])
    number_of(other, "412633295", "CH")
    assert screen_parties([other.pk]) == ()
    assert Match.objects.get(party=other).basis == "identifier"


def test_a_decided_match_stays_decided_when_screened_again(sdn_list, world, cast) -> None:
    (match,) = screen_parties()
    decide(
        match, "dismissed", "Another firm: extract of the register of 2022-05-02.", by=cast.compliance_officer
    )
    screen_parties()
    match.refresh_from_db()
    assert match.status == "dismissed"
    assert listed_matches_at(LISTED_ON) == ()
    decide(match, "confirmed", "The extract was of a namesake.", by=cast.compliance_officer)
    assert [row.is_confirmed for row in listed_matches_at(LISTED_ON)] == [True]
    assert match.decisions.count() == 2


def test_a_decision_without_reason_outcome_or_right_is_refused_and_changes_nothing(
    sdn_list, world, cast
) -> None:
    (match,) = screen_parties()
    officer = cast.compliance_officer
    for outcome, reason, by in (
        ("dismissed", " ", officer),
        ("open", "because", officer),
        ("dismissed", "because", cast.technician),
    ):
        with pytest.raises(Refusal):
            decide(match, outcome, reason, by=by)
    match.refresh_from_db()
    assert (match.status, match.decisions.count()) == ("open", 0)


def test_a_decision_on_what_somebody_decided_meanwhile_is_refused(sdn_list, world, cast) -> None:
    (match,) = screen_parties()
    same = Match.objects.get(pk=match.pk)
    decide(match, "confirmed", "Same tax number.", by=cast.compliance_officer)
    with pytest.raises(Refusal, match="meanwhile"):
        decide(same, "dismissed", "Looked different.", by=cast.admin)


def test_a_listing_that_ended_no_longer_matches(sdn_list, world) -> None:
    screen_parties()
    without = SDN.replace(SDN.splitlines()[1] + b"\r\n", b"")
    load_version("ofac-sdn", date(2024, 1, 1), {"sdn.csv": without}, by=None)
    assert listed_matches_at(date(2023, 12, 31))[0].listed.uid == "36458"
    assert listed_matches_at(date(2024, 1, 1)) == ()


def test_the_review_desk_and_the_matches_of_a_day_cost_few_queries(
    sdn_list, world, django_assert_max_num_queries
) -> None:
    for n in range(5):
        party(f"BitRiver AG{' ' * n}")
    screen_parties()
    with django_assert_max_num_queries(1):
        assert len(listed_matches_at(LISTED_ON)) == 6
    with django_assert_max_num_queries(3):
        assert all(row.party.name and row.listed.source.name for row in review_desk())
