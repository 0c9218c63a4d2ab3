"""Moves follow every change of the stay table; two functions add them up to the end of a day."""

from django.db import migrations

# The lock of the other summaries, held to the commit: keys of moves are committed in their order, so a
# snapshot that names the last one it holds has seen all before it. One lock for both cannot deadlock.
FUNCTION = """
create function fleet_keep_moves_{event}() returns trigger language plpgsql as $$
begin
    if not exists (select from {some}) then
        return null;
    end if;
    perform pg_advisory_xact_lock(7461743);
    insert into fleet_move (on_day, site_id, owner_id, model_id, machines, power_w, ghs)
    select (at at time zone 'UTC')::date, site_id, coalesce(owner_id, 0), model_id, sum(n), sum(n * power_w), sum(n * ghs)
    from ({sides}) x where at is not null
    group by 1, 2, 3, 4 having sum(n) <> 0 or sum(n * power_w) <> 0 or sum(n * ghs) <> 0 order by 1, 2, 3, 4;
    return null;
end $$;
create trigger keep_moves_{event} after {event} on fleet_stay referencing {referencing}
    for each statement execute function fleet_keep_moves_{event}();
"""
SIDE = """
select from_at at, {came}::bigint n, site_id, owner_id, model_id, power_w, ghs from {rows}
union all select to_at, {left}::bigint, site_id, owner_id, model_id, power_w, ghs from {rows}
"""
NEW, OLD = {"came": "1", "left": "-1", "rows": "new_rows"}, {"came": "-1", "left": "1", "rows": "old_rows"}
EVENTS = {
    "insert": ([NEW], "new table as new_rows"),
    "delete": ([OLD], "old table as old_rows"),
    "update": ([NEW, OLD], "new table as new_rows old table as old_rows"),
}
TRIGGERS = "\n".join(
    FUNCTION.format(
        event=event,
        some=sides[0]["rows"],
        sides=" union all ".join(SIDE.format(**side) for side in sides),
        referencing=referencing,
    )
    for event, (sides, referencing) in EVENTS.items()
)

FILL = """
insert into fleet_move (on_day, site_id, owner_id, model_id, machines, power_w, ghs)
select (at at time zone 'UTC')::date, site_id, coalesce(owner_id, 0), model_id, sum(n), sum(n * power_w), sum(n * ghs)
from ({sides}) x where at is not null
group by 1, 2, 3, 4 having sum(n) <> 0 or sum(n * power_w) <> 0 or sum(n * ghs) <> 0 order by 1, 2, 3, 4;
""".format(sides=SIDE.format(**(NEW | {"rows": "fleet_stay"})))

# The last snapshot before the end of the day, the moves of the days since, and the moves that belong before
# it and were written after it was made.
AS_OF = """
create function fleet_{name}s_at(wanted date, sites bigint[])
returns table (site_id bigint, {name}_id bigint, machines bigint, power_w bigint, ghs bigint)
language sql stable as $$
    with base as materialized (
        select on_day, last_move_id from fleet_snapshot where on_day <= wanted order by on_day desc limit 1
    )
    select m.site_id, m.{name}_id, sum(m.machines)::bigint, sum(m.power_w)::bigint, sum(m.ghs)::bigint
    from (
        select s.site_id, s.{name}_id, s.machines, s.power_w, s.ghs from fleet_snapshot{name} s
        where s.on_day = (select on_day from base)
        union all
        select s.site_id, s.{name}_id, s.machines, s.power_w, s.ghs from fleet_move s
        where s.on_day <= wanted and s.on_day > coalesce((select on_day from base), '-infinity')
        union all
        select s.site_id, s.{name}_id, s.machines, s.power_w, s.ghs from fleet_move s
        where s.id > (select last_move_id from base) and s.on_day <= (select on_day from base)
    ) m
    where sites is null or m.site_id = any(sites)
    group by 1, 2 having sum(m.machines) <> 0
$$;
"""
FUNCTIONS = AS_OF.format(name="model") + AS_OF.format(name="owner")

GUARD = """
create trigger no_truncate before truncate on fleet_stay
    for each statement execute function kit_no_truncate();
create trigger no_truncate before truncate on fleet_move
    for each statement execute function kit_no_truncate();
alter table fleet_snapshotmodel set (fillfactor = 90);
alter table fleet_snapshotowner set (fillfactor = 90);
"""
UNDO = """
drop trigger no_truncate on fleet_move;
drop trigger no_truncate on fleet_stay;
drop function fleet_owners_at(date, bigint[]), fleet_models_at(date, bigint[]);
""" + "".join(
    f"drop trigger keep_moves_{event} on fleet_stay; drop function fleet_keep_moves_{event}();"
    for event in EVENTS
)


class Migration(migrations.Migration):
    dependencies = [("fleet", "0030_moves")]
    # Making the triggers locks the stays against writers, so none slips between them and the fill.
    operations = [migrations.RunSQL(TRIGGERS + FUNCTIONS + FILL + GUARD, UNDO)]
