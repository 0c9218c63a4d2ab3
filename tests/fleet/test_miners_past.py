"""A past day by moves and snapshots against the stays themselves, which are the slow truth."""

import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fleet.miners import past, reads, verbs
from fleet.miners.models import Miner, Owner, Stay
from fleet.miners.summaries import Move, Snapshot, SnapshotModel, SnapshotOwner
from fleet.sites.reads import power_of_sites
from kit.asof import end_of
from tests.fleet.conftest import LONG_AGO

FIRST, LAST = date(2021, 12, 30), date(2023, 6, 30)
TODAY = date(2023, 8, 1)
TRUTH = """
select site_id, {key}, count(*), sum(power_w)::bigint, sum(ghs)::bigint from fleet_stay
where from_at < %(moment)s and (to_at is null or to_at >= %(moment)s)
group by site_id, {key} order by site_id, {key} nulls first
"""


def truth(key: str, day: date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(TRUTH.format(key=key), {"moment": end_of(day)})
        return cursor.fetchall()


def check(day: date) -> None:
    """Every read of a past day says what the stays say."""
    models, owners = truth("model_id", day), truth("owner_id", day)
    assert reads.groups_at(day) == [reads.FleetGroup(*row) for row in models]
    assert reads.holdings_at(day) == [reads.HoldingGroup(*row) for row in owners]
    for site_id in {row[0] for row in owners}:
        theirs = [reads.HoldingGroup(*row) for row in owners if row[0] == site_id]
        assert reads.holdings_at(day, [site_id]) == theirs
        named = {row.owner_id for row in theirs if row.owner_id is not None}
        assert reads.owners_at(day)[site_id] == len(named)
        assert next(site.owner_ids for site in power_of_sites(day) if site.site_id == site_id) == named
    assert reads.owner_count_at(day) == len({row[1] for row in owners if row[1] is not None})
    shown = {site.site_id: (site.machines, site.installed_w, site.ghs) for site in power_of_sites(day)}
    for site_id in shown:
        mine = [row[2:] for row in models if row[0] == site_id]
        assert shown[site_id] == tuple(sum(row[part] for row in mine) for part in range(3))
    labels = list(Owner.objects.values_list("pk", flat=True))
    theirs = [row for row in truth("owner_id, model_id", day) if row[1] is not None]
    assert reads.owner_groups_question(day, labels).answer == [reads.OwnerGroup(*row) for row in theirs]
    assert reads.owner_groups_question(day, labels[:1]).answer == [
        reads.OwnerGroup(*row) for row in theirs if row[1] == labels[0]
    ]
    days = [day - timedelta(days=90), day, day + timedelta(days=1)]
    watts = {
        site_id: [sum(row[3] for row in truth("model_id", each) if row[0] == site_id) for each in days]
        for site_id in shown
    }
    found = reads.power_question(days).answer
    assert {site_id: found.get(site_id, [0, 0, 0]) for site_id in shown} == watts


def some_day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))


def an_edge(chance: random.Random) -> list[date]:
    """The day on which some stay begins, or ends, and the day before it."""
    stays = list(Stay.objects.order_by("pk").values_list("from_at", "to_at"))
    days = [edge.date() for edge in chance.choice(stays) if edge] if stays else [LAST]
    return [days[-1] - timedelta(days=1), days[-1]]


def instant(chance: random.Random, day: date) -> datetime:
    """Within the day, and often exactly on its edge."""
    seconds = chance.choice([0, 0, 1, 43_200, 86_399])
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.fixture
def machines(fleet) -> list[Miner]:
    return Miner.objects.bulk_create(
        Miner(serial=f"SN-{n:03}", model=fleet.s19, status="stored", power_w=3_000, ghs=95_000)
        for n in range(40)
    )


def change(chance: random.Random, fleet, machines: list[Miner]) -> None:
    """One statement or a few on the stays, anywhere in time."""
    stays = Stay.objects.filter(miner__in=machines)
    some = stays.filter(
        pk__in=chance.sample(list(stays.order_by("pk").values_list("pk", flat=True)), k=min(3, stays.count()))
    )
    what = chance.randrange(6)
    if what <= 1 or not some:
        Stay.objects.bulk_create(_stay(chance, fleet, miner) for miner in chance.sample(machines, k=4))
    elif what == 2:
        some.update(to_at=instant(chance, some_day(chance)))
    elif what == 3:
        some.update(owner=chance.choice([None, fleet.dana, fleet.olga]), power_w=chance.randint(1, 9_000))
    elif what == 4:
        some.update(
            from_at=instant(chance, some_day(chance)), site=chance.choice([fleet.bratsk, fleet.pecos])
        )
    else:
        some.delete()


def _stay(chance: random.Random, fleet, miner: Miner) -> Stay:
    begin = some_day(chance)
    end = None if chance.random() < 0.4 else instant(chance, begin + timedelta(days=chance.randint(0, 200)))
    start = instant(chance, begin)
    return Stay(
        miner=miner,
        site=chance.choice([fleet.bratsk, fleet.pecos]),
        owner=chance.choice([None, fleet.dana, fleet.olga]),
        model=chance.choice([fleet.s19, fleet.m50]),
        power_w=chance.randint(1, 5_000),
        ghs=chance.randint(0, 100_000),
        from_at=start,
        to_at=None if end is None or end <= start else end,
    )


