"""Readings open tickets: once, after their time, and one for a place where thousands would say the same."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.miners.models import Miner
from fleet.sites.models import Building, PowerFeed
from fleet.sites.verbs import add_racks
from fleet.telemetry.models import Curtailment
from fleet.workshop import verbs
from fleet.workshop.facts import SUSPECTED
from fleet.workshop.models import Ticket
from fleet.workshop.rules import RULE_OF_CODE
from fleet.workshop.verbs import close_ticket, take_ticket, watch_readings
from kit.errors import Refusal
from tests.fleet.readings import NOON, give, rig, row

MINUTE = timedelta(minutes=1)


def put(fleet, serial="RIG1", status="mining", **where):
    miner = rig(fleet, serial, **where)
    Miner.objects.filter(pk=miner.pk).update(status=status)
    return miner


def tell(told, since=-90, until=0, every=5):
    """One batch every few minutes with what each miner tells at that time; who is silent is not in it."""
    for minutes in range(since, until + 1, every):
        rows = [row(serial, minutes, **figures) for serial, figures in told(minutes).items()]
        if rows:
            give(*rows, now=NOON + minutes * MINUTE)


def alone(**figures):
    """A miner with something wrong beside one that is well."""
    return lambda minutes: {"RIG1": figures, "WELL": {}}


def opened():
    rows = Ticket.objects.order_by("id").values_list("miner__serial", "site__code", "feed__name", "rule")
    return [tuple(part for part in one if part) for one in rows]


@pytest.fixture
def two(fleet):
    put(fleet, "WELL")
    return put(fleet)


def pieces(missing, stopped):
    """Readings with what rows made by `row` do not say."""
    for minutes in range(-90, 1, 5):
        rows = [[*row("RIG1", minutes), missing, stopped], row("WELL", minutes)]
        give(*rows, now=NOON + minutes * MINUTE)


@pytest.mark.parametrize(
    ("figures", "rule"),
    [
        ({}, None),
        ({"ghs": 95_000 * 80 // 100}, None),
        ({"ghs": 95_000 * 79 // 100}, "low-hashrate"),
        ({"ghs": 1_000}, "not-hashing"),
        ({"ghs": 0, "flags": 1}, "not-hashing"),
        ({"temp_c": 85}, None),
        ({"temp_c": 86}, "hot"),
        ({"ghs": None, "flags": 0}, "offline"),
        ({"ghs": None, "power_w": None, "temp_c": None}, None),
    ],
)
def test_what_held_all_the_time_opens_its_ticket_once(two, figures, rule):
    tell(alone(**figures))
    wanted = [("RIG1", "bratsk", rule)] if rule else []
    assert watch_readings(now=NOON) == len(wanted)
    assert opened() == wanted
    assert watch_readings(now=NOON) == 0
    assert opened() == wanted


@pytest.mark.parametrize(("given", "rule"), [((1, 0), "board-missing"), ((0, 2), "fan-stopped")])
def test_a_missing_board_and_a_still_fan_open_theirs(two, given, rule):
    pieces(*given)
    watch_readings(now=NOON)
    assert opened() == [("RIG1", "bratsk", rule)]


@pytest.mark.parametrize(
    ("lasted", "rules"), [(5, []), (10, ["hot"]), (29, ["hot"]), (30, ["hot", "not-hashing"])]
)
def test_what_has_not_lasted_opens_nothing_yet(two, lasted, rules):
    bad = {"ghs": 0, "temp_c": 95, "flags": 1}
    tell(lambda minutes: {"RIG1": bad if minutes >= -lasted else {}, "WELL": {}}, every=1, since=-70)
    watch_readings(now=NOON)
    assert sorted(one[2] for one in opened()) == rules


def test_one_good_reading_between_bad_ones_breaks_the_proof(two):
    tell(lambda minutes: {"RIG1": {} if minutes == -5 else {"temp_c": 95}, "WELL": {}})
    assert watch_readings(now=NOON) == 0


@pytest.mark.parametrize("nameplate", [0, 1])
def test_a_nameplate_that_says_next_to_nothing_is_no_stumbling_block(two, nameplate):
    Miner.objects.filter(pk=two.pk).update(ghs=nameplate)
    tell(alone(ghs=10_000_000, temp_c=95))
    assert watch_readings(now=NOON) == 1
    assert opened() == [("RIG1", "bratsk", "hot")]


def test_two_bad_readings_with_silence_between_prove_nothing(two):
    tell(lambda minutes: {"RIG1": {"temp_c": 95}, "WELL": {}} if minutes in (-60, 0) else {"WELL": {}})
    assert watch_readings(now=NOON) == 0


@pytest.mark.parametrize(("minutes", "count"), [(29, 0), (30, 1)])
def test_silence_counts_from_the_last_answer(two, minutes, count):
    tell(lambda now: {"WELL": {}} | ({"RIG1": {}} if now <= -minutes else {}), every=1, since=-70)
    assert watch_readings(now=NOON) == count


def test_a_miner_that_never_told_anything_is_not_offline(fleet):
    put(fleet, "NEVER")
    put(fleet, "WELL")
    tell(lambda minutes: {"WELL": {}})
    assert watch_readings(now=NOON) == 0


@pytest.mark.parametrize("status", ["in_repair", "stored", "racked", "energized", "sold"])
def test_a_miner_that_does_not_run_is_not_considered(fleet, status):
    put(fleet, "WELL")
    miner = put(fleet)
    tell(alone(temp_c=95))
    Miner.objects.filter(pk=miner.pk).update(status=status)
    assert watch_readings(now=NOON) == 0


def test_a_rule_rests_after_its_ticket_was_closed(two):
    tell(alone(temp_c=95))
    watch_readings(now=NOON)
    close_ticket(Ticket.objects.get(), by=None, at=NOON, outcome="door was open")
    tell(alone(temp_c=95), since=5, until=60 * 7)
    assert watch_readings(now=NOON + timedelta(hours=5)) == 0
    assert watch_readings(now=NOON + timedelta(hours=7)) == 1


def test_a_watch_that_was_killed_leaves_nothing_and_its_successor_opens_the_same(two, monkeypatch):
    tell(alone(temp_c=95))

    def killed(*_args, **_further):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("fleet.workshop.tickets.record", killed)
        with pytest.raises(KeyboardInterrupt):
            watch_readings(now=NOON)
    assert opened() == []
    assert watch_readings(now=NOON) == 1
    assert opened() == [("RIG1", "bratsk", "hot")]


@pytest.fixture
def many(fleet, settings):
    """Ten miners on a feed of their own, twenty elsewhere at the site; four are enough for the brake."""
    settings.FAULT_BRAKE_LEAST = 4
    feed = PowerFeed.objects.create(site=fleet.bratsk, name="T1", nameplate_w=5_000_000)
    add_racks(fleet.bratsk, "Hall F", ["F1"], slots=10, by=None)
    hall = Building.objects.get(name="Hall F")
    hall.feed = feed
    hall.save()
    slots = list(hall.racks.get().slots.order_by("position"))
    fed = [put(fleet, f"FED{n}", slot=slots[n]) for n in range(10)]
    return fed + [put(fleet, f"RIG{n:02}") for n in range(20)]


def all_of(many, silent_from=0, **figures):
    """All tell; from some minute on those of the feed are silent, or tell something else."""

    def told(minutes):
        well = {miner.serial: {} for miner in many}
        if minutes < silent_from:
            return well
        fed = {serial for serial in well if serial.startswith("FED")}
        return {s: f for s, f in well.items() if s not in fed} | (
            dict.fromkeys(fed, figures) if figures else {}
        )

    return told


def test_a_feed_that_falls_silent_opens_one_ticket_of_the_feed(many):
    tell(all_of(many, silent_from=-40))
    assert watch_readings(now=NOON) == 1
    assert opened() == [("bratsk", "T1", "offline")]
    ticket = Ticket.objects.get()
    assert ticket.text == "10 of 10 running machines: not heard of for 30 minutes"
    assert watch_readings(now=NOON) == 0
    assert verbs.watch_readings(now=NOON + timedelta(minutes=10)) == 0


def test_nothing_is_swapped_in_or_sent_out_from_a_place(many):
    tell(all_of(many, silent_from=-40))
    watch_readings(now=NOON)
    ticket = Ticket.objects.get()
    with pytest.raises(Refusal, match="about a part on the shelf or a place"):
        verbs.swap_part(ticket, "hashboard", old="A", by=None)
    with pytest.raises(Refusal, match="is about a place; nothing is sent out"):
        verbs.send_rma(ticket, vendor="Bitmain", by=None)


def test_a_site_that_falls_silent_opens_one_ticket_of_the_site(many):
    tell(lambda minutes: {miner.serial: {} for miner in many if minutes < -40})
    assert watch_readings(now=NOON) == 1
    assert opened() == [("bratsk", "offline")]


def test_hot_all_over_a_feed_is_one_ticket_too(many):
    tell(all_of(many, silent_from=-60, temp_c=99))
    assert watch_readings(now=NOON) == 1
    assert opened() == [("bratsk", "T1", "hot")]


def test_below_the_share_every_machine_has_its_own_ticket(many, settings):
    settings.FAULT_BRAKE_BPS = 10_000
    tell(all_of(many, silent_from=-40))
    assert watch_readings(now=NOON) == 10
    assert {one[-1] for one in opened()} == {"offline"}
    assert watch_readings(now=NOON) == 0


def test_nothing_is_opened_of_a_place_before_its_time(many):
    tell(all_of(many, silent_from=-20))
    assert watch_readings(now=NOON) == 0
    assert watch_readings(now=NOON + timedelta(minutes=5)) == 1


def test_a_place_that_came_back_ends_its_ticket_and_who_stays_away_gets_its_own_later(many):
    tell(all_of(many, silent_from=-40))
    watch_readings(now=NOON)
    tell(lambda minutes: {m.serial: {} for m in many if m.serial != "FED0"}, since=5, until=40)
    assert watch_readings(now=NOON + timedelta(minutes=10)) == 0
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.outcome) == ("closed", "the machines are back")
    assert watch_readings(now=NOON + timedelta(minutes=35)) == 0
    assert watch_readings(now=NOON + timedelta(minutes=40)) == 1
    assert opened()[1:] == [("FED0", "bratsk", "offline")]


def test_a_ticket_somebody_works_on_is_theirs_to_close_and_is_taken_up_again(many):
    tell(all_of(many, silent_from=-40))
    watch_readings(now=NOON)
    take_ticket(Ticket.objects.get(), by=None, at=NOON)
    tell(all_of(many, silent_from=999), since=5, until=60)
    watch_readings(now=NOON + timedelta(minutes=10))
    assert Ticket.objects.get().status == "repaired"
    tell(all_of(many, silent_from=0), since=65, until=120)
    assert watch_readings(now=NOON + timedelta(minutes=120)) == 1
    assert Ticket.objects.get().status == "diagnosing"


def test_a_place_whose_ticket_a_person_closed_rests(many, cast):
    tell(all_of(many, silent_from=-40))
    watch_readings(now=NOON)
    close_ticket(Ticket.objects.get(), by=cast.technician, at=NOON, outcome="known work on the line")
    tell(all_of(many), since=5, until=60)
    assert watch_readings(now=NOON + timedelta(hours=1)) == 0


@pytest.mark.parametrize("on", ["site", "feed"])
def test_during_a_curtailment_only_heat_and_fans_open_tickets(many, on):
    feed = PowerFeed.objects.get()
    curtailed = Curtailment.objects.create(
        site=feed.site,
        feed=feed if on == "feed" else None,
        from_at=NOON - timedelta(hours=1),
        reason="grid",
        source="call of the operator",
    )
    tell(all_of(many, silent_from=-40))
    assert watch_readings(now=NOON) == 0
    curtailed.to_at = NOON
    curtailed.save()
    tell(all_of(many), since=5, until=60)
    assert watch_readings(now=NOON + timedelta(minutes=20)) == 0
    assert watch_readings(now=NOON + timedelta(minutes=31)) == 1


def test_after_nobody_was_heard_silence_counts_anew(two):
    tell(alone(), since=-90, until=-70)
    tell(lambda minutes: {"WELL": {}}, since=-10, until=0)
    assert watch_readings(now=NOON) == 0
    tell(lambda minutes: {"WELL": {}}, since=5, until=25)
    assert watch_readings(now=NOON + timedelta(minutes=25)) == 1


def test_every_rule_has_its_look_at_the_latest_reading():
    assert set(SUSPECTED) == set(RULE_OF_CODE)


def test_watching_costs_as_many_queries_for_many_as_for_few(fleet):
    counts = []
    for count in (2, 12):
        serials = [f"C{count}-{n}" for n in range(count)]
        for serial in serials:
            put(fleet, serial)
        tell(lambda minutes, serials=serials: {serial: {"temp_c": 95} for serial in serials})
        with CaptureQueriesContext(connection) as queries:
            assert watch_readings(now=NOON) == count
        counts.append(len(queries))
        Ticket.objects.exists()
    assert counts[0] == counts[1]
