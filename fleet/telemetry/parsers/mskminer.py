"""MSKMiner on Antminers: a bmminer marked `rwglr` that tells watts."""

from fleet.telemetry.answers import Answers
from fleet.telemetry.parsers import chains
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "MSKMiner"


def recognises(answers: Answers) -> bool:
    """The mark of its daemon."""
    return "rwglr" in answers.text("version", "VERSION", 0, "BMMiner")


def parse(answers: Answers) -> Snapshot:
    """Hashrate, watts, temperatures and fans; it tells no serials."""
    model, _, release = answers.text("version", "VERSION", 0, "Type").partition(" v.")
    return Told(
        firmware=f"MSKMiner {release}",
        model=f"Antminer {model}",
        mac=answers.text("info_v1", "network_info", "result", "macaddr"),
        ghs=chains.rate_ghs(answers),
        expected_ghs=chains.ideal_ghs(answers),
        power_w=answers.number("stats", "STATS", 1, "total_power"),
        temps_c=chains.chain_temps(answers),
        fans_rpm=chains.fans(answers),
    ).snapshot()
