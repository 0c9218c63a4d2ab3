"""The operator's lists of the hosting storey."""

from datetime import date

import pytest
from django.urls import reverse

from hosting.contracts.models import Contract
from hosting.ledger.models import Entry
from hosting.liquidation.models import Share
from hosting.parties.models import PartyName
from kit.trail.models import TrailEntry

LISTS = {
    "party": "hosting.view",
    "stake": "hosting.view",
    "hold": "hosting.view",
    "clearance": "hosting.view",
    "contract": "hosting.view",
    "enquiry": "hosting.view",
    "siteparty": "hosting.view",
    "membership": "hosting.view",
    "modelprice": "hosting.view",
    "entry": "money.view",
    "account": "money.view",
    "liquidation": "money.view",
    "share": "money.view",
    "statement": "money.view",
    "payout": "money.view",
}


@pytest.fixture
def told(story):
    story.upto("pay_out")
    return story


def test_every_list_and_row_opens_to_the_roles_that_have_its_act(told, cast, as_user):
    for user in (cast.auditor, cast.finance, cast.fleet_manager, cast.technician):
        browser = as_user(user)
        for name, act in LISTS.items():
            listed = browser.get(reverse(f"admin:hosting_{name}_changelist"))
            assert listed.status_code == (200 if user.may(act) else 403), (user.role, name)


def test_the_pages_of_money_show_and_cannot_change(told, cast, as_user):
    browser = as_user(cast.finance)
    for name, pk in (("entry", Entry.objects.latest("pk").pk), ("share", Share.objects.first().pk)):
        address = reverse(f"admin:hosting_{name}_change", args=[pk])
        assert browser.get(address).status_code == 200
        assert browser.post(address, {"memo": "changed"}).status_code == 403
        assert browser.post(reverse(f"admin:hosting_{name}_delete", args=[pk])).status_code == 403
    assert not Entry.objects.filter(memo="changed").exists()


def test_the_secret_of_the_proof_is_not_shown(told, cast, as_user):
    page = as_user(cast.auditor).get(reverse("admin:hosting_liquidation_change", args=[told.case.pk]))
    assert told.case.proof_root in page.content.decode()
    told.case.refresh_from_db()
    assert told.case.proof_secret not in page.content.decode()


def test_a_name_added_by_hand_is_folded_and_told_to_the_trail(told, cast, as_user):
    party = told.buyer
    name = party.names.get()
    form = {
        "number": party.number,
        "kind": party.kind,
        "name": party.name,
        "country": "RU",
        "source": "",
        "confidence": "unknown",
        "names-TOTAL_FORMS": 2,
        "names-INITIAL_FORMS": 1,
        "names-0-id": name.pk,
        "names-0-party": party.pk,
        "names-0-name": name.name,
        "names-1-party": party.pk,
        "names-1-name": "OOO Ängara",
        **{
            f"{prefix}-{kind}_FORMS": 0
            for prefix in ("identifiers", "wallets")
            for kind in ("TOTAL", "INITIAL")
        },
    }
    browser = as_user(cast.fleet_manager)
    answer = browser.post(reverse("admin:hosting_party_change", args=[party.pk]), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert PartyName.objects.get(party=party, name="OOO Ängara").folded == "angara"
    assert TrailEntry.objects.filter(verb="party.details_changed").exists()
    assert (
        as_user(cast.auditor).post(reverse("admin:hosting_party_change", args=[party.pk]), form).status_code
        == 403
    )


def test_a_contract_is_opened_by_its_verb_and_over_commitment_is_said_beside_the_form(told, cast, as_user):
    site = told.site
    site.energized_w = 1_000
    site.save()
    form = {
        "number": "C-9",
        "kind": "hosting",
        "party": told.owners[0].pk,
        "site": site.pk,
        "contracted_w": 2_000,
        "currency": "USD",
        "from_on": "2022-01-01",
        "confidence": "unknown",
    }
    browser, address = as_user(cast.fleet_manager), reverse("admin:hosting_contract_add")
    assert "too much" in browser.post(address, form).content.decode()
    assert not Contract.objects.exists()
    accepted = browser.post(address, form | {"accept_overcommitment": "on", "reason": "a customer leaves"})
    assert accepted.status_code == 302
    assert Contract.objects.get().from_on == date(2022, 1, 1)
    assert TrailEntry.objects.get(verb="contract.opened").detail["reason"] == "a customer leaves"
