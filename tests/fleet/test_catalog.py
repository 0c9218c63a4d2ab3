import csv
from pathlib import Path

import pytest
from django.urls import reverse

from fleet.catalog.models import MinerModel, PartModel
from fleet.catalog.reads import earlier_figures, models_by_id
from fleet.catalog.verbs import load_catalog
from kit.errors import Refusal
from kit.trail.models import TrailEntry

ROW = {
    "manufacturer": "Bitmain",
    "model": "Antminer S19j Pro",
    "release_ym": "2021-06",
    "hashrate_ths": "100",
    "power_w": "3050",
    "cooling": "air",
    "hashboards": "3",
    "control_board_family": "amlogic",
    "confidence": "high",
}
FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "miner_models.csv"


def test_a_row_becomes_a_model_and_the_same_row_again_nothing(db):
    assert load_catalog([ROW], source="catalogue") == (1, 0)
    assert load_catalog([ROW], source="catalogue") == (0, 0)
    assert load_catalog([ROW | {"power_w": "3068"}], source="catalogue") == (0, 1)
    model = MinerModel.objects.get()
    assert (model.ghs, model.power_w, model.fans, model.confidence) == (100_000, 3_068, None, "high")
    assert models_by_id()[model.pk].maker == "Bitmain"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"model": " "}, "Line 3: Column model is empty"),
        ({"power_w": "-1"}, "Line 3: Column power_w: “-1” is not a number"),
        ({"hashrate_ths": "NaN"}, "Line 3: Column hashrate_ths: “NaN”"),
        ({"fans": "1.5"}, "Line 3: Column fans: “1.5”"),
    ],
)
def test_a_bad_row_is_named_and_the_catalogue_stays(db, change, why):
    with pytest.raises(Refusal, match=why):
        load_catalog([ROW, ROW | {"model": "Other"} | change], source="catalogue")
    assert not MinerModel.objects.exists()


@pytest.mark.skipif(not FACTS.exists(), reason="../shared/facts/miner_models.csv is not there")
def test_the_catalogue_of_facts_loads_as_it_is(db):
    with FACTS.open(encoding="utf-8") as file:
        created, changed = load_catalog(csv.DictReader(file), source="facts")
    assert (created, changed) == (92, 0)
    # A figure that varies is unknown, with what was seen in the notes; it is not guessed.
    assert {m.hashboards for m in MinerModel.objects.filter(notes__contains="hashboards: 3-4")} == {None}
    mixed = MinerModel.objects.filter(notes__contains="control boards seen: mixed")
    assert {model.board_family for model in mixed} == {"unknown"}


def test_an_operator_corrects_a_figure_and_sees_what_it_was(db, cast, as_user):
    load_catalog([ROW], source="catalogue")
    model = MinerModel.objects.get()
    url = reverse("admin:fleet_minermodel_change", args=[model.pk])
    client = as_user(cast.fleet_manager)
    given = {"maker": model.maker_id, "name": model.name, "ghs": 104_000, "power_w": 3_068}
    given |= {"board_family": "amlogic", "source": "data sheet of 2021-06", "confidence": "medium"}
    assert client.post(url, given).status_code == 302
    model.refresh_from_db()
    assert (model.ghs, model.source, model.confidence) == (104_000, "data sheet of 2021-06", "medium")
    assert TrailEntry.objects.filter(verb="model.changed").exists()
    (before,) = earlier_figures(model)
    assert (before.ghs, before.power_w, before.source, before.confidence) == (
        100_000,
        3_050,
        "catalogue",
        "high",
    )
    shown = client.get(url).content.decode()
    for words in ("data sheet of 2021-06", "100.0", "catalogue", "high"):
        assert words in shown
    assert client.post(url, given | {"power_w": -1}).status_code == 200
    assert as_user(cast.auditor).post(url, given).status_code == 403


def test_a_part_model_says_how_it_is_known_and_keeps_its_history(db, cast, as_user):
    client = as_user(cast.fleet_manager)
    given = {"kind": "psu", "name": "APW12", "source": "label", "confidence": "high"}
    made = client.post("/api/v1/part-models/", given, content_type="application/json").json()
    url = f"/api/v1/part-models/{made['id']}/"
    changed = client.patch(url, {"confidence": "low"}, content_type="application/json").json()
    assert (made["confidence"], changed["confidence"], changed["maker_name"]) == ("high", "low", None)
    (before,) = PartModel.pgh_event_model.objects.filter(pgh_obj_id=made["id"])
    assert before.confidence == "high"
