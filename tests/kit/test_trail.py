"""The hash-chained trail."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from kit.trail.verbs import record

pytestmark = pytest.mark.django_db


def three_acts(cast) -> list[TrailEntry]:
    return [record(f"test.act{n}", cast.customer, by=cast.admin, detail={"n": n}) for n in range(3)]


def by_hand(sql: str) -> None:
    """Change rows as somebody with the database in hand would: with the triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("set session_replication_role = origin")


def test_each_act_is_chained_to_the_one_before(cast):
    first, second, third = three_acts(cast)
    assert bytes(second.previous_hash) == bytes(first.hash)
    assert bytes(third.previous_hash) == bytes(second.hash)
    check = check_trail()
    assert check.holds
    assert check.length == third.id


def test_the_trail_cannot_be_changed_through_the_database(cast):
    entry = three_acts(cast)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        TrailEntry.objects.filter(pk=entry.pk).update(verb="something.else")
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("update kit_trailentry set detail = '{}' where id = 2", "content"),
        ("update kit_trailentry set actor_name = 'x' where id = 2", "content"),
        ("delete from kit_trailentry where id = 2", "missing"),
        ("delete from kit_trailentry where id = 3", "cut off"),
    ],
)
def test_a_row_changed_by_hand_breaks_the_trail_loudly(cast, sql, reason):
    three_acts(cast)
    by_hand(sql)
    check = check_trail()
    assert not check.holds
    assert reason in check.reason
    with pytest.raises(CommandError, match="THE TRAIL IS BROKEN"):
        call_command("verify_trail")


def test_an_act_rolled_back_leaves_no_trail(cast):
    before = check_trail().length
    with transaction.atomic():
        record("test.undone", None, by=cast.admin)
        transaction.set_rollback(True)
    assert check_trail().length == before
