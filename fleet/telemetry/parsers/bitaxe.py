"""Bitaxe and its kin: one answer, one chip or a few."""

from fleet.telemetry.answers import Answers
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Bitaxe"


def recognises(answers: Answers) -> bool:
    """The chip's name beside the count of its cores."""
    return bool(answers.text("system_info", "ASICModel")) and "hashRate" in (answers.at("system_info") or {})


def parse(answers: Answers) -> Snapshot:
    """Everything but serials, which it does not have."""
    about = "system_info"
    cores, chips = answers.number(about, "smallCoreCount"), answers.number(about, "asicCount")
    frequency = answers.number(about, "frequency")
    board = answers.text(about, "boardVersion")
    return Told(
        firmware=f"AxeOS {answers.text(about, 'version')}",
        model=f"Bitaxe {answers.text(about, 'ASICModel')} board {board}",
        mac=answers.text(about, "macAddr"),
        ghs=answers.number(about, "hashRate"),
        # Every small core tries one hash a clock; the clock is in MHz.
        expected_ghs=cores * frequency * (1 if chips is None else chips) / 1_000
        if cores and frequency
        else None,
        power_w=answers.number(about, "power"),
        temps_c=[answers.number(about, "temp")],
        fans_rpm=[answers.number(about, "fanrpm")],
    ).snapshot()
