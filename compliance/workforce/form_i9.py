"""The dates of Form I-9: sections, lists, receipts, retention and inspection, alike for everybody."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from compliance.workforce.facts import Judgement, ReceiptKind, Standing, WorkerFacts
from compliance.workforce.windows import RECEIPT_DAYS, window_reached
from kit.calendar import business_days_after

RECEIPT_HOLDS_DAYS: dict[ReceiptKind, int] = {
    "replacement": 90,
    "temporary_i551": 365,
    "refugee_i94": 90,
}
_RETENTION_SOURCE = "8 CFR 274a.2(b)(2)(i)"


def judge_receipts(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """A receipt stands in for a document for a fixed time only, whoever shows it."""
    found = []
    for receipt in facts.receipts:
        if receipt.replaced_on is not None and receipt.replaced_on <= as_of:
            continue
        due_on = receipt.stamp_ends_on or receipt.counted_from_on + timedelta(
            days=RECEIPT_HOLDS_DAYS[receipt.kind]
        )
        standing: Standing = "none"
        sentence = _("A receipt holds until %(day)s.")
        if facts.is_short_job:
            standing = "review"
            sentence = _("A receipt is not enough for a job of under three business days.")
        elif due_on < as_of:
            standing = "review"
            sentence = _("A receipt held until %(day)s and has not been replaced since.")
        elif window_reached(due_on, as_of, RECEIPT_DAYS) is not None:
            standing = "watch"
        found.append(
            Judgement(
                "receipt",
                standing,
                due_on,
                sentence % {"day": due_on},
                "8 CFR 274a.2(b)(1)(vi)",
                "high",
            )
        )
    return found


def judge_sections(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """Section 1 by the end of the first day of work, section 2 within three business days of it."""
    if not facts.is_own_employee:
        return []
    if facts.hired_on is None:
        return [
            Judgement(
                "i9",
                "unknown",
                None,
                _("Unknown: the first day of work is not recorded."),
                "8 CFR 274a.2(b)(1)",
                "high",
            )
        ]
    second_due_on = facts.hired_on if facts.is_short_job else business_days_after(facts.hired_on, 3)
    return [
        _section("i9_section_1", facts.section_1_on, facts.hired_on, facts.hired_on, as_of),
        _section("i9_section_2", facts.section_2_on, second_due_on, facts.hired_on, as_of),
    ]


def _section(code: str, done_on: date | None, due_on: date, hired_on: date, as_of: date) -> Judgement:
    standing: Standing = "none"
    words = {"day": due_on, "done": done_on}
    if done_on is not None and done_on <= as_of:
        if done_on > due_on:
            standing = "watch"
            sentence = _("Completed on %(done)s, due by %(day)s: keep a note of why.")
        else:
            sentence = _("No open finding: completed on %(done)s.")
    elif due_on < as_of:
        standing = "review"
        sentence = _("Not completed, due by %(day)s: complete it now and note why it is late.")
    else:
        if as_of >= hired_on:
            standing = "watch"
        sentence = _("To be completed by %(day)s.")
    return Judgement(code, standing, due_on, sentence % words, "8 CFR 274a.2(b)(1)(i)-(ii)", "high")


def judge_document_lists(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """One document of List A, or one of List B and one of List C, as the worker chooses; no more."""
    shown = sorted(facts.document_lists)
    if not facts.is_own_employee or facts.section_2_on is None or facts.section_2_on > as_of:
        return []
    standing: Standing
    if not shown:
        standing, sentence = "unknown", _("Unknown: which lists were used is not recorded.")
    elif shown in (["A"], ["B", "C"]):
        standing, sentence = "none", _("No open finding: the lists used are enough.")
    elif "A" in shown or {"B", "C"} <= set(shown):
        standing = "watch"
        sentence = _("More papers are recorded than the form needs: do not ask for more.")
    else:
        standing = "review"
        sentence = _("The lists recorded do not complete section 2; the worker chooses what does.")
    return [Judgement("i9_lists", standing, None, sentence, "8 CFR 274a.2(b)(1)(v); INA 274B", "high")]


def judge_retention(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """Keep a form three years from hire or one year from the end of work, whichever is later."""
    if not facts.is_own_employee or facts.ended_on is None:
        return []
    if facts.hired_on is None:
        sentence = _("Unknown: the first day of work is not recorded, so the form is kept.")
        return [Judgement("i9_retention", "unknown", None, sentence, _RETENTION_SOURCE, "high")]
    keep_until_on = max(_years_after(facts.hired_on, 3), _years_after(facts.ended_on, 1))
    standing: Standing = "none"
    if facts.is_under_litigation_hold:
        sentence = _("Keep the form while the litigation hold lasts.")
    elif keep_until_on < as_of:
        standing = "watch"
        sentence = _("The form had to be kept until %(day)s; a person decides what becomes of it.")
    else:
        sentence = _("Keep the form until %(day)s.")
    return [
        Judgement(
            "i9_retention",
            standing,
            keep_until_on,
            sentence % {"day": keep_until_on},
            _RETENTION_SOURCE,
            "high",
        )
    ]


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: the day after is the later, safer end.
        return date(day.year + years, 3, 1)


def inspection_due_on(noticed_on: date) -> date:
    """The first day on which an inspector may require the Forms I-9: three business days.

    Source: 8 CFR 274a.2(b)(2)(ii).
    """
    return business_days_after(noticed_on, 3)


def correction_due_on(noticed_on: date) -> date:
    """The last day to correct technical failures after notice of them: ten business days.

    Source: INA 274A(b)(6)(B).
    """
    return business_days_after(noticed_on, 10)
