"""The origin page as one frozen value: parts by family and country, how that is known, and where we buy."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from compliance.origin.families import UNKNOWN
from compliance.origin.matrix import country_heat, evidence_matrix, kind_name
from compliance.origin.models import SupplyChannel
from compliance.origin.reads import KINDS, OriginGroup, judgements_at, supply_channels_at
from fleet.sites.choice import SiteChoice
from kit import units
from kit.charts import Matrix
from kit.look.doors import door
from kit.look.values import Heat, HeatCell, HeatGroup, HeatRow

TONES = {"verified": "t1", "evidenced": "t2", "declared": "t3"}


@dataclass(frozen=True)
class KnownBy:
    """How many machines' control boards are known in one way; nothing known has no tone."""

    words: str
    tone: str
    machines: int


@dataclass(frozen=True)
class OriginFinding:
    """What a list entry asks to be looked at, with the machines it touches.

    Units: watts.
    """

    part: str
    sentence: str
    authority: str
    source: str
    confidence: str
    machines: int
    power_w: int
    sites: str
    url: str


@dataclass(frozen=True)
class Supply:
    """One thing we buy or have done, and from how many countries it can be got."""

    supplies: str
    channels: tuple[SupplyChannel, ...]
    countries: str
    state: str
    words: str


@dataclass(frozen=True)
class OriginPage:
    """Everything the page shows as of a day."""

    day: date
    machines: int
    heat: Heat
    evidence: Matrix
    known: tuple[KnownBy, ...]
    most: int
    findings: tuple[OriginFinding, ...]
    supplies: tuple[Supply, ...]
    is_synthetic: bool


def origin_page(day: date, sites: SiteChoice) -> OriginPage:
    """What is known on a day of where parts come from; what is not known is counted in every total."""
    groups = judgements_at(day, sites.ids)
    boards = [group for group in groups if group.kind == "control_board"]
    known = known_by(boards)
    return OriginPage(
        day=day,
        machines=sum(group.machines for group in boards),
        heat=with_doors(country_heat(groups)),
        evidence=evidence_matrix(groups),
        known=known,
        most=max((row.machines for row in known), default=0),
        findings=findings_of(groups, sites),
        supplies=supplies_of(supply_channels_at(day)),
        is_synthetic=any(group.is_synthetic for group in groups),
    )


def with_doors(heat: Heat) -> Heat:
    """The same matrix with every figure a door to the parts or machines it counts."""
    groups = []
    for kind, group in zip(KINDS, heat.groups, strict=True):
        groups.append(replace(group, rows=tuple(_row_with_doors(kind, group, row) for row in group.rows)))
    return replace(heat, groups=tuple(groups))


def _row_with_doors(kind: str, group: HeatGroup, row: HeatRow) -> HeatRow:
    url = parts_url(kind, row)

    def opened(cell: HeatCell | None) -> HeatCell | None:
        return replace(cell, url=url) if cell else None

    return replace(row, url=url, total=opened(row.total), cells=tuple(opened(cell) for cell in row.cells))


def parts_url(kind: str, row: HeatRow) -> str:
    """The list behind a row: its parts, or the machines whose board nobody has recorded."""
    is_unknown = row.state == "unknown"
    if is_unknown and kind == "control_board":
        return door("admin:fleet_miner_changelist", board_family=UNKNOWN)
    # A row of another part carries its maker's name; the list knows the kind.
    is_family = kind == "control_board" and not is_unknown
    return door(
        "admin:fleet_part_changelist", kind__exact=kind, family__exact=row.label if is_family else None
    )


def known_by(boards: Iterable[OriginGroup]) -> tuple[KnownBy, ...]:
    """Machines by how their control board is known: by evidence, on somebody's word, or not at all."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for group in boards:
        evidence = "unknown" if group.judgement.standing == "unknown" else group.evidence
        kind = group.evidence_kind if evidence in ("evidenced", "verified") else ""
        found[(evidence, kind)] += group.machines
    order = ("verified", "evidenced", "declared", "unknown")
    words = {
        "verified": _("verified"),
        "evidenced": _("shown"),
        "declared": _("declared, not shown"),
        "unknown": _("nothing"),
    }
    rows = sorted(found.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1]))
    return tuple(
        KnownBy(f"{words[evidence]}: {kind}" if kind else words[evidence], TONES.get(evidence, ""), machines)
        for (evidence, kind), machines in rows
    )


def findings_of(groups: Iterable[OriginGroup], sites: SiteChoice) -> tuple[OriginFinding, ...]:
    """Groups that a list entry asks to be reviewed, put together by part and entry, the largest first."""
    found: dict[tuple[str, str, str], list[OriginGroup]] = defaultdict(list)
    for group in groups:
        if group.judgement.standing == "review":
            label = group.family if group.family != UNKNOWN else group.maker
            found[(group.kind, label, group.judgement.authority)].append(group)
    rows = [_finding(kind, label, same, sites) for (kind, label, _authority), same in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.power_w, row.part)))


def _finding(kind: str, label: str, groups: Sequence[OriginGroup], sites: SiteChoice) -> OriginFinding:
    judged = groups[0].judgement
    family = label if kind == "control_board" else None
    return OriginFinding(
        part=f"{kind_name(kind)} {label}",
        sentence=judged.sentence,
        authority=judged.authority,
        source=judged.source,
        confidence=judged.confidence,
        machines=sum(group.machines for group in groups),
        power_w=sum(group.power_w for group in groups),
        sites=sites.names_of([group.site_id for group in groups]),
        url=door("admin:fleet_part_changelist", kind__exact=kind, family__exact=family),
    )


def supplies_of(channels: Iterable[SupplyChannel]) -> tuple[Supply, ...]:
    """What is supplied and from which countries; an unknown country is no second one."""
    found: dict[str, list[SupplyChannel]] = defaultdict(list)
    for channel in channels:
        found[channel.supplies].append(channel)
    return tuple(_supply(supplies, tuple(rows)) for supplies, rows in sorted(found.items()))


def _supply(supplies: str, channels: tuple[SupplyChannel, ...]) -> Supply:
    countries = sorted({channel.country for channel in channels if channel.country})
    unknown = sum(not channel.country for channel in channels)
    said = [*countries, *([_("%(n)s unknown") % {"n": units.format_count(unknown)}] if unknown else [])]
    if len(countries) > 1:
        state, words = "fine", _("second country")
    elif unknown:
        state, words = "unknown", _("country not known")
    else:
        state, words = "watch", _("one country only")
    return Supply(supplies, channels, ", ".join(said), state, words)
