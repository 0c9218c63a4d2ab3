"""An entry balances, is booked once, and is found when a cent is changed by hand."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hosting.ledger.chart import account
from hosting.ledger.lines import Line, Row, digest_of
from hosting.ledger.models import Entry, EntryCheck, Posting
from hosting.ledger.reads import balance
from hosting.ledger.verbs import post
from hosting.liquidation.checks import check_ledger
from hosting.liquidation.models import Cost, Receipt, Share
from kit.errors import Refusal

DAY = date(2022, 6, 1)


def book(key="k", cents=100, other=None, currency="USD"):
    lines = [
        Line(account("bank", currency), None, cents),
        Line(account("proceeds", currency), None, -cents if other is None else other),
    ]
    return post(key=key, on_day=DAY, memo="test", lines=lines, by=None)


def by_hand(sql, *arguments):
    """Change rows as somebody with the database's password could: triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(sql, arguments)
        assert cursor.rowcount > 0
        cursor.execute("set local session_replication_role = origin")


@pytest.mark.django_db
def test_an_entry_moves_the_balances_from_its_day_on():
    book()
    assert balance(account("bank", "USD"), DAY) == 100
    assert balance(account("proceeds", "USD"), DAY) == -100
    assert balance(account("bank", "USD"), date(2022, 5, 31)) == 0
    assert not EntryCheck.objects.exists()


@pytest.mark.django_db
def test_an_unbalanced_entry_is_refused_naming_currency_and_difference():
    with pytest.raises(Refusal, match=r"USD differ by 0\.01"):
        book(cents=100, other=-99)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_entry_that_balances_only_over_two_currencies_is_refused():
    lines = [Line(account("bank", "USD"), None, 100), Line(account("bank", "EUR"), None, -100)]
    with pytest.raises(Refusal, match="does not balance"):
        post(key="k", on_day=DAY, memo="m", lines=lines, by=None)


@pytest.mark.django_db
def test_an_entry_without_lines_or_with_a_line_of_zero_is_refused():
    for lines in ([], [Line(account("bank", "USD"), None, 0)]):
        with pytest.raises(Refusal):
            post(key="k", on_day=DAY, memo="m", lines=lines, by=None)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_unbalanced_entry_by_itself():
    bank = account("bank", "USD")

    @transaction.atomic
    def book_one_side():
        entry = Entry.objects.create(key="raw", on_day=DAY, memo="raw")
        Posting.objects.create(entry=entry, account=bank, amount_cents=5, currency="USD")

    with pytest.raises(IntegrityError, match="does not balance"):
        book_one_side()
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_the_same_key_books_once_and_refuses_other_lines():
    first = book()
    assert book() == first
    assert Posting.objects.count() == 2
    with pytest.raises(Refusal, match="with other lines"):
        book(cents=101)


@pytest.mark.django_db
def test_entries_and_postings_cannot_be_changed_or_deleted():
    entry = book()
    for act in (
        lambda: Posting.objects.update(amount_cents=1),
        lambda: Posting.objects.all().delete(),
        lambda: Entry.objects.filter(pk=entry.pk).update(memo="x"),
    ):
        with pytest.raises(Exception, match=r"append_only|Cannot"), transaction.atomic():
            act()


@pytest.mark.django_db
def test_an_entry_of_a_hundred_lines_costs_as_many_queries_as_one_of_two():
    bank, proceeds = account("bank", "USD"), account("proceeds", "USD")
    many = [Line(bank, None, cents) for cents in range(1, 101)] + [Line(proceeds, None, -5050)]
    counted = []
    for key, lines in (("warm", many[:1]), ("two", [Line(bank, None, 1)]), ("many", many)):
        lines = lines if key == "many" else [*lines, Line(proceeds, None, -1)]
        with CaptureQueriesContext(connection) as queries:
            post(key=key, on_day=DAY, memo="m", lines=lines, by=None)
        counted.append(len(queries))
    assert counted[1] == counted[2]
    assert Posting.objects.count() == 105


def command():
    out, err = StringIO(), StringIO()
    try:
        call_command("check_ledger", stdout=out, stderr=err, no_color=True)
    except SystemExit as stopped:
        return stopped.code, out.getvalue() + err.getvalue()
    return 0, out.getvalue()


def test_sound_books_are_said_to_add_up(story):
    story.upto("close_case")
    status, said = command()
    assert status == 0
    assert "no difference found" in said


def test_one_cent_changed_by_hand_is_found_with_its_entry(story):
    story.upto("pay_out")
    cost = Cost.objects.first()
    by_hand(
        "update hosting_posting set amount_cents = amount_cents + 1 where entry_id = %s and amount_cents > 0",
        cost.entry_id,
    )
    status, said = command()
    assert status == 1
    assert "THE BOOKS DO NOT ADD UP" in said
    assert f"({cost.entry_id}) does not balance: 0.01" in said


def test_a_cent_moved_from_one_owner_to_another_is_found_though_the_entry_balances(story):
    case = story.upto("issue_statements")
    one, other = Share.objects.filter(case=case)[:2]
    for share, cents in ((one, 1), (other, -1)):
        by_hand(
            "update hosting_posting set amount_cents = amount_cents + %s where entry_id = %s and "
            "party_id = %s",
            cents,
            share.entry_id,
            share.party_id,
        )
    report = check_ledger()
    assert {fault.party_id for fault in report.faults if fault.party_id} == {one.party_id, other.party_id}
    assert {abs(fault.difference_cents or 0) for fault in report.faults if fault.party_id} == {1}
    assert any("not what was booked" in fault.sentence for fault in report.faults)


def test_a_balanced_change_of_lines_with_a_forged_digest_is_found_by_the_trail(story):
    story.upto("issue_statements")
    receipt = Receipt.objects.first()
    by_hand(
        "update hosting_posting set amount_cents = amount_cents * 2 where entry_id = %s", receipt.entry_id
    )
    entry = receipt.entry
    rows = sorted(
        Row(p.account_id, p.party_id or 0, p.amount_cents, p.currency) for p in entry.postings.all()
    )
    by_hand(
        "update hosting_entry set digest = %s where id = %s",
        digest_of(entry.key, entry.on_day, entry.memo, rows),
        entry.pk,
    )
    assert any("digest in the trail" in fault.sentence for fault in check_ledger().faults)


def test_a_share_and_its_posting_changed_together_are_found_by_the_root(story):
    case = story.upto("issue_statements")
    by_hand(
        "update hosting_share set weight = weight + 1 where id = %s",
        Share.objects.filter(case=case).first().pk,
    )
    assert any("root" in fault.sentence for fault in check_ledger().faults)


def test_a_deleted_entry_is_found(story):
    story.upto("approve_sale")
    entry = book()
    by_hand("delete from hosting_posting where entry_id = %s", entry.pk)
    by_hand("delete from hosting_entry where id = %s", entry.pk)
    assert any("is gone" in fault.sentence for fault in check_ledger().faults)


def test_a_net_changed_by_hand_is_found(story):
    story.upto("allocate")
    by_hand("update hosting_liquidation set net_cents = net_cents - 1")
    assert any("the net" in fault.sentence for fault in check_ledger().faults)
