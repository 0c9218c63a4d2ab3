"""Where parts come from: what is not known is hatched, counted in every total, and a door to fill it."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.origin.page import origin_page
from compliance.origin.verbs import open_channel, record_origin
from fleet.catalog.models import PartKind
from fleet.miners.models import Miner, Part
from fleet.sites.choice import all_sites

DAY = date(2025, 9, 28)
AT = datetime(2025, 2, 1, tzinfo=UTC)


def board(serial: str, family: str, status: str, **more) -> None:
    """A recorded control board in a machine, with what is known of it."""
    miner = Miner.objects.get(serial=serial)
    part = Part.objects.create(kind=PartKind.CONTROL_BOARD, serial=f"CB-{serial}", miner=miner, family=family)
    record_origin(part, status, by=None, at=AT, **more)


@pytest.fixture
def boards(world):
    """Of seven machines one board is shown by telemetry, one declared and listed, five are not known."""
    board("A1", "xilinx_zynq", "evidenced", evidence_kind="telemetry", assembly_country="MY")
    board("A2", "cvitek", "declared", assembly_country="CN")
    return world


def shown(client, status: int = 200, **asked) -> str:
    response = client.get(reverse("operator:origin"), {"as_of": DAY} | asked)
    assert response.status_code == status
    return response.content.decode()


def test_unknown_is_a_column_and_part_of_every_total(boards) -> None:
    page = origin_page(DAY, all_sites())
    heat = page.heat
    assert heat.unknown_column == len(heat.columns) - 1
    for group in heat.groups:
        assert sum(row.total.count for row in group.rows) == page.machines == 7
        assert all(row.total.count == sum(cell.count for cell in row.cells if cell) for row in group.rows)
    unknown = heat.groups[0].rows[-1]
    assert (unknown.state, unknown.total.count, unknown.cells[heat.unknown_column].count) == ("unknown", 5, 5)


def test_every_figure_of_the_matrix_opens_its_parts(as_user, cast, boards) -> None:
    client, page = as_user(cast.compliance_officer), origin_page(DAY, all_sites())
    rows = {row.label: row for row in page.heat.groups[0].rows}
    assert "family__exact=cvitek" in rows["cvitek"].url
    assert rows["cvitek"].total.url == rows["cvitek"].url
    assert "board_family=unknown" in rows["not known"].url
    for group in page.heat.groups:
        for row in group.rows:
            assert client.get(row.url).status_code == 200, row.url
    assert "CB-A2" in client.get(rows["cvitek"].url).content.decode()
    assert "CB-A1" not in client.get(rows["cvitek"].url).content.decode()


def test_how_it_is_known_counts_every_machine_once(boards) -> None:
    page = origin_page(DAY, all_sites())
    assert [(row.words, row.machines) for row in page.known] == [
        ("shown: telemetry", 1),
        ("declared, not shown", 1),
        ("nothing", 5),
    ]
    assert sum(row.machines for row in page.known) == page.machines


def test_a_listed_group_is_a_finding_with_its_authority_from_its_day_on(boards) -> None:
    (finding,) = origin_page(DAY, all_sites()).findings
    assert (finding.part, finding.machines, finding.sites) == ("control board cvitek", 1, "Bratsk")
    assert "Entity List" in finding.authority
    assert "does not by itself restrict having or running" in finding.sentence
    before = origin_page(date(2025, 1, 15), all_sites())
    assert before.findings == ()


def test_a_second_country_counts_and_an_unknown_one_does_not(boards) -> None:
    begin = date(2024, 1, 1)
    for name, supplies, country in (
        ("One", "hashboards", "CN"),
        ("Two", "hashboards", "MY"),
        ("Three", "repair", "US"),
        ("Four", "fans", "TW"),
        ("Five", "fans", ""),
    ):
        open_channel(name, supplies, country=country, from_on=begin, by=None)
    rows = {row.supplies: (row.state, row.countries) for row in origin_page(DAY, all_sites()).supplies}
    assert rows == {
        "hashboards": ("fine", "CN, MY"),
        "repair": ("watch", "US"),
        "fans": ("unknown", "TW, 1 unknown"),
    }


def test_a_site_is_looked_at_by_itself(as_user, cast, boards) -> None:
    client = as_user(cast.auditor)
    assert "Where the parts of" in shown(client, site="corsicana")
    assert "cvitek" not in shown(client, site="corsicana").partition('class="ph ph-page"')[2]
    assert "There is no site" in shown(client, 400, site="nowhere")
    assert "has not come yet" in shown(client, 400, as_of="2999-01-01")


def test_a_day_without_machines_says_so(as_user, cast, world) -> None:
    assert "No machine stood anywhere on this day" in shown(as_user(cast.auditor), as_of="2020-01-01")


def test_the_page_is_closed_to_roles_without_compliance(as_user, cast, world) -> None:
    assert as_user(cast.finance).get(reverse("operator:origin")).status_code == 403


def test_the_words_never_judge(as_user, cast, boards) -> None:
    body = shown(as_user(cast.auditor)).partition('class="ph ph-page"')[2].lower()
    for word in ("illegal", "violation", "prohibited", "clean"):
        assert word not in body


def test_the_page_costs_the_same_queries_for_many_as_for_few(as_user, cast, boards) -> None:
    client = as_user(cast.compliance_officer)
    shown(client)
    with CaptureQueriesContext(connection) as few:
        shown(client)
    board("A3", "amlogic", "declared")
    board("B1", "ti_am335x", "declared")
    with CaptureQueriesContext(connection) as many:
        shown(client)
    assert len(many) == len(few) <= 12, [query["sql"][:90] for query in many]
