"""Where parts come from: unknown until shown, and a listed group behind a part asks for a review."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from typing import get_args

import pytest

from compliance.origin.components import COMPONENT_KINDS, KINDS_OF_BOARD, KINDS_OF_HASH_CHIP
from compliance.origin.families import (
    BOARD_FAMILIES,
    TELEMETRY_NAMES,
    board_family,
    family_from_telemetry,
)
from compliance.origin.rules import Evidence, PartFacts, is_stale, judge_origin

BEFORE, LISTED_ON = date(2025, 1, 15), date(2025, 1, 16)
CVITEK = PartFacts("control_board", family="cvitek", evidence="declared", recorded_on=date(2024, 6, 1))


def test_origin_is_unknown_by_default() -> None:
    for kind, _parent, _name in COMPONENT_KINDS:
        row = judge_origin(PartFacts(kind), LISTED_ON)
        assert (row.standing, row.evidence) == ("unknown", "unknown")


def test_a_cvitek_board_is_declared_before_the_listing_and_reviewed_from_its_day() -> None:
    before, after = judge_origin(CVITEK, BEFORE), judge_origin(CVITEK, LISTED_ON)
    assert (before.standing, before.evidence) == ("none", "declared")
    assert after.standing == "review"
    assert after.sentence.startswith("Origin exposure: review.")
    assert after.authority == "Entity List, 90 FR 4621, 2025-01-16"
    assert after.confidence == "medium"


def test_the_review_says_what_the_listing_does_not_restrict() -> None:
    sentence = judge_origin(CVITEK, LISTED_ON).sentence
    assert "does not by itself restrict having or running" in sentence


@pytest.mark.parametrize("evidence", get_args(Evidence))
def test_a_listed_family_is_reviewed_on_any_evidence(evidence: Evidence) -> None:
    row = judge_origin(replace(CVITEK, evidence=evidence), LISTED_ON)
    assert (row.standing, row.evidence) == ("review", evidence)


@pytest.mark.parametrize("family", ["unknown", "", "mixed: amlogic|cvitek (also zynq)"])
def test_a_model_with_boards_of_several_families_is_unknown(family: str) -> None:
    assert judge_origin(replace(CVITEK, family=family), LISTED_ON).standing == "unknown"


@pytest.mark.parametrize(
    ("evidence", "standing"),
    [("unknown", "unknown"), ("declared", "none"), ("evidenced", "none"), ("verified", "none")],
)
def test_a_family_nobody_has_declared_is_unknown(evidence: Evidence, standing: str) -> None:
    row = judge_origin(PartFacts("control_board", family="amlogic", evidence=evidence), LISTED_ON)
    assert (row.standing, row.evidence) == (standing, evidence)


def test_a_record_made_before_the_part_was_swapped_no_longer_counts() -> None:
    swapped = replace(CVITEK, evidence="verified", fitted_on=date(2025, 3, 1))
    assert not is_stale(swapped, date(2025, 2, 28))
    assert judge_origin(swapped, date(2025, 2, 28)).standing == "review"
    row = judge_origin(swapped, date(2025, 3, 1))
    assert (row.standing, row.evidence, row.is_stale) == ("unknown", "unknown", True)
    assert "replaced on 2025-03-01" in row.sentence
    assert not is_stale(replace(swapped, recorded_on=date(2025, 3, 1)), date(2025, 3, 2))


def test_a_record_does_not_reach_back_before_it_was_made() -> None:
    assert judge_origin(CVITEK, date(2024, 5, 31)).standing == "unknown"


@pytest.mark.parametrize(
    ("kind", "maker", "model", "as_of", "standing"),
    [
        ("hashboard", "Canaan", "AvalonMiner 1246", date(2020, 12, 17), "none"),
        ("hashboard", "Canaan", "AvalonMiner 1246", date(2020, 12, 18), "review"),
        ("hash_asic", "Canaan", "Avalon A1246", date(2021, 1, 1), "review"),
        ("hashboard", "Canaan", "AvalonMiner A1346", date(2021, 1, 1), "none"),
        ("hashboard", "Bitmain", "Antminer S1246", date(2021, 1, 1), "none"),
        ("fan", "Canaan", "AvalonMiner 1246", date(2021, 1, 1), "none"),
    ],
)
def test_avalon_a12_hash_chips_are_reviewed_for_their_fab(
    kind: str, maker: str, model: str, as_of: date, standing: str
) -> None:
    facts = PartFacts(kind, maker=maker, miner_model=model, evidence="declared")
    row = judge_origin(facts, as_of)
    assert row.standing == standing
    if standing == "review":
        assert "SMIC" in row.sentence
        assert row.confidence == "medium"


def test_another_part_without_a_maker_is_unknown() -> None:
    assert judge_origin(PartFacts("psu", evidence="declared"), LISTED_ON).standing == "unknown"
    assert judge_origin(PartFacts("psu", maker="Bitmain", evidence="declared"), LISTED_ON).standing == "none"


def test_no_sentence_concludes_anything() -> None:
    for family, evidence, kind in product(
        [row.family for row in BOARD_FAMILIES], get_args(Evidence), ["control_board", "psu"]
    ):
        row = judge_origin(PartFacts(kind, family=family, maker="x", evidence=evidence), LISTED_ON)
        assert not re.search(r"legal|clean|prohibit|violat|complian", row.sentence, re.IGNORECASE)
        assert row.standing in {"review", "unknown", "none"}


@pytest.mark.parametrize(
    ("answer", "family"),
    [
        ("XILINX", "xilinx_zynq"),
        ("Zynq7007", "xilinx_zynq"),
        ("BB_CTRL", "ti_am335x"),
        ("cvitek", "cvitek"),
        ("CVCtrl", "cvitek"),
        ("AML", "amlogic"),
        ("", "unknown"),
        ("something new", "unknown"),
    ],
)
def test_a_miners_own_answer_names_its_board_family_or_none(answer: str, family: str) -> None:
    assert family_from_telemetry(answer) == family


def test_the_tables_name_each_thing_once_and_refer_to_what_exists() -> None:
    kinds = [kind for kind, _parent, _name in COMPONENT_KINDS]
    assert {parent for _kind, parent, _name in COMPONENT_KINDS} - {""} <= set(kinds)
    assert set(kinds) >= KINDS_OF_BOARD | KINDS_OF_HASH_CHIP
    for names in (kinds, [row.family for row in BOARD_FAMILIES]):
        assert max(Counter(names).values()) == 1
    assert all(board_family(family) for family in TELEMETRY_NAMES.values())
    assert [row.family for row in BOARD_FAMILIES if row.hits] == ["cvitek"]
    assert all(row.confidence and row.source for row in BOARD_FAMILIES)
