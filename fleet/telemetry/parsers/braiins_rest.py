"""Braiins OS from 25.07 on, by its REST answers."""

from typing import Any

from fleet.telemetry.answers import Answers, inside, number, scaled, text
from fleet.telemetry.families import BRAIINS_SOC_FAMILIES, UNKNOWN
from fleet.telemetry.parsers.braiins import release_of
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Braiins OS 25.07 and later"
MINING = 2  # `status` of the details: 1 not started, 2 normal, 3 paused, 4 suspended


def recognises(answers: Answers) -> bool:
    """The details with their version, or the statistics of the miner."""
    return isinstance(answers.at("miner_details", "bos_version"), dict) or isinstance(
        answers.at("miner_stats", "miner_stats"), dict
    )


def parse(answers: Answers) -> Snapshot:
    """Everything; serials of board, machine and power supply where they are filled in."""
    status = answers.number("miner_details", "status")
    soc = answers.number("miner_details", "control_board_soc_family")
    told = Told(
        firmware=f"Braiins OS {release_of(answers.text('miner_details', 'bos_version', 'current'))}",
        model=answers.text("miner_details", "miner_identity", "miner_model"),
        serial=answers.text("miner_details", "serial_number"),
        mac=answers.text("miner_details", "mac_address") or answers.text("network", "mac_address"),
        ghs=_gigahashes(answers.at("miner_stats", "miner_stats", "real_hashrate", "last_5s")),
        expected_ghs=_gigahashes(answers.at("miner_stats", "miner_stats", "nominal_hashrate")),
        power_w=answers.number("miner_stats", "power_stats", "approximated_consumption", "watt"),
        fans_rpm=[number(row.get("rpm")) for row in answers.rows("cooling_state", "fans")],
        is_hashing=False if status is not None and status != MINING else None,
        psu_model=answers.text("miner_details", "psu_info", "model_name"),
        board_family=BRAIINS_SOC_FAMILIES.get(int(soc), UNKNOWN) if soc is not None else UNKNOWN,
        parts=[("psu", answers.text("miner_details", "psu_info", "serial_number"), 0)],
    )
    for place, board in enumerate(answers.rows("miner_hw_hashboards", "hashboards")):
        position = number(board.get("id"))
        told.parts.append(
            ("hashboard", text(board.get("serial_number")), place if position is None else int(position))
        )
        chip = inside(board.get("highest_chip_temp"), "temperature")
        told.temps_c.append(number(inside(chip, "degree_c")))
    return told.snapshot()


def _gigahashes(told: Any) -> float | None:
    ghs = number(inside(told, "gigahash_per_second"))
    return scaled(inside(told, "megahash_per_second"), 1e-3) if ghs is None else ghs
