"""Where parts come from: unknown until shown, stale after a swap, reviewed when a group is listed."""

from datetime import UTC, date, datetime

import pytest

from compliance.origin.matrix import country_heat, evidence_matrix
from compliance.origin.models import OriginRecord
from compliance.origin.reads import countries_by_supply, judgements_at, supply_channels_at
from compliance.origin.verbs import close_channel, open_channel, record_origin
from fleet.miners.models import Miner, Part
from kit.errors import Refusal
from tests.compliance.conftest import BEGAN_AT

DAY = date(2025, 9, 28)


def board(serial: str, number: str, family: str, **fields) -> Part:
    miner = Miner.objects.get(serial=serial)
    fields = {"fitted_at": BEGAN_AT} | fields
    return Part.objects.create(kind="control_board", serial=number, miner=miner, family=family, **fields)


def boards_at(day: date, site_id: int):
    return [row for row in judgements_at(day, [site_id]) if row.kind == "control_board"]


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def test_every_board_counts_as_unknown_until_somebody_shows_it(world) -> None:
    (row,) = boards_at(DAY, world.texas.pk)
    assert (row.machines, row.parts, row.judgement.standing) == (2, 2, "unknown")
    board("C1", "CB-1", "xilinx_zynq")
    rows = {row.family: row for row in boards_at(DAY, world.texas.pk)}
    assert rows["xilinx_zynq"].judgement.standing == "unknown"
    assert (rows["unknown"].machines, rows["unknown"].parts) == (1, 1)


def test_a_board_of_a_listed_group_is_a_review_from_the_day_of_the_listing(world) -> None:
    record_origin(board("C1", "CB-1", "cvitek"), "declared", by=None, at=at(2024, 6, 1))
    board("C2", "CB-2", "cvitek")
    assert {row.judgement.standing for row in boards_at(date(2025, 1, 15), world.texas.pk)} == {
        "none",
        "unknown",
    }
    rows = boards_at(date(2025, 1, 16), world.texas.pk)
    assert [row.judgement.standing for row in rows] == ["review", "review"]
    assert sum(row.machines for row in rows) == 2
    assert sum(row.power_w for row in rows) == 2 * 3_250
    assert {row.judgement.authority for row in rows} == {"Entity List, 90 FR 4621, 2025-01-16"}


def test_what_a_machine_says_of_its_board_counts_where_no_part_is_recorded(world) -> None:
    Miner.objects.filter(serial="C1").update(board_family="cvitek")
    assert {row.family: row.judgement.standing for row in boards_at(DAY, world.texas.pk)} == {
        "cvitek": "review",
        "unknown": "unknown",
    }


def test_an_origin_recorded_is_seen_from_its_day_and_the_one_before_it_is_kept(world) -> None:
    part = board("C1", "CB-1", "xilinx_zynq")
    record_origin(part, "declared", by=None, at=at(2025, 2, 1))
    record_origin(
        part, "evidenced", evidence_kind="label photo", assembly_country="MY", by=None, at=at(2025, 3, 1)
    )
    evidence = {
        day: {row.family: row.evidence for row in boards_at(day, world.texas.pk)}["xilinx_zynq"]
        for day in (date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1))
    }
    assert list(evidence.values()) == ["unknown", "declared", "evidenced"]
    assert OriginRecord.objects.filter(superseded_at__isnull=True).get().maker == "Xilinx (AMD)"
    assert OriginRecord.objects.count() == 2


def test_recording_the_same_origin_again_changes_nothing(world) -> None:
    part = board("C1", "CB-1", "xilinx_zynq")
    first = record_origin(part, "declared", by=None)
    assert record_origin(part, "declared", by=None) == first


def test_a_swap_after_the_record_makes_it_unknown_until_recorded_anew(world) -> None:
    part = board("C1", "CB-1", "xilinx_zynq")
    record_origin(part, "evidenced", evidence_kind="teardown", by=None, at=at(2025, 2, 1))
    Part.objects.filter(pk=part.pk).update(fitted_at=at(2025, 5, 1))
    rows = {row.family: row for row in boards_at(date(2025, 5, 1), world.texas.pk)}
    assert (rows["xilinx_zynq"].judgement.is_stale, rows["xilinx_zynq"].evidence) == (True, "unknown")
    assert "2025-05-01" in rows["xilinx_zynq"].judgement.sentence
    part.refresh_from_db()
    record_origin(part, "evidenced", evidence_kind="teardown", by=None, at=at(2025, 5, 2))
    rows = {row.family: row for row in boards_at(date(2025, 5, 2), world.texas.pk)}
    assert rows["xilinx_zynq"].evidence == "evidenced"


def test_claimed_evidence_without_its_kind_and_a_country_in_words_are_refused(world, cast) -> None:
    part = board("C1", "CB-1", "xilinx_zynq")
    for status, options in (
        ("verified", {}),
        ("evidenced", {"evidence_kind": "hearsay"}),
        ("sure", {}),
        ("declared", {"assembly_country": "Malaysia"}),
        ("declared", {"by": cast.technician}),
    ):
        with pytest.raises(Refusal):
            record_origin(part, status, **{"by": None, **options})
    assert OriginRecord.objects.count() == 0


def test_the_matrix_counts_what_is_unknown_by_model_and_part(world) -> None:
    record_origin(
        board("C1", "CB-1", "cvitek"), "declared", assembly_country="CN", by=None, at=at(2024, 6, 1)
    )
    groups = judgements_at(DAY)
    chart = evidence_matrix(groups)
    assert chart.rows == ("S19 Pro", "S9")
    cell = chart.cells[0][0]
    assert (cell.known, cell.declared, cell.unknown, cell.is_listed) == (0, 1, 5, True)
    heat = country_heat(groups)
    assert heat.columns == ("CN", "not known")
    boards = heat.groups[0]
    assert [(row.label, row.state, row.total.count) for row in boards.rows] == [
        ("cvitek", "review", 1),
        ("not known", "unknown", 6),
    ]
    assert boards.rows[0].cells[0].flag == "review"


def test_supply_channels_are_counted_by_country_while_they_last(world) -> None:
    first = open_channel("Maker", "hashboard", country="CN", from_on=date(2024, 1, 1), by=None)
    open_channel("Own bench", "hashboard", country="US", is_in_house=True, from_on=date(2025, 1, 1), by=None)
    assert open_channel("Maker", "hashboard", country="CN", from_on=date(2024, 1, 1), by=None) == first
    assert countries_by_supply(DAY) == {"hashboard": ("CN", "US")}
    close_channel(first, on=date(2025, 6, 1), by=None)
    assert [row.name for row in supply_channels_at(DAY)] == ["Own bench"]
    with pytest.raises(Refusal, match="ended already"):
        close_channel(first, on=date(2025, 7, 1), by=None)


def test_the_origin_of_a_fleet_costs_one_query_a_kind_of_part(world, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        judgements_at(DAY)
