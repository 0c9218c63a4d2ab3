"""An import of a CSV file, planned and applied, against a bare COPY of the same rows into the same table.

Half the lines change machines that are there (one in ten moves them to another site), half bring new ones;
they come in random order. With --racked, so many lines in a hundred name a rack and a slot: machines that are
there stand in them already, those that move or are new come into others. Every site and feed has a limit.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils import timezone

import benchmarks.ready  # noqa: F401
from benchmarks.meter import Meter, load
from fleet.catalog.models import Maker, MinerModel
from fleet.imports import verbs
from fleet.imports.models import ImportBatch
from fleet.miners.models import Miner, Owner, Stay
from fleet.sites.models import Building, PowerFeed, Site
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import Cancelled, cancel

MODELS, SITES, OWNERS = 30, 20, 2_000
STRIDE = 618_033_989  # a prime: every number once, far from the one before, without a list in memory
RACKED_SLOTS = 40
HEADER = "serial,model,owner,site,rack,slot,status,power_w,ths,mac,firmware,from\n"
THERE = """
insert into fleet_miner (serial, model_id, owner_id, site_id, status, board_family, power_w, ghs, mac,
    firmware, is_synthetic)
select 'SN-' || lpad(n::text, 8, '0'), (select min(id) from fleet_minermodel) + n %% {models},
    (select min(id) from fleet_owner) + n %% {owners}, (select min(id) from fleet_site) + n %% {sites},
    'mining', 'unknown', 3000 + n %% 300, 95500, '', '', false
from generate_series(0, %(rows)s - 1) n
"""
# Two sets of racks a site: R for those that stay or are new, M for those that move there.
RACKS = """
insert into fleet_rack (site_id, building_id, name)
select site_id, id, kind || n from fleet_building, unnest(array['R', 'M']) kind,
    generate_series(0, %(rows)s / {sites} / {slots}) n
"""
SLOTS = """
insert into fleet_slot (site_id, rack_id, position)
select site_id, id, n from fleet_rack, generate_series(1, {slots}) n
"""
INTO_SLOTS = """
update fleet_miner m set rack_id = slot.rack_id, slot_id = slot.id
from fleet_rack rack join fleet_slot slot on slot.rack_id = rack.id
where substr(m.serial, 4)::int %% 100 < %(racked)s and rack.site_id = m.site_id
    and rack.name = 'R' || substr(m.serial, 4)::int / {sites} / {slots}
    and slot.position = substr(m.serial, 4)::int / {sites} %% {slots} + 1
"""
THEIR_STAYS = """
insert into fleet_stay (miner_id, site_id, slot_id, owner_id, model_id, power_w, ghs, from_at, reason)
select id, site_id, slot_id, owner_id, model_id, power_w, ghs, %(at)s, 'there' from fleet_miner
"""
KEYS = """
select string_agg(format('alter table bare add %%s', pg_get_constraintdef(oid)), ';')
from pg_constraint where conrelid = 'fleet_miner'::regclass and contype = 'f'
"""


def main() -> int:
    """Make the machines and the file, import it, copy it, cancel another one, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--racked", type=int, default=0, help="lines in a hundred with rack and slot")
    options = parser.parse_args()
    rows, racked = options.rows, options.racked
    print(f"Import of {rows:,} lines, {racked} in a hundred with rack and slot; {load()}")
    make_ground(rows, racked)
    with Meter() as receiving:
        batch = receive(rows, racked, status="offline")
    print(f"  receive  {receiving}, {batch.size / 1e6:.0f} MB of CSV")
    with Meter() as planning:
        batch = verbs.plan(batch, by=None)
    if batch.refusal or batch.refused:
        print(f"  refused: {batch.refusal or batch.problems[:3]}")
        return 1
    print(f"  plan     {planning}: {batch.creates:,} new, {batch.updates:,} changed")
    with Meter() as applying:
        verbs.apply(batch, token=batch.token, by=None)
    print(f"  apply    {applying}, {Stay.objects.count():,} stays")
    bare = bare_copy()
    print(f"  COPY     {bare}")
    cpu = (planning.cpu_s + applying.cpu_s) / bare.cpu_s
    clock = (planning.wall_s + applying.wall_s) / bare.wall_s
    most = max(planning.private_mb, applying.private_mb)
    print(f"  plan + apply = {cpu:.2f} x the processor time of COPY, {clock:.2f} x its time on the clock")
    print(f"  private memory at most {most:.0f} MB, python and the database's process together")
    cancelled(rows, racked)
    print(f"  {load()}")
    return 0


