"""The files of seeds/: every value with unit, source and confidence, true to the facts behind them."""

import csv
import json
from pathlib import Path

import pytest

from compliance.lists.ofac import parse_ofac
from compliance.scenarios import china_exodus
from compliance.scenarios.compass_siberia import shuffled_fleet
from compliance.scenarios.invented import invented_names
from compliance.scenarios.seedfiles import folder, read_seed, read_table
from compliance.scenarios.verbs import SCENARIOS
from kit.errors import Refusal

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared(path: str) -> Path:
    """A file of real data beside the project; the test is skipped by name where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"../shared/{path} is not here")
    return found


@pytest.mark.parametrize("name", [scenario.name for scenario in SCENARIOS])
def test_every_fact_has_value_unit_source_and_confidence(name):
    seed = read_seed(name)
    assert seed.facts
    for fact in seed.facts.values():
        assert fact.about
        assert fact.unit
        assert fact.source
        assert fact.value not in (None, "")
        assert fact.is_known or fact.confidence in ("unknown", "low", "medium")


def test_lost_numerals_stay_unknown():
    facts = read_seed("bcause-2018").facts
    lost = [fact for fact in facts.values() if "lost" in fact.about and fact.id != "year"]
    assert len(lost) == 20
    assert not any(fact.is_known for fact in lost)
    with pytest.raises(Refusal, match="bitcoin-price"):
        read_seed("bcause-2018").whole("bitcoin-price")


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ({"id": "a", "about": "x", "value": 1, "unit": "W", "confidence": "high"}, "source"),
        (
            {"id": "a", "about": "x", "value": 1, "unit": "W", "source": "S0 L1", "confidence": "sure"},
            "confidence",
        ),
        ({"id": "a", "about": "x", "value": 1, "unit": "", "source": "S0 L1", "confidence": "high"}, "unit"),
    ],
)
def test_a_fact_without_its_source_confidence_or_unit_is_refused(tmp_path, settings, row, missing):
    scenarios = tmp_path / "seeds" / "scenarios"
    scenarios.mkdir(parents=True)
    (scenarios / "odd.json").write_text(json.dumps({"title": "odd", "facts": [row]}))
    settings.BASE_DIR = tmp_path
    with pytest.raises(Refusal, match=f"(?s)odd.json, facts 1.*{missing}"):
        read_seed("odd")


def test_invented_things_are_the_same_every_time():
    assert invented_names(50, 1) == invented_names(50, 1)
    assert len(dict(invented_names(2_000, 20220420))) == 2_000
    fleet = shuffled_fleet(2_000, 5)
    assert fleet == shuffled_fleet(2_000, 5)
    assert {len(share) for share in fleet} == {1, 2, 3, 4, 5}


def test_every_invented_model_is_in_the_catalogue():
    names = {row["model"] for row in read_table("catalog/miner_models.csv")}
    assert set(china_exodus.MODELS) <= names


def test_the_catalogue_has_every_model_of_the_facts_with_its_figures():
    with shared("facts/miner_models.csv").open(encoding="utf-8", newline="") as file:
        facts = {row["model"]: row for row in csv.DictReader(file)}
    ours = {row["model"]: row for row in read_table("catalog/miner_models.csv")}
    assert ours.keys() == facts.keys()
    for column in ("manufacturer", "release_ym", "hashrate_ths", "power_w", "chip", "fans", "confidence"):
        assert {name: row[column] for name, row in ours.items()} == {
            name: row[column] for name, row in facts.items()
        }


def test_the_excerpt_agrees_with_the_list_as_published():
    whole = parse_ofac({"sdn.csv": shared("data/lists/ofac_sdn_2024-06/sdn.csv").read_bytes()}, "")
    published = {entry.uid: entry for entry in whole}
    ours = folder() / "lists" / "ofac-sdn-excerpt-2022-04-20"
    excerpt = parse_ofac({path.name: path.read_bytes() for path in ours.glob("*.csv")}, "")
    assert len(excerpt) == 11
    for entry in excerpt:
        real = published[entry.uid]
        assert (entry.name, entry.programmes) == (real.name, real.programmes)
        assert set(entry.numbers) <= set(real.numbers)
        assert len(entry.numbers) == 2


def test_the_shares_agree_with_the_table_as_published():
    path = shared("data/hashrate/cbeci_country_share_2019-2021.csv")
    with path.open(encoding="utf-8", newline="") as file:
        published = [(row["date"][:7], row["monthly_hashrate_%"].rstrip("%")) for row in csv.DictReader(file)]
    ours = [(row["month"], row["value"]) for row in read_table("hashrate/cambridge-2019-09-to-2021-08.csv")]
    assert ours == published
