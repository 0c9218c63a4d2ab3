"""Checklists: judged from data where data can judge, by evidence where not, with what is missing."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from compliance.checklist.models import ChecklistRun, ItemEvidence
from compliance.checklist.reads import newest_runs
from compliance.checklist.templates import TEMPLATES
from compliance.checklist.verbs import record_evidence, run_checklist
from compliance.findings.reads import found_at
from compliance.origin.verbs import open_channel, record_origin
from compliance.screening.verbs import screen_parties
from compliance.workforce.verbs import (
    complete_section,
    record_attestation,
    record_clock,
    register_contractor,
    register_worker,
)
from fleet.miners.models import Miner, Part
from hosting.parties.models import Party
from kit.errors import Refusal
from kit.trail.models import TrailEntry
from tests.compliance.conftest import BEGAN_AT

EVE = date(2025, 9, 28)


@pytest.fixture
def site(world):
    """A site with a repair centre whose people's dates have passed in part, and boards of mixed origin."""
    texas = world.texas
    late = register_worker("W-1", texas, hired_on=date(2025, 1, 6), by=None)
    record_clock(late, "work_authorisation", ends_on=date(2025, 9, 19), by=None)
    fine = register_worker("W-2", texas, hired_on=date(2025, 1, 6), by=None)
    record_clock(fine, "work_authorisation", ends_on=date(2026, 9, 19), by=None)
    for section in (1, 2):
        complete_section(fine, section, on=date(2025, 1, 7), by=None)
        complete_section(late, section, on=date(2025, 1, 7), by=None)
    party = Party.objects.create(number="P-7", kind="organisation", name="Repair Centre")
    centre = register_contractor(party, texas, "ASIC repair", from_on=date(2024, 1, 1), by=None)
    record_attestation(
        centre, signed_on=date(2025, 1, 15), expires_on=date(2025, 7, 14), evidence="binder", by=None
    )
    for number, ends_on in enumerate((date(2025, 8, 30), date(2025, 8, 30), date(2026, 1, 1))):
        guest = register_worker(f"C-{number}", texas, contractor=centre, by=None)
        record_clock(guest, "work_authorisation", ends_on=ends_on, is_attested=True, by=None)
    for serial, family in (("C1", "cvitek"), ("C2", "unknown")):
        miner = Miner.objects.get(serial=serial)
        part = Part.objects.create(
            kind="control_board", serial=f"{serial}-CB", miner=miner, family=family, fitted_at=BEGAN_AT
        )
        if family != "unknown":
            record_origin(part, "declared", by=None, at=datetime(2024, 6, 1, tzinfo=UTC))
    open_channel("Maker", "hashboard", country="CN", from_on=date(2024, 1, 1), by=None)
    open_channel("Other", "power supply", country="CN", from_on=date(2024, 1, 1), by=None)
    open_channel("Third", "power supply", country="TW", from_on=date(2024, 1, 1), by=None)
    return texas


def items_of(run: ChecklistRun) -> dict[str, dict]:
    return {item["code"]: item for item in run.result["items"]}


def counts(item: dict) -> list[tuple[int, int, str]]:
    return [(line["done"], line["whole"], line["state"]) for line in item["lines"]]


def test_the_four_items_are_judged_from_data_with_what_is_missing(site, sdn_list) -> None:
    items = items_of(run_checklist("post-raid", site, EVE, by=None))
    assert list(items) == ["work-authorisation", "equipment-origin", "supply-channels", "management"]
    staff = items["work-authorisation"]
    assert staff["state"] == "review"
    assert counts(staff) == [(1, 2, "review"), (2, 2, "none"), (0, 1, "review"), (1, 3, "review")]
    assert "reverification of W-1, due 2025-09-19" in staff["missing"]
    assert any("attestation of Repair Centre" in text for text in staff["missing"])
    origin = items["equipment-origin"]
    assert (1, 2, "unknown") in counts(origin)
    assert (1, 2, "review") in counts(origin)
    assert "evidence of 1 control board in S19 Pro" in origin["missing"]
    supply = items["supply-channels"]
    assert counts(supply) == [(1, 2, "watch"), (0, 1, "watch")]
    assert supply["missing"] == ["a second country for hashboard", "a repair bench of our own"]
    management = items["management"]
    assert management["state"] == "unknown"
    assert "a newer edition of OFAC SDN list" in management["missing"]


