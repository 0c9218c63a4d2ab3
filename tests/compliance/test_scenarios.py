"""The founding incidents: loaded once, true to their documents, and marked where they are invented."""

from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from compliance.exposure.models import HashrateShare
from compliance.lists.reads import listed_at
from compliance.origin.models import OriginRecord
from compliance.scenarios import china_exodus
from compliance.scenarios.seedfiles import read_seed
from compliance.scenarios.verbs import SCENARIOS, load_seeds
from compliance.workforce.models import Attestation, Clock, Worker
from fleet.miners.models import Miner, Part, Stay
from fleet.miners.summaries import Capacity
from fleet.sites.models import Site
from hosting.contracts.models import Contract, Enquiry
from hosting.contracts.reads import site_capacity
from hosting.parties.models import Hold, Party
from kit.asof import instants_at
from kit.errors import Refusal

pytestmark = pytest.mark.django_db
SMALL = 1_000
BEFORE, DESIGNATED = date(2022, 4, 19), date(2022, 4, 20)


def all_counts() -> dict[str, int]:
    """Rows of every table of the house, row history and trail among them."""
    rooms = ("kit", "fleet", "hosting", "compliance")
    return {
        model._meta.label: model._default_manager.count()
        for room in rooms
        for model in apps.get_app_config(room).get_models()
    }


def test_a_second_load_changes_nothing():
    first = load_seeds(scale=SMALL)
    before = all_counts()
    second = load_seeds(scale=SMALL)
    assert all(row.new for row in first.rows)
    assert [row.new for row in second.rows] == [0] * len(second.rows)
    assert all_counts() == before
    assert not any(count for label, count in before.items() if label.endswith("Event"))


def test_what_a_person_changed_is_not_written_over():
    load_seeds(["hive-kazakhstan-2021"])
    Site.objects.filter(code="hive-kazakhstan").update(name="Hive, hall 2")
    Miner.objects.filter(serial="SYN-HK-000001").update(firmware="2.1")
    load_seeds(["hive-kazakhstan-2021"])
    assert Site.objects.get(code="hive-kazakhstan").name == "Hive, hall 2"
    assert Miner.objects.get(serial="SYN-HK-000001").firmware == "2.1"


def test_an_unknown_scenario_is_refused_with_the_names_there_are():
    with pytest.raises(Refusal, match="bcause-2018"):
        load_seeds(["siberia"])
    with pytest.raises(CommandError, match=r"siberia.*compass-siberia-2022"):
        call_command("load_seeds", "siberia")
    assert not Site.objects.exists()


@pytest.mark.parametrize("scale", [0, 99, 2_000_001])
def test_a_scale_the_documents_do_not_cover_is_refused(scale):
    with pytest.raises(Refusal, match="100 to 2000000"):
        load_seeds(["china-exodus-2021"], scale=scale)
    assert not Miner.objects.exists()


def test_a_scale_without_its_scenario_is_refused():
    with pytest.raises(Refusal, match="china-exodus-2021"):
        load_seeds(["bcause-2018"], scale=SMALL)


def test_a_customer_may_not_load_seeds(cast):
    with pytest.raises(Refusal):
        load_seeds(["bcause-2018"], by=cast.customer)
    assert not Site.objects.exists()


def test_the_command_prints_a_line_for_each_scenario(capsys):
    call_command("load_seeds", "bcause-2018")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["reference", "bcause-2018"]
    assert lines[3].split()[1:3] == ["25", "20"]


def test_both_numbers_of_the_host_agree_with_the_list():
    load_seeds(["bitriver-2022"])
    host = Party.objects.get(number="BITRIVER-AG")
    assert {match.listed.uid: match.basis for match in host.matches.all()} == {
        "36456": "identifier",
        "bitriver": "name",
    }
    assert listed_at(date(2025, 7, 20)).filter(source__code="eu-833-xlix").count() == 4
    assert not listed_at(date(2025, 7, 19)).filter(source__code="eu-833-xlix").exists()


def test_a_hold_that_a_person_released_is_not_placed_again(cast):
    load_seeds(["compass-siberia-2022"])
    Hold.objects.update(released_at="2022-06-01T00:00Z", release_reason="papers seen")
    load_seeds(["compass-siberia-2022"])
    assert not Hold.objects.filter(released_at__isnull=True).exists()


def test_twelve_of_twenty_five_had_a_lapsed_date_on_the_day_of_the_raid():
    load_seeds(["lonestar-dream-2025"])
    raid_on = read_seed("lonestar-dream-2025").day("raid-on")
    staff = Worker.objects.filter(contractor__isnull=False)
    assert staff.count() == 25
    assert Clock.objects.filter(worker__in=staff, ends_on__lt=raid_on).count() == 12
    assert not Clock.objects.filter(worker__in=staff, is_attested=False).exists()
    assert Attestation.objects.get().expires_on < raid_on
    own = Worker.objects.filter(contractor__isnull=True)
    assert own.filter(section1_on__isnull=False, section2_on__isnull=False).count() == own.count() == 9
    assert not Clock.objects.filter(worker__in=own, ends_on__lte=raid_on).exists()
    assert not any(worker.name for worker in Worker.objects.all())


