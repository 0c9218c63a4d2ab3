"""Five-minute windows, days of uptime, partitions, and what is read of them."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.miners.verbs import move_miners, set_status
from fleet.telemetry import partitions, windows
from fleet.telemetry.models import Reading, ReadingBatch, RollUp, UptimeDay, UptimeWindow
from fleet.telemetry.reads import site_drawn, uptime, uptime_by_day
from fleet.telemetry.tasks import compare_seen_parts, keep_reading_partitions, roll_up_readings
from fleet.telemetry.verbs import keep_partitions, roll_up
from kit.errors import Refusal
from tests.fleet.readings import NOON, at, give, rig, row

AN_HOUR_LATER = NOON + timedelta(hours=1)
NUMBERS = count()


def counted():
    return {
        (day.miner_id, day.counted_on, day.site_id): (day.observed, day.reachable, day.hashing)
        for day in UptimeDay.objects.all()
    }


def by_hand(site_id):
    """The days as a plain count of the readings gives them, for miners that never moved."""
    seen: dict = {}
    for reading in Reading.objects.all():
        window = int(reading.at.timestamp()) // 300
        was = seen.get((reading.miner_id, window), (False, False))
        seen[reading.miner_id, window] = (was[0] or reading.is_reachable, was[1] or reading.is_hashing)
    days: dict = {}
    for (miner, window), (is_reachable, is_hashing) in seen.items():
        key = (miner, datetime.fromtimestamp(window * 300, UTC).date(), site_id)
        was = days.get(key, (0, 0, 0))
        days[key] = (was[0] + 1, was[1] + is_reachable, was[2] + is_hashing)
    return days


def test_a_window_tells_reachable_from_hashing(fleet):
    miner = rig(fleet)
    give(
        row(minutes=0, flags=0, ghs=None, power_w=None),
        row(minutes=4.9, flags=1, ghs=0, power_w=100),
        row(minutes=5, flags=3, ghs=100),
        row(minutes=9, flags=3, ghs=200),
        row(minutes=10, flags=0, ghs=None),
        now=NOON + timedelta(minutes=10),
    )
    assert roll_up(now=AN_HOUR_LATER) == 3
    found = UptimeWindow.objects.order_by("window_at").values_list(
        "readings", "is_reachable", "is_hashing", "ghs"
    )
    assert list(found) == [(2, True, False, 0), (2, True, True, 150), (1, False, False, None)]
    assert counted() == {(miner.pk, NOON.date(), fleet.bratsk.pk): (3, 2, 1)}


def test_a_window_is_rolled_up_only_after_it_ended_and_once(fleet):
    rig(fleet)
    give(row())
    assert roll_up(now=NOON + timedelta(minutes=5)) == 0
    assert roll_up(now=NOON + windows.WINDOW + windows.GRACE) == 1
    before = counted()
    assert roll_up(now=AN_HOUR_LATER) == 0
    assert counted() == before


def test_late_readings_have_their_window_rolled_up_again(fleet):
    miner = rig(fleet)
    rig(fleet, "RIG2")
    give(row(flags=1))
    roll_up(now=AN_HOUR_LATER)
    give(row(minutes=1, flags=3), row("RIG2", flags=0), now=AN_HOUR_LATER)
    assert RollUp.objects.get().is_waiting
    assert roll_up(now=AN_HOUR_LATER) == 1
    assert counted() == by_hand(fleet.bratsk.pk)
    assert UptimeWindow.objects.get(miner=miner).readings == 2
    give(row(minutes=1, flags=3), now=AN_HOUR_LATER)
    assert roll_up(now=AN_HOUR_LATER) == 1
    assert counted() == by_hand(fleet.bratsk.pk)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_days_equal_a_plain_count_whatever_order_readings_and_roll_ups_come_in(fleet, seed):
    """Several batches, on time and late and again, with roll-ups between them."""
    chance = random.Random(seed)
    miners = [rig(fleet, f"RIG{next(NUMBERS)}") for _n in range(3)]
    ids = [miner.pk for miner in miners]
    now = NOON
    for _batch in range(6):
        now += timedelta(minutes=chance.randint(0, 20))
        ahead = (now - NOON).total_seconds() / 60
        give(
            *(
                row(
                    chance.choice(ids),
                    ahead - chance.choice([0, 1, 3, 7, 60, 700]),
                    flags=chance.choice([0, 1, 3]),
                )
                for _reading in range(12)
            ),
            now=now,
        )
        if chance.random() < 0.6:
            roll_up(now=now)
    roll_up(now=now + timedelta(days=1))
    expected = {key: value for key, value in by_hand(fleet.bratsk.pk).items() if key[0] in ids}
    assert {key: value for key, value in counted().items() if key[0] in ids} == expected


@pytest.mark.django_db(transaction=True)
def test_late_readings_wait_for_a_roll_up_that_is_at_work_and_mark_the_window_again(fleet):
    """Who brings late readings takes the window's row, so it cannot pass a roll-up unseen."""
    rig(fleet)
    give(row(flags=1))
    held, done = Event(), []

    def late():
        held.wait(timeout=20)
        try:
            done.append(give(row(minutes=1), now=AN_HOUR_LATER))
        finally:
            connection.close()

    thread = Thread(target=late)
    thread.start()
    with transaction.atomic():
        assert windows.roll(windows.window_of(NOON), AN_HOUR_LATER)
        held.set()
        thread.join(timeout=0.5)
        assert not done
    thread.join(timeout=20)
    assert done[0].accepted == 1
    assert roll_up(now=AN_HOUR_LATER) == 1
    assert counted() == by_hand(fleet.bratsk.pk)


