"""What a file would do, worked out over all its lines at once.

One SELECT resolves, checks and compares: one mask of bits says what is wrong, one what would change.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from fleet.imports.models import ImportBatch
from fleet.imports.reasons import BIT
from fleet.imports.tables import counter_of, plan_of, stage_of
from fleet.miners.models import MinerStatus
from fleet.miners.steps import AT_A_SITE, AWAY, ENDED, SLOTLESS, STEPS, sources_of

# The fields of a miner a file may change, in the order of their bits, with their columns in the plan.
FIELDS = (
    "model_id",
    "owner_id",
    "site_id",
    "rack_id",
    "slot_id",
    "status",
    "power_w",
    "ghs",
    "board_family",
    "mac",
    "firmware",
    "is_exportable",
)
CHANGE = {field: 1 << number for number, field in enumerate(FIELDS)}
IN_A_STAY = sum(CHANGE[field] for field in ("model_id", "owner_id", "site_id", "slot_id", "power_w", "ghs"))
PLACE = CHANGE["site_id"] | CHANGE["rack_id"] | CHANGE["slot_id"]
POWER = PLACE | CHANGE["power_w"]
MANY_LINES = 20_000
# Between two files a miner may have taken several steps; only where it begins it cannot have come to.
BEGINNINGS = tuple(status for status in STEPS if status not in ENDED and not sources_of(status))

# One row per name a thing goes by, so that no join multiplies lines.
NAMES = """
with model_key as materialized (
    select distinct on (key) * from (
        select lower(name) as key, 1 as rank, id, power_w, ghs, board_family from fleet_minermodel
        union all
        select lower(maker.name || ' ' || model.name), 2, model.id, power_w, ghs, board_family
        from fleet_minermodel model join fleet_maker maker on maker.id = model.maker_id
    ) named order by key, rank
), owner_key as materialized (
    select distinct on (lower(number)) lower(number) as key, id from fleet_owner order by lower(number), id
), site_key as materialized (
    select distinct on (key) * from (
        select lower(code) as key, 1 as rank, id from fleet_site
        union all
        select lower(name), 2, id from fleet_site
    ) named order by key, rank, id
), rack_key as materialized (
    select rack.site_id, lower(building.name) as building, lower(rack.name) as rack,
        min(rack.id) as id, count(*) as n
    from fleet_rack rack join fleet_building building on building.id = rack.building_id group by 1, 2, 3
    union all
    select site_id, '', lower(name), min(id), count(*) from fleet_rack group by 1, 2, 3
), held_site as materialized (
    select distinct site_id from fleet_movehold where site_id is not null and released_at is null
), held_miner as materialized (
    select distinct miner_id from fleet_movehold where miner_id is not null and released_at is null
)
"""
CELLS = """
select line, flaws, from_at,
    upper(nullif(btrim(c_serial), '')) as serial, lower(nullif(btrim(c_model), '')) as model,
    lower(nullif(btrim(c_owner), '')) as owner, lower(nullif(btrim(c_site), '')) as site,
    lower(nullif(btrim(c_building), '')) as building, lower(nullif(btrim(c_rack), '')) as rack,
    nullif(btrim(c_slot), '') as slot, replace(lower(nullif(btrim(c_status), '')), ' ', '_') as status,
    nullif(btrim(c_power_w), '') as power, nullif(btrim(c_ths), '') as ths,
    nullif(btrim(c_board_family), '') as family,
    upper(translate(nullif(btrim(c_mac), ''), ':-. ', '')) as mac,
    nullif(btrim(c_firmware), '') as firmware, lower(nullif(btrim(c_exportable), '')) as exportable
from {stage} where nextval('{counter}') > 0
"""
# What is not in the file, or an empty cell, stays as it is, or is the catalogue's for a new miner. A miner
# that goes on its way leaves site and slot, one that is stored its slot, as by hand.
FOUND = """
select c.line, c.flaws, c.serial, c.model as c_model, c.owner as c_owner, c.site as c_site, c.rack as c_rack,
    coalesce(c.building, '') as c_building, c.slot as c_slot, c.status as c_status, c.power as c_power,
    c.ths as c_ths, c.mac as c_mac, c.exportable as c_exportable,
    m.id as miner_id, m.changed_at as seen_at, m.model_id as old_model_id, m.owner_id as old_owner_id,
    m.site_id as old_site_id, m.rack_id as old_rack_id, m.slot_id as old_slot_id, m.status as old_status,
    m.power_w as old_power_w, m.ghs as old_ghs, m.board_family as old_board_family, m.mac as old_mac,
    m.firmware as old_firmware, m.is_exportable as old_is_exportable,
    model_key.id as found_model, owner_key.id as found_owner, site_key.id as found_site,
    case when c.model is null then m.model_id else model_key.id end as model_id,
    case when c.owner is null then m.owner_id else owner_key.id end as owner_id,
    case when c.site is not null then site_key.id
        when not coalesce(c.status, m.status) = any(%(away)s) then m.site_id end as site_id,
    coalesce(c.status, m.status, 'received') as status,
    case when c.power is null then coalesce(m.power_w, model_key.power_w)
        when c.power ~ '^[0-9]+$' and length(c.power) < 10 then c.power::int end as power_w,
    case when c.ths is null then coalesce(m.ghs, model_key.ghs)
        when c.ths ~ '{ths}' and length(c.ths) < 16 then (c.ths::numeric * 1000)::bigint end as ghs,
    coalesce(c.family, m.board_family, model_key.board_family) as board_family,
    case when c.mac is null then coalesce(m.mac, '')
        else concat_ws(':', substr(c.mac, 1, 2), substr(c.mac, 3, 2), substr(c.mac, 5, 2),
        substr(c.mac, 7, 2), substr(c.mac, 9, 2), substr(c.mac, 11, 2)) end as mac,
    coalesce(c.firmware, m.firmware, '') as firmware,
    case when c.exportable is null then m.is_exportable when c.exportable = 'yes' then true
        when c.exportable = 'no' then false end as is_exportable,
    coalesce(c.from_at, %(now)s) as from_at,
    case when c.slot ~ '^[0-9]+$' and length(c.slot) < 7 then c.slot::int end as slot_number
