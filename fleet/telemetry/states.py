"""The states of running miners follow what they tell, all of them in one statement.

A miner mines while it makes four fifths of its nameplate; one that fell below is low until it makes a
little more than that, so that it does not change its state with every reading.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from fleet.miners.models import MinerStatus
from fleet.miners.rows import NAMED
from fleet.miners.steps import LOW_BPS, RUNNING, STEPS
from fleet.sites.drawn import FRESH
from kit.trail.verbs import record

BACK_BPS = LOW_BPS + 500

# One that got power and has not told anything since keeps that state: its last reading is of another time.
# A row that somebody holds is left for the next round.
FOLLOW = """
with told as (
    select miner.id, miner.status as was, case
        when told.at <= %(fresh)s or not told.is_reachable then 'offline'
        when told.is_hashing and (told.ghs is null or told.ghs * 10000::bigint >=
            miner.ghs * case miner.status when 'mining' then %(low)s else %(back)s end) then 'mining'
        else 'low' end as is_now
    from fleet_miner miner join fleet_latestreading told on told.miner_id = miner.id
    where miner.status in ('energized', 'mining', 'low', 'offline')
        and (miner.status <> 'energized' or told.at > %(fresh)s)
), chosen as (
    select miner.id, told.was, told.is_now from fleet_miner miner join told on told.id = miner.id
    where told.was <> told.is_now and told.was = miner.status
        and (told.was, told.is_now) in (select * from unnest(%(was)s::text[], %(is_now)s::text[]))
    order by miner.id for update of miner skip locked
), changed as (
    update fleet_miner miner set status = chosen.is_now, changed_at = clock_timestamp()
    from chosen where chosen.id = miner.id returning chosen.was, chosen.is_now, miner.serial
)
select was, is_now, count(*), (array_agg(serial order by serial))[:%(named)s]
from changed group by 1, 2 order by 1, 2
"""
PAIRS = [
    (was, is_now) for was in (MinerStatus.ENERGIZED, *RUNNING) for is_now in STEPS[was] if is_now in RUNNING
]


@transaction.atomic
def follow_readings(*, now: datetime | None = None) -> int:
    """Take the miners with power to mining, low or offline as they tell; returns how many changed."""
    given: dict[str, Any] = {
        "fresh": (now or timezone.now()) - FRESH,
        "low": LOW_BPS,
        "back": BACK_BPS,
        "was": [was for was, _is_now in PAIRS],
        "is_now": [is_now for _was, is_now in PAIRS],
        "named": NAMED,
    }
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, given)
        groups = cursor.fetchall()
    changed: int = sum(count for _was, _is_now, count, _serials in groups)
    if groups:
        detail = {
            "machines": changed,
            "changes": {f"{was} > {is_now}": count for was, is_now, count, _serials in groups},
            "serials": sorted(serial for group in groups for serial in group[3])[:NAMED],
        }
        record("miners.followed_readings", None, by=None, detail=detail)
    return changed
