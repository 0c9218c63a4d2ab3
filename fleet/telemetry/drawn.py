"""What every site draws, added up from the latest readings and written where the lists and pages read it."""

from datetime import datetime
from typing import Any

import pgtrigger
from django.db import connection, transaction
from django.utils import timezone

from fleet.sites.drawn import COLUMNS, FRESH, TOLD, Drawn
from fleet.sites.models import Site

BY_SITE = f"""
select miner.site_id, {COLUMNS} from fleet_miner miner {TOLD}
where miner.site_id is not null group by miner.site_id
"""
# A meter that was read lately knows better than the machines.
WRITE = """
update fleet_site site set drawn_w = told.watts, drawn_basis = told.basis, drawn_at = told.at,
    drawn_machines = told.machines
from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::integer[])
    as told (id, watts, basis, at, machines)
where site.id = told.id and not (
    site.drawn_basis = 'metered' and site.drawn_machines is null
    and coalesce(site.drawn_at > %s, false))
"""
# What nobody tells any more is unknown; what a person wrote down stays, with its date.
FORGET = """
update fleet_site set drawn_w = null, drawn_basis = 'unknown', drawn_machines = null
where drawn_machines is not null and drawn_at <= %s and id <> all(%s::bigint[])
"""


def drawn_by_site(now: datetime) -> dict[int, Drawn]:
    """What each site with a fresh reading draws, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(BY_SITE, {"fresh": now - FRESH})
        found = {site: Drawn(*figures) for site, *figures in cursor.fetchall()}
    return {site: drawn for site, drawn in found.items() if drawn.fresh}


@transaction.atomic
def add_up_drawn(*, now: datetime | None = None) -> int:
    """Write what the sites draw by their machines' latest readings; returns how many sites were written.

    Shape: a metered figure of the last fifteen minutes stays, and so does what a person wrote down of a site
    whose machines tell nothing.
    """
    now = now or timezone.now()
    told = drawn_by_site(now)
    # In the order of their keys, so that nobody waits in a circle.
    list(Site.objects.select_for_update(no_key=True).filter(pk__in=told).order_by("pk").values_list("pk"))
    figures: list[Any] = [
        list(told),
        [one.drawn_w for one in told.values()],
        [one.basis.value for one in told.values()],
        [one.at for one in told.values()],
        [one.reporting + one.assumed for one in told.values()],
        now - FRESH,
    ]
    # A measurement is no change of what is known of a site; its course is in the readings.
    with pgtrigger.ignore("fleet.Site:update_update"), connection.cursor() as cursor:
        cursor.execute(WRITE, figures)
        written = int(cursor.rowcount)
        cursor.execute(FORGET, [now - FRESH, list(told)])
        return written + int(cursor.rowcount)
