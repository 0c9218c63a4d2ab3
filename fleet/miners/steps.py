"""The life of a miner as a table: from which state it may go to which."""

from fleet.miners.models import MinerStatus as S

# A running miner may be switched between these as its readings say.
RUNNING = (S.MINING, S.LOW, S.OFFLINE)
LOW_BPS = 8_000  # what is under this share of the nameplate is low
AT_A_SITE = (S.RACKED, S.ENERGIZED, *RUNNING)  # the database asks for a site in these
AWAY = (S.ORDERED, S.IN_TRANSIT, S.CUSTOMS_HOLD)  # between sites: entering one of these frees site and slot
SLOTLESS = (*AWAY, S.STORED)  # a stored miner is at a site, on no rack
ENDED = (S.SOLD, S.SCRAPPED)  # only end_stays leads here, and nothing leads back

STEPS: dict[str, tuple[str, ...]] = {
    S.ORDERED: (S.IN_TRANSIT, S.RECEIVED),
    S.IN_TRANSIT: (S.CUSTOMS_HOLD, S.RECEIVED),
    S.CUSTOMS_HOLD: (S.IN_TRANSIT, S.RECEIVED),
    S.RECEIVED: (S.RACKED, S.STORED, S.IN_REPAIR, S.IN_TRANSIT),
    S.RACKED: (S.ENERGIZED, S.IN_REPAIR, S.STORED, S.IN_TRANSIT),
    S.ENERGIZED: (*RUNNING, S.RACKED, S.IN_REPAIR, S.STORED),
    S.MINING: (S.LOW, S.OFFLINE, S.ENERGIZED, S.RACKED, S.IN_REPAIR, S.STORED),
    S.LOW: (S.MINING, S.OFFLINE, S.ENERGIZED, S.RACKED, S.IN_REPAIR, S.STORED),
    S.OFFLINE: (S.MINING, S.LOW, S.ENERGIZED, S.RACKED, S.IN_REPAIR, S.STORED, S.IN_TRANSIT),
    S.IN_REPAIR: (S.RACKED, S.ENERGIZED, S.MINING, S.OFFLINE, S.STORED, S.IN_TRANSIT),
    S.STORED: (S.RACKED, S.IN_REPAIR, S.IN_TRANSIT, S.RECEIVED),
    S.SOLD: (),
    S.SCRAPPED: (),
}
# A machine may be sold or given up wherever it is, also by a carrier or at customs.
ENDS_FROM: tuple[str, ...] = tuple(start for start, ends in STEPS.items() if ends)


def sources_of(status: str) -> list[str]:
    """The states from which a miner may come to this one."""
    return [start for start, ends in STEPS.items() if status in ends]
