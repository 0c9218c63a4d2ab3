"""What a rule about staff is told and what it answers: dates on a record, never who a person is."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Standing = Literal["blocked", "review", "watch", "unknown", "none"]
DocumentList = Literal["A", "B", "C"]
ReceiptKind = Literal["replacement", "temporary_i551", "refugee_i94"]


@dataclass(frozen=True)
class Receipt:
    """A receipt shown in place of a document, counted from hire or from the reverification date."""

    kind: ReceiptKind
    counted_from_on: date
    stamp_ends_on: date | None = None
    replaced_on: date | None = None


@dataclass(frozen=True)
class WorkerFacts:
    """The dates on one worker's record, and no more about the worker than those.

    Shape: `is_reverification_exempt` is the worker's own attestation, in section 1, of a standing
        that is never reverified (a citizen or national of the United States, a lawful permanent
        resident); which of them is not kept. `authorisation_read_from` is the Form I-9 list of the
        document that `work_authorised_until_on` was read from.
    """

    hired_on: date | None = None
    ended_on: date | None = None
    is_own_employee: bool = True
    is_short_job: bool = False
    is_reverification_exempt: bool = False
    is_authorisation_unlimited: bool = False
    work_authorised_until_on: date | None = None
    authorisation_read_from: DocumentList | None = None
    ead_category: str = ""
    renewal_filed_on: date | None = None
    renewal_category: str = ""
    renewal_decided_on: date | None = None
    admit_until_on: date | None = None
    is_duration_of_status: bool = False
    visa_ends_on: date | None = None
    passport_ends_on: date | None = None
    section_1_on: date | None = None
    section_2_on: date | None = None
    document_lists: tuple[DocumentList, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    is_under_litigation_hold: bool = False


@dataclass(frozen=True)
class AttestationFacts:
    """A contractor's word that its own workers' papers are in order, and how long it holds."""

    attested_on: date | None = None
    ends_on: date | None = None
    roster_changed_on: date | None = None


@dataclass(frozen=True)
class Judgement:
    """What one rule makes of one record on one day."""

    code: str
    standing: Standing
    due_on: date | None
    sentence: str
    source: str
    confidence: str
