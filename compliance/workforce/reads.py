from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from compliance.workforce.attestation import judge_attestation
from compliance.workforce.facts import AttestationFacts, Judgement, Receipt, WorkerFacts
from compliance.workforce.form_i9 import RECEIPT_HOLDS_DAYS
from compliance.workforce.models import Attestation, Clock, ClockKind, Contractor, Worker
from compliance.workforce.rules import judge_worker
from kit.asof import days_at


@dataclass(frozen=True)
class WorkerRecord:
    """One worker by number, with the dates on record and no name."""

    number: str
    site_id: int
    contractor_id: int | None
    function: str
    facts: WorkerFacts
    is_synthetic: bool


@dataclass(frozen=True)
class WorkerJudgement:
    """What one rule makes of one worker's dates."""

    number: str
    site_id: int
    is_own_employee: bool
    judgement: Judgement
    is_synthetic: bool


@dataclass(frozen=True)
class ContractorJudgement:
    """What the rule makes of a contractor's word, with how many of its people's dates have passed."""

    contractor_id: int
    party_name: str
    party_number: str
    site_id: int
    scope: str
    judgement: Judgement
    workers: int
    workers_past: int
    is_synthetic: bool


def facts_of(worker: Worker, day: date, clocks: Iterable[Clock] | None = None) -> WorkerFacts:
    """The dates on a worker's record as they stood on a day."""
    if clocks is None:
        clocks = _in_order(worker.clocks.filter(_standing(day)))
    by_kind = {clock.kind: clock for clock in clocks}
    work, admission = by_kind.get(ClockKind.WORK_AUTHORISATION), by_kind.get(ClockKind.ADMIT_UNTIL)
    visa, passport = by_kind.get(ClockKind.VISA), by_kind.get(ClockKind.PASSPORT)
    receipt = by_kind.get(ClockKind.RECEIPT)
    return WorkerFacts(
        hired_on=worker.hired_on,
        ended_on=worker.ended_on,
        is_own_employee=worker.contractor_id is None,
        is_reverification_exempt=worker.is_reverification_exempt,
        is_authorisation_unlimited=work is not None and work.ends_on is None,
        work_authorised_until_on=work.ends_on if work else None,
        ead_category=work.category if work else "",
        renewal_filed_on=work.renewal_filed_on if work else None,
        renewal_category=work.renewal_category if work else "",
        renewal_decided_on=work.renewal_decided_on if work else None,
        admit_until_on=admission.ends_on if admission else None,
        is_duration_of_status=bool(admission and admission.is_duration_of_status),
        visa_ends_on=visa.ends_on if visa else None,
        passport_ends_on=passport.ends_on if passport else None,
        section_1_on=worker.section1_on,
        section_2_on=worker.section2_on,
        receipts=(_receipt(receipt.ends_on),) if receipt and receipt.ends_on else (),
    )


def _receipt(ends_on: date) -> Receipt:
    return Receipt("replacement", ends_on - timedelta(days=RECEIPT_HOLDS_DAYS["replacement"]), ends_on)


def _standing(day: date) -> Q:
    return Q(superseded_on__isnull=True) | Q(superseded_on__gt=day)


def _in_order(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """Of records not yet replaced on a day, the one replaced first was the one that stood; it comes last."""
    return clocks.order_by(F("superseded_on").desc(nulls_first=True), "pk")


def records_at(day: date, site_ids: Collection[int] | None = None) -> tuple[WorkerRecord, ...]:
    """Everybody who worked somewhere on a day, by number, in two queries."""
    # The name is encrypted and not needed: it is not even fetched.
    workers = Worker.objects.defer("name").filter(Q(hired_on__isnull=True) | Q(hired_on__lte=day))
    workers = workers.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day)).order_by("number")
    if site_ids is not None:
        workers = workers.filter(site__in=site_ids)
    rows = list(workers)
    clocks: dict[int, list[Clock]] = defaultdict(list)
    found = Clock.objects.defer("document_number").filter(_standing(day), worker__in=rows)
    for clock in _in_order(found):
        clocks[clock.worker_id].append(clock)
    return tuple(
        WorkerRecord(
            number=worker.number,
            site_id=worker.site_id,
            contractor_id=worker.contractor_id,
            function=worker.function,
            facts=facts_of(worker, day, clocks[worker.pk]),
            is_synthetic=worker.is_synthetic,
        )
        for worker in rows
    )


def judgements_at(day: date, site_ids: Collection[int] | None = None) -> tuple[WorkerJudgement, ...]:
    """What the rules make of everybody's dates, the same rules for everybody."""
    return tuple(
        WorkerJudgement(
            number=row.number,
            site_id=row.site_id,
            is_own_employee=row.contractor_id is None,
            judgement=judgement,
            is_synthetic=row.is_synthetic,
        )
        for row in records_at(day, site_ids)
        for judgement in judge_worker(row.facts, day)
    )


def contractors_at(
    day: date,
    site_ids: Collection[int] | None = None,
    *,
    records: Collection[WorkerRecord] | None = None,
) -> tuple[ContractorJudgement, ...]:
    """What the rule makes of every contractor's word on a day; records read before are not read again."""
    contractors = (
        Contractor.objects.filter(days_at(day)).select_related("party").order_by("party__name", "pk")
    )
    if site_ids is not None:
        contractors = contractors.filter(site__in=site_ids)
    rows = list(contractors)
    signed: dict[int, Attestation] = {}
    for attestation in Attestation.objects.filter(contractor__in=rows, signed_on__lte=day).order_by(
        "signed_on", "pk"
    ):
        signed[attestation.contractor_id] = attestation
    people: dict[int, list[WorkerRecord]] = defaultdict(list)
    for record in records_at(day, site_ids) if records is None else records:
        if record.contractor_id is not None:
            people[record.contractor_id].append(record)
    return tuple(_contractor(row, signed.get(row.pk), people[row.pk], day) for row in rows)


def _contractor(
    row: Contractor, attestation: Attestation | None, people: list[WorkerRecord], day: date
) -> ContractorJudgement:
    facts = AttestationFacts(
        attested_on=attestation.signed_on if attestation else None,
        ends_on=attestation.expires_on if attestation else None,
        roster_changed_on=row.roster_changed_on,
    )
    past = [each for each in people if (each.facts.work_authorised_until_on or date.max) < day]
    return ContractorJudgement(
        contractor_id=row.pk,
        party_name=row.party.name,
        party_number=row.party.number,
        site_id=row.site_id,
        scope=row.scope,
        judgement=judge_attestation(facts, day),
        workers=len(people),
        workers_past=len(past),
        is_synthetic=row.is_synthetic or any(each.is_synthetic for each in people),
    )
