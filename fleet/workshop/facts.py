"""What readings say about running miners, for the rules: who is suspected now, and what held for how long.

The latest readings of all miners are looked at once; only of those that look wrong now the last hour is read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from fleet.miners.steps import LOW_BPS
from fleet.sites.drawn import FRESH
from fleet.workshop.rules import HOT_C, LOST_BOARD_BPS, RULE_OF_CODE, RULES, WINDOWS, FaultFacts

# A miner that never told anything is on no list: nothing is known of it.
TOLD = "told.at > %(fresh)s and told.is_reachable"
SUSPECTED: Mapping[str, str] = {
    "offline": "(told.at <= %(fresh)s or not told.is_reachable)",
    "not-hashing": f"({TOLD} and told.ghs * 10000::bigint < miner.ghs * {LOST_BOARD_BPS})",
    "board-missing": f"({TOLD} and told.boards_missing > 0)",
    "low-hashrate": f"({TOLD} and told.ghs * 10000::bigint < miner.ghs * {LOW_BPS})",
    "fan-stopped": f"({TOLD} and told.fans_stopped > 0)",
    "hot": f"({TOLD} and told.temp_c > {HOT_C})",
}
"""By the code of each rule: how the latest reading of a miner looks that it may be about."""

# A standing ticket of the miner itself has said it already.
LOOK = """
create temp table if not exists fleet_suspected (
    miner_id bigint, site_id bigint, feed_id bigint, at timestamptz, codes text[]
) on commit delete rows;
delete from fleet_suspected;
insert into fleet_suspected
select miner.id, miner.site_id, building.feed_id, told.at,
    array_remove(array[{codes}], null) as codes
from fleet_miner miner join fleet_latestreading told on told.miner_id = miner.id
left join fleet_rack rack on rack.id = miner.rack_id
left join fleet_building building on building.id = rack.building_id
left join (
    select miner_id, array_agg(fault) as faults from fleet_ticket
    where status <> 'closed' and part_id is null and miner_id is not null group by miner_id
) standing on standing.miner_id = miner.id
where miner.status in ('mining', 'low', 'offline');
analyze fleet_suspected;
"""
CODE = "case when {suspected} and not coalesce('{fault}' = any(standing.faults), false) then '{code}' end"
PLACES = """
select site_id, feed_id, grouping(feed_id) = 1, count(*), {counts} from fleet_suspected
group by grouping sets ((site_id), (site_id, feed_id)) having grouping(feed_id) = 1 or feed_id is not null
"""
COUNT = "count(*) filter (where '{code}' = any(codes))"
# What is said of a whole place is not said of its miners.
CHOSEN = """
select miner_id, site_id, feed_id from fleet_suspected suspected
where exists (
    select from unnest(codes) code where not exists (
        select from unnest(%(sites)s::bigint[], %(feeds)s::bigint[], %(codes)s::text[])
            as said (site, feed, code)
        where said.site = suspected.site_id and said.code = code.code
            and coalesce(said.feed = suspected.feed_id, said.feed is null)))
order by at, miner_id limit %(most)s
"""
# Where many are suspected of one thing, those that have been longest are enough to judge by.
SAMPLE = """
select miner_id from fleet_suspected
where site_id = %s and (%s::bigint is null or feed_id = %s) and %s = any(codes) order by at, miner_id limit %s
"""
# The last reading before a length of time says how it began; without one nothing held all that time.
HELD = """
select asked.id, asked.minutes, least(held.ghs * 10000 / nullif(miner.ghs, 0), 1000000)::integer,
    held.missing, held.stopped, held.temp_c
from (
    select id, settled_at, minutes, %(now)s - make_interval(mins => minutes) as begins_at
    from unnest(%(ids)s::bigint[], %(settled)s::timestamptz[]) miner (id, settled_at),
        unnest(%(windows)s::integer[]) minutes
) asked
join fleet_miner miner on miner.id = asked.id
cross join lateral (
    select max(at) as at from fleet_reading
    where miner_id = asked.id and is_reachable and at <= begins_at and at > begins_at - %(gap)s
        and at > %(oldest)s and at <= %(now)s
) began
cross join lateral (
    select max(ghs)::bigint as ghs, min(boards_missing) as missing, min(fans_stopped) as stopped,
        min(temp_c) as temp_c, max(at) as last_at, max(at - before_at) as gap
    from (
        select *, lag(at) over (order by at) as before_at from fleet_reading
        where miner_id = asked.id and is_reachable and at >= began.at and at > %(oldest)s and at <= %(now)s
    ) told
) held
where began.at is not null and coalesce(asked.settled_at <= begins_at, true)
    and held.last_at > begins_at and held.last_at > %(now)s - %(gap)s and held.gap <= %(gap)s
