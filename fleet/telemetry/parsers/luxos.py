"""LuxOS on Antminers, which tells boards, control board and serials in full."""

from fleet.telemetry.answers import Answers, number, scaled, text, total
from fleet.telemetry.parsers import chains
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "LuxOS"
CORNERS = ("TopLeft", "TopRight", "BottomLeft", "BottomRight")


def recognises(answers: Answers) -> bool:
    """Its daemon signs every answer."""
    return any(answers.text(name, "STATUS", 0, "Description").startswith("LUXminer") for name in answers)


def parse(answers: Answers) -> Snapshot:
    """Everything but the serial of the power supply."""
    boards = answers.rows("devs", "DEVS")
    config = ("config", "CONFIG", 0)
    nominal = total([scaled(board.get("Nominal MHS"), 1e-3) for board in boards])
    temps = [
        max([figure for corner in CORNERS if (figure := number(row.get(corner))) is not None], default=None)
        for row in answers.rows("temps", "TEMPS")
    ]
    told = Told(
        firmware=f"LuxOS {answers.text('version', 'VERSION', 0, 'LUXminer')}",
        model=answers.text(*config, "Model") or answers.text("version", "VERSION", 0, "Type"),
        serial=answers.text(*config, "SerialNumber"),
        mac=answers.text(*config, "MACAddr"),
        ghs=chains.rate_ghs(answers),
        expected_ghs=chains.ideal_ghs(answers) if nominal is None else nominal,
        power_w=answers.number("power", "POWER", 0, "Watts"),
        temps_c=temps or chains.chain_temps(answers),
        fans_rpm=[number(row.get("RPM")) for row in answers.rows("fans", "FANS")] or chains.fans(answers),
        psu_model=answers.text(*config, "PSULabel"),
        control_board=answers.text(*config, "ControlBoardType"),
    )
    for place, board in enumerate(boards):
        position = number(board.get("ID"))
        told.parts.append(
            ("hashboard", text(board.get("SerialNumber")), place if position is None else int(position))
        )
    return told.snapshot()
