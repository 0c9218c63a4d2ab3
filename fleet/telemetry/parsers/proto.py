"""Proto Rig, which tells the serial of every part."""

from fleet.telemetry.answers import Answers, number, scaled, text
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Proto"


def recognises(answers: Answers) -> bool:
    """The maker's name in `system`, or the roots of its other answers."""
    return (
        answers.text("system", "system-info", "manufacturer") == "Proto"
        or isinstance(answers.at("mining", "mining-status"), dict)
        or isinstance(answers.at("hardware", "hardware-info"), dict)
    )


def parse(answers: Answers) -> Snapshot:
    """Everything; several power supplies are told apart by their slots."""
    mining, system = ("mining", "mining-status"), ("system", "system-info")
    state = answers.text(*mining, "status")
    told = Told(
        firmware=f"ProtoOS {answers.text(*system, 'os', 'version')}",
        model=answers.text(*system, "product_name"),
        mac=answers.text("network", "network-info", "mac"),
        ghs=answers.number(*mining, "hashrate_ghs"),
        expected_ghs=answers.number(*mining, "ideal_hashrate_ghs"),
        power_w=answers.number(*mining, "power_usage_watts"),
        temps_c=[answers.number(*mining, "average_asic_temp_c")],
        fans_rpm=[number(row.get("rpm")) for row in answers.rows("cooling", "cooling-status", "fans")],
        is_hashing=state == "Mining" if state else None,
        control_board=answers.text(*system, "board"),
        parts=[
            (
                "control_board",
                answers.text(*system, "cb_sn")
                or answers.text("hardware", "hardware-info", "cb-info", "serial_number"),
                0,
            )
        ],
    )
    for kind, rows_name, serial_name in (
        ("hashboard", "hashboards-info", "hb_sn"),
        ("psu", "psus-info", "psu_sn"),
    ):
        for place, row in enumerate(answers.rows("hardware", "hardware-info", rows_name)):
            slot = number(row.get("slot"))
            told.parts.append((kind, text(row.get(serial_name)), place if slot is None else int(slot)))
    if told.ghs is None:
        told.ghs = scaled(answers.at("telemetry_full", "miner", "hashrate", "value"), 1e3)
        told.power_w = answers.number("telemetry_full", "miner", "power", "value")
    return told.snapshot()
