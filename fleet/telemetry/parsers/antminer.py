"""Stock firmware of Antminer, by its cgminer and its web answers; VNish tells itself in the type."""

from fleet.telemetry.answers import Answers
from fleet.telemetry.parsers import chains, web
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Antminer"


def recognises(answers: Answers) -> bool:
    """An Antminer's type, or the identity of its maker's daemon."""
    types = (
        answers.text("version", "VERSION", 0, "Type"),
        answers.text("stats", "STATS", 0, "Type"),
        answers.text("system_info", "minertype"),
        answers.text("get_system_info", "minertype"),
        answers.text("stats", "INFO", "type"),
        answers.text("summary", "INFO", "type"),
    )
    return any(told.lower().startswith("antminer") for told in types)


def parse(answers: Answers) -> Snapshot:
    """Hashrate, temperatures and fans; board serials only where the web answers are there."""
    version = answers.text("version", "VERSION", 0, "Miner")
    told_type = answers.text("version", "VERSION", 0, "Type") or answers.text("stats", "STATS", 0, "Type")
    of_system = "system_info" if answers.at("system_info") is not None else "get_system_info"
    release = answers.text(of_system, "system_filesystem_version") or version
    told = Told(
        firmware=told_type if "vnish" in told_type.lower() else f"Antminer stock {release}",
        model=answers.text(of_system, "minertype") or told_type,
        serial=answers.text(of_system, "serinum"),
        mac=answers.text(of_system, "macaddr"),
        control_board=answers.text(of_system, "control_board"),
    )
    if answers.at("stats", "STATS", 1) is not None or answers.at("summary", "SUMMARY", 0, "GHS 5s"):
        told.ghs = chains.rate_ghs(answers)
        told.expected_ghs = chains.ideal_ghs(answers)
        told.temps_c = chains.chain_temps(answers)
        told.fans_rpm = chains.fans(answers)
    for stats in ("stats", "web_stats"):
        web.add_chains(told, answers, stats)
    if told.ghs is None:
        web.add_rates(told, answers, "summary")
    return told.snapshot()
