from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from fleet.imports.columns import NAMES
from fleet.imports.models import ImportBatch
from fleet.imports.planning import CHANGE, POWER
from fleet.imports.reasons import Problem, reasons_in
from fleet.imports.tables import plan_of, stage_of
from fleet.sites.commitment import overcommitment
from kit.tabular import csv_lines

SHOWN_PROBLEMS, SHOWN_DIFFERENCES = 100, 50
LINES_A_FETCH = 5_000
CELLS = ", ".join(f'"c_{name}"' for name in NAMES)
# In front of a name, # makes the importer leave a column out: the file can be put right and given back.
REFUSED_COLUMNS = ("#line", "#column", "#reason")

REFUSED = """
select p.line, p.err, coalesce(s.raw, ''), {cells} from {plan} p join {stage} s on s.line = p.line
where p.err <> 0 and p.line > %s order by p.line limit %s
"""
DIFFERENCES = """
select p.line, p.serial, p.miner_id is null, p.diff,
    old_model.name, new_model.name, old_owner.number, new_owner.number, old_site.code, new_site.code,
    old_rack.name, new_rack.name, old_slot.position, new_slot.position, m.status, p.status,
    m.power_w, p.power_w,
    m.ghs / 1000.0, p.ghs / 1000.0, m.board_family, p.board_family, m.mac, p.mac, m.firmware, p.firmware,
    m.is_exportable, p.is_exportable
from (
    select * from {plan} where err = 0 and (diff <> 0 or miner_id is null) order by line limit %s
) p
left join fleet_miner m on m.id = p.miner_id
left join fleet_minermodel old_model on old_model.id = m.model_id
left join fleet_minermodel new_model on new_model.id = p.model_id
left join fleet_owner old_owner on old_owner.id = m.owner_id
left join fleet_owner new_owner on new_owner.id = p.owner_id
left join fleet_site old_site on old_site.id = m.site_id
left join fleet_site new_site on new_site.id = p.site_id
left join fleet_rack old_rack on old_rack.id = m.rack_id
left join fleet_rack new_rack on new_rack.id = p.rack_id
left join fleet_slot old_slot on old_slot.id = m.slot_id
left join fleet_slot new_slot on new_slot.id = p.slot_id
order by p.line
"""
# What each site and each feed gains, in one look at the plan; racks are few beside lines.
ADDED = """
with moved as (
    select site_id, rack_id, sum(watts)::bigint as watts from (
        select site_id, rack_id, power_w as watts from {plan} where err = 0 and diff & {power} <> 0
        union all
        select old_site_id, old_rack_id, -old_power_w from {plan}
        where err = 0 and diff & {power} <> 0 and old_site_id is not null
    ) line group by site_id, rack_id
)
select true, site_id, sum(watts)::bigint from moved where site_id is not null
group by site_id having sum(watts) > 0
union all
select false, building.feed_id, sum(moved.watts)::bigint
from moved join fleet_rack rack on rack.id = moved.rack_id
join fleet_building building on building.id = rack.building_id
where building.feed_id is not null group by building.feed_id having sum(moved.watts) > 0
"""
# The columns of a file, in the order of the fields of fleet.imports.planning.
SHOWN = (
    "model",
    "owner",
    "site",
    "rack",
    "slot",
    "status",
    "power_w",
    "ths",
    "board_family",
    "mac",
    "firmware",
    "exportable",
)


@dataclass(frozen=True)
class Refused:
    """A refused line: where, why, and its cells as they were."""

    line: int
    problems: tuple[Problem, ...]
    cells: tuple[str, ...]


def batches() -> QuerySet[ImportBatch]:
    """Imports, newest first, with who gave them."""
    return ImportBatch.objects.select_related("created_by", "applied_by", "job").order_by("-id")


def refused_lines(batch: ImportBatch, *, most: int | None = None) -> Iterator[Refused]:
    """The refused lines of a planned batch in order, fetched as they are asked for."""
    written = dict(batch.columns)
    query = REFUSED.format(cells=CELLS, plan=plan_of(batch), stage=stage_of(batch))
    line, left = 0, most
    while left is None or left > 0:
        with connection.cursor() as cursor:
            cursor.execute(query, [line, min(LINES_A_FETCH, left or LINES_A_FETCH)])
            rows = cursor.fetchall()
        if not rows:
            return
        for number, mask, raw, *cells in rows:
            yield _refused(number, mask, raw, dict(zip(NAMES, cells, strict=True)), written)
        line = rows[-1][0]
        left = None if left is None else left - len(rows)


def _refused(
    line: int, mask: int, raw: str, cells: dict[str, str | None], written: dict[str, str]
) -> Refused:
    problems = tuple(
        Problem(
            line,
            written.get(reason.column, reason.column),
            (cells.get(reason.column) or "")[:80] if reason.column else raw[:80],
            str(reason.sentence),
        )
        for reason in reasons_in(mask)
    )
    return Refused(line, problems, tuple(cells[name] or "" for name in written) if not raw else (raw,))


def refused_csv(batch: ImportBatch) -> Iterator[str]:
    """The refused lines as a CSV file with the reasons in front, safe to open in a spreadsheet."""
    header = (*REFUSED_COLUMNS, *(given for _name, given in batch.columns))
    rows = (
        (
            refused.line,
            "; ".join(dict.fromkeys(problem.column for problem in refused.problems if problem.column)),
            "; ".join(problem.reason for problem in refused.problems),
            *refused.cells,
        )
        for refused in refused_lines(batch)
    )
    return csv_lines(header, rows)


def first_problems(batch: ImportBatch) -> list[dict[str, Any]]:
    """The first refusals as they are shown: line, column, value, reason."""
    found = [problem for refused in refused_lines(batch, most=SHOWN_PROBLEMS) for problem in refused.problems]
    return [problem._asdict() for problem in found[:SHOWN_PROBLEMS]]


def first_differences(batch: ImportBatch) -> list[dict[str, Any]]:
    """The first new and changed miners with each field before and after."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES.format(plan=plan_of(batch)), [SHOWN_DIFFERENCES])
        return [_difference(row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Growth:
    """Watts a plan adds, by the keys of the sites and feeds that would hold more than before."""

    by_site: Mapping[int, int]
    by_feed: Mapping[int, int]


def growth_of(batch: ImportBatch) -> Growth:
    """What a plan adds where."""
    with connection.cursor() as cursor:
        cursor.execute(ADDED.format(plan=plan_of(batch), power=POWER))
        rows = cursor.fetchall()
    return Growth(
        {key: watts for is_site, key, watts in rows if is_site},
        {key: watts for is_site, key, watts in rows if not is_site},
    )


def overcommitments(growth: Growth) -> list[str]:
    """A sentence for each site and feed that would hold more than it can carry."""
    return overcommitment(growth.by_site, growth.by_feed)


def _difference(row: tuple[Any, ...]) -> dict[str, Any]:
    line, serial, is_new, mask, *pairs = row
    changes = [
        {"column": name, "before": _shown(before), "after": _shown(after)}
        for name, bit, before, after in zip(SHOWN, CHANGE.values(), pairs[::2], pairs[1::2], strict=True)
        if mask & bit and (before, after) not in ((None, None), (None, ""))
    ]
    return {"line": line, "serial": serial, "is_new": is_new, "changes": changes}


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)
