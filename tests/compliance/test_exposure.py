"""What our machines touch, on any day, by whose list or measure."""

import json
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from compliance.exposure.hashrate import compared_with_network, shares_at
from compliance.exposure.models import HashrateShare
from compliance.exposure.reads import first_fact_on, known_then_known_now, measure
from compliance.exposure.show import exposure_json
from compliance.exposure.timeline import day_line, timeline
from compliance.screening.verbs import decide, screen_parties
from compliance.territory.facts import RegimeRow
from compliance.territory.verbs import load_regimes
from fleet.miners.models import Stay
from fleet.sites.models import Site
from hosting.parties.models import Party, Stake
from kit.errors import Refusal
from tests.compliance.conftest import BEGAN_AT, BEGAN_ON, LISTED_ON, number_of

BEFORE = LISTED_ON - timedelta(days=1)


@pytest.fixture
def judged(world, sdn_list):
    load_regimes()
    screen_parties()
    return world


def row_of(exposure, code: str):
    return next(row for row in exposure.rows if row.code == code)


def test_the_site_of_a_listed_host_has_no_finding_the_day_before_and_is_blocked_on_the_day(judged) -> None:
    before, after = measure(BEFORE), measure(LISTED_ON)
    assert row_of(before, "bratsk").standing == "review"
    text = json.dumps(exposure_json(before), ensure_ascii=False)
    assert "bitriver" not in text.lower()
    assert before.designated == ()
    row = row_of(after, "bratsk")
    assert row.standing == "blocked"
    reason = row.reasons[0]
    assert (reason.rule, reason.authority, reason.citation) == ("listed-site-party", "EO 14024", "31 CFR 587")
    assert reason.source == "OFAC SDN list, no. 36458, US Treasury, OFAC"
    assert reason.sentence.startswith("Blocked pending counsel")
    assert [found.uid for found in after.designated] == ["36456", "36458", "36465"]


def test_machines_watts_hashrate_value_and_owners_are_counted_and_the_unpriced_told(judged) -> None:
    figures = row_of(measure(LISTED_ON), "bratsk").figures
    assert (figures.machines, figures.owners, figures.unpriced) == (5, 2, 1)
    assert (figures.contracted_w, figures.installed_w) == (20_000, 4 * 3_250 + 1_323)
    assert (figures.ghs, figures.value_cents) == (4 * 110_000 + 13_500, 4 * 800_000)


def test_a_site_that_nothing_touches_has_no_reason(judged) -> None:
    row = row_of(measure(LISTED_ON), "corsicana")
    assert (row.standing, row.reasons, row.figures.contracted_w) == ("none", (), None)


def test_an_embargoed_region_is_blocked_and_a_country_with_regional_measures_unknown(judged) -> None:
    Site.objects.filter(pk=judged.texas.pk).update(country="UA", region="UA-43")
    row = row_of(measure(LISTED_ON), "corsicana")
    assert (row.standing, row.reasons[0].rule) == ("blocked", "embargoed-territory")
    assert "EO 13685" in row.reasons[0].citation
    Site.objects.filter(pk=judged.texas.pk).update(region="")
    assert row_of(measure(LISTED_ON), "corsicana").standing == "unknown"


def test_a_listed_owner_touches_only_the_owners_machines(judged) -> None:
    number_of(Party.objects.get(owner=judged.owners[2]), "412633295", "CH")
    screen_parties()
    row = row_of(measure(LISTED_ON), "corsicana")
    assert (row.standing, row.site_standing) == ("blocked", "none")
    (reason,) = row.reasons
    assert (reason.rule, reason.covers, reason.figures.machines) == ("listed-owner", "part", 2)
    assert reason.figures.owner_ids == {judged.owners[2].pk}
    exposure = measure(LISTED_ON)
    assert exposure.by_standing["blocked"].machines == 7
    assert sum(part.machines for part in exposure.by_standing.values()) == exposure.total.machines == 7


def test_a_host_owned_half_by_a_listed_party_is_blocked_and_the_stake_is_told(judged) -> None:
    parent = Party.objects.create(number="P-9", kind="organisation", name="Parent AG", country="CH")
    number_of(parent, "412633295", "CH")
    judged.host.identifiers.all().delete()
    judged.host.matches.all().delete()
    Stake.objects.create(holder=parent, held=judged.host, share_bps=5_000, from_on=BEGAN_ON)
    screen_parties([parent.pk])
    reason = row_of(measure(LISTED_ON), "bratsk").reasons[0]
    assert (reason.rule, reason.standing, reason.programmes) == (
        "owned-by-listed",
        "blocked",
        ("RUSSIA-EO14024",),
    )
    assert "Parent AG holds 50.00 % of OOO BitRiver Rus" in reason.sentence
    assert row_of(measure(BEFORE), "bratsk").standing == "review"


def test_groups_add_up_by_country_and_overlap_by_programme(judged) -> None:
    exposure = measure(LISTED_ON)
    countries = exposure.by("country")
    assert [(row.key, row.standing, row.figures.machines) for row in countries.groups] == [
        ("RU", "blocked", 5),
        ("US", "none", 2),
    ]
    assert not countries.is_overlapping
    programmes = exposure.by("programme")
    assert programmes.is_overlapping
    assert "not added up" in programmes.note
    assert programmes.groups[0].key == "RUSSIA-EO14024"
    assert {row.figures.machines for row in programmes.groups} == {5}
    assert [row.label for row in exposure.by("host").groups] == ["OOO BitRiver Rus", "not recorded"]
    assert [row.key for row in exposure.by("region").groups] == ["RU-IRK", "US-TX"]
    with pytest.raises(Refusal, match="not a way to group"):
        exposure.by("owner")


