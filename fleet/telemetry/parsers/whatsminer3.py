"""WhatsMiner with the 3.0 answers, which tell the serial of every part."""

from fleet.telemetry.answers import Answers, number, scaled
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "WhatsMiner 3.0"
SUMMARY = ("get_miner_status_summary", "msg", "summary")


def recognises(answers: Answers) -> bool:
    """The description of its own answers."""
    return any(
        answers.text(name, "desc") in ("get.device.info", "get.miner.status")
        for name in (*_DEVICE, "get_miner_status_summary", "get_miner_status_edevs")
    )


def parse(answers: Answers) -> Snapshot:
    """Everything; the control board by its version and the chip it is built on."""
    device = next((name for name in _DEVICE if name in set(answers)), _DEVICE[0])
    about = (device, "msg")
    told = Told(
        firmware=f"WhatsMiner stock {answers.text(*about, 'system', 'fwversion')}",
        model=_model(answers.text(*about, "miner", "type")),
        serial=answers.text(*about, "miner", "miner-sn"),
        mac=answers.text(*about, "network", "mac"),
        ghs=scaled(answers.at(*SUMMARY, "hash-realtime"), 1e3),
        expected_ghs=scaled(answers.at(*SUMMARY, "factory-hash"), 1e3),
        power_w=answers.number(*SUMMARY, "power-realtime"),
        fans_rpm=[answers.number(*SUMMARY, "fan-speed-in"), answers.number(*SUMMARY, "fan-speed-out")],
        psu_model=answers.text(*about, "power", "model"),
        control_board=answers.text(*about, "system", "platform"),
        parts=[("psu", answers.text(*about, "power", "sn"), 0)],
    )
    for position in range(8):
        told.parts.append(("hashboard", answers.text(*about, "miner", f"pcbsn{position}"), position))
    boards = answers.rows("get_miner_status_edevs", "msg", "edevs")
    told.temps_c = [number(board.get("chip-temp-max")) for board in boards] or [
        answers.number(*SUMMARY, "chip-temp-max")
    ]
    return told.snapshot()


_DEVICE = ("get_device_info", "get_device_info_with_errors")


def _model(told: str) -> str:
    """`WhatsMiner M60S VK40` out of `M60S_VK40`."""
    return f"WhatsMiner {told.replace('_', ' ')}" if told else ""
