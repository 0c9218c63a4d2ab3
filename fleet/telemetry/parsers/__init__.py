"""One small module per family of firmware, each of them: `NAME`, `recognises(answers)`, `parse(answers)`.

The list is in order: firmware that pretends to be another stands before it.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext

from fleet.telemetry.answers import Answers
from fleet.telemetry.parsers import (
    antminer,
    auradine,
    avalon,
    bitaxe,
    braiins,
    braiins_rest,
    elphapex,
    epic,
    hammer,
    luxos,
    mskminer,
    proto,
    whatsminer,
    whatsminer3,
)
from fleet.telemetry.snapshots import Snapshot
from kit.errors import Refusal


class Parser(Protocol):
    """What a module here looks like from outside."""

    NAME: str

    def recognises(self, answers: Answers) -> bool: ...

    def parse(self, answers: Answers) -> Snapshot: ...


PARSERS: tuple[Parser, ...] = (
    braiins_rest,
    braiins,
    luxos,
    mskminer,
    hammer,
    whatsminer3,
    whatsminer,
    auradine,
    avalon,
    epic,
    proto,
    bitaxe,
    elphapex,
    antminer,
)


def parse(by_name: Mapping[str, Any]) -> tuple[Snapshot, Answers]:
    """Read one miner's raw answers, by the name of what was asked; the answers know which were read.

    Raises: Refusal if there is nothing to read, the firmware is not known, or it told nothing of use.
    """
    if not by_name:
        raise Refusal(gettext("There are no answers to read."))
    if parser := next((parser for parser in PARSERS if parser.recognises(Answers(by_name))), None):
        answers = Answers(by_name)
        snapshot = parser.parse(answers)
        if snapshot.hashrate_ghs is None and not snapshot.parts and not snapshot.mac and not snapshot.serial:
            raise Refusal(
                gettext(
                    "These are answers of {firmware}, but none tells a hashrate, a MAC or a serial."
                ).format(firmware=parser.NAME)
            )
        return snapshot, answers
    raise Refusal(
        gettext("No known firmware answers like this. Known are: {names}.").format(
            names="; ".join(parser.NAME for parser in PARSERS)
        )
    )
