"""Parts nobody has on record go in many miners at a time; whatever comes out of somewhere goes one by one.

A miner is plain if all it tells of parts is new: none is on record elsewhere, none is told twice, and no part
of its own is missing where another came. Tens of thousands are plain on the first day, hardly one is later.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from fleet.catalog.models import PartKind
from fleet.miners.rows import NAMED
from kit.trail.verbs import record

AT_ONCE = 5_000
KINDS = (PartKind.HASHBOARD, PartKind.CONTROL_BOARD, PartKind.PSU)

# Rows of a round before this one are there only where both are part of one transaction.
TOLD = """
create temp table if not exists fleet_part_told (
    miner_id bigint, kind text collate "C", serial text collate "C", position smallint, is_known boolean
) on commit delete rows;
create index if not exists fleet_part_told_miner on fleet_part_told (miner_id);
delete from fleet_part_told;
"""
CHOOSE = """
select miner_id from fleet_seenparts where is_waiting and miner_id > %s order by miner_id limit %s for update
"""
TELL = """
insert into fleet_part_told
select seen.miner_id, part->>0, part->>1, (part->>2)::smallint, false
from fleet_seenparts seen, jsonb_array_elements(seen.parts) part
where seen.miner_id = any(%(miners)s) and part->>0 = any(%(kinds)s);
analyze fleet_part_told;
update fleet_part_told told set is_known = true from fleet_part part
where part.kind = told.kind and part.serial = told.serial and part.miner_id = told.miner_id;
"""
NOT_PLAIN = """
select told.miner_id from fleet_part_told told join fleet_part part using (kind, serial)
where not told.is_known
union
select unnest(array_agg(miner_id)) from fleet_part_told group by kind, serial having count(*) > 1
union
select part.miner_id from fleet_part part
join (select distinct miner_id, kind from fleet_part_told where not is_known) came using (miner_id, kind)
where not exists (
    select from fleet_part_told told
    where told.miner_id = part.miner_id and told.kind = part.kind and told.serial = part.serial)
"""
# In the order of their keys, as everywhere; a miner that is gone has nothing to be compared with.
LOCK = "select id from fleet_miner where id = any(%(plain)s) order by id for update"
FIT = """
insert into fleet_part (kind, serial, miner_id, position, family, fitted_at, is_synthetic)
select told.kind, told.serial, told.miner_id, told.position,
    case when told.kind = 'control_board' then coalesce(nullif(seen.board_family, ''), 'unknown')
        else 'unknown' end,
    seen.at, miner.is_synthetic
from fleet_part_told told join fleet_seenparts seen using (miner_id)
join fleet_miner miner on miner.id = told.miner_id
where not told.is_known and told.miner_id = any(%(plain)s)
order by told.kind, told.serial
returning miner_id
"""
CORRECT = """
update fleet_miner miner set changed_at = clock_timestamp(), board_family = said.board_family,
    firmware = said.firmware, mac = said.mac
from (
    select seen.miner_id,
        case when seen.board_family in ('', 'unknown') then miner.board_family else seen.board_family end
            as board_family,
        coalesce(nullif(seen.firmware, ''), miner.firmware) as firmware,
        case when miner.mac = '' then seen.mac else miner.mac end as mac
    from fleet_seenparts seen join fleet_miner miner on miner.id = seen.miner_id
    where seen.miner_id = any(%(plain)s)
) said
where miner.id = said.miner_id and (
    miner.id = any(%(fitted)s)
    or (miner.board_family, miner.firmware, miner.mac) <> (said.board_family, said.firmware, said.mac))
returning miner.id, miner.serial
"""
DONE = "update fleet_seenparts set is_waiting = false, remark = '' where miner_id = any(%(plain)s)"


@dataclass(frozen=True)
class Round:
    """One round: how many miners were looked at and changed, which are to be compared one by one."""

    last: int
    looked_at: int
    changed: int
    one_by_one: tuple[int, ...]


@transaction.atomic
def fit_first_seen(after: int, *, lock: int, at: datetime | None = None) -> Round:
    """Enter what the next miners tell for the first time, those whose keys are above `after`."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
        miners = _keys(cursor, CHOOSE, [after, AT_ONCE])
        if not miners:
            return Round(after, 0, 0, ())
        cursor.execute(TOLD)
        cursor.execute(TELL, {"miners": miners, "kinds": list(KINDS)})
        others = set(_keys(cursor, NOT_PLAIN, []))
        given: dict[str, Any] = {"plain": [key for key in miners if key not in others]}
        cursor.execute(LOCK, given)
        fitted = _keys(cursor, FIT, given)
        cursor.execute(CORRECT, given | {"fitted": sorted(set(fitted))})
        changed = cursor.fetchall()
        cursor.execute(DONE, given)
    if changed:
        serials = sorted(serial for _key, serial in changed)[:NAMED]
        detail = {"machines": len(changed), "parts": len(fitted), "serials": serials}
        record("parts.first_seen", None, by=None, detail=detail | {"at": at or timezone.now()})
    return Round(miners[-1], len(miners), len(changed), tuple(sorted(others)))


def _keys(cursor: Any, query: str, given: Any) -> list[int]:
    cursor.execute(query, given)
    return [key for (key,) in cursor.fetchall()]
