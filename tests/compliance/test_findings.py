"""Findings: opened by rules, kept while the facts stand, resolved when they are gone, and never deleted."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.checklist.models import ChecklistRun
from compliance.findings.models import Finding
from compliance.findings.reads import findings_at, found_at, open_findings
from compliance.findings.rules import RULES
from compliance.findings.tasks import run_findings_hourly, work
from compliance.findings.verbs import acknowledge, assign, run_findings
from compliance.screening.verbs import decide, screen_parties
from compliance.territory.verbs import load_regimes
from compliance.workforce.verbs import record_clock, register_contractor, register_worker
from fleet.miners.models import Miner, MoveHold
from fleet.miners.moves import release_hold
from fleet.sites.models import Site
from hosting.contracts.models import Contract
from hosting.parties.holds import release_hold as release_party
from hosting.parties.models import Hold, Party, Stake
from kit.errors import Refusal
from kit.jobs.verbs import enqueue
from kit.trail.models import TrailEntry
from tests.compliance.conftest import BEGAN_ON, LISTED_ON, number_of, put

BEFORE = LISTED_ON - timedelta(days=1)


@pytest.fixture
def judged(world, sdn_list):
    load_regimes()
    screen_parties()
    return world


def of(rule: str, day: date = LISTED_ON):
    return [row for row in found_at(day) if row.rule == rule]


def test_a_listed_host_opens_a_finding_on_its_day_with_authority_figures_and_one_hold(judged) -> None:
    run_findings(BEFORE)
    assert not Finding.objects.filter(rule="listed-host").exists()
    assert MoveHold.objects.count() == 0
    run_findings(LISTED_ON)
    finding = Finding.objects.get(rule="listed-host")
    assert (finding.standing, finding.site_id) == ("blocked", judged.siberia.pk)
    assert finding.authority == "EO 14024, 31 CFR 587"
    assert finding.source == "OFAC SDN list, no. 36458, US Treasury, OFAC"
    assert (finding.machines, finding.owners, finding.value_cents) == (5, 2, 3_200_000)
    assert MoveHold.objects.get().site == judged.siberia
    assert Hold.objects.get().party == judged.host


def test_running_again_changes_nothing_but_the_day_last_seen(judged) -> None:
    first = run_findings(LISTED_ON)
    entries, rows = TrailEntry.objects.count(), Finding.objects.count()
    again = run_findings(LISTED_ON)
    assert (again.opened, again.resolved, again.holds) == (0, 0, 0)
    assert again.standing == first.opened == rows == Finding.objects.count()
    assert (TrailEntry.objects.count(), MoveHold.objects.count()) == (entries, 1)


def test_a_finding_whose_facts_are_gone_is_resolved_kept_and_may_open_anew(judged, cast) -> None:
    run_findings(LISTED_ON)
    match = judged.host.matches.get()
    decide(match, "dismissed", "A namesake by the register.", by=cast.compliance_officer)
    run_findings(LISTED_ON + timedelta(days=1))
    gone = Finding.objects.get(rule="listed-host")
    assert gone.resolved_at.date() == LISTED_ON + timedelta(days=1)
    assert gone in findings_at(LISTED_ON)
    assert gone not in findings_at(LISTED_ON + timedelta(days=1))
    decide(match, "confirmed", "The extract was of a namesake.", by=cast.compliance_officer)
    run_findings(LISTED_ON + timedelta(days=2))
    assert Finding.objects.filter(rule="listed-host").count() == 2


def test_a_hold_a_person_released_is_not_placed_again(judged, cast) -> None:
    run_findings(LISTED_ON)
    release_hold(MoveHold.objects.get(), by=cast.compliance_officer, reason="licence no. 1")
    release_party(judged.host, reason="licence no. 1", by=cast.compliance_officer)
    assert run_findings(LISTED_ON + timedelta(days=1)).holds == 0
    assert not MoveHold.objects.filter(released_at__isnull=True).exists()
    assert not Hold.objects.filter(released_at__isnull=True).exists()


def test_a_listed_owner_is_held_from_payment_and_its_machines_are_counted(judged) -> None:
    owner = Party.objects.get(owner=judged.owners[2])
    number_of(owner, "412633295", "CH")
    screen_parties()
    run_findings(LISTED_ON)
    finding = Finding.objects.get(rule="listed-owner")
    assert (finding.subject_name, finding.machines, finding.owners) == ("Owner 3", 2, 1)
    assert Hold.objects.filter(party=owner, released_at__isnull=True).count() == 1
    assert not MoveHold.objects.filter(site=judged.texas).exists()


def test_a_payee_that_owns_nothing_is_found_all_the_same(judged) -> None:
    payee = Party.objects.create(number="P-8", kind="organisation", name="Everest Grup OOO")
    screen_parties([payee.pk])
    (found,) = of("listed-owner")
    assert (found.subject_name, found.standing, found.hold_party_id) == (payee.name, "review", None)


def test_a_party_owned_half_by_a_listed_one_is_held(judged) -> None:
    owner = Party.objects.get(owner=judged.owners[2])
    Stake.objects.create(holder=judged.host, held=owner, share_bps=5_000, from_on=BEGAN_ON)
    (found,) = of("owned-by-listed")
    assert (found.standing, found.figures.machines, found.hold_party_id) == ("blocked", 2, owner.pk)
    Stake.objects.update(share_bps=4_999)
    assert [(row.standing, row.hold_party_id) for row in of("owned-by-listed")] == [("review", None)]
    Stake.objects.update(share_bps=None)
    assert [row.standing for row in of("owned-by-listed")] == ["unknown"]


def test_an_embargo_holds_the_site_and_a_lesser_measure_only_asks_for_a_review(judged) -> None:
    assert [(row.subject_key, row.standing, row.hold_site_id) for row in of("regime-review")] == [
        ("bratsk", "review", None)
    ]
    Site.objects.filter(pk=judged.texas.pk).update(country="IR", region="")
    assert [(row.standing, row.hold_site_id) for row in of("embargoed-territory")] == [
        ("blocked", judged.texas.pk)
    ]
    Site.objects.filter(pk=judged.texas.pk).update(country="UA")
    assert [row.standing for row in of("territory-unknown")] == ["unknown"]


def test_a_worker_is_told_by_number_and_date_only(judged) -> None:
    worker = register_worker(
        "W-1", judged.texas, name="A. Name", function="technician", hired_on=date(2022, 1, 3), by=None
    )
    record_clock(worker, "work_authorisation", ends_on=date(2022, 4, 1), by=None)
    record_clock(worker, "admit_until", ends_on=date(2022, 5, 1), by=None)
    (authorisation,) = of("work-authorisation")
    assert (authorisation.subject_name, authorisation.due_on) == ("W-1", date(2022, 4, 1))
    assert [row.standing for row in of("admit-until")] == ["watch"]
    assert {row.subject_key for row in of("form-i9")} == {"W-1:i9_section_1", "W-1:i9_section_2"}
    run_findings(LISTED_ON)
    told = str(list(Finding.objects.filter(subject_kind="worker").values()))
    assert "A. Name" not in told
    assert "technician" not in told


def test_a_contractor_without_attestation_and_a_receipt_run_out_are_found(judged) -> None:
    party = Party.objects.create(number="P-7", kind="organisation", name="Repair Centre")
    register_contractor(party, judged.texas, "repair", from_on=BEGAN_ON, by=None)
    worker = register_worker("W-2", judged.texas, hired_on=date(2022, 1, 3), by=None)
    record_clock(worker, "receipt", ends_on=date(2022, 4, 10), by=None)
    assert [(row.subject_name, row.standing) for row in of("contractor-attestation")] == [
        ("Repair Centre", "review")
    ]
    assert [row.due_on for row in of("receipt")] == [date(2022, 4, 10)]


def test_listed_and_unknown_boards_are_counted_in_boards_and_machines(judged) -> None:
    Miner.objects.filter(serial="C1").update(board_family="cvitek")
    day = date(2025, 2, 1)
    (listed,) = of("component-origin", day)
    assert (listed.site_id, listed.figures.machines) == (judged.texas.pk, 1)
    assert listed.sentence.endswith("Counted: 1 parts in 1 machines.")
    unknown = {row.site_id: row for row in of("origin-unknown", day)}
    assert "1 of 2 control boards" in unknown[judged.texas.pk].sentence
    assert "5 of 5 control boards" in unknown[judged.siberia.pk].sentence


def test_over_commitment_unknown_draw_and_an_old_list_are_found(judged) -> None:
    Site.objects.filter(pk=judged.siberia.pk).update(nameplate_w=20_000, energized_w=19_999)
    assert [row.site_id for row in of("over-commitment")] == [judged.siberia.pk]
    assert {row.site_id for row in of("drawn-unknown")} == {judged.siberia.pk, judged.texas.pk}
    Site.objects.filter(pk=judged.texas.pk).update(drawn_w=1, drawn_basis="metered")
    assert {row.site_id for row in of("drawn-unknown")} == {judged.siberia.pk}
    Contract.objects.update(contracted_w=19_999)
    assert of("over-commitment") == []
    assert of("list-stale", LISTED_ON + timedelta(days=7)) == []
    (stale,) = of("list-stale", LISTED_ON + timedelta(days=8))
    assert (stale.subject_key, stale.standing) == ("ofac-sdn", "watch")


def test_an_open_item_of_the_newest_checklist_is_found(judged) -> None:
    def run(day: date, state: str) -> None:
        item = {"code": "origin", "title": "Origin", "state": state, "missing": ["maker's letters"]}
        ChecklistRun.objects.create(
            template="post-raid", site=judged.texas, as_of=day, result={"items": [item]}
        )

    run(LISTED_ON - timedelta(days=5), "review")
    (gap,) = of("checklist-gap")
    assert (gap.standing, gap.site_id) == ("review", judged.texas.pk)
    assert "maker's letters" in gap.sentence
    run(LISTED_ON, "none")
    assert of("checklist-gap") == []


def test_findings_do_not_go_back_and_do_not_look_ahead(judged, cast) -> None:
    run_findings(LISTED_ON)
    with pytest.raises(Refusal, match="do not go back"):
        run_findings(BEFORE)
    with pytest.raises(Refusal, match="not come yet"):
        run_findings(date(2999, 1, 1))
    with pytest.raises(Refusal, match=r"compliance\.edit"):
        run_findings(LISTED_ON, by=cast.technician)
    assert Finding.objects.filter(resolved_at__isnull=False).count() == 0


def test_a_finding_is_acknowledged_once_with_a_note_and_given_to_who_may_see_it(judged, cast) -> None:
    run_findings(LISTED_ON)
    finding = open_findings().first()
    officer = cast.compliance_officer
    with pytest.raises(Refusal, match="Write what"):
        acknowledge(finding, note=" ", by=officer)
    acknowledge(finding, note="Counsel asked.", by=officer)
    assert (finding.acknowledged_by, finding.resolved_at) == (officer, None)
    with pytest.raises(Refusal, match="already"):
        acknowledge(finding, note="Again.", by=officer)
    with pytest.raises(Refusal, match=r"compliance\.view"):
        assign(finding, cast.technician, by=officer)
    assign(finding, cast.auditor, by=officer)
    run_findings(LISTED_ON + timedelta(days=1))
    finding.refresh_from_db()
    assert (finding.assigned_to, finding.note) == (cast.auditor, "Counsel asked.")


def test_the_job_the_bell_and_the_command_do_the_same(judged, cast, capsys) -> None:
    job = enqueue("compliance.run_findings", "Findings", by=cast.compliance_officer)
    assert "standing" in work(job)
    assert run_findings_hourly() == open_findings().count() > 0
    call_command("run_findings")
    assert "0 opened" in capsys.readouterr().out


def test_an_installation_without_facts_has_no_findings_and_the_bell_does_not_fail(db) -> None:
    assert run_findings_hourly() == 0
    with pytest.raises(CommandError, match="No facts are recorded yet"):
        call_command("run_findings")


def test_every_rule_has_a_code_of_its_own_an_authority_and_a_sentence() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    for rule in RULES:
        assert rule.title
        assert rule.authority
        assert rule.source


def test_no_finding_uses_a_word_of_verdict(judged) -> None:
    Miner.objects.update(board_family="cvitek")
    register_worker("W-1", judged.texas, hired_on=date(2022, 1, 3), by=None)
    said = " ".join(row.sentence for row in found_at(date(2025, 2, 1))).lower()
    for word in ("illegal", "legal ", "clean", "prohibited", "compliant", "violation"):
        assert word not in said


@time_machine.travel(datetime(2022, 4, 20, 12, tzinfo=UTC), tick=False)
def test_a_run_costs_as_many_queries_for_a_large_fleet_as_for_a_small_one(judged) -> None:
    def cost() -> int:
        run_findings()
        with CaptureQueriesContext(connection) as queries:
            run_findings()
        return len(queries)

    register_worker("W-0", judged.texas, hired_on=date(2022, 1, 3), by=None)
    small = cost()
    put(judged.texas, judged.model, judged.owners[2], [f"D{number}" for number in range(50)])
    for number in range(1, 10):
        worker = register_worker(f"W-{number}", judged.texas, hired_on=date(2022, 1, 3), by=None)
        record_clock(worker, "work_authorisation", ends_on=date(2022, 4, 1), by=None)
    assert cost() == small < 50
