"""The place of a miner is proved by one key; two summaries follow every change of the miner table."""

from django.db import migrations

PLACE = """
alter table fleet_miner add constraint miner_slot_rack_site
    foreign key (slot_id, rack_id, site_id) references fleet_slot (id, rack_id, site_id);
alter table fleet_miner add constraint miner_rack_site
    foreign key (rack_id, site_id) references fleet_rack (id, site_id);
alter table fleet_slot add constraint slot_rack_site
    foreign key (rack_id, site_id) references fleet_rack (id, site_id);
alter table fleet_miner set (fillfactor = 90);
alter table fleet_capacity set (fillfactor = 70);
alter table fleet_holding set (fillfactor = 70);
"""

# One writer at a time: with row locks alone two sessions that touch the same groups can deadlock.
# Rows are taken in key order for the same reason.
FUNCTION = """
create function fleet_summarise() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(7461743);
    insert into fleet_capacity as t (site_id, model_id, status, board_family, machines, power_w, ghs)
    select site_id, model_id, status, board_family, sum(n), sum(p), sum(g) from ({capacity}) x
    group by 1, 2, 3, 4 having sum(n) <> 0 or sum(p) <> 0 or sum(g) <> 0 order by 1, 2, 3, 4
    on conflict (site_id, model_id, status, board_family) do update
        set machines = t.machines + excluded.machines, power_w = t.power_w + excluded.power_w,
            ghs = t.ghs + excluded.ghs;
    insert into fleet_holding as t (site_id, owner_id, machines, power_w, ghs)
    select site_id, owner_id, sum(n), sum(p), sum(g) from ({holding}) x
    group by 1, 2 having sum(n) <> 0 or sum(p) <> 0 or sum(g) <> 0 order by 1, 2
    on conflict (site_id, owner_id) do update
        set machines = t.machines + excluded.machines, power_w = t.power_w + excluded.power_w,
            ghs = t.ghs + excluded.ghs;
    return null;
end $$;
"""
CAPACITY = "select coalesce(site_id, 0) site_id, model_id, status, board_family, {s}1 n, {s}power_w::bigint p, {s}ghs g from {t}"
HOLDING = "select coalesce(site_id, 0) site_id, coalesce(owner_id, 0) owner_id, {s}1 n, {s}power_w::bigint p, {s}ghs g from {t}"
NEW, OLD = {"s": "", "t": "new_rows"}, {"s": "-", "t": "old_rows"}
EVENTS = {
    "insert": ([NEW], "new table as new_rows"),
    "delete": ([OLD], "old table as old_rows"),
    "update": ([NEW, OLD], "new table as new_rows old table as old_rows"),
}


def _statements() -> str:
    parts = []
    for event, (sides, referencing) in EVENTS.items():
        body = FUNCTION.format(
            capacity=" union all ".join(CAPACITY.format(**side) for side in sides),
            holding=" union all ".join(HOLDING.format(**side) for side in sides),
        ).replace("fleet_summarise", f"fleet_summarise_{event}")
        parts.append(body)
        parts.append(
            f"create trigger summarise_{event} after {event} on fleet_miner referencing {referencing} "
            f"for each statement execute function fleet_summarise_{event}();"
        )
    return "\n".join(parts)


GUARD = """
create trigger no_truncate before truncate on fleet_miner
    for each statement execute function kit_no_truncate();
"""


class Migration(migrations.Migration):
    dependencies = [("fleet", "0002_initial"), ("kit", "0002_floor")]
    operations = [migrations.RunSQL(PLACE), migrations.RunSQL(_statements()), migrations.RunSQL(GUARD)]
