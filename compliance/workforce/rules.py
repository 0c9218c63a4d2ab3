"""Every rule about staff, in the order in which it is applied to everybody alike."""

from collections.abc import Callable
from datetime import date

from compliance.workforce.clocks import (
    judge_admission,
    judge_authorisation,
    judge_passport,
    judge_visa,
)
from compliance.workforce.facts import Judgement, WorkerFacts
from compliance.workforce.form_i9 import (
    judge_document_lists,
    judge_receipts,
    judge_retention,
    judge_sections,
)

Rule = Callable[[WorkerFacts, date], list[Judgement]]

RULES: tuple[Rule, ...] = (
    judge_authorisation,
    judge_admission,
    judge_visa,
    judge_passport,
    judge_receipts,
    judge_sections,
    judge_document_lists,
)


def judge_worker(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """Apply every rule to one worker's dates, the same rules in the same order for everybody.

    Source: FACTS B2-B8; Immigration and Nationality Act 274A and 274B.
    """
    if facts.ended_on is not None and facts.ended_on < as_of:
        return judge_retention(facts, as_of)
    return [found for rule in RULES for found in rule(facts, as_of)]
