"""Hammer: a cgminer for Scrypt that tells its figures as texts and in MH/s."""

from fleet.telemetry.answers import Answers
from fleet.telemetry.parsers import chains
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Hammer"


def recognises(answers: Answers) -> bool:
    """The type begins with the maker's name."""
    told = answers.text("version", "VERSION", 0, "Type") or answers.text("get_system_info", "minertype")
    return told.lower().startswith("hammer")


def parse(answers: Answers) -> Snapshot:
    """Hashrate, temperatures and fans; it tells no serials."""
    return Told(
        firmware=f"Hammer stock {answers.text('version', 'VERSION', 0, 'Miner')}",
        model=answers.text("version", "VERSION", 0, "Type") or answers.text("get_system_info", "minertype"),
        mac=answers.text("get_system_info", "macaddr"),
        algorithm="Scrypt",
        ghs=chains.rate_ghs(answers),
        temps_c=[answers.number("stats", "STATS", 1, f"temp{n}") for n in chains.chains(answers)],
        fans_rpm=chains.fans(answers),
    ).snapshot()
