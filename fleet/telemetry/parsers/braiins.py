"""Braiins OS before 25.07, by its GraphQL answers."""

import re

from fleet.telemetry.answers import Answers, inside, number, rows, scaled, text
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Braiins OS"
SOLVER = ("data", "bosminer", "info", "workSolver")
RELEASE = re.compile(r"\d{4}-\d\d-\d\d-\d+-[0-9a-f]+-(\S+)")


def recognises(answers: Answers) -> bool:
    """The two roots of its GraphQL."""
    return any(
        isinstance(answers.at(name, "data", "bosminer", "info"), dict)
        for name in ("gql_system", "gql_boards", "gql_tuning")
    )


def parse(answers: Answers) -> Snapshot:
    """Hashrate, watts, temperatures and fans; board serials from 25.03 on, never the model."""
    release = release_of(answers.text("gql_system", "data", "bos", "info", "version", "full"))
    told = Told(
        firmware=f"Braiins OS {release}",
        mac=answers.text("web_net_conf", 0, "macaddr"),
        ghs=scaled(answers.at("gql_system", *SOLVER, "realHashrate", "mhs5S"), 1e-3),
        expected_ghs=scaled(answers.at("gql_system", *SOLVER, "nominalMhs"), 1e-3),
        power_w=answers.number(
            "gql_system", "data", "bosminer", "info", "summary", "power", "approxConsumptionW"
        ),
        fans_rpm=[
            number(row.get("rpm")) for row in answers.rows("gql_system", "data", "bosminer", "info", "fans")
        ],
    )
    for place, board in enumerate(answers.rows("gql_boards", *SOLVER, "childSolvers")):
        name = number(board.get("name"))
        serial = text(inside(board.get("hwDetails"), "hbSerialNumber"))
        told.parts.append(("hashboard", serial, place if name is None else int(name)))
        temps = [number(row.get("degreesC")) for row in rows(board.get("temperatures"))]
        told.temps_c.append(max([temp for temp in temps if temp is not None], default=None))
    return told.snapshot()


def release_of(full: str) -> str:
    """`24.09-plus` out of `2024-10-17-0-75912fc7-24.09-plus`."""
    match = RELEASE.fullmatch(full)
    return match[1] if match else full
