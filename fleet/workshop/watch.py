"""Tickets that readings ask for: of single machines, or of a place where too many ask at once."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from fleet.workshop.facts import Suspects, facts_of, heard_again_at, look, sample, suspects
from fleet.workshop.places import Place, Said, open_for_place, rests, said_already, worst_first
from fleet.workshop.rules import RULE_OF_CODE, FaultRule, met_by
from fleet.workshop.tickets import open_by_rules

LOCK = 7_461_746  # any fixed number: one watcher at a time
MOST = 20_000  # machines looked at closely in one round
ENOUGH = 200  # of a place, to see whether what they are suspected of has lasted


@transaction.atomic
def watch_readings(*, now: datetime | None = None) -> int:
    """Open the tickets that the latest readings ask for; returns how many.

    Shape: a fault that more of a site or feed have than `FAULT_BRAKE_BPS` gets one ticket of that place, and
    none of its machines until it has ended. During a curtailment nothing is opened that less power explains.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    places = look(now)
    heard_at = heard_again_at(now)
    said = said_already({(place.site_id, place.feed_id): place for place in places}, now)
    opened = _open_for_places(places, said, heard_at, now)
    codes = [(*place, code) for place, rules in said.rules.items() for code in sorted(rules)]
    chosen = suspects(codes, MOST)
    facts = facts_of(
        {one.miner_id: _since(said, (one.site_id, one.feed_id), heard_at) for one in chosen}, now
    )
    silenced = {
        one.miner_id: frozenset(RULE_OF_CODE[code].fault for code in said.of(one.site_id, one.feed_id))
        for one in chosen
    }
    return opened + open_by_rules(facts, at=now, silenced=silenced)


def _open_for_places(places: list[Suspects], said: Said, heard_at: datetime | None, now: datetime) -> int:
    opened = 0
    for place, rule in worst_first(places, said):
        where = place.site_id, place.feed_id
        if rule.code in said.of(*where):
            continue
        if not rests(where, rule, now) and _has_lasted(place, rule, said, heard_at, now):
            open_for_place(place, rule, now)
            opened += 1
        said.say(where, [rule.code])
    return opened


def _has_lasted(
    place: Suspects, rule: FaultRule, said: Said, heard_at: datetime | None, now: datetime
) -> bool:
    where = place.site_id, place.feed_id
    some = sample(*where, rule.code, ENOUGH)
    facts = facts_of(dict.fromkeys(some, _since(said, where, heard_at)), now)
    return any(rule in met_by([fact]) for fact in facts)


def _since(said: Said, where: Place, heard_at: datetime | None) -> datetime | None:
    known = [said.settled(*where), heard_at]
    return max((at for at in known if at is not None), default=None)
