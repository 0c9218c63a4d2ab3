"""Past days by the moves of some owners, and without reading every move to find the few late ones."""

from django.db import migrations, models

# As in 0031, but for the plus: it keeps the planner off the index of days, by which it read nearly every
# move to find the ones written after the snapshot, of which the keys lead to none or a few.
AS_OF = """
create or replace function fleet_{name}s_at(wanted date, sites bigint[])
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
        where s.id > (select last_move_id from base) and s.on_day {late}<= (select on_day from base)
    ) m
    where sites is null or m.site_id = any(sites)
    group by 1, 2 having sum(m.machines) <> 0
$$;
"""
FUNCTIONS = "".join(AS_OF.format(name=name, late="+ 0 ") for name in ("model", "owner"))
BEFORE = "".join(AS_OF.format(name=name, late="") for name in ("model", "owner"))


class Migration(migrations.Migration):
    dependencies = [("fleet", "0041_changed_order")]

    operations = [
        migrations.AddIndex(
            model_name="move",
            index=models.Index(fields=["owner_id", "on_day"], name="move_of_owner"),
        ),
        migrations.RunSQL(FUNCTIONS, BEFORE),
    ]