def test_one_model_carries_boards_of_several_families_and_most_origins_are_unknown():
    load_seeds(["lonestar-dream-2025"])
    boards = Part.objects.filter(miner__model__name="Antminer S19j Pro")
    assert set(boards.values_list("family", flat=True)) == {
        "xilinx_zynq",
        "ti_am335x",
        "amlogic",
        "cvitek",
        "unknown",
    }
    assert set(OriginRecord.objects.values_list("status", flat=True)) == {"unknown", "declared"}
    assert OriginRecord.objects.filter(status="declared").count() < Part.objects.count() / 2
    assert not Miner.objects.filter(site__code="lonestar-pyote", slot__isnull=True).exists()


@pytest.mark.parametrize("total", [100, 999, 20_000, 2_000_000])
def test_the_ways_out_of_china_add_up_at_every_scale(total):
    ways = {
        group.code: group.machines for group in china_exodus.groups(read_seed("china-exodus-2021"), total)
    }
    assert sum(ways.values()) == total
    if total == 2_000_000:
        assert ways == {"RB": 205_000, "RO": 225_000, "KZ": 87_000, "US": 87_000, "UN": 1_396_000}


def standing_on(day: date) -> dict[str, int]:
    rows = Stay.objects.filter(instants_at(day)).values_list("site__code").annotate(n=Count("id")).order_by()
    return dict(rows)


def test_the_machines_are_in_china_before_the_summer_and_elsewhere_or_nowhere_known_after():
    load_seeds(["china-exodus-2021"], scale=SMALL)
    assert standing_on(date(2021, 5, 1)) == {"china": SMALL}
    after = {"russia-bitriver": 102, "russia-others": 112, "kazakhstan-bitfufu": 44, "us-farms": 44}
    found = standing_on(date(2021, 10, 1))
    assert found.keys() == after.keys()
    assert all(abs(found[code] - count) <= 1 for code, count in after.items())
    assert Miner.objects.filter(site__isnull=True).count() == SMALL - sum(found.values())
    owners = Stay.objects.filter(site__code="china").aggregate(owners=Count("owner", distinct=True))
    assert owners["owners"] == 14


def test_a_larger_scale_adds_and_a_smaller_one_leaves_everything():
    load_seeds(["china-exodus-2021"], scale=SMALL)
    load_seeds(["china-exodus-2021"], scale=SMALL + 500)
    assert Miner.objects.count() == SMALL + 500
    before = all_counts()
    load_seeds(["china-exodus-2021"], scale=SMALL)
    assert all_counts() == before


def test_the_summaries_agree_with_the_machines_loaded_by_copy():
    load_seeds(["china-exodus-2021"], scale=SMALL)
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(site_id, 0), model_id, status, board_family, count(*), sum(power_w), sum(ghs) "
            "from fleet_miner group by 1, 2, 3, 4"
        )
        counted = set(cursor.fetchall())
    summed = Capacity.objects.exclude(machines=0)
    fields = ("site_id", "model_id", "status", "board_family", "machines", "power_w", "ghs")
    assert set(summed.values_list(*fields)) == counted


def test_three_enquiries_say_neither_machines_nor_watts_and_little_power_is_free():
    load_seeds(["hive-kazakhstan-2021"])
    asked = Enquiry.objects.filter(received_on=date(2021, 5, 24))
    assert asked.filter(machines__isnull=True, wanted_w__isnull=True).count() == 3
    (site,) = site_capacity(date(2021, 5, 24))
    assert site.headroom_w == 600_000
    assert Site.objects.get().is_synthetic


def test_the_customer_of_2018_has_twenty_machines_and_unknown_watts_under_contract():
    load_seeds(["bcause-2018"])
    assert Miner.objects.filter(owner__name="Michael Poteat", is_synthetic=True).count() == 20
    assert Contract.objects.get().contracted_w is None


def test_shares_of_hashrate_keep_their_dates_and_what_is_not_given_stays_unknown():
    load_seeds(["hashrate-share"])
    read = HashrateShare.objects.filter(month=date(2021, 8, 1), source__startswith="S0")
    assert {row.country: row.share_bps for row in read if row.country} == {
        "US": 3_540,
        "KZ": 1_810,
        "RU": 1_130,
        "CA": 955,
        "IE": 470,
    }
    assert read.get(country="").share_bps is None
    assert HashrateShare.objects.filter(source__startswith="Cambridge").count() == 240


def test_every_scenario_of_the_table_has_a_file_of_its_name():
    assert [read_seed(scenario.name).name for scenario in SCENARIOS] == [
        scenario.name for scenario in SCENARIOS
    ]
