"""WhatsMiner before the 3.0 answers: cgminer with the maker's own fields."""

from fleet.telemetry.answers import Answers, number, scaled, text
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "WhatsMiner"


def recognises(answers: Answers) -> bool:
    """The control board in `summary`, or the maker's name in `get_version`."""
    return bool(
        answers.text(_summary(answers), "SUMMARY", 0, "CB Platform")
        or answers.text(_summary(answers), "SUMMARY", 0, "Factory GHS")
        or answers.text("get_version", "Msg", "api_ver").lower().startswith("whatsminer")
        or answers.text("get_version", "Description").lower().startswith("whatsminer")
        or any(row.get("PCB SN") for row in answers.rows("devs", "DEVS"))
    )


def parse(answers: Answers) -> Snapshot:
    """Everything but the model and the serials of machine and power supply."""
    summary = (_summary(answers), "SUMMARY", 0)
    firmware = (
        answers.text("get_version", "Msg", "fw_ver")
        or answers.text(*summary, "Firmware Version")
        or answers.text("status", "Msg", "Firmware Version")
    )
    told = Told(
        firmware=f"WhatsMiner stock {firmware.strip(chr(39))}",
        model=answers.text("get_version", "Msg", "miner_type"),
        mac=answers.text(*summary, "MAC"),
        ghs=scaled(answers.at(*summary, "HS RT"), 1e-3),
        expected_ghs=answers.number(*summary, "Factory GHS"),
        power_w=answers.number(*summary, "Power"),
        fans_rpm=[answers.number(*summary, "Fan Speed In"), answers.number(*summary, "Fan Speed Out")],
        psu_model=answers.text("get_psu", "Msg", "model"),
        control_board=answers.text(*summary, "CB Platform"),
        parts=[("psu", answers.text("get_psu", "Msg", "serial_no"), 0)],
    )
    if told.ghs is None:
        told.ghs = scaled(answers.at(*summary, "MHS 5s"), 1e-3)
    for place, board in enumerate(answers.rows("devs", "DEVS")):
        position = number(board.get("Slot"))
        told.parts.append(
            ("hashboard", text(board.get("PCB SN")), place if position is None else int(position))
        )
        told.temps_c.append(number(board.get("Chip Temp Max")))
    if not told.temps_c:
        told.temps_c = [answers.number(*summary, "Chip Temp Max")]
    return told.snapshot()


def _summary(answers: Answers) -> str:
    """The same answer, recorded while the miner had errors, stands in where the plain one is missing."""
    return "summary" if "summary" in set(answers) else "summary_with_errors"
