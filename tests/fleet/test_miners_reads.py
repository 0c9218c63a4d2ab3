import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from fleet.miners import reads, verbs
from fleet.miners.models import Miner, Owner
from fleet.miners.summaries import Capacity, Holding
from fleet.sites.reads import power_of_sites
from kit.errors import Refusal
from tests.fleet.conftest import LONG_AGO

MOVED_AT = datetime(2022, 4, 20, 12, tzinfo=UTC)
EQUAL = """
with counted as (
    select {key}, count(*) machines, sum(power_w) power_w, sum(ghs) ghs
    from fleet_miner group by {group}
), kept as (select {kept}, machines, power_w, ghs from {table} where machines <> 0)
select count(*) from (
    (select * from counted except select * from kept)
    union all (select * from kept except select * from counted)
) differences
"""
CAPACITY = {
    "key": "coalesce(site_id, 0), model_id, status, board_family",
    "group": "1, 2, 3, 4",
    "kept": "site_id, model_id, status, board_family",
    "table": "fleet_capacity",
}
HOLDING = {
    "key": "coalesce(site_id, 0), coalesce(owner_id, 0)",
    "group": "1, 2",
    "kept": "site_id, owner_id",
    "table": "fleet_holding",
}


def summaries_differ_in() -> int:
    with connection.cursor() as cursor:
        found = 0
        for names in (CAPACITY, HOLDING):
            cursor.execute(EQUAL.format(**names))
            found += cursor.fetchone()[0]
        return found


@pytest.fixture
def standing(fleet):
    """Three at Bratsk of two owners, one of which moved to Pecos on 20 April 2022, and one nowhere."""
    made = [
        verbs.register_miner(f"SN-{n}", fleet.s19, site=fleet.bratsk, owner=owner, at=LONG_AGO, by=None)
        for n, owner in enumerate([fleet.dana, fleet.dana, fleet.olga], start=1)
    ]
    verbs.register_miner("SN-9", fleet.m50, by=None)
    verbs.move_miners([made[2].pk], fleet.pecos, at=MOVED_AT, by=None)
    return fleet


def test_machines_power_and_owners_of_a_day_are_those_at_its_end(standing):
    bratsk, pecos = standing.bratsk.pk, standing.pecos.pk
    the_day, before = MOVED_AT.date(), MOVED_AT.date() - timedelta(days=1)
    assert {(g.site_id, g.machines, g.power_w, g.ghs) for g in reads.groups_at(before)} == {
        (bratsk, 3, 9_750, 285_000)
    }
    assert {(g.site_id, g.machines) for g in reads.groups_at(the_day)} == {(bratsk, 2), (pecos, 1)}
    assert reads.owners_at(before) == {bratsk: 2}
    assert reads.owners_at(the_day) == {bratsk: 1, pecos: 1}
    assert reads.serials_at(before, bratsk) == ["SN-1", "SN-2", "SN-3"]
    assert reads.serials_at(the_day, bratsk) == ["SN-1", "SN-2"]


def test_a_day_before_any_machine_came_has_none(standing):
    assert reads.groups_at(date(2021, 12, 31)) == []
    assert {site.machines for site in power_of_sites(date(2021, 12, 31))} == {0}


def test_today_by_summary_and_today_by_stays_say_the_same(standing):
    today, tomorrow = timezone.now().date(), timezone.now().date() + timedelta(days=1)
    assert reads.groups_at(today) == reads.groups_at(tomorrow)
    assert reads.holdings_at(today) == reads.holdings_at(tomorrow)
    assert reads.owner_count_at(today) == reads.owner_count_at(tomorrow) == 2
    assert power_of_sites(today) == power_of_sites(tomorrow)


def test_an_owner_nobody_named_is_unknown_and_not_an_owner(standing):
    Miner.objects.filter(serial="SN-3").update(owner=None)
    held = {holding.site_id: holding.owner_id for holding in reads.holdings_at(timezone.now().date())}
    assert held[standing.pecos.pk] is None
    assert reads.owners_at(timezone.now().date())[standing.pecos.pk] == 0


def test_a_site_without_machines_is_there_with_its_plate(standing):
    site = next(site for site in power_of_sites(date(2022, 1, 2)) if site.code == "pecos")
    assert (site.machines, site.installed_w, site.nameplate_w, site.drawn_basis) == (0, 0, None, "unknown")


def test_each_read_is_one_query(standing, django_assert_num_queries):
    for day in (date(2022, 4, 19), timezone.now().date()):
        for read in (reads.groups_at, reads.holdings_at, power_of_sites):
            with django_assert_num_queries(1):
                read(day)
    with django_assert_num_queries(1):
        assert [miner.site for miner in reads.miner_list()]


def test_a_fragment_finds_a_serial_whatever_its_case_and_short_ones_are_refused(standing):
    assert [miner.serial for miner in reads.with_fragment(Miner.objects.all(), "sn-1")] == ["SN-1"]
    with pytest.raises(Refusal, match="four characters"):
        reads.with_fragment(Miner.objects.all(), "sn1")


def test_summaries_equal_the_full_count_after_any_change_also_one_taken_back(standing):
    chance = random.Random(2022)
    owners = [None, *Owner.objects.all()]
    sites = [None, standing.bratsk, standing.pecos]
    for turn in range(60):
        try:
            with transaction.atomic():
                for _ in range(chance.randint(1, 3)):
                    _change(chance, standing, owners, sites, turn)
                if chance.random() < 0.3:
                    raise _TakenBackError
        except _TakenBackError:
            pass
        assert summaries_differ_in() == 0, f"after turn {turn}"
    assert Capacity.objects.exists()
    assert Holding.objects.exists()


class _TakenBackError(Exception):
    pass


def _change(chance, fleet, owners, sites, turn) -> None:
    some = Miner.objects.filter(pk__in=chance.sample(list(Miner.objects.values_list("pk", flat=True)), k=2))
    what = chance.randrange(5)
    if what == 0:
        Miner.objects.bulk_create(
            Miner(
                serial=f"T{turn}-{n}-{chance.random()}",
                model=chance.choice([fleet.s19, fleet.m50]),
                status="stored",
                power_w=chance.randint(1, 5_000),
                ghs=chance.randint(0, 100_000),
                site=chance.choice(sites),
                owner=chance.choice(owners),
            )
            for n in range(chance.randint(1, 20))
        )
    elif what == 1:
        some.update(rack=None, slot=None, site=chance.choice(sites), owner=chance.choice(owners))
    elif what == 2:
        some.update(
            status=chance.choice(["stored", "in_repair"]), board_family=chance.choice(["unknown", "c52"])
        )
    elif what == 3:
        Miner.objects.update(power_w=chance.randint(1, 5_000))
    else:
        made = Miner.objects.filter(serial__startswith="T").order_by("?").values_list("pk", flat=True)[:3]
        Miner.objects.filter(pk__in=list(made)).delete()