from ({cells} offset 0) c
left join fleet_miner m on m.serial = c.serial
left join model_key on model_key.key = c.model
left join owner_key on owner_key.key = c.owner
left join site_key on site_key.key = c.site
"""
RACKED = """
select f.*, rack_key.id as found_rack, rack_key.n as racks_found,
    case when f.c_rack is not null then rack_key.id when f.status = any(%(slotless)s) then null
        when f.site_id is not distinct from f.old_site_id then f.old_rack_id end as rack_id
from ({found}) f
left join rack_key
    on rack_key.site_id = f.site_id and rack_key.building = f.c_building and rack_key.rack = f.c_rack
"""
PLACED = """
select r.*, fleet_slot.id as found_slot,
    case when r.c_slot is not null then fleet_slot.id
        when r.rack_id is not distinct from r.old_rack_id then r.old_slot_id end as slot_id
from ({racked}) r
left join fleet_slot on fleet_slot.rack_id = r.rack_id and fleet_slot.position = r.slot_number
"""
CHECKS: tuple[tuple[str, str], ...] = (
    ("no_serial", "serial is null"),
    (
        "bad_serial",
        "miner_id is null and not (serial ~ '^[A-Z0-9._-]+$' and length(serial) between 3 and 40)",
    ),
    ("no_model", "miner_id is null and c_model is null"),
    ("unknown_model", "c_model is not null and found_model is null"),
    ("unknown_owner", "c_owner is not null and found_owner is null"),
    ("unknown_site", "c_site is not null and found_site is null"),
    (
        "needs_site",
        "site_id is null and c_site is null and (status = any(%(at_a_site)s)"
        " or c_rack is not null or c_slot is not null)",
    ),
    ("unknown_rack", "c_rack is not null and site_id is not null and found_rack is null"),
    ("ambiguous_rack", "racks_found > 1"),
    (
        "unknown_slot",
        "c_slot is not null and site_id is not null and found_slot is null"
        " and (c_rack is null or found_rack is not null)",
    ),
    ("unknown_status", "c_status is not null and not c_status = any(%(statuses)s)"),
    (
        "ended",
        "case when old_status = any(%(ended)s) then status <> old_status or site_id is not null"
        " else status = any(%(ended)s) end",
    ),
    (
        "away_at_site",
        "status = any(%(away)s) and (c_site is not null or c_rack is not null or c_slot is not null)",
    ),
    ("racked_away", "status = 'stored' and (c_rack is not null or c_slot is not null)"),
    ("bad_step", "status <> old_status and status = any(%(beginnings)s)"),
    ("bad_power", "c_power !~ '^-?[0-9]+$'"),
    ("negative_power", "c_power ~ '^-[0-9]+$'"),
    ("power_range", "c_power ~ '^[0-9]+$' and not coalesce(power_w between 1 and 100000, false)"),
    ("bad_ths", "c_ths !~ '{ths}' and c_ths !~ '^-[0-9.]+$'"),
    ("negative_ths", "c_ths ~ '^-[0-9.]+$'"),
    ("ths_range", "c_ths ~ '{ths}' and not coalesce(ghs <= 10000000, false)"),
    ("long_family", "length(board_family) > 40"),
    ("bad_mac", "c_mac is not null and not (c_mac ~ '^[0-9A-F]+$' and length(c_mac) = 12)"),
    ("long_firmware", "length(firmware) > 80"),
    ("bad_exportable", "not c_exportable = any('{{yes,no,unknown}}')"),
    (
        "held",
        "miner_id is not null"
        " and (site_id, rack_id, slot_id) is distinct from (old_site_id, old_rack_id, old_slot_id)"
        " and (exists (select from held_miner h where h.miner_id = p.miner_id)"
        " or exists (select from held_site h where h.site_id in (p.site_id, p.old_site_id)))",
    ),
)
UNREAD = (
    "ragged",
    "nul",
    "unclosed",
    "too_long",
    "error_cell",
    "unsolved",
    "date_cell",
    "lost_digits",
    "line_break",
)
# Whole terahash and at most three decimals, so that a file's figure is never rounded.
THS = "^[0-9]+([.][0-9][0-9]?[0-9]?0*)?$"

TWICE = """
update {plan} p set err = err | {twice} from (
    select serial from {plan} where serial is not null group by serial having count(*) > 1) again
