"""Rules about sites and parts: origin, power, age of lists, and gaps of checklists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from compliance.exposure.values import Figures
from compliance.findings.values import DayFacts, Found
from compliance.origin.matrix import kind_name
from compliance.origin.reads import OriginGroup
from kit import units


def judge_listed_origin(facts: DayFacts) -> Iterator[Found]:
    """Parts come from a group on a list; that asks for a review of dealings, it is no ban on running them."""
    groups: dict[tuple[int, str, str], list[OriginGroup]] = defaultdict(list)
    for row in facts.origin:
        if row.judgement.standing == "review":
            groups[row.site_id, row.kind, row.judgement.authority].append(row)
    names = _names(facts)
    for (site_id, kind, authority), rows in sorted(groups.items()):
        judgement = rows[0].judgement
        yield Found(
            rule="component-origin",
            subject_kind="site parts",
            subject_key=f"{site_id}:{kind}:{authority}"[:80],
            subject_name=f"{kind_name(kind)}, {names.get(site_id, str(site_id))}",
            standing="review",
            sentence=" ".join([judgement.sentence, _counted(rows)]),
            authority=judgement.authority,
            source=judgement.source,
            confidence=judgement.confidence,
            site_id=site_id,
            figures=_figures(rows),
            is_synthetic=any(row.is_synthetic for row in rows),
        )


def judge_unknown_origin(facts: DayFacts) -> Iterator[Found]:
    """The origin of some control boards is unknown; unknown is counted, never taken for fine."""
    boards: dict[int, list[OriginGroup]] = defaultdict(list)
    for row in facts.origin:
        if row.kind == "control_board":
            boards[row.site_id].append(row)
    names = _names(facts)
    for site_id, rows in sorted(boards.items()):
        unknown = [row for row in rows if row.judgement.standing == "unknown"]
        if not unknown:
            continue
        parts, whole = sum(row.parts for row in unknown), sum(row.parts for row in rows)
        words = {
            "parts": units.format_count(parts),
            "whole": units.format_count(whole),
            "share": units.format_share(parts, whole, 0),
            "machines": units.format_count(sum(row.machines for row in unknown)),
        }
        yield Found(
            rule="origin-unknown",
            subject_kind="site parts",
            subject_key=f"{site_id}:control_board",
            subject_name=f"{kind_name('control_board')}, {names.get(site_id, str(site_id))}",
            standing="unknown",
            sentence=_(
                "Unknown: the origin of %(parts)s of %(whole)s control boards (%(share)s), "
                "in %(machines)s machines."
            )
            % words,
            authority="15 CFR 744.11",
            source="records of origin",
            confidence="high",
            site_id=site_id,
            figures=_figures(unknown),
            is_synthetic=any(row.is_synthetic for row in unknown),
        )


def judge_over_commitment(facts: DayFacts) -> Iterator[Found]:
    """More power is promised or installed at a site than is energized there."""
    for row in facts.capacity:
        if row.headroom_w is None or row.headroom_w >= 0:
            continue
        words = {
            "promised": units.format_power(max(row.contracted_w, row.power.installed_w)),
            "energized": units.format_power(row.power.energized_w),
        }
        yield _power_finding(
            facts,
            row.power.site_id,
            "over-commitment",
            "review",
            _("Review: %(promised)s contracted or installed, %(energized)s energized.") % words,
            row.power.is_synthetic,
        )


def judge_unknown_draw(facts: DayFacts) -> Iterator[Found]:
    """Nobody has measured or reported what a site with machines draws."""
    for row in facts.capacity:
        if row.power.machines and row.power.drawn_w is None:
            sentence = _("Unknown: no meter or report says what the site draws.")
            yield _power_finding(
                facts, row.power.site_id, "drawn-unknown", "unknown", sentence, row.power.is_synthetic
            )


def judge_stale_lists(facts: DayFacts) -> Iterator[Found]:
    """No newer edition of a list has been loaded for longer than the list usually rests."""
    for row in facts.stale:
        words = {"day": row.newest_on, "days": (facts.day - row.newest_on).days, "allowed": row.allowed_days}
        yield Found(
            rule="list-stale",
            subject_kind="list",
            subject_key=row.code,
            subject_name=row.name,
            standing="watch",
            sentence=_(
                "The newest edition loaded is of %(day)s, %(days)d days old; load a newer one "
                "(expected at least every %(allowed)d days)."
            )
            % words,
            authority=row.authority,
            source="editions loaded",
            confidence="high",
        )


def judge_checklist_gaps(facts: DayFacts) -> Iterator[Found]:
    """The newest run of a checklist at a site left an item open."""
    names = _names(facts)
    for row in facts.gaps:
        missing = "; ".join(row.missing) or _("nothing is recorded")
        yield Found(
            rule="checklist-gap",
            subject_kind="checklist item",
            subject_key=f"{row.template}:{row.item}:{row.site_id}",
            subject_name=f"{row.title}, {names.get(row.site_id, str(row.site_id))}",
            standing=row.state if row.state in ("review", "watch", "unknown") else "review",
            sentence=_("Checklist of %(day)s, missing: %(missing)s.")
            % {"day": row.as_of, "missing": missing},
            authority="",
            source="checklist run",
            confidence="high",
            site_id=row.site_id,
        )


def _power_finding(
    facts: DayFacts, site_id: int, rule: str, standing: str, sentence: str, is_synthetic: bool
) -> Found:
    exposed = next((row for row in facts.exposure.rows if row.site_id == site_id), None)
    return Found(
        rule=rule,
        subject_kind="site",
        subject_key=str(site_id),
        subject_name=_names(facts).get(site_id, str(site_id)),
        standing=standing,
        sentence=sentence,
        authority="",
        source="site record",
        confidence="high",
        site_id=site_id,
        figures=exposed.figures if exposed else Figures(),
        is_synthetic=is_synthetic,
    )


def _names(facts: DayFacts) -> dict[int, str]:
    return {row.power.site_id: row.power.name for row in facts.capacity}


def _counted(rows: Iterable[OriginGroup]) -> str:
    rows = tuple(rows)
    words = {
        "parts": units.format_count(sum(row.parts for row in rows)),
        "machines": units.format_count(sum(row.machines for row in rows)),
    }
    return _("Counted: %(parts)s parts in %(machines)s machines.") % words


def _figures(rows: Iterable[OriginGroup]) -> Figures:
    rows = tuple(rows)
    return Figures(machines=sum(row.machines for row in rows), installed_w=sum(row.power_w for row in rows))
