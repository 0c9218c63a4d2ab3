"""Auradine's Teraflux, whose `ipreport` tells every serial."""

from fleet.telemetry.answers import Answers, number, rows, scaled, text, total
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Auradine"


def recognises(answers: Answers) -> bool:
    """Its daemon's name, or its report of boards."""
    return bool(
        answers.text("version", "VERSION", 0, "GCMiner")
        or answers.text("ipreport", "IPReport", 0, "CBSerialNo")
    )


def parse(answers: Answers) -> Snapshot:
    """Everything but the serial of the power supply."""
    about = ("ipreport", "IPReport", 0)
    mhs = answers.at("summary", "SUMMARY", 0, "MHS 5s")
    is_asleep = answers.text("mode", "Mode", 0, "Sleep").lower() == "on"
    release = answers.text(*about, "version") or answers.text("version", "VERSION", 0, "GCMiner")
    told = Told(
        firmware=f"FluxOS {release}",
        model=answers.text(*about, "model"),
        serial=answers.text(*about, "SerialNo"),
        mac=answers.text(*about, "mac"),
        ghs=scaled(mhs, 1e-3),
        expected_ghs=scaled(answers.at("mode", "Mode", 0, "Ths"), 1e3),
        power_w=total([number(row.get("PowerIn")) for row in answers.rows("psu", "PSU")]),
        fans_rpm=[number(row.get("Speed")) for row in answers.rows("fan", "Fan")],
        is_hashing=False if is_asleep else None,
        control_board=answers.text(*about, "InternalType"),
        parts=[("control_board", answers.text(*about, "CBSerialNo"), 0)],
    )
    serials = answers.at(*about, "HBSerialNo")
    for place, serial in enumerate(serials if isinstance(serials, list) else []):
        told.parts.append(("hashboard", text(serial), place + 1))
    for board in answers.rows("temperature", "Temperature"):
        temps = [number(chip.get("Temperature")) for chip in rows(board.get("ChipTemp"))]
        told.temps_c.append(max([temp for temp in temps if temp is not None], default=None))
    if not told.temps_c:
        told.temps_c = [number(board.get("Temperature")) for board in answers.rows("devs", "DEVS")]
    return told.snapshot()
