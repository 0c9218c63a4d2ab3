"""Component origin by model and kind of part, unknown counted like everything else."""

from collections import Counter, defaultdict

from compliance.origin.matrix import kind_name
from compliance.origin.reads import KINDS, OriginGroup, judgements_at, supply_channels_at
from compliance.reports.parts import Origin, OriginCell, OriginRow, SupplyChannel
from compliance.reports.sections.scope import Scope

BOARD = "control_board"
KNOWN = ("evidenced", "verified")


def build_origin(scope: Scope) -> Origin:
    """Models in the order of their machines; a cell's parts are known, declared or unknown, and add up."""
    groups = judgements_at(scope.day, scope.site_ids)
    by_model: dict[str, dict[str, list[OriginGroup]]] = defaultdict(lambda: defaultdict(list))
    for group in groups:
        by_model[group.miner_model][group.kind].append(group)
    rows = [
        OriginRow(
            model,
            max(sum(group.machines for group in kinds[kind]) for kind in KINDS),
            tuple(_cell(kinds[kind]) for kind in KINDS),
        )
        for model, kinds in by_model.items()
    ]
    boards = [group for group in groups if group.kind == BOARD]
    return Origin(
        kinds=tuple(kind_name(kind) for kind in KINDS),
        rows=tuple(sorted(rows, key=lambda row: (-row.machines, row.model))),
        unknown_boards=sum(group.parts for group in boards if group.evidence == "unknown"),
        boards=sum(group.parts for group in boards),
        channels=tuple(
            SupplyChannel(row.name, row.supplies, row.country, row.is_in_house)
            for row in supply_channels_at(scope.day)
        ),
    )


def _cell(groups: list[OriginGroup]) -> OriginCell | None:
    if not any(group.parts for group in groups):
        return None
    counts: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for group in groups:
        evidence = "known" if group.evidence in KNOWN else group.evidence
        counts[evidence] += group.parts
        country = group.assembly_country or group.maker_country
        if evidence == "known" and country:
            countries[country] += group.parts
    largest = min(countries, key=lambda code: (-countries[code], code), default="")
    is_listed = any(group.judgement.standing == "review" for group in groups)
    return OriginCell(counts["known"], counts["declared"], counts["unknown"], largest, is_listed)
