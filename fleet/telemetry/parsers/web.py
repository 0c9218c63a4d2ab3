"""The web answers of Antminer that Elphapex and others copied: `INFO`, `SUMMARY`, `STATS` with `chain`."""

from typing import Any

from fleet.telemetry.answers import Answers, number, text
from fleet.telemetry.snapshots import Told

GHS_PER = {"H/S": 1e-9, "KH/S": 1e-6, "MH/S": 1e-3, "GH/S": 1.0, "TH/S": 1e3}
MILLI_FROM = 1_000  # temperatures above this are told in thousandths


def add_rates(told: Told, answers: Answers, name: str, *way: str | int) -> None:
    """Hashrate now and as it should be, in the unit the answer names."""
    way = way or ("SUMMARY", 0)
    per = GHS_PER.get(answers.text(name, *way, "rate_unit").upper())
    rate, ideal = answers.number(name, *way, "rate_5s"), answers.number(name, *way, "rate_ideal")
    if per is not None and rate is not None:
        told.ghs = rate * per
        told.expected_ghs = told.expected_ghs if ideal is None else ideal * per


def add_chains(told: Told, answers: Answers, name: str) -> None:
    """Serials and chip temperatures of the boards, and the fans beside them."""
    chains = answers.rows(name, "STATS", 0, "chain")
    for place, chain in enumerate(chains):
        position = number(chain.get("index"))
        told.parts.append(("hashboard", text(chain.get("sn")), place if position is None else int(position)))
        told.temps_c.append(_hottest(chain.get("temp_chip")))
    if chains:
        fans = answers.at(name, "STATS", 0, "fan")
        told.fans_rpm = [number(fan) for fan in fans] if isinstance(fans, list) else told.fans_rpm
        add_rates(told, answers, name, "STATS", 0)


def _hottest(temps: Any) -> float | None:
    figures = [number(temp) for temp in temps] if isinstance(temps, list) else []
    known = [figure / 1_000 if figure > MILLI_FROM else figure for figure in figures if figure is not None]
    return max(known, default=None)