def test_uptime_counts_every_window_the_miner_stood_there_and_observes_some(fleet):
    now = NOON + timedelta(minutes=32)  # the last window that counts ended at 12:25
    miner = rig(fleet, since=NOON - timedelta(minutes=20))
    give(
        *(row(minutes=m, flags=f) for m, f in ((-20, 3), (-15, 3), (-10, 1), (-5, 0), (0, 3))),
        now=now,
    )
    roll_up(now=now)
    found = uptime(miner, 1, now=now)
    assert (found.from_at, found.to_at) == (NOON.replace(hour=0), NOON + timedelta(minutes=25))
    assert (found.windows, found.observed, found.reachable, found.hashing) == (9, 5, 4, 3)
    assert (found.reachable_bps, found.hashing_bps) == (4_444, 3_333)
    assert uptime(fleet.bratsk, 1, now=now) == found
    assert [day.hashing for day in uptime_by_day(miner, 1, now=now)] == [3]


def test_uptime_of_a_site_counts_a_miner_while_it_stood_there(fleet):
    now = NOON + timedelta(minutes=31)
    miner = rig(fleet, since=NOON - timedelta(minutes=10))
    move_miners([miner.pk], fleet.pecos, by=None, at=NOON + timedelta(minutes=5))
    give(*(row(minutes=m) for m in (-10, -5, 0, 5, 10)), now=now)
    roll_up(now=now)
    there, here = uptime(fleet.bratsk, 2, now=now), uptime(fleet.pecos, 2, now=now)
    assert (there.windows, there.hashing) == (3, 3)
    assert (here.windows, here.hashing) == (4, 2)
    both = uptime(miner, 2, now=now)
    assert (both.windows, both.hashing) == (7, 5)


@pytest.mark.parametrize("days", [0, -1, 401])
def test_uptime_of_no_days_or_too_many_is_refused(fleet, days):
    with pytest.raises(Refusal, match="1 to 400 days"):
        uptime(fleet.bratsk, days)


def test_uptime_without_a_window_is_none(fleet):
    assert uptime(fleet.pecos, 30, now=NOON).hashing_bps is None