"""
# Who answers nothing but is asked tells so; what it told last is looked for as far back as matters.
SILENT = """
select told.miner_id, greatest(asked.settled_at, case when told.is_reachable then told.at else coalesce(
    (select max(at) from fleet_reading where miner_id = told.miner_id and is_reachable
        and at > %(oldest)s and at <= %(now)s),
    (select min(at) from fleet_reading where miner_id = told.miner_id and at > %(oldest)s and at <= %(now)s),
    told.at) end)
from unnest(%(ids)s::bigint[], %(settled)s::timestamptz[]) asked (id, settled_at)
join fleet_latestreading told on told.miner_id = asked.id
where told.at <= %(fresh)s or not told.is_reachable
"""
# While no batch came at all nobody was heard, and that is not the miners' doing.
DEAF = """
select max(taken_at) from (
    select taken_at, lag(taken_at, 1, %(oldest)s) over (order by taken_at) as before_at
    from fleet_readingbatch where taken_at > %(oldest)s and taken_at <= %(now)s
) batch where taken_at - before_at > %(gap)s
"""
LOOKED_BACK = timedelta(minutes=max(WINDOWS)) + 2 * FRESH


@dataclass(frozen=True)
class Suspects:
    """The running machines of a site or feed that told anything, and how many look wrong by rule."""

    site_id: int
    feed_id: int | None
    machines: int
    by_rule: Mapping[str, int]


@dataclass(frozen=True)
class Suspect:
    """A machine whose latest reading looks wrong, and where it stands."""

    miner_id: int
    site_id: int
    feed_id: int | None


def look(now: datetime) -> list[Suspects]:
    """Look at the latest readings of all running miners and count those that look wrong."""
    codes = ", ".join(
        CODE.format(suspected=SUSPECTED[rule.code], fault=rule.fault, code=rule.code) for rule in RULES
    )
    counts = ", ".join(COUNT.format(code=code) for code in RULE_OF_CODE)
    with connection.cursor() as cursor:
        cursor.execute(LOOK.format(codes=codes), {"fresh": now - FRESH})
        cursor.execute(PLACES.format(counts=counts))
        return [
            Suspects(site, None if is_site else feed, machines, dict(zip(RULE_OF_CODE, by_rule, strict=True)))
            for site, feed, is_site, machines, *by_rule in cursor.fetchall()
        ]


def suspects(said: Collection[tuple[int, int | None, str]], most: int) -> list[Suspect]:
    """Those that look wrong by a rule that nothing was said of yet: `said` are site, feed and rule."""
    given: dict[str, Any] = {
        "sites": [site for site, _feed, _code in said],
        "feeds": [feed for _site, feed, _code in said],
        "codes": [code for _site, _feed, code in said],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN, given)
        return [Suspect(*row) for row in cursor.fetchall()]


def sample(site: int, feed: int | None, code: str, most: int) -> list[int]:
    """Some machines of a place that look wrong by a rule, first those that have longest."""
    with connection.cursor() as cursor:
        cursor.execute(SAMPLE, [site, feed, feed, code, most])
        return [miner for (miner,) in cursor.fetchall()]


def facts_of(settled: Mapping[int, datetime | None], now: datetime) -> list[FaultFacts]:
    """What readings say of some miners, each from the instant on at which its place had settled."""
    given: dict[str, Any] = {
        "ids": list(settled),
        "settled": list(settled.values()),
        "windows": list(WINDOWS),
        "now": now,
        "fresh": now - FRESH,
        "gap": FRESH,
        "oldest": now - LOOKED_BACK,
    }
    with connection.cursor() as cursor:
        cursor.execute(HELD, given)
        facts = [FaultFacts(miner, minutes, None, *figures) for miner, minutes, *figures in cursor.fetchall()]
        cursor.execute(SILENT, given)
        facts += [
            FaultFacts(miner, minutes_offline=int((now - heard_at).total_seconds() // 60))
            for miner, heard_at in cursor.fetchall()
        ]
    return facts


def heard_again_at(now: datetime) -> datetime | None:
    """When readings came in again after none did for a while; None if they came all the time."""
    given: dict[str, Any] = {"oldest": now - LOOKED_BACK - FRESH, "now": now, "gap": FRESH}
    with connection.cursor() as cursor:
        cursor.execute(DEAF, given)
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
