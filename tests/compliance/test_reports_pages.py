"""The pages of a report say what its value says, all of it, the same bytes every time."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest

from compliance.reports.csv import render_csv, tables
from compliance.reports.pages.cover import strokes_of, unit_of
from compliance.reports.pages.exposure import added
from compliance.reports.pages.origin import MOST_ROWS, shown_rows
from compliance.reports.parts import OriginRow
from compliance.reports.pdf import SECTIONS, render_pdf
from compliance.reports.value import ComplianceReport, canonical_json, from_dict
from kit.charts import Step, Waterfall
from kit.errors import Refusal
from tests.compliance.report_values import MW, sample_report

NUMBER = "PH-CR-2022-04-20-0001"


def texts(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


def empty_report() -> ComplianceReport:
    """A report of a day on which almost nothing is on record."""
    full = sample_report()
    return replace(
        full,
        findings=(),
        checklists=(),
        sales=(),
        exposure=tuple(replace(table, rows=()) for table in full.exposure),
        staff=replace(full.staff, lanes=()),
        origin=replace(full.origin, rows=(), channels=()),
        capacity=replace(full.capacity, sites=()),
        course=replace(full.course, rows=(), ends=(), events=()),
        world=replace(full.world, rows=(), month=None),
        is_synthetic=False,
    )


def test_the_same_value_gives_the_same_bytes_twice_and_in_another_process() -> None:
    value = sample_report()
    here = render_pdf(value, NUMBER).content
    assert render_pdf(value, NUMBER).content == here
    stored = json.dumps(value.as_dict())
    script = (
        "import django, hashlib, json, sys; django.setup();"
        "from compliance.reports.pdf import render_pdf; from compliance.reports.value import from_dict;"
        f"pdf = render_pdf(from_dict(json.load(sys.stdin)), {NUMBER!r}).content;"
        "sys.stdout.write(hashlib.sha256(pdf).hexdigest())"
    )
    import hashlib

    found = subprocess.run(
        [sys.executable, "-c", script], input=stored, capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout == hashlib.sha256(here).hexdigest()


def test_a_stored_value_comes_back_equal_and_keeps_its_hash() -> None:
    value = sample_report()
    again = from_dict(json.loads(canonical_json(value.as_dict())))
    assert again == value
    assert again.sha256 == value.sha256


def test_another_format_of_the_stored_value_is_refused() -> None:
    with pytest.raises(Refusal, match="format 99"):
        from_dict(sample_report().as_dict() | {"format": 99})


def test_one_changed_figure_changes_the_hash() -> None:
    value = sample_report()
    fleet = replace(value.fleet, owners=value.fleet.owners + 1)
    assert replace(value, fleet=fleet).sha256 != value.sha256


def test_the_totals_stand_on_the_pages() -> None:
    value = sample_report()
    pages = texts(render_pdf(value, NUMBER).content)
    whole = " ".join(pages)
    for figure in (
        "26,692",  # machines of the fleet
        "119,999,300.00",  # their value
        "92.00",  # contracted MW
        "16,144,251.76",  # paid out
        "19,645,320.00",  # distributable, in the waterfall and under the table
    ):
        assert figure in whole, figure
    assert whole.count("19,645,320.00") >= 2
    assert value.sha256[:16] in whole
    assert NUMBER in whole


def test_the_parts_add_up_to_the_whole_on_every_page() -> None:
    value = sample_report()
    for table in value.exposure:
        if table.is_whole:
            total = added(table.rows)
            assert (total.machines, total.installed_w) == (value.fleet.machines, value.fleet.installed_w)
            assert total.value_cents == value.fleet.value_cents
    assert sum(part.power_w for part in value.executive.standings) == value.fleet.installed_w
    assert sum(row.power_w[-1] for row in value.course.rows) == value.fleet.installed_w
    for sale in value.sales:
        steps = tuple(Step(step.label, step.amount_cents, step.kind) for step in sale.steps)
        assert Waterfall("", sale.currency, steps).mismatches == ()
        distributable = next(step for step in sale.steps if step.kind == "subtotal")
        assert sum(row.amount_cents for row in sale.classes) == distributable.amount_cents


def test_the_synthetic_mark_is_on_every_page() -> None:
    for page in texts(render_pdf(sample_report(), NUMBER).content):
        assert "CONTAINS SYNTHETIC DATA" in page
    for page in texts(render_pdf(sample_report(is_synthetic=False), NUMBER).content):
        assert "CONTAINS SYNTHETIC DATA" not in page


def test_a_report_of_almost_nothing_names_what_it_leaves_out() -> None:
    whole = " ".join(texts(render_pdf(empty_report(), NUMBER).content))
    assert "No finding is open" in whole
    left_out = whole.split("Left out because nothing is on record: ")[1]
    for section in SECTIONS:
        if not section.has_content(empty_report()):
            assert str(section.title) in left_out


def test_five_hundred_findings_flow_over_pages_and_each_stands_once() -> None:
    first = sample_report().findings[1]
    many = tuple(
        replace(first, number=f"F-{number:05d}", sentence=f"{number}: " + first.sentence * (number % 7 + 1))
        for number in range(500)
    )
    whole = " ".join(texts(render_pdf(sample_report(findings=many), NUMBER).content))
    for finding in many:
        assert whole.count(finding.number) == 1


def test_very_long_names_do_not_break_the_pages() -> None:
    value = sample_report()
    site = replace(value.capacity.sites[0], name="Köppen-Żywiec " * 12)
    rows = tuple(replace(row, label=row.label * 12) for row in value.exposure[0].rows)
    value = replace(
        value,
        capacity=replace(value.capacity, sites=(site,)),
        exposure=(replace(value.exposure[0], rows=rows), *value.exposure[1:]),
        operator="Northfield Hosting and Sons of the Northern Plains " * 3,
    )
    assert len(texts(render_pdf(value, NUMBER).content)) >= len(SECTIONS)


def test_a_missing_letter_is_told_on_the_last_page_and_not_left_out_in_silence() -> None:
    rendering = render_pdf(sample_report(operator="თბილისი Hosting"), NUMBER)
    assert "თ" in rendering.missing
    assert "Characters that could not be drawn" in texts(rendering.content)[-1]


def test_more_models_than_a_page_holds_are_added_up_in_one_row() -> None:
    origin = sample_report().origin
    cell = origin.rows[1].cells[0]
    assert cell is not None
    rows = (*origin.rows, *(OriginRow(f"Model {n}", 10, (cell, None, cell)) for n in range(20)))
    shown = shown_rows(replace(origin, rows=rows))
    assert len(shown) == MOST_ROWS
    assert sum(row.machines for row in shown) == sum(row.machines for row in rows)
    assert shown[0].model == "Antminer S19j Pro"  # a listed party is named behind it


def test_strokes_stand_for_every_megawatt_and_stay_countable() -> None:
    course = sample_report().course
    strokes = strokes_of(course, MW)
    assert [(each.row.country, len(each.runs)) for each in strokes] == [("KZ", 48), ("US", 32), ("RU", 12)]
    assert max(run for each in strokes for run in each.runs) == len(course.ends)
    for total_w in (1_000, 28_000, 700_000, 12 * MW, 92 * MW, 900 * MW, 7_000 * MW):
        assert 1 <= total_w / unit_of(total_w) <= 250
    assert unit_of(212 * MW) == MW


def test_the_csv_holds_the_same_figures_and_no_formula() -> None:
    value = sample_report()
    finding = replace(value.findings[0], about="=HYPERLINK(1)")
    value = replace(value, findings=(finding,))
    content = render_csv(value)
    assert render_csv(value) == content
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        assert {name.removesuffix(".csv") for name in files.namelist()} == {
            name for name, _, _ in tables(value)
        }
        exposure = list(csv.DictReader(io.StringIO(files.read("exposure.csv").decode())))
        about = next(csv.DictReader(io.StringIO(files.read("findings.csv").decode())))["about"]
    assert int(exposure[0]["machines"]) == value.fleet.machines
    countries = [row for row in exposure if row["dimension"] == "country"]
    assert sum(int(row["machines"]) for row in countries) == value.fleet.machines
    assert about == "'=HYPERLINK(1)"


def test_dates_far_ahead_and_long_overdue_stay_on_the_staff_page() -> None:
    value = sample_report()
    days = [replace(value.staff.lanes[0].days[0], on=value.as_of + timedelta(days)) for days in (-4000, 4000)]
    lane = replace(value.staff.lanes[0], days=tuple(days))
    whole = " ".join(
        texts(render_pdf(replace(value, staff=replace(value.staff, lanes=(lane,))), NUMBER).content)
    )
    assert "Staff: papers and dates" in whole
