"""A contractor's own workers: its attestation is dated and renewed, their papers are not asked for."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from compliance.workforce.facts import AttestationFacts, Judgement, Standing
from compliance.workforce.windows import ATTESTATION_DAYS, window_reached

ATTESTATION_HOLDS_DAYS = 180


def judge_attestation(facts: AttestationFacts, as_of: date) -> Judgement:
    """A contractor answers for its own workers by an attestation that is renewed in time.

    Source: 8 CFR 274a.1(l) and INA 274A(a)(4); the term of 180 days is recommended practice.
    """

    def found(standing: Standing, due_on: date | None, sentence: str) -> Judgement:
        return Judgement("attestation", standing, due_on, sentence, "INA 274A(a)(4); 8 CFR 274a.1(l)", "high")

    if facts.attested_on is None or facts.attested_on > as_of:
        return found("review", None, _("No attestation is on record: stop access until one is given."))
    ends_on = facts.ends_on or facts.attested_on + timedelta(days=ATTESTATION_HOLDS_DAYS)
    if ends_on < as_of:
        return found(
            "review",
            ends_on,
            _("The attestation lapsed after %(day)s: stop access until renewed.") % {"day": ends_on},
        )
    changed_on = facts.roster_changed_on
    if changed_on is not None and facts.attested_on < changed_on <= as_of:
        return found(
            "review",
            changed_on,
            _("The roster changed on %(day)s, after the attestation: have it renewed.") % {"day": changed_on},
        )
    if window_reached(ends_on, as_of, ATTESTATION_DAYS) is not None:
        return found("watch", ends_on, _("The attestation ends on %(day)s.") % {"day": ends_on})
    return found(
        "none",
        ends_on,
        _("No open finding: the attestation holds until %(day)s.") % {"day": ends_on},
    )
