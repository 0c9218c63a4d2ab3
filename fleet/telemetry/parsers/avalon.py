"""Avalon: cgminer whose statistics are one long text of `Name[values]`, or that text taken apart."""

import re
from typing import Any

from fleet.telemetry.answers import Answers, number
from fleet.telemetry.families import family_of
from fleet.telemetry.snapshots import Snapshot, Told

NAME = "Avalon"
PAIR = re.compile(r"(\w[\w ]{0,30})\[([^\]]*)\]")
STATS = ("stats", "avalon_a_stats", "litestats", "stats_parsed", "avalon_a_stats_parsed", "litestats_parsed")
WALL = 6  # place of the watts drawn from the wall in PS[...]


def recognises(answers: Answers) -> bool:
    """The product's name, or the identity of its statistics."""
    product = answers.text("version", "VERSION", 0, "PROD").lower()
    return product.startswith("avalon") or any(_figures(answers, name) is not None for name in STATS)


def parse(answers: Answers) -> Snapshot:
    """Everything but serials, which it does not tell."""
    figures = next((found for name in STATS if (found := _figures(answers, name))), {})
    version = ("version", "VERSION", 0)
    release = answers.text(*version, "VERSION") or answers.text(*version, "LVERSION") or _word(figures, "Ver")
    state = _word(figures, "SYSTEMSTATU")
    board = answers.text(*version, "HWTYPE")
    name_at = board.find("MM")  # `Q_MM1v1_X1` is the board MM1v1_X1 of an Avalon Q
    told = Told(
        firmware=f"Avalon stock {release}",
        model=answers.text(*version, "PROD"),
        mac=answers.text(*version, "MAC"),
        ghs=_first(figures, "GHSspd", "MGHS"),
        expected_ghs=_first(figures, "GHSmm"),
        power_w=_first(figures, "WALLPOWER"),
        temps_c=_several(figures, "MTmax") or [_first(figures, "TMax")],
        fans_rpm=[_first(figures, f"Fan{n}") for n in range(1, 9) if f"Fan{n}" in figures],
        is_hashing=False if "Idle" in state else None,
        control_board=board,
        board_family=family_of(board[max(name_at, 0) :]),
    )
    wall = _several(figures, "PS")
    if told.power_w is None and len(wall) > WALL:
        told.power_w = wall[WALL]
    if told.ghs is None:
        mhs = answers.number("summary", "SUMMARY", 0, "MHS 5s")
        told.ghs = None if mhs is None else mhs / 1_000
    return told.snapshot()


def _figures(answers: Answers, name: str) -> dict[str, Any] | None:
    """The figures of one answer by name, or None if it holds none of this kind."""
    for key in ("MM ID0", "MM ID0:Summary"):
        told = answers.at(name, "STATS", 0, key)
        if isinstance(told, str):
            return {match[1].strip(): match[2] for match in PAIR.finditer(told[:100_000])}
        if isinstance(told, dict):
            inner = told.get("STATS")
            return inner if isinstance(inner, dict) else told
    return None


def _several(figures: dict[str, Any], name: str) -> list[float | None]:
    told = figures.get(name)
    if isinstance(told, list):
        return [number(part) for part in told]
    return [number(part) for part in told.split()] if isinstance(told, str) else []


def _first(figures: dict[str, Any], *names: str) -> float | None:
    for name in names:
        told = figures.get(name)
        several = _several(figures, name)
        figure = number(told) if number(told) is not None and len(several) < 2 else None
        if figure is None and several and None not in several:
            figure = sum(part for part in several if part is not None)
        if figure is not None:
            return figure
    return None


def _word(figures: dict[str, Any], name: str) -> str:
    told = figures.get(name)
    if isinstance(told, dict):
        return " ".join(str(value) for value in told.values())[:200]
    return told.strip() if isinstance(told, str) else ""