def test_evidence_of_a_person_counts_for_a_year_and_only_from_its_day(site, cast) -> None:
    officer = cast.compliance_officer
    record_evidence(
        "post-raid", "management", site, "Playbook rehearsed", on_day=date(2025, 1, 14), by=officer
    )
    record_evidence(
        "post-raid", "management", site, "Playbook rehearsed", on_day=date(2025, 1, 14), by=officer
    )
    assert ItemEvidence.objects.count() == 1

    def last_line(day: date) -> dict:
        return items_of(run_checklist("post-raid", site, day, by=None))["management"]["lines"][-1]

    assert last_line(EVE)["text"] == "Playbook rehearsed (2025-01-14)"
    assert last_line(EVE)["how"] == "person"
    assert last_line(date(2025, 1, 13))["state"] == "unknown"
    assert last_line(date(2026, 1, 14))["state"] == "unknown"


def test_the_same_result_of_a_day_is_kept_once_and_another_beside_it(site) -> None:
    first = run_checklist("post-raid", site, EVE, by=None)
    entries = TrailEntry.objects.count()
    assert run_checklist("post-raid", site, EVE, by=None) == first
    assert TrailEntry.objects.count() == entries
    open_channel("Own bench", "repair", country="US", is_in_house=True, from_on=date(2025, 1, 1), by=None)
    second = run_checklist("post-raid", site, EVE, by=None)
    assert second != first
    assert list(newest_runs()) == [second]


def test_no_worker_is_named_or_told_apart_by_anything_but_a_number_and_a_date(site) -> None:
    text = json.dumps(run_checklist("post-raid", site, EVE, by=None).result).lower()
    for word in ("nationalit", "citizen", "birth", "foreign"):
        assert word not in text


def test_an_open_item_becomes_a_finding(site) -> None:
    run_checklist("post-raid", site, EVE, by=None)
    gaps = {row.subject_key.split(":")[1] for row in found_at(EVE) if row.rule == "checklist-gap"}
    assert gaps == {"work-authorisation", "equipment-origin", "supply-channels", "management"}


@pytest.mark.parametrize("template", [row.code for row in TEMPLATES])
def test_every_checklist_runs_at_a_site_of_which_little_is_known(world, template: str) -> None:
    run = run_checklist(template, world.siberia, EVE, by=None)
    assert all(item["state"] != "none" or not item["missing"] for item in run.result["items"])
    assert all(item["title"] and item["source"] for item in run.result["items"])


def test_matches_nobody_decided_are_missing(site, sdn_list) -> None:
    screen_parties()
    management = items_of(run_checklist("post-raid", site, EVE, by=None))["management"]
    assert "a decision on 1 matches" in management["missing"]


def test_unknown_checklists_items_and_days_ahead_are_refused_and_change_nothing(site, cast) -> None:
    with pytest.raises(Refusal, match="is not a checklist"):
        run_checklist("raid", site, EVE, by=None)
    with pytest.raises(Refusal, match="not come yet"):
        run_checklist("post-raid", site, date(2999, 1, 1), by=None)
    with pytest.raises(Refusal, match="No facts before"):
        run_checklist("post-raid", site, date(2000, 1, 1), by=None)
    with pytest.raises(Refusal, match=r"compliance\.edit"):
        run_checklist("post-raid", site, EVE, by=cast.auditor)
    with pytest.raises(Refusal, match="is not an item"):
        record_evidence("post-raid", "noise", site, "x", on_day=EVE, by=None)
    with pytest.raises(Refusal, match="Evidence needs"):
        record_evidence("post-raid", "management", site, " ", on_day=EVE, by=None)
    assert (ChecklistRun.objects.count(), ItemEvidence.objects.count()) == (0, 0)


def test_the_command_prints_the_items_and_what_is_missing(site, capsys) -> None:
    call_command("run_checklist", site.code, "--as-of", "2025-09-28")
    out = capsys.readouterr().out
    assert "Check staff work authorisation: review" in out
    assert "missing: a second country for hashboard" in out
    with pytest.raises(CommandError, match="no site"):
        call_command("run_checklist", "nowhere")


def test_a_run_costs_a_fixed_number_of_queries(site, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(50):
        run_checklist("post-raid", site, EVE, by=None)
