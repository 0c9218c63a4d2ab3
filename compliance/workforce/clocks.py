"""The four clocks on a record: work authorisation, admission, visa and passport, kept apart."""

from datetime import date

from django.utils.translation import gettext as _

from compliance.workforce.authorisation import AuthorisationEnd, authorisation_end
from compliance.workforce.facts import Judgement, Standing, WorkerFacts
from compliance.workforce.windows import AUTHORISATION_DAYS, PASSPORT_DAYS, window_reached


def judge_authorisation(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """Reverify on or before the end of work authorisation; never a worker who attested a standing
    without end, never by a List B document."""
    if facts.is_reverification_exempt or facts.is_authorisation_unlimited:
        return []
    if facts.authorisation_read_from == "B":
        return []
    if facts.work_authorised_until_on is None:
        if not facts.is_own_employee:
            return []
        return [
            Judgement(
                "reverification",
                "unknown",
                None,
                _("Unknown: neither an end date nor its absence is recorded."),
                "8 CFR 274a.2(b)(1)(vii)",
                "high",
            )
        ]
    end = _end(facts, facts.work_authorised_until_on, as_of)
    standing, sentence = _reverification(end, as_of, is_own_employee=facts.is_own_employee)
    return [Judgement("reverification", standing, end.ends_on, sentence, end.source, end.confidence)]


def _end(facts: WorkerFacts, recorded_on: date, as_of: date) -> AuthorisationEnd:
    def known(day: date | None) -> date | None:
        return day if day is None or day <= as_of else None

    return authorisation_end(
        recorded_on,
        category=facts.ead_category,
        renewal_filed_on=known(facts.renewal_filed_on),
        renewal_category=facts.renewal_category,
        renewal_decided_on=known(facts.renewal_decided_on),
        admit_until_on=facts.admit_until_on,
    )


def _works_by_card(facts: WorkerFacts, as_of: date) -> bool:
    """Whether work rests on a card or a standing that the admission does not end."""
    if facts.is_authorisation_unlimited:
        return True
    recorded_on = facts.work_authorised_until_on
    if recorded_on is None or not facts.ead_category:
        return False
    return _end(facts, recorded_on, as_of).ends_on >= as_of


def _reverification(end: AuthorisationEnd, as_of: date, *, is_own_employee: bool) -> tuple[Standing, str]:
    words = {"day": end.ends_on, "basis": end.basis}
    if end.ends_on >= as_of:
        window = window_reached(end.ends_on, as_of, AUTHORISATION_DAYS)
        if window is None:
            return "none", _("No open finding: reverification is due by %(day)s.") % words
        return "watch", _("Reverification is due by %(day)s (%(basis)s).") % words
    if not end.is_certain:
        return "unknown", _("Unknown whether reverification is due since %(day)s: %(basis)s.") % words
    if not is_own_employee:
        return (
            "review",
            _(
                "Reverification overdue since %(day)s on the contractor's record: raise it with "
                "the contractor under its attestation."
            )
            % words,
        )
    return (
        "review",
        _(
            "Reverification overdue since %(day)s (%(basis)s). The worker chooses which acceptable "
            "papers to use; counsel advises on the rest."
        )
        % words,
    )


def judge_admission(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """The admit-until date is a clock of its own: it is watched, and its passing is a question."""
    if facts.is_reverification_exempt:
        return []
    due_on = facts.admit_until_on
    standing: Standing = "none"
    if due_on is None:
        if not facts.is_duration_of_status:
            return []
        sentence = _("Admitted for the duration of status: no date runs.")
    elif due_on < as_of and _works_by_card(facts, as_of):
        sentence = _("The recorded admit-until date %(day)s has passed; work rests on the recorded card.") % {
            "day": due_on
        }
    elif due_on < as_of:
        standing = "review"
        sentence = _(
            "The recorded admit-until date %(day)s has passed: the record may be out of date; "
            "counsel advises."
        ) % {"day": due_on}
    elif window_reached(due_on, as_of, AUTHORISATION_DAYS) is not None:
        standing = "watch"
        sentence = _("The recorded admit-until date is %(day)s.") % {"day": due_on}
    else:
        sentence = _("No open finding: the recorded admit-until date is %(day)s.") % {"day": due_on}
    return [Judgement("admission", standing, due_on, sentence, "8 CFR 214.1; Form I-94", "high")]


def judge_visa(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """A visa is permission to apply for entry; its end says nothing of the stay or of work."""
    if facts.is_reverification_exempt or facts.visa_ends_on is None:
        return []
    sentence = _("Cannot re-enter on this visa after %(day)s; stay and work do not depend on it.")
    return [
        Judgement(
            "visa",
            "none",
            facts.visa_ends_on,
            sentence % {"day": facts.visa_ends_on},
            "22 CFR 41.112",
            "high",
        )
    ]


def judge_passport(facts: WorkerFacts, as_of: date) -> list[Judgement]:
    """A stay may be granted no longer than a passport lasts, so its end is worth a reminder."""
    due_on = facts.passport_ends_on
    if facts.is_reverification_exempt or due_on is None:
        return []
    is_near = due_on < as_of or window_reached(due_on, as_of, PASSPORT_DAYS) is not None
    return [
        Judgement(
            "passport",
            "watch" if is_near else "none",
            due_on,
            _("The recorded passport date is %(day)s; a next admission may end with it.") % {"day": due_on},
            "CBP practice on admission periods",
            "medium",
        )
    ]
