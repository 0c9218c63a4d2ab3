"""The report as CSV: one file per section in a zip, written from the same value as the pages."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from compliance.reports.parts import Measure
from compliance.reports.value import ComplianceReport
from kit.tabular import csv_lines

MEASURE = (
    "machines",
    "contracted_w",
    "installed_w",
    "ghs",
    "value_cents",
    "machines_without_price",
    "owners",
)
ALWAYS = (1980, 1, 1, 0, 0, 0)  # the format's first day: no clock gets into the file

Table = tuple[str, Sequence[str], list[Sequence[Any]]]


def render_csv(report: ComplianceReport) -> bytes:
    """A zip of CSV files; the same value gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        for name, header, rows in tables(report):
            entry = zipfile.ZipInfo(f"{name}.csv", ALWAYS)
            entry.compress_type = zipfile.ZIP_DEFLATED
            files.writestr(entry, "".join(csv_lines(header, rows)))
    return out.getvalue()


def tables(report: ComplianceReport) -> Iterator[Table]:
    """Every table of the report: its name, its head and its rows; unknown is an empty cell."""
    yield (
        "about",
        ("name", "value"),
        [
            ("kind", report.kind),
            ("as_of", report.as_of.isoformat()),
            ("compared_on", report.compared_on.isoformat()),
            ("data_time", report.data_time.isoformat()),
            ("sites", " ".join(report.scope)),
            ("currency", report.currency),
            ("contains_synthetic_data", str(report.is_synthetic).lower()),
            ("value_sha256", report.sha256),
        ],
    )
    yield from _exposure(report)
    yield from _judgements(report)
    yield from _rest(report)


def _measure(measure: Measure) -> tuple[Any, ...]:
    return (
        measure.machines,
        measure.contracted_w,
        measure.installed_w,
        measure.ghs,
        measure.value_cents,
        measure.unpriced,
        measure.owners,
    )


def _exposure(report: ComplianceReport) -> Iterator[Table]:
    rows: list[Sequence[Any]] = [("fleet", "", "", "", *_measure(report.fleet))]
    rows += [
        (table.dimension, row.key, row.label, row.standing, *_measure(row.measure))
        for table in report.exposure
        for row in table.rows
    ]
    yield "exposure", ("dimension", "key", "label", "standing", *MEASURE), rows
    course: list[Sequence[Any]] = [
        (end.isoformat(), row.country, row.label, row.power_w[number], row.contracted_w[number])
        for row in report.course.rows
        for number, end in enumerate(report.course.ends)
    ]
    yield "course", ("on", "country", "label", "installed_w", "contracted_w"), course
    shares: list[Sequence[Any]] = [(row.label, row.fleet_bps, row.world_bps) for row in report.world.rows]
    yield "shares", ("country", "fleet_bps", "network_bps"), shares


def _judgements(report: ComplianceReport) -> Iterator[Table]:
    findings: list[Sequence[Any]] = [
        (
            row.number,
            row.rule,
            row.title,
            row.standing,
            row.about,
            row.sentence,
            row.authority,
            row.source,
            row.confidence,
            row.since,
            row.due_on,
            str(row.is_synthetic).lower(),
            *_measure(row.measure),
        )
        for row in report.findings
    ]
    yield "findings", (
        "number", "rule", "title", "standing", "about", "sentence", "authority", "source", "confidence",
        "since", "due_on", "rests_on_synthetic_data", *MEASURE,
    ), findings  # fmt: skip
    lines: list[Sequence[Any]] = [
        (checklist.site, item.code, item.title, item.outcome, kind, sentence)
        for checklist in report.checklists
        for item in checklist.items
        for kind, sentences in (("measured", item.measured), ("missing", item.missing))
        for sentence in sentences or ("",)
    ]
    yield "checklist", ("site", "item", "title", "outcome", "kind", "sentence"), lines
    days: list[Sequence[Any]] = [
        (lane.kind, lane.label, day.on.isoformat(), day.count)
        for lane in report.staff.lanes
        for day in lane.days
    ]
    yield "staff_dates", ("kind", "label", "on", "papers"), days
    origin: list[Sequence[Any]] = [
        (row.model, row.machines, kind, cell.known, cell.declared, cell.unknown, cell.country, cell.is_listed)
        for row in report.origin.rows
        for kind, cell in zip(report.origin.kinds, row.cells, strict=True)
        if cell is not None
    ]
    yield "origin", (
        "model", "machines", "part", "documented", "declared", "unknown", "country", "listed_party_named",
    ), origin  # fmt: skip


def _rest(report: ComplianceReport) -> Iterator[Table]:
    steps: list[Sequence[Any]] = [
        (sale.number, sale.currency, step.kind, step.label, step.amount_cents)
        for sale in report.sales
        for step in sale.steps
    ]
    yield "liquidations", ("case", "currency", "kind", "label", "amount_cents"), steps
    classes: list[Sequence[Any]] = [
        (sale.number, row.status, row.label, row.owners, row.machines, row.amount_cents)
        for sale in report.sales
        for row in sale.classes
    ]
    yield "liquidation_classes", ("case", "state", "label", "owners", "machines", "amount_cents"), classes
    sites: list[Sequence[Any]] = [
        (
            site.code,
            site.name,
            site.country,
            site.nameplate_w,
            site.energized_w,
            site.contracted_w,
            site.installed_w,
            site.drawn_w,
            site.drawn_basis,
            site.headroom_w,
        )
        for site in report.capacity.sites
    ]
    yield "capacity", (
        "site", "name", "country", "nameplate_w", "energized_w", "contracted_w", "installed_w", "drawn_w",
        "drawn_basis", "headroom_w",
    ), sites  # fmt: skip
    yield (
        "sources",
        ("document", "rests_on_it", "records"),
        [(row.document, ", ".join(row.kinds), row.facts) for row in report.sources.documents],
    )
    yield (
        "lists",
        ("list", "authority", "published_on", "entries", "is_excerpt", "sha256"),
        [
            (
                row.name,
                row.authority,
                row.published_on.isoformat(),
                row.entries,
                str(row.is_excerpt).lower(),
                row.sha256,
            )
            for row in report.sources.lists
        ],
    )
