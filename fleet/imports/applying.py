"""Doing what a plan says and nothing else: three statements in the caller's transaction."""

from django.db import connection
from django.utils.translation import gettext

from fleet.imports.models import ImportBatch
from fleet.imports.planning import FIELDS, IN_A_STAY, PLACE, plan_for_bulk
from fleet.imports.tables import counter_of, plan_of
from kit.errors import Refusal

HELD = """
select count(*) from {plan} p where err = 0 and miner_id is not null and diff & {place} <> 0 and exists (
    select from fleet_movehold hold where hold.released_at is null
        and (hold.miner_id = p.miner_id or hold.site_id in (p.site_id, p.old_site_id)))
"""
# Rows go in by serial and by miner: an index that is met in its order is read and written page by page.
# A row changed since the plan was made no longer has the time the plan saw, and is not counted.
# The time of the change is given, or a trigger would be called for every row.
CHANGE = """
update fleet_miner m set changed_at = clock_timestamp(), {changes} from {plan} p
where m.id = p.miner_id and m.changed_at = p.seen_at and p.err = 0 and p.diff <> 0
    and nextval('{counter}') > 0
"""
CREATE = """
insert into fleet_miner (serial, is_synthetic, {fields})
select serial, false, {fields} from {plan} where err = 0 and miner_id is null and nextval('{counter}') > 0
order by serial
on conflict (serial) do nothing
"""
END_STAYS = """
update fleet_stay stay set to_at = p.from_at from {plan} p
where stay.miner_id = p.miner_id and stay.to_at is null and p.err = 0 and p.diff & {in_a_stay} <> 0
"""
BEGIN_STAYS = """
insert into fleet_stay (miner_id, site_id, slot_id, owner_id, model_id, power_w, ghs, from_at, reason)
select m.id, m.site_id, m.slot_id, m.owner_id, m.model_id, m.power_w, m.ghs, p.from_at, %(reason)s
from {plan} p join fleet_miner m on m.serial = p.serial
where p.err = 0 and p.diff & {in_a_stay} <> 0 and m.site_id is not null and nextval('{counter}') > 0
order by m.id
"""


def carry_out(batch: ImportBatch) -> None:
    """Change and create the miners of the plan and let their stays follow.

    Raises: Refusal if a miner changed since the plan was made, or a hold was placed.
    """
    names = {
        "plan": plan_of(batch),
        "counter": counter_of(batch),
        "in_a_stay": IN_A_STAY,
        "place": PLACE,
        "fields": ", ".join(FIELDS),
        "changes": ", ".join(f"{field} = p.{field}" for field in FIELDS),
    }
    with connection.cursor() as cursor:
        plan_for_bulk(cursor, batch.lines)
        # Keys are checked at the end of each statement: a broken one is told here, and none waits in memory.
        cursor.execute("set constraints all immediate")
        cursor.execute(HELD.format(**names))
        if held := cursor.fetchone()[0]:
            raise Refusal(
                gettext(
                    "A hold was placed on {count} of the machines to be moved. Make the plan again."
                ).format(count=held)
            )
        cursor.execute(CHANGE.format(**names))
        moved = batch.updates - cursor.rowcount
        cursor.execute(CREATE.format(**names))
        moved += batch.creates - cursor.rowcount
        if moved:
            raise drifted(moved)
        cursor.execute(END_STAYS.format(**names))
        cursor.execute(
            BEGIN_STAYS.format(**names), {"reason": gettext("import {number}").format(number=batch.pk)}
        )


def drifted(machines: int) -> Refusal:
    """The refusal of a plan that no longer fits what is stored."""
    return Refusal(
        gettext("The data moved since this plan was made ({count} machines). Make the plan again.").format(
            count=machines
        )
    )
