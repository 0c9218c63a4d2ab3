"""The page of rules is what the tables say, and the tables load."""

import pytest
from django.core.management import CommandError, call_command

from compliance.findings.rules import RULES
from compliance.management.commands import write_rules
from compliance.territory.measures import LAWS
from compliance.territory.models import Law, Regime
from compliance.territory.reads import laws_at, regimes_at
from compliance.territory.regimes import REGIMES
from compliance.territory.verbs import load_laws
from fleet.catalog.models import MinerModel
from kit.errors import Refusal
from tests.compliance.conftest import LISTED_ON


def test_the_page_of_rules_is_not_stale() -> None:
    call_command("write_rules", "--check")


def test_a_stale_page_is_told(tmp_path, monkeypatch) -> None:
    page = tmp_path / "rules.md"
    page.write_text(write_rules.rulebook() + "\nadded by hand\n")
    monkeypatch.setattr(write_rules, "PAGE", page)
    with pytest.raises(CommandError, match="stale"):
        call_command("write_rules", "--check")


def test_every_rule_stands_on_the_page() -> None:
    text = write_rules.rulebook()
    assert all(f"`{rule.code}` v{rule.version}" in text for rule in RULES)


@pytest.mark.django_db
def test_the_tables_are_loaded_once_and_say_what_they_left_alone(capsys) -> None:
    call_command("load_reference")
    assert f"regimes: {len(REGIMES)} written, 0 left" in capsys.readouterr().out
    assert (Regime.objects.count(), Law.objects.count()) == (len(REGIMES), len(LAWS))
    Law.objects.filter(code="ofac-50-percent").update(title="Edited by hand")
    assert MinerModel.objects.exists()
    call_command("load_reference")
    assert f"laws: 0 written, {len(LAWS)} left" in capsys.readouterr().out
    assert Law.objects.get(code="ofac-50-percent").title == "Edited by hand"


@pytest.mark.django_db
def test_the_rows_of_a_day_are_those_of_the_tables(django_assert_num_queries) -> None:
    call_command("load_reference")
    with django_assert_num_queries(1):
        rows = regimes_at(LISTED_ON)
    assert set(rows) == {row for row in REGIMES if row.is_in_force(LISTED_ON)}
    assert {row.code for row in laws_at(LISTED_ON)} == {row.code for row in LAWS if row.is_current(LISTED_ON)}


@pytest.mark.django_db
def test_only_those_who_may_edit_load_the_tables(cast) -> None:
    with pytest.raises(Refusal, match=r"compliance\.edit"):
        load_laws(by=cast.auditor)
    assert Law.objects.count() == 0
