"""Elphapex, Scrypt, by its web answers."""

from fleet.telemetry.answers import Answers
from fleet.telemetry.parsers import web
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Elphapex"


def recognises(answers: Answers) -> bool:
    """A type of its range, all of which begin with DG."""
    types = (
        answers.text("get_system_info", "minertype"),
        answers.text("summary", "INFO", "type"),
        answers.text("stats", "INFO", "type"),
    )
    return any(told.upper().startswith("DG") for told in types)


def parse(answers: Answers) -> Snapshot:
    """Everything but the family of its control board."""
    about = "summary" if answers.at("summary", "INFO") is not None else "stats"
    model = answers.text(about, "INFO", "type") or answers.text("get_system_info", "minertype")
    told = Told(
        firmware=f"Elphapex stock {answers.text(about, 'INFO', 'miner_version')}",
        model=f"Elphapex {model}",
        serial=answers.text(about, "INFO", "dev_sn"),
        mac=answers.text("get_system_info", "macaddr") or answers.text("get_network_info", "macaddr"),
        algorithm=answers.text("get_system_info", "Algorithm") or "Scrypt",
        parts=[("psu", answers.text("get_power", "power_sn"), 0)],
    )
    web.add_chains(told, answers, "stats")
    web.add_rates(told, answers, "summary")
    return told.snapshot()
