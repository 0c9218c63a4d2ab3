"""The life of a miner as a table: from which state it may go to which."""

from fleet.miners.models import MinerStatus as S

# A running miner may be switched between these as its readings say.
RUNNING = (S.MINING, S.LOW, S.OFFLINE)
AT_A_SITE = (S.RACKED, S.ENERGIZED, *RUNNING)  # the database asks for a site in these
ENDED = (S.SOLD, S.SCRAPPED)  # only end_stays leads here, and nothing leads back

STEPS: dict[str, tuple[str, ...]] = {
    S.ORDERED: (S.IN_TRANSIT, S.RECEIVED),
    S.IN_TRANSIT: (S.CUSTOMS_HOLD, S.RECEIVED),
    S.CUSTOMS_HOLD: (S.IN_TRANSIT, S.RECEIVED),
    S.RECEIVED: (S.RACKED, S.STORED, S.IN_REPAIR, S.IN_TRANSIT),
    S.RACKED: (S.ENERGIZED, S.IN_REPAIR, S.STORED),
    S.ENERGIZED: (*RUNNING, S.RACKED, S.IN_REPAIR, S.STORED),
    S.MINING: (S.LOW, S.OFFLINE, S.ENERGIZED, S.IN_REPAIR, S.STORED),
    S.LOW: (S.MINING, S.OFFLINE, S.IN_REPAIR, S.STORED),
    S.OFFLINE: (S.MINING, S.LOW, S.RACKED, S.IN_REPAIR, S.STORED, S.IN_TRANSIT),
    S.IN_REPAIR: (S.RACKED, S.ENERGIZED, S.MINING, S.OFFLINE, S.STORED, S.IN_TRANSIT),
    S.STORED: (S.RACKED, S.IN_REPAIR, S.IN_TRANSIT, S.RECEIVED),
    S.SOLD: (),
    S.SCRAPPED: (),
}


def sources_of(status: str) -> list[str]:
    """The states from which a miner may come to this one."""
    return [start for start, ends in STEPS.items() if status in ends]
