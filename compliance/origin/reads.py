from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from compliance.origin.families import BoardFamily, board_family
from compliance.origin.models import SupplyChannel
from compliance.origin.rules import Evidence, OriginJudgement, PartFacts, judge_origin
from kit.asof import days_at, end_of

KINDS = ("control_board", "hashboard", "psu")
"""The kinds of part whose origin is asked of every machine, whether a part is recorded or not."""

# A machine without a recorded part still has one: it counts, as unknown. The fleet's tables are read by name.
GROUPS = """
select stay.site_id, model.name, maker.name, coalesce(nullif(part.family, 'unknown'), {family}),
    coalesce(record.status, 'unknown'), coalesce(record.maker, ''), coalesce(record.maker_country, ''),
    coalesce(record.assembly_country, ''), coalesce(record.evidence_kind, ''),
    coalesce(record.recorded_at < part.fitted_at and part.fitted_at < %(moment)s, false),
    min(record.recorded_at at time zone 'UTC')::date, max(part.fitted_at at time zone 'UTC')::date,
    count(distinct stay.miner_id), count(part.id),
    (count(distinct stay.miner_id) filter (where part.id is null) * coalesce(min({boards}), 0))::bigint,
    (sum(stay.power_w) * count(distinct stay.miner_id) / count(*))::bigint,
    bool_or(miner.is_synthetic or coalesce(record.is_synthetic, false))
from fleet_stay stay
join fleet_miner miner on miner.id = stay.miner_id
join fleet_minermodel model on model.id = stay.model_id
join fleet_maker maker on maker.id = model.maker_id
left join fleet_part part on part.miner_id = miner.id and part.kind = %(kind)s
left join compliance_originrecord record on record.part_id = part.id and record.recorded_at < %(moment)s
    and (record.superseded_at is null or record.superseded_at >= %(moment)s)
where stay.from_at < %(moment)s and (stay.to_at is null or stay.to_at >= %(moment)s)
    and (%(sites)s::bigint[] is null or stay.site_id = any(%(sites)s))
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 order by 1, 2, 4, 5
"""
PER_MACHINE: Mapping[str, tuple[str, str]] = {
    # kind: what the machine itself says of the family, how many of the part a machine has
    "control_board": ("miner.board_family", "1"),
    "hashboard": ("'unknown'", "model.hashboards"),
    "psu": ("'unknown'", "1"),
}


@dataclass(frozen=True)
class OriginGroup:
    """Parts of one kind that are alike in everything a rule looks at, at one site, with what that says.

    Shape: `parts` counts those recorded by serial and those every machine must have besides.
    """

    site_id: int
    miner_model: str
    maker: str
    kind: str
    family: str
    evidence: Evidence
    part_maker: str
    maker_country: str
    assembly_country: str
    evidence_kind: str
    machines: int
    parts: int
    power_w: int
    judgement: OriginJudgement
    is_synthetic: bool

    @property
    def board(self) -> BoardFamily | None:
        """The family's row, for a control board of one known family."""
        return board_family(self.family) if self.kind == "control_board" else None


def judgements_at(day: date, site_ids: Collection[int] | None = None) -> tuple[OriginGroup, ...]:
    """Where the parts of the machines of a day come from, as far as shown, and what that asks for."""
    sites = None if site_ids is None else list(site_ids)
    found: list[OriginGroup] = []
    with connection.cursor() as cursor:
        for kind in KINDS:
            family, boards = PER_MACHINE[kind]
            query = GROUPS.format(family=family, boards=boards)
            cursor.execute(query, {"moment": end_of(day), "kind": kind, "sites": sites})
            found += [_group(kind, row, day) for row in cursor.fetchall()]
    return tuple(found)


def _group(kind: str, row: tuple, day: date) -> OriginGroup:  # type: ignore[type-arg]
    (
        site_id,
        miner_model,
        maker,
        family,
        evidence,
        part_maker,
        maker_country,
        assembly_country,
        evidence_kind,
        was_swapped,
        recorded_on,
        fitted_on,
        machines,
        parts,
        unrecorded,
        power_w,
        is_synthetic,
    ) = row
    facts = PartFacts(
        kind=kind,
        family=family,
        # A hash chip is told by the maker of the machine; any other part by what was recorded of it.
        maker=part_maker or (maker if kind == "hashboard" else ""),
        miner_model=miner_model,
        evidence=evidence,
        # The rule counts in days; a swap on the very day of the record is a swap all the same.
        recorded_on=min(recorded_on, fitted_on - timedelta(days=1)) if was_swapped else None,
        fitted_on=fitted_on if was_swapped else None,
    )
    judgement = judge_origin(facts, day)
    return OriginGroup(
        site_id=site_id,
        miner_model=miner_model,
        maker=maker,
        kind=kind,
        family=family,
        evidence=judgement.evidence,
        part_maker=part_maker,
        maker_country=maker_country,
        assembly_country=assembly_country,
        evidence_kind=evidence_kind if judgement.evidence != "unknown" else "",
        machines=machines,
        parts=parts + unrecorded,
        power_w=power_w,
        judgement=judgement,
        is_synthetic=is_synthetic,
    )


def supply_channels_at(day: date) -> tuple[SupplyChannel, ...]:
    """The ways to get machines, parts and repair on a day."""
    rows = SupplyChannel.objects.filter(days_at(day)).select_related("party")
    return tuple(rows.order_by("supplies", "name"))


def countries_by_supply(day: date) -> dict[str, tuple[str, ...]]:
    """For each thing supplied, the countries it can be got from; in-house counts under its own country."""
    found: dict[str, dict[str, None]] = {}
    for channel in supply_channels_at(day):
        found.setdefault(channel.supplies, {})[channel.country or "?"] = None
    return {supplies: tuple(countries) for supplies, countries in found.items()}
