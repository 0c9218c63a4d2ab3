"""Origin as charts: models by kind of part with their evidence, and families by country with counts."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from compliance.origin.families import UNKNOWN
from compliance.origin.reads import KINDS, OriginGroup
from kit import units
from kit.charts import Cell, Matrix
from kit.look.values import Heat, HeatCell, HeatGroup, HeatRow

MOST_COUNTRIES = 6


def kind_name(kind: str) -> str:
    """A kind of part as it is written in a table."""
    return {
        "control_board": _("control board"),
        "hashboard": _("hashboard"),
        "psu": _("power supply"),
    }[kind]


def evidence_matrix(groups: Iterable[OriginGroup]) -> Matrix:
    """Models by kind of part: parts shown by evidence, declared, and unknown."""
    cells: dict[str, dict[str, list[OriginGroup]]] = defaultdict(lambda: defaultdict(list))
    for group in groups:
        cells[group.miner_model][group.kind].append(group)
    models = sorted(cells)
    return Matrix(
        title=_("Evidence of origin by model and part"),
        rows=tuple(models),
        columns=tuple(kind_name(kind) for kind in KINDS),
        cells=tuple(tuple(_cell(cells[model][kind]) for kind in KINDS) for model in models),
        note=_("The same model can carry boards of several families, so a board is known by serial."),
    )


def _cell(groups: list[OriginGroup]) -> Cell | None:
    if not any(group.parts for group in groups):
        return None

    def count(*evidence: str) -> int:
        return sum(group.parts for group in groups if group.evidence in evidence)

    countries = {group.maker_country for group in groups if group.maker_country}
    return Cell(
        known=count("evidenced", "verified"),
        declared=count("declared"),
        unknown=count("unknown"),
        code=", ".join(sorted(countries)),
        is_listed=any(group.judgement.standing == "review" for group in groups),
    )


def country_heat(groups: Iterable[OriginGroup]) -> Heat:
    """Families by country of assembly, in machines and megawatts, with a column for what is not known."""
    groups = tuple(groups)
    by_country: dict[str, int] = defaultdict(int)
    for group in groups:
        by_country[group.assembly_country] += group.machines
    by_country.pop("", None)
    columns = sorted(by_country, key=lambda code: (-by_country[code], code))[:MOST_COUNTRIES]
    return Heat(
        head=_("Part and family"),
        columns=(*columns, _("not known")),
        groups=tuple(
            _heat_group(kind, [row for row in groups if row.kind == kind], columns) for kind in KINDS
        ),
        unknown_column=len(columns),
        total_label=_("Machines"),
    )


def _heat_group(kind: str, groups: list[OriginGroup], columns: list[str]) -> HeatGroup:
    families: dict[str, list[OriginGroup]] = defaultdict(list)
    for group in groups:
        label = group.family if group.family != UNKNOWN else group.part_maker or UNKNOWN
        families[label].append(group)
    whole = sum(group.parts for group in groups)
    told = sum(group.parts for group in groups if group.evidence != "unknown")
    return HeatGroup(
        label=kind_name(kind),
        rows=tuple(
            _heat_row(label, families[label], columns) for label in sorted(families, key=_known_first)
        ),
        note=_("%(share)s declared or documented") % {"share": units.share(told, whole, 0).text},
    )


def _known_first(label: str) -> tuple[bool, str]:
    return label == UNKNOWN, label


def _heat_row(label: str, groups: list[OriginGroup], columns: list[str]) -> HeatRow:
    reviewed = next((group for group in groups if group.judgement.standing == "review"), None)
    board = groups[0].board
    others = [group for group in groups if group.assembly_country not in columns]
    cells = [_heat_cell([group for group in groups if group.assembly_country == code]) for code in columns]
    is_unknown = label == UNKNOWN
    return HeatRow(
        label=_("not known") if is_unknown else label,
        cells=(*cells, _heat_cell(others)),
        note=reviewed.judgement.authority if reviewed else (board.vendor if board else ""),
        state="review" if reviewed else "unknown" if is_unknown else "",
        total=_heat_cell(groups),
    )


def _heat_cell(groups: list[OriginGroup]) -> HeatCell | None:
    machines = sum(group.machines for group in groups)
    if not machines:
        return None
    watts = sum(group.power_w for group in groups)
    flag = "review" if any(group.judgement.standing == "review" for group in groups) else ""
    return HeatCell(machines, note=units.format_power(watts), flag=flag)
