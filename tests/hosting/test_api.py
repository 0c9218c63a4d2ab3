"""The API of the hosting storey: staff by role, customers only their own."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.miners.models import Miner
from hosting.contracts.verbs import NewContract, add_member, open_contracts, record_enquiry
from hosting.liquidation.models import Statement

STAFF = {
    "parties": "hosting.view",
    "contracts": "hosting.view",
    "enquiries": "hosting.view",
    "site-parties": "hosting.view",
    "liquidations": "money.view",
    "gates": "money.view",
    "shares": "money.view",
    "statements": "money.view",
    "entries": "money.view",
    "postings": "money.view",
}
OWN = ("my/miners", "my/contracts", "my/statements")


@pytest.fixture
def told(story, cast):
    """The story with statements; the first owner is the customer, the second the outsider."""
    story.upto("issue_statements")
    open_contracts(
        [NewContract(f"C-{p.number}", "hosting", p, story.site, date(2022, 1, 1)) for p in story.owners],
        by=None,
    )
    record_enquiry(name="One", received_on=date(2022, 1, 1), by=None)
    add_member(cast.customer, story.owners[1], by=None)
    add_member(cast.outsider, story.owners[2], by=None)
    return story


@pytest.mark.parametrize("noun", STAFF)
def test_a_list_opens_to_the_roles_that_have_its_act_and_to_nobody_else(told, cast, as_user, client, noun):
    for user in vars(cast).values():
        status = as_user(user).get(f"/api/v1/{noun}/").status_code
        assert status == (200 if user.may(STAFF[noun]) else 403), user.role
    assert client.get(f"/api/v1/{noun}/").status_code in (401, 403)


@pytest.mark.parametrize("noun", [*STAFF, *OWN])
def test_a_list_costs_at_most_three_queries_beside_the_log_in(told, cast, as_user, noun):
    browser = as_user(cast.customer if noun in OWN else cast.auditor)
    browser.get(f"/api/v1/{noun}/")
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(f"/api/v1/{noun}/").status_code == 200
    own = [q for q in queries if "django_session" not in q["sql"] and 'FROM "kit_user" WHERE' not in q["sql"]]
    assert len(own) <= 3, [q["sql"] for q in own]


def test_a_customer_sees_only_their_own_rows(told, cast, as_user):
    browser = as_user(cast.customer)
    mine = told.owners[1]
    serials = {row["serial"] for row in browser.get("/api/v1/my/miners/").json()["results"]}
    assert serials == set(Miner.objects.filter(owner=mine.owner).values_list("serial", flat=True))
    numbers = {row["number"] for row in browser.get("/api/v1/my/contracts/").json()["results"]}
    assert numbers == {f"C-{mine.number}"}
    statements = browser.get("/api/v1/my/statements/").json()["results"]
    assert [row["id"] for row in statements] == [Statement.objects.get(share__party=mine).pk]


def test_another_customers_row_is_not_found(told, cast, as_user):
    browser = as_user(cast.customer)
    theirs = told.owners[2]
    statement = Statement.objects.get(share__party=theirs)
    miner = Miner.objects.filter(owner=theirs.owner).first()
    for address in (
        f"/api/v1/my/miners/{miner.pk}/",
        f"/api/v1/my/statements/{statement.pk}/",
        f"/api/v1/my/statements/{statement.pk}/file/",
    ):
        assert browser.get(address).status_code == 404
        assert as_user(cast.outsider).get(address).status_code == 200


def test_staff_have_nothing_of_their_own(told, cast, as_user):
    for noun in OWN:
        assert as_user(cast.admin).get(f"/api/v1/{noun}/").status_code == 403


def test_a_statement_is_downloaded_as_it_was_issued(told, cast, as_user):
    statement = Statement.objects.get(share__party=told.owners[1])
    for user, prefix in ((cast.customer, "my/"), (cast.auditor, "")):
        answer = as_user(user).get(f"/api/v1/{prefix}statements/{statement.pk}/file/")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content == bytes(statement.document.content)


def test_shares_are_filtered_by_case_and_state(told, cast, as_user):
    browser = as_user(cast.auditor)
    due = browser.get(f"/api/v1/shares/?case={told.case.pk}&status=due").json()["results"]
    assert len(due) == 7
    assert browser.get(f"/api/v1/shares/?case={told.case.pk}&status=paid").json()["results"] == []


def test_nothing_is_written_through_the_api(told, cast, as_user):
    for noun in STAFF:
        assert as_user(cast.finance).post(f"/api/v1/{noun}/", {}).status_code in (403, 405)