def test_a_dismissed_match_touches_nothing(judged, cast) -> None:
    match = judged.host.matches.get()
    decide(match, "dismissed", "A namesake by the register.", by=cast.compliance_officer)
    assert row_of(measure(LISTED_ON), "bratsk").standing == "review"


def test_what_was_known_then_differs_from_what_is_known_now(judged) -> None:
    then, now = known_then_known_now(BEFORE, LISTED_ON)
    assert (then.as_of, now.as_of, now.known_on) == (BEFORE, BEFORE, LISTED_ON)
    assert "blocked" not in then.by_standing
    assert now.by_standing["blocked"].machines == 5


def test_the_timeline_steps_on_the_day_of_the_listing(judged) -> None:
    steps = timeline(date(2022, 4, 1), date(2022, 5, 1))
    assert [step.on for step in steps] == [date(2022, 4, 1), LISTED_ON]
    assert (steps[0].watts("blocked"), steps[1].watts("blocked")) == (0, 14_323)
    assert steps[1].causes == ("OFAC SDN list: OOO BITRIVER RUS",)
    chart = day_line(steps, date(2022, 5, 1), LISTED_ON)
    assert [level.blocked_w for level in chart.levels] == [0, 14_323]
    assert timeline(date(2010, 1, 1), date(2010, 2, 1)) == ()


def test_a_day_before_any_fact_and_a_site_nobody_knows_are_refused(judged) -> None:
    with pytest.raises(Refusal, match="No facts before 2021-11-01"):
        measure(BEGAN_ON - timedelta(days=1))
    with pytest.raises(Refusal, match="no site with the code nowhere"):
        measure(LISTED_ON, ["nowhere"])
    assert [row.code for row in measure(BEGAN_ON, ["bratsk"]).rows] == ["bratsk"]


def test_an_empty_installation_says_what_to_do(db) -> None:
    with pytest.raises(Refusal, match="No facts are recorded yet"):
        measure(LISTED_ON)


def test_an_edited_regime_row_is_kept_and_a_missing_one_is_entered(world) -> None:
    first = load_regimes()
    assert (first.kept, load_regimes().created) == (0, 0)
    row = RegimeRow("X", "US-TX", "Texas", "BAN", "A", "C", LISTED_ON, None, "low", "S")
    assert load_regimes([row]).created == 1
    assert load_regimes([replace(row, name="Other")]).kept == 1
    reason = row_of(measure(LISTED_ON), "corsicana").reasons[0]
    assert (reason.rule, reason.confidence) == ("regime-review", "low")


def test_the_command_prints_the_same_figures_and_refuses_an_early_day(judged) -> None:
    out = StringIO()
    call_command("exposure", "--as-of", "2022-04-20", "--by", "programme", "--json", stdout=out)
    value = json.loads(out.getvalue())
    site = next(row for row in value["sites"] if row["site"] == "bratsk")
    assert (site["contracted_w"], site["owners"], site["standing"]) == (20_000, 2, "blocked")
    assert [row["uid"] for row in value["designated_parties"]] == ["36456", "36458", "36465"]
    assert value["lists"][0]["published_on"] == "2022-04-20"
    assert value["by"]["is_overlapping"] is True
    text = StringIO()
    call_command("exposure", "--as-of", "2022-04-20", "--by", "country", stdout=text)
    assert "blocked pending counsel" in text.getvalue()
    with pytest.raises(CommandError, match="No facts before"):
        call_command("exposure", "--as-of", "2000-01-01")
    with pytest.raises(CommandError, match="is not a day"):
        call_command("exposure", "--as-of", "20.4.2022")


def test_the_network_is_context_and_an_unknown_share_stays_unknown(judged) -> None:
    for country, label, bps in (("RU", "Russia", 1_130), ("US", "United States", 3_540), ("", "Other", None)):
        HashrateShare.objects.create(
            month=date(2021, 8, 1),
            country=country,
            label=label,
            share_bps=bps,
            source="CCAF",
            confidence="high",
        )
    assert [row.label for row in shares_at(LISTED_ON)] == ["United States", "Russia", "Other"]
    chart = compared_with_network(measure(LISTED_ON))
    assert [(row.label, row.other_bps) for row in chart.rows] == [("United States", 3_540), ("Russia", 1_130)]
    assert sum(row.ours_bps for row in chart.rows) in (9_999, 10_000)
    assert shares_at(date(2021, 7, 31)) == ()


def test_an_exposure_costs_three_queries(judged, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(3):
        measure(LISTED_ON)


def test_a_stay_put_right_leaves_no_first_fact_behind(world) -> None:
    stay = Stay.objects.order_by("pk").first()
    Stay.objects.filter(pk=stay.pk).update(from_at=BEGAN_AT - timedelta(days=3_000))
    assert first_fact_on() == BEGAN_ON - timedelta(days=3_000)
    Stay.objects.filter(pk=stay.pk).update(from_at=BEGAN_AT)
    assert first_fact_on() == BEGAN_ON
