"""Whose pages are whose: every address and method of the portal, tried by everybody who is not meant."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hosting.portal import urls
from hosting.portal.scope import customer_of, parties_of
from tests.hosting.portal_story import Story, held_log_in, sell, state, tell

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
LISTS = ("home", "miners", "liquidation", "papers", "account")
OBJECTS = ("miner", "case", "check", "paper")
ROOM = Path(__file__).resolve().parents[2] / "hosting" / "portal"


@pytest.fixture
def story(cast) -> Story:
    story = tell(cast.finance, cast.customer, cast.outsider, held_log_in())
    sell(story, cast.finance, cast.approver, cast.compliance_officer)
    state(story, cast.finance, cast.compliance_officer)
    return story


def objects_of(story: Story) -> dict[str, object]:
    """What stands in the addresses of Amber Ridge's own things."""
    share = story.share(story.amber)
    return {
        "miner": story.mine[0].pk,
        "case": story.case.number,
        "check": share.pk,
        "paper": share.statement.pk,
    }


def addresses_of(story: Story) -> dict[str, str]:
    own = {name: reverse(f"portal:{name}", args=[key]) for name, key in objects_of(story).items()}
    return {name: reverse(f"portal:{name}") for name in LISTS} | own


def test_every_address_of_the_portal_is_tried_here():
    assert sorted(pattern.name for pattern in urls.urlpatterns) == sorted(LISTS + OBJECTS)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_logged_in_gets_the_log_in(story, method):
    for name, address in addresses_of(story).items():
        answer = getattr(Client(enforce_csrf_checks=True), method)(address)
        assert answer.status_code == 302, name
        assert answer.url.startswith("/accounts/login/"), name


@pytest.mark.parametrize("method", METHODS)
def test_members_of_staff_are_refused(story, cast, as_user, method):
    staff = (cast.admin, cast.fleet_manager, cast.technician, cast.compliance_officer)
    for user in (*staff, cast.finance, cast.approver, cast.auditor):
        client = as_user(user)
        for name, address in addresses_of(story).items():
            assert getattr(client, method)(address).status_code == 403, (user, name)


@pytest.mark.parametrize("method", METHODS)
def test_another_customers_things_are_not_found_by_any_method(story, as_user, method):
    """Both have machines in the same sale, and even a browser without its token meets 404, not 403."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(story.held)
    for client in (as_user(story.outsider), as_user(story.held), strict):
        for name in ("miner", "check", "paper"):
            assert getattr(client, method)(addresses_of(story)[name]).status_code == 404, name


@pytest.mark.parametrize("method", METHODS)
def test_a_sale_one_has_no_machine_in_is_not_found(story, cast, as_user, method):
    newcomer = held_log_in("nina")
    assert getattr(as_user(newcomer), method)(addresses_of(story)["case"]).status_code == 404


@pytest.mark.parametrize("key", [0, 10**9, 10**25])
def test_what_does_not_exist_is_not_found_either(story, as_user, key):
    for name in ("miner", "check", "paper"):
        assert as_user(story.customer).get(reverse(f"portal:{name}", args=[key])).status_code == 404
    for number in ("LQ-0", "LQ-2022-00\0"):
        assert as_user(story.customer).get(reverse("portal:case", args=[number])).status_code == 404


@pytest.mark.parametrize("method", METHODS)
def test_the_customer_may_read_and_nothing_else(story, as_user, method):
    for name, address in addresses_of(story).items():
        answer = getattr(as_user(story.customer), method)(address)
        assert answer.status_code == (200 if method in ("get", "head") else 405), name
        assert "no-store" in answer["Cache-Control"]


def test_no_page_names_another_customer_or_their_machines(story, as_user):
    own = ("SMTT11C0", "Amber Ridge")
    foreign = ("OTHR0001", "OTHR0002", "HELD0001", "Other Peak", "Held One", "C-2022-0418", "OWN-0418")
    client, said = as_user(story.customer), ""
    for name, address in addresses_of(story).items():
        if name != "paper":
            said += client.get(address).content.decode()
    assert [word for word in own if word not in said] == []
    assert [word for word in foreign if word in said] == []


def test_owners_in_one_sale_see_their_own_line_of_it(story, as_user):
    address = addresses_of(story)["case"]
    for user, own, foreign in ((story.customer, "0001", "0002"), (story.outsider, "0002", "0001")):
        said = as_user(user).get(address).content.decode()
        assert f"LQ-2022-001-{own}" in said
        assert f"LQ-2022-001-{foreign}" not in said


def test_the_scope_of_a_log_in_ends_at_its_memberships(story):
    assert list(parties_of(story.customer)) == [story.amber]
    mine = customer_of(story.customer)
    assert set(mine.miners()) == set(story.mine)
    assert [share.party for share in mine.shares()] == [story.amber]
    assert {item.party for item in mine.items()} == {story.amber}
    nobody = customer_of(held_log_in("nina"))
    found = [nobody.miners(), nobody.shares(), nobody.cases(), nobody.contracts(), nobody.statements()]
    found += [nobody.stays(), nobody.parts(), nobody.move_holds(), nobody.gates(), nobody.members()]
    assert [rows.count() for rows in found] == [0] * len(found)


def test_every_query_of_the_portal_starts_at_the_gate():
    """Only the scope reaches for tables; the other files ask it."""
    wrong = {
        path.name: found
        for path in ROOM.glob("*.py")
        if path.name != "scope.py"
        and (found := re.findall(r"\w+\.(?:objects|_default_manager)\b", path.read_text()))
    }
    assert wrong == {}


def test_every_view_of_the_portal_names_its_act():
    assert {pattern.callback.needs_act for pattern in urls.urlpatterns} == {"portal.view"}