def test_what_a_site_draws_says_how_that_is_known(fleet):
    miners = [rig(fleet, f"RIG{n}") for n in range(4)]
    assert site_drawn(fleet.bratsk, now=NOON).basis == "unknown"
    set_status([m.pk for m in miners], "energized", by=None)
    give(row("RIG0", power_w=3_000), row("RIG1", power_w=0, ghs=0, flags=1))
    found = site_drawn(fleet.bratsk, now=NOON)
    # Two are switched on and never told anything: their plates count, and the figure is called by its worst.
    assert (found.drawn_w, found.basis) == (3_000 + 2 * fleet.s19.power_w, "nameplate")
    give(row("RIG2", power_w=None), row("RIG3", minutes=-16))
    found = site_drawn(fleet.bratsk, now=NOON)
    assert (found.drawn_w, found.basis) == (3_000 + fleet.s19.power_w, "nameplate")
    assert (found.machines, found.reporting, found.assumed, found.silent) == (4, 2, 1, 1)
    give(row("RIG2", minutes=1, power_w=3_100), now=NOON + timedelta(minutes=1))
    found = site_drawn(fleet.bratsk, now=NOON + timedelta(minutes=1))
    assert (found.drawn_w, found.basis, found.at) == (6_100, "reported", NOON + timedelta(minutes=1))
    assert site_drawn(fleet.bratsk, now=NOON + timedelta(minutes=20)).basis == "unknown"


def test_reads_cost_few_queries(fleet, django_assert_num_queries):
    miner = rig(fleet)
    give(row())
    with django_assert_num_queries(3):
        uptime(miner, 30, now=NOON)
    with django_assert_num_queries(1):
        site_drawn(fleet.bratsk, now=NOON)


def test_partitions_are_made_ahead_and_only_once(db):
    partitions.drop_before(date(2100, 1, 1))
    made, dropped = keep_partitions(now=NOON)
    assert (made, dropped) == (6, [])
    assert keep_partitions(now=NOON) == (0, [])
    for table in partitions.TABLES:
        names = [partitions.partition_of(table, NOON.date() + timedelta(days=n)) for n in range(3)]
        assert set(names) <= set(partitions.partitions(table))


def test_partitions_past_their_time_are_dropped_with_what_belongs_to_them(fleet, settings):
    rig(fleet)
    give(row(minutes=-60 * 24 * 10), row())
    roll_up(now=AN_HOUR_LATER)
    settings.READINGS_RETENTION_DAYS = 5
    _made, dropped = keep_partitions(now=NOON)
    assert dropped == ["fleet_reading_20261112", "fleet_uptimewindow_20261112"]
    assert Reading.objects.get().at == NOON
    assert RollUp.objects.get().window_at == NOON
    assert ReadingBatch.objects.count() == 1
    assert UptimeDay.objects.count() == 2, "days of uptime stay"
    keep_partitions(now=NOON + timedelta(days=30))
    assert not ReadingBatch.objects.exists()
    assert keep_partitions(now=NOON + timedelta(days=30)) == (0, [])


def test_a_partition_is_exactly_a_utc_day(fleet):
    rig(fleet)
    last = datetime(2026, 11, 21, 23, 59, 59, 999_000, tzinfo=UTC)
    minutes = (last - NOON).total_seconds() / 60
    give(row(minutes=minutes), ["RIG1", datetime(2026, 11, 22, tzinfo=UTC).timestamp(), 1, 1, 1, 1])
    with connection.cursor() as cursor:
        cursor.execute("select tableoid::regclass::text from fleet_reading order by at")
        assert [name for (name,) in cursor.fetchall()] == ["fleet_reading_20261121", "fleet_reading_20261122"]


def test_a_day_that_is_no_partition_is_never_dropped(db):
    partitions.make("fleet_reading", [date(2026, 11, 22)])
    assert partitions.drop_before(date(2026, 11, 22)) == []


def test_the_tasks_may_run_twice(fleet):
    rig(fleet)
    keep_reading_partitions()
    assert keep_reading_partitions() == 0
    assert roll_up_readings() == 0
    assert compare_seen_parts() == 0
    assert at(0) == NOON.timestamp()
