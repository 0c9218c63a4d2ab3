"""Rules about parties: whom a list names, whom listed parties own, and where."""

from collections.abc import Iterator

from compliance.exposure.values import Figures, Reason, SiteExposure, total
from compliance.findings.values import DayFacts, Found
from compliance.screening.reads import ListedMatch


def judge_listed_at_sites(facts: DayFacts) -> Iterator[Found]:
    """A party that runs, owns or serves a site is named on a list; the machines there are held."""
    parties = {match.party_number: match for match in facts.matches}
    for row, reason in _reasons(facts, "listed-site-party"):
        match = parties.get(reason.party_number)
        is_blocked = reason.standing == "blocked"
        yield _found(
            "listed-host",
            "site party",
            f"{row.code}:{reason.party_number}:{reason.listed_uid}",
            f"{match.party_name if match else reason.party_number}, {row.name}",
            reason,
            site_id=row.site_id,
            figures=row.figures,
            is_synthetic=row.is_synthetic or reason.is_synthetic,
            hold_site_id=row.site_id if is_blocked else None,
            hold_party_id=match.party_id if match and is_blocked else None,
        )


def judge_listed_owners(facts: DayFacts) -> Iterator[Found]:
    """An owner, payee or any other party we deal with is named on a list; nothing is paid meanwhile."""
    at_sites = {reason.party_number for _row, reason in _reasons(facts, "listed-site-party")}
    owned_machines: dict[tuple[str, str], list[Figures]] = {}
    for _row, reason in _reasons(facts, "listed-owner"):
        owned_machines.setdefault((reason.party_number, reason.listed_uid), []).append(reason.figures)
    for match in facts.matches:
        touched = owned_machines.get((match.party_number, match.listed.uid), [])
        if match.party_number in at_sites and not touched:
            continue  # told with its site
        yield Found(
            rule="listed-owner",
            subject_kind="party",
            subject_key=f"{match.party_number}:{match.list_code}:{match.listed.uid}"[:80],
            subject_name=match.party_name,
            standing=match.standing,
            sentence=match.sentence,
            authority=_authority(match.listed.authority, match.listed.citation),
            source=_source(match),
            confidence=match.confidence,
            figures=total(touched),
            is_synthetic=match.is_synthetic,
            hold_party_id=match.party_id if match.standing == "blocked" else None,
        )


def judge_owned_parties(facts: DayFacts) -> Iterator[Found]:
    """A party is owned by listed parties, fifty percent or more together, so far as the stakes are shown."""
    touched: dict[str, list[tuple[SiteExposure, Reason]]] = {}
    for row, reason in _reasons(facts, "owned-by-listed"):
        touched.setdefault(reason.party_number, []).append((row, reason))
    for party in facts.owned:
        there = touched.get(party.party_number, [])
        whole = [row for row, reason in there if reason.covers == "site"]
        parts = [reason.figures for row, reason in there if reason.covers == "part" and row not in whole]
        is_blocked = party.standing == "blocked"
        yield Found(
            rule="owned-by-listed",
            subject_kind="party",
            subject_key=f"{party.party_number}:{party.regime}",
            subject_name=party.party_name,
            standing=party.standing,
            sentence=" ".join([party.sentence, *(f"{link}." for link in party.links)]),
            authority=", ".join(dict.fromkeys(root.listed.authority for root in party.roots)) or party.regime,
            source=party.source,
            confidence=party.confidence,
            site_id=whole[0].site_id if len(whole) == 1 else None,
            figures=total([*(row.figures for row in whole), *parts]),
            is_synthetic=party.is_synthetic,
            hold_site_id=whole[0].site_id if is_blocked and len(whole) == 1 else None,
            hold_party_id=party.party_id if is_blocked else None,
        )


def judge_embargo(facts: DayFacts) -> Iterator[Found]:
    """A site stands in an embargoed territory; its machines are held."""
    yield from _territory(facts, "embargoed-territory", is_held=True)


def judge_regimes(facts: DayFacts) -> Iterator[Found]:
    """A site stands where measures on a government, sector, investment or mining ask for a review."""
    yield from _territory(facts, "regime-review", is_held=False)


def judge_unknown_territory(facts: DayFacts) -> Iterator[Found]:
    """A site's country or region is not recorded exactly enough to say which measures stand there."""
    yield from _territory(facts, "territory-unknown", is_held=False)


def _territory(facts: DayFacts, rule: str, *, is_held: bool) -> Iterator[Found]:
    for row, reason in _reasons(facts, rule):
        yield _found(
            rule,
            "site",
            row.code,
            row.name,
            reason,
            site_id=row.site_id,
            figures=row.figures,
            is_synthetic=row.is_synthetic,
            hold_site_id=row.site_id if is_held else None,
        )


def _reasons(facts: DayFacts, rule: str) -> Iterator[tuple[SiteExposure, Reason]]:
    for row in facts.exposure.rows:
        for reason in row.reasons:
            if reason.rule == rule:
                yield row, reason


def _found(
    rule: str,
    subject_kind: str,
    subject_key: str,
    subject_name: str,
    reason: Reason,
    *,
    site_id: int | None,
    figures: Figures,
    is_synthetic: bool,
    hold_site_id: int | None = None,
    hold_party_id: int | None = None,
) -> Found:
    return Found(
        rule=rule,
        subject_kind=subject_kind,
        subject_key=subject_key[:80],
        subject_name=subject_name,
        standing=reason.standing,
        sentence=reason.sentence,
        authority=_authority(reason.authority, reason.citation),
        source=reason.source,
        confidence=reason.confidence,
        site_id=site_id,
        figures=figures,
        is_synthetic=is_synthetic,
        hold_site_id=hold_site_id,
        hold_party_id=hold_party_id,
    )


def _authority(authority: str, citation: str) -> str:
    return f"{authority}, {citation}" if citation else authority


def _source(match: ListedMatch) -> str:
    return f"{match.list_name}, no. {match.listed.uid}, {match.listed.source.authority}"