where p.serial = again.serial
"""
TOO_EARLY = """
update {plan} p set err = err | {too_early} from fleet_stay stay
where stay.miner_id = p.miner_id and p.err = 0 and p.diff & {in_a_stay} <> 0
    and (stay.from_at >= p.from_at or stay.to_at > p.from_at)
"""
SLOT_TWICE = """
update {plan} p set err = err | {slot_twice} from (
    select slot_id from {plan} where err = 0 and slot_id is not null and diff & {slot} <> 0
    group by slot_id having count(*) > 1) again
where p.slot_id = again.slot_id and p.diff & {slot} <> 0
"""
# Free is also the slot of a miner which this very plan takes elsewhere.
# A line refused here keeps its slot, so look again.
SLOT_TAKEN = """
update {plan} p set err = err | {slot_taken} from fleet_miner m
where p.err = 0 and p.diff & {slot} <> 0 and m.slot_id = p.slot_id and m.id is distinct from p.miner_id
    and not exists (select from {plan} q where q.miner_id = m.id and q.err = 0 and q.diff & {slot} <> 0)
"""
SUMMARY = """
select count(*), count(*) filter (where err = 0 and miner_id is null),
    count(*) filter (where err = 0 and miner_id is not null and diff <> 0),
    count(*) filter (where err = 0 and miner_id is not null and diff = 0),
    count(*) filter (where err <> 0),
    coalesce(sum(hashtextextended(p::text, 0)::numeric), 0)::text
from {plan} p
"""


def make_plan(batch: ImportBatch, *, now: datetime, lines: int) -> None:
    """Write the plan of the staged lines.

    Shape: a line with `err` is refused; one without a miner makes one; one with `diff` changes one.
    """
    given: dict[str, Any] = {
        "now": now,
        "at_a_site": list(AT_A_SITE),
        "ended": list(ENDED),
        "away": list(AWAY),
        "slotless": list(SLOTLESS),
        "beginnings": list(BEGINNINGS),
        "statuses": list(MinerStatus.values),
    }
    with connection.cursor() as cursor:
        plan_for_bulk(cursor, lines)
        cursor.execute(_query(batch), given)
        names = BIT | {"plan": plan_of(batch), "in_a_stay": IN_A_STAY, "slot": CHANGE["slot_id"]}
        # Only what is joined or filtered by later: the other columns take most of the time.
        cursor.execute("analyze {plan} (serial, miner_id, slot_id, err, diff)".format(**names))
        for statement in (TWICE, TOO_EARLY, SLOT_TWICE):
            cursor.execute(statement.format(**names))
        taken = True
        while taken:
            cursor.execute(SLOT_TAKEN.format(**names))
            taken = cursor.rowcount > 0


def plan_for_bulk(cursor: Any, lines: int) -> None:
    """Settings for one pass over very many rows; for a small file the planner's choice is better."""
    if lines > MANY_LINES:
        # Memoize would keep a million different keys, a nested loop look each of them up.
        cursor.execute("set local enable_memoize = off")
        cursor.execute("set local enable_nestloop = off")
        cursor.execute("set local work_mem = '64MB'")
    cursor.execute("set local jit = off")


def summary_of(batch: ImportBatch) -> tuple[int, int, int, int, int, str]:
    """Lines, new, changed, same, refused, and a sum over the whole plan that any change of it changes."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMARY.format(plan=plan_of(batch)))
        row: tuple[int, int, int, int, int, str] = cursor.fetchone()
        return row


def _query(batch: ImportBatch) -> str:
    cells = CELLS.format(stage=stage_of(batch), counter=counter_of(batch))
    placed = PLACED.format(racked=RACKED.format(found=FOUND.format(cells=cells, ths=THS)))
    # A line that could not be read has no cells to check.
    unread = sum(BIT[name] for name in UNREAD)
    checks = " | ".join(
        f"case when {condition.format(ths=THS)} then {BIT[name]} else 0 end" for name, condition in CHECKS
    )
    # A new miner takes its slot and begins a stay, so those count as changed.
    changes = " | ".join(
        f"case when {field} is distinct from old_{field} then {bit} else 0 end"
        for field, bit in CHANGE.items()
    )
    return f"""
        create unlogged table {plan_of(batch)} as {NAMES}
        select line, serial, miner_id, seen_at, old_site_id, old_rack_id, old_power_w, from_at,
            {", ".join(FIELDS)},
            case when flaws & {unread} <> 0 then flaws else flaws | {checks} end as err,
            {changes} as diff
        from ({placed}) p
    """