def change_or_not(chance: random.Random, fleet, machines: list[Miner]) -> None:
    """A few changes in a transaction; some break a rule of the stays, some are taken back."""
    try:
        with transaction.atomic():
            for _ in range(chance.randint(1, 3)):
                change(chance, fleet, machines)
            if chance.random() < 0.25:
                raise IntegrityError("taken back")
    except IntegrityError:
        pass


def test_any_past_day_equals_the_stays_whatever_is_changed_back_dated_or_taken_back(
    fleet, machines, monkeypatch
):
    monkeypatch.setattr(past, "MOST_MOVES", 25)
    chance = random.Random(2022)
    for turn in range(120):
        change_or_not(chance, fleet, machines)
        if turn % 7 == 3:
            verbs.make_snapshots(today=TODAY)
        for day in (some_day(chance), date(2022, 3, 31), *an_edge(chance)):
            check(day)
    assert Stay.objects.count() > 10
    assert Snapshot.objects.count() > 6
    ends = {past.quarter_end(day) for day in Snapshot.objects.values_list("on_day", flat=True)}
    assert set(Snapshot.objects.values_list("on_day", flat=True)) - ends, "no snapshot within a quarter"


def test_snapshots_are_made_once_and_the_same_from_nothing(fleet, machines):
    chance = random.Random(7)
    for _ in range(25):
        change_or_not(chance, fleet, machines)
        verbs.make_snapshots(today=TODAY)
    assert verbs.make_snapshots(today=TODAY) == 0
    kept = set(SnapshotOwner.objects.exclude(machines=0).values_list())
    assert kept
    days = set(Snapshot.objects.values_list("on_day", flat=True))
    Snapshot.objects.all().delete()
    SnapshotOwner.objects.all().delete()
    SnapshotModel.objects.all().delete()
    assert verbs.make_snapshots(today=TODAY) == len(days)
    assert set(SnapshotOwner.objects.values_list()) == kept


def test_very_many_late_moves_make_the_snapshots_anew(fleet, machines, monkeypatch):
    chance = random.Random(11)
    for _ in range(10):
        change_or_not(chance, fleet, machines)
    verbs.make_snapshots(today=TODAY)
    monkeypatch.setattr(past, "MOST_MOVES", 0)
    Stay.objects.update(power_w=7)
    verbs.make_snapshots(today=TODAY)
    for day in (LAST, date(2022, 3, 31), date(2022, 12, 31)):
        check(day)
    with connection.cursor() as cursor:  # the snapshots alone, no moves after them
        cursor.execute(
            "select count(*) from fleet_snapshot where last_move_id <> (select max(id) from fleet_move)"
        )
        assert cursor.fetchone()[0] == 0


def test_the_verbs_of_a_miner_leave_moves(fleet):
    miner = verbs.register_miner("SN-1", fleet.s19, site=fleet.bratsk, owner=fleet.dana, at=LONG_AGO, by=None)
    verbs.move_miners([miner.pk], fleet.pecos, at=LONG_AGO + timedelta(days=9), by=None)
    moves = Move.objects.order_by("on_day", "machines").values_list(
        "on_day", "site_id", "machines", "power_w"
    )
    came, left = LONG_AGO.date(), LONG_AGO.date() + timedelta(days=9)
    assert list(moves) == [
        (came, fleet.bratsk.pk, 1, 3_250),
        (left, fleet.bratsk.pk, -1, -3_250),
        (left, fleet.pecos.pk, 1, 3_250),
    ]


def test_moves_are_never_changed_and_a_statement_that_changes_no_figure_leaves_none(fleet, machines):
    Stay.objects.bulk_create(_stay(random.Random(3), fleet, miner) for miner in machines[:5])
    before = Move.objects.count()
    Stay.objects.update(reason="corrected")
    assert Move.objects.count() == before
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Move.objects.update(machines=9)


def test_snapshots_are_due_at_ends_of_quarters_with_moves_and_where_moves_pile_up(monkeypatch):
    monkeypatch.setattr(past, "MOST_MOVES", 10)
    counts = [(date(2022, 1, 5), 6), (date(2022, 2, 1), 5), (date(2022, 3, 31), 1), (date(2022, 11, 2), 1)]
    wanted = [date(2022, 2, 1), date(2022, 3, 31), date(2022, 12, 31)]
    assert list(past.due(counts, set(), date(2023, 2, 1))) == wanted
    assert list(past.due(counts, set(wanted), date(2023, 2, 1))) == []
    assert list(past.due(counts, set(), date(2022, 12, 31))) == wanted[:2]


@pytest.mark.django_db(transaction=True)
def test_several_writers_and_a_maker_of_snapshots_at_once_leave_the_truth(fleet, machines, monkeypatch):
    monkeypatch.setattr(past, "MOST_MOVES", 25)
    failed: list[BaseException] = []

    def write(number: int) -> None:
        chance = random.Random(number)
        try:
            for _ in range(25):
                change_or_not(chance, fleet, machines[number * 10 : number * 10 + 10])
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    def make() -> None:
        try:
            for _ in range(12):
                verbs.make_snapshots(today=TODAY)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(3)]
    threads.append(threading.Thread(target=make))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    verbs.make_snapshots(today=TODAY)
    for day in {*Snapshot.objects.values_list("on_day", flat=True), date(2022, 5, 5), LAST}:
        check(day)
