"""Rules about dates on papers: a subject is a worker number or a contractor, and the finding a date."""

from collections.abc import Callable, Iterator

from compliance.findings.values import DayFacts, Found

OPEN_STANDINGS = ("review", "watch", "unknown")


def _about_dates(
    rule: str, codes: tuple[str, ...], standings: tuple[str, ...]
) -> Callable[[DayFacts], Iterator[Found]]:
    def judge(facts: DayFacts) -> Iterator[Found]:
        for row in facts.workers:
            judgement = row.judgement
            if judgement.code not in codes or judgement.standing not in standings:
                continue
            yield Found(
                rule=rule,
                subject_kind="worker",
                subject_key=f"{row.number}:{judgement.code}",
                subject_name=row.number,
                standing=judgement.standing,
                sentence=judgement.sentence,
                authority=judgement.source,
                source="date on record",
                confidence=judgement.confidence,
                site_id=row.site_id,
                due_on=judgement.due_on,
                is_synthetic=row.is_synthetic,
            )

    return judge


judge_work_authorisation = _about_dates("work-authorisation", ("reverification",), OPEN_STANDINGS)
judge_admissions = _about_dates("admit-until", ("admission",), OPEN_STANDINGS)
judge_i9 = _about_dates("form-i9", ("i9", "i9_section_1", "i9_section_2"), ("review",))
judge_receipts = _about_dates("receipt", ("receipt",), OPEN_STANDINGS)


def judge_attestations(facts: DayFacts) -> Iterator[Found]:
    """A contractor's attestation is missing, has lapsed, is near its end or older than its roster."""
    for row in facts.contractors:
        judgement = row.judgement
        if judgement.standing not in OPEN_STANDINGS:
            continue
        yield Found(
            rule="contractor-attestation",
            subject_kind="contractor",
            subject_key=f"{row.party_number}:{row.site_id}:{row.contractor_id}",
            subject_name=row.party_name,
            standing=judgement.standing,
            sentence=judgement.sentence,
            authority=judgement.source,
            source="attestation on record",
            confidence=judgement.confidence,
            site_id=row.site_id,
            due_on=judgement.due_on,
            is_synthetic=row.is_synthetic,
        )
