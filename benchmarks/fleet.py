"""A fleet of any size, written by the database: machines come and move in batches, as fleets do."""

from importlib import import_module

from django.db import connection

from fleet.catalog.models import Maker, MinerModel
from fleet.miners.models import Owner
from fleet.sites.models import Site

MODELS, SITES = 30, 50
BATCH = 50
# Some thousand owners at full scale, each at several sites.
MACHINES_AN_OWNER = 400
HISTORY = "2018-01-01"

MINERS = """
insert into fleet_miner (serial, model_id, owner_id, site_id, status, board_family, power_w, ghs, mac,
    firmware, is_synthetic)
select 'SN' || upper(lpad(to_hex((n::bigint * 2654435761) %% 4294967296), 8, '0')) || lpad(n::text, 7, '0'),
    (%(models)s::bigint[])[1 + abs(hashint4(b)) %% {models}],
    (%(owners)s::bigint[])[1 + abs(hashint4(b + 1000003)) %% {owners}],
    (%(sites)s::bigint[])[1 + abs(hashint4(b + 2000003)) %% {sites}],
    case n %% 10 when 0 then 'offline' when 1 then 'low' when 2 then 'racked' else 'mining' end,
    (array['unknown', 'c52', 'am3'])[1 + b %% 3], 3000 + b %% 500, 90000 + b %% 9000, '', '', true
from (select n, n / {batch} b from generate_series(0, {miners} - 1) n) s
"""
# Every batch has been at one place or two before, half of them at two: five stays for two machines.
STAYS = """
insert into fleet_stay (miner_id, site_id, owner_id, model_id, power_w, ghs, from_at, to_at, reason)
select m.id,
    case k when 2 then m.site_id else (%(sites)s::bigint[])[1 + abs(hashint4(b * 3 + k)) %% {sites}] end,
    m.owner_id, m.model_id, m.power_w, m.ghs, begun + gap * k,
    case when k = 0 and b %% 2 = 0 then begun + gap when k < 2 then begun + gap * 2 end, 'benchmark'
from (
    select m.*, timestamptz '{history}' + make_interval(days => abs(hashint4(b + 3000003)) %% 2200) begun,
        make_interval(days => 30 + abs(hashint4(b + 4000003)) %% 400) gap
    from (select *, right(serial, 7)::int / {batch} b from fleet_miner) m
) m cross join generate_series(0, 2) k where k <> 1 or b %% 2 = 0
order by 7
"""
EXCLUSION = "select pg_get_constraintdef(oid) from pg_constraint where conname = 'stays_do_not_overlap'"


def make_fleet(miners: int, *, batch: int = BATCH) -> int:
    """Write so many miners and two and a half times as many stays; returns the number of stays.

    Keys are not checked and triggers do not fire, which takes a tenth of the time; what they keep is then
    filled in by one statement each, as their migrations do.
    """
    sites, models, owners = _ground(max(10, miners // MACHINES_AN_OWNER))
    names = {"models": MODELS, "sites": SITES, "owners": len(owners), "batch": batch, "miners": miners}
    given = {"sites": sites, "models": models, "owners": owners}
    kept = import_module("fleet.migrations.0031_moves_kept")
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(EXCLUSION)
        exclusion = cursor.fetchone()[0]
        cursor.execute("alter table fleet_stay drop constraint stays_do_not_overlap")
        cursor.execute(MINERS.format(**names), given)
        cursor.execute(STAYS.format(history=HISTORY, **names), given)
        stays = int(cursor.rowcount)
        cursor.execute(f"alter table fleet_stay add constraint stays_do_not_overlap {exclusion}")
        cursor.execute(
            "insert into fleet_capacity select coalesce(site_id, 0), model_id, status, board_family,"
            " count(*), sum(power_w), sum(ghs) from fleet_miner group by 1, 2, 3, 4"
        )
        cursor.execute(
            "insert into fleet_holding select coalesce(site_id, 0), coalesce(owner_id, 0), count(*),"
            " sum(power_w), sum(ghs) from fleet_miner group by 1, 2"
        )
        cursor.execute(kept.FILL)
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")
    return stays


def _ground(owners: int) -> tuple[list[int], list[int], list[int]]:
    maker = Maker.objects.create(name="Bitmain")
    models = MinerModel.objects.bulk_create(
        MinerModel(maker=maker, name=f"Antminer B{n}", ghs=90_000 + n * 1_000, power_w=3_000 + n)
        for n in range(MODELS)
    )
    sites = Site.objects.bulk_create(
        Site(code=f"site-{n}", name=f"Site {n}", country="US") for n in range(SITES)
    )
    labels = Owner.objects.bulk_create(Owner(number=f"C-{n:05}", name=f"Owner {n}") for n in range(owners))
    return [site.pk for site in sites], [model.pk for model in models], [owner.pk for owner in labels]
