"""The `stats` answer of cgminer and what was made of it: chains numbered from 1 in one flat object."""

from fleet.telemetry.answers import Answers, number, scaled, total

MOST_CHAINS = 16


def chain_temps(answers: Answers, name: str = "stats") -> list[float | None]:
    """The hottest chip of each chain that has chips, else of its board."""
    temps = []
    for chain in chains(answers, name):
        told = answers.text(name, "STATS", 1, f"temp_chip{chain}") or answers.text(
            name, "STATS", 1, f"temp_pcb{chain}"
        )
        several = [number(part) for part in told.split("-") if part]
        figures = [figure for figure in several if figure is not None]
        temps.append(max(figures) if figures else answers.number(name, "STATS", 1, f"temp{chain}"))
    return temps


def chains(answers: Answers, name: str = "stats") -> list[int]:
    """The chains that told of chips."""
    return [
        chain
        for chain in range(1, MOST_CHAINS + 1)
        if (answers.number(name, "STATS", 1, f"chain_acn{chain}") or 0) > 0
    ]


def fans(answers: Answers, name: str = "stats") -> list[float | None]:
    """The fans in their order, as many as the miner says it has."""
    count = answers.number(name, "STATS", 1, "fan_num")
    most = int(min(count, 8)) if count is not None and count >= 0 else 8
    return [answers.number(name, "STATS", 1, f"fan{fan}") for fan in range(1, most + 1)]


def rate_ghs(answers: Answers) -> float | None:
    """The five-second hashrate of `summary`, else of `stats`."""
    for name, way in (("summary", ("SUMMARY", 0)), ("stats", ("STATS", 1))):
        ghs = answers.number(name, *way, "GHS 5s")
        mhs = answers.at(name, *way, "MHS 5s")
        if ghs is not None or mhs is not None:
            return ghs if ghs is not None else scaled(mhs, 1e-3)
    return None


def ideal_ghs(answers: Answers) -> float | None:
    """What the chains together should make."""
    told = answers.number("stats", "STATS", 1, "total_rateideal")
    if told is not None:
        return told
    return total([answers.number("stats", "STATS", 1, f"chain_rateideal{n}") for n in chains(answers)])
