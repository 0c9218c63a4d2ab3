"""ePIC's PowerPlay on Antminers and its own boards."""

from fleet.telemetry.answers import Answers, inside, number, scaled, text, total
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "ePIC"


def recognises(answers: Answers) -> bool:
    """The software's name, or the state of the boards with its own fields."""
    return answers.text("summary", "Software").startswith("PowerPlay") or isinstance(
        answers.at("capabilities", "Control Board Version"), dict
    )


def parse(answers: Answers) -> Snapshot:
    """Everything but the serials of machine, control board and power supply."""
    boards = answers.rows("summary", "HBs")
    state = answers.text("summary", "Status", "Operating State")
    fans = answers.at("summary", "Fans Rpm")
    names = sorted(fans, key=lambda name: (len(name), name)) if isinstance(fans, dict) else []
    told = Told(
        firmware=answers.text("summary", "Software") or "PowerPlay",
        model=answers.text("capabilities", "Model"),
        mac=answers.text("network", "dhcp", "mac_address")
        or answers.text("network", "static", "mac_address"),
        ghs=total([scaled(inside(board.get("Hashrate"), 0), 1e-3) for board in boards]),
        expected_ghs=scaled(answers.at("capabilities", "Default Hashrate"), 1e3),
        power_w=answers.number("summary", "Power Supply Stats", "Input Power"),
        temps_c=[number(board.get("Temperature")) for board in boards],
        fans_rpm=[number(inside(fans, name)) for name in names],
        is_hashing=state == "Mining" if state else None,
        control_board=answers.text("capabilities", "Control Board Version", "cpuHardware"),
    )
    serials = answers.at("capabilities", "Board Serial Numbers")
    places = [number(board.get("Index")) for board in boards]
    for place, serial in enumerate(serials if isinstance(serials, list) else []):
        position = places[place] if place < len(places) else None
        told.parts.append(("hashboard", text(serial), place if position is None else int(position)))
    return told.snapshot()