def make_ground(rows: int, racked: int) -> None:
    """Sites, owners, models, racks, and the machines the file will change."""
    maker = Maker.objects.create(name="Bitmain")
    MinerModel.objects.bulk_create(
        MinerModel(maker=maker, name=f"Antminer B{n}", ghs=95_500, power_w=3_000) for n in range(MODELS)
    )
    sites = Site.objects.bulk_create(
        Site(code=f"site-{n}", name=f"Site {n}", country="US", nameplate_w=10**12, energized_w=10**12)
        for n in range(SITES)
    )
    feeds = PowerFeed.objects.bulk_create(
        PowerFeed(site=site, name="T1", nameplate_w=10**12, energized_on="2021-01-01") for site in sites
    )
    Building.objects.bulk_create(Building(site=feed.site, feed=feed, name="Hall") for feed in feeds)
    Owner.objects.bulk_create(Owner(number=f"C-{n:05}", name=f"Owner {n}") for n in range(OWNERS))
    with connection.cursor() as cursor:
        cursor.execute(THERE.format(models=MODELS, owners=OWNERS, sites=SITES), {"rows": rows // 2})
        if racked:
            cursor.execute(RACKS.format(sites=SITES, slots=RACKED_SLOTS), {"rows": rows})
            cursor.execute(SLOTS.format(slots=RACKED_SLOTS))
            cursor.execute("analyze")
            cursor.execute(INTO_SLOTS.format(sites=SITES, slots=RACKED_SLOTS), {"racked": racked})
            cursor.execute("vacuum full fleet_miner")
        cursor.execute(THEIR_STAYS, {"at": datetime(2022, 1, 1, tzinfo=UTC)})
        cursor.execute("vacuum analyze")


def lines(rows: int, racked: int, status: str) -> Iterator[str]:
    """The file line by line: what is known at this place in the random order, and what is not."""
    yield HEADER
    for line in range(rows):
        n = line * STRIDE % rows
        is_moved, k = n % 10 == 0, n // SITES
        site = (n + is_moved) % SITES
        rack = f"{'M' if is_moved else 'R'}{k // RACKED_SLOTS},{k % RACKED_SLOTS + 1}"
        yield (
            f"sn-{n:08},Antminer B{n % MODELS},C-{n % OWNERS:05},site-{site},"
            f"{rack if n % 100 < racked else ','},{status},{3000 + n % 300},95.5,"
            f"02:00:{n >> 24 & 255:02x}:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x},"
            f"2026-{status},2022-04-20\n"
        )


def receive(rows: int, racked: int, *, status: str) -> ImportBatch:
    """Upload the file from disk, as a browser would."""
    with tempfile.TemporaryFile("w+b") as file:
        for line in lines(rows, racked, status):
            file.write(line.encode())
        file.seek(0)
        return verbs.receive("fleet.csv", iter(lambda: file.read(1 << 16), b""), by=None)


def bare_copy() -> Meter:
    """COPY the rows into an empty table with the miners' indexes, checks and keys, without triggers."""
    with tempfile.NamedTemporaryFile("w+b") as file, connection.cursor() as cursor:
        cursor.execute("create table bare (like fleet_miner including all)")
        cursor.execute(KEYS.replace("%%", "%"))
        cursor.execute(cursor.fetchone()[0])
        _copy_out(Path(file.name))
        with Meter() as meter:
            _copy_in(cursor, file)
        cursor.execute("select (select count(*) from bare) = (select count(*) from fleet_miner)")
        assert cursor.fetchone()[0]
        cursor.execute("drop table bare")
    return meter


def _copy_out(path: Path) -> None:
    # In the random order of the file, as the import met them.
    query = "copy (select * from fleet_miner order by hashint8(id)) to stdout"
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            file.write(block)


def _copy_in(cursor: "object", file: IO[bytes]) -> None:
    file.seek(0)
    with cursor.copy("copy bare from stdin") as copy:  # type: ignore[attr-defined]
        while block := file.read(1 << 20):
            copy.write(block)


def cancelled(rows: int, racked: int) -> None:
    """Plan and begin to apply another file, stop it in the middle, and see that nothing was done."""
    batch = verbs.plan(receive(rows, racked, status="mining"), by=None)
    job = Job.objects.create(kind="fleet.apply_import", title="to be stopped", status=JobStatus.RUNNING)
    asked: list[float] = []

    def stop_in_the_middle() -> None:
        try:
            while not asked:
                row = Job.objects.get(pk=job.pk)
                if row.done > row.total // 4 > 0:
                    cancel(row, by=None)
                    asked.append(time.monotonic())
                time.sleep(0.02)
        finally:
            connection.close()

    asker = threading.Thread(target=stop_in_the_middle)
    asker.start()
    begun = timezone.now()
    try:
        verbs.apply(batch, token=batch.token, by=None, job=job)
        asked.append(0)
        print("  cancel   came too late: the file was applied before")
    except Cancelled:
        ended = time.monotonic()
        changed = Miner.objects.filter(changed_at__gt=begun).count()
        print(f"  cancel   obeyed after {ended - asked[0]:.2f} s, {changed} rows changed")
    asker.join()


if __name__ == "__main__":
    sys.exit(main())
