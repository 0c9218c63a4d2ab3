"""What is known of where a part comes from, and whether a list entry asks for a review of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from compliance.origin.components import KINDS_OF_BOARD, KINDS_OF_HASH_CHIP
from compliance.origin.families import BoardFamily, ListHit, board_family, chip_series

Standing = Literal["blocked", "review", "watch", "unknown", "none"]
Evidence = Literal["unknown", "declared", "evidenced", "verified"]


@dataclass(frozen=True)
class PartFacts:
    """What is recorded of one part, or of a group of parts that are alike.

    Shape: `recorded_on` is when the origin was recorded or the evidence made; `fitted_on` is when
        the part now in place was put there.
    """

    kind: str
    family: str = "unknown"
    maker: str = ""
    miner_model: str = ""
    evidence: Evidence = "unknown"
    recorded_on: date | None = None
    fitted_on: date | None = None


@dataclass(frozen=True)
class OriginJudgement:
    """What one part's origin asks for on one day; `evidence` is what still counts of the record."""

    standing: Standing
    evidence: Evidence
    is_stale: bool
    sentence: str
    authority: str
    source: str
    confidence: str


def judge_origin(facts: PartFacts, as_of: date) -> OriginJudgement:
    """Origin is unknown until shown; a part of a listed company's group asks for a review.

    Source: 15 CFR 744.11 and supplement 4 to part 744: the Entity List restricts sending items to
        the listed company; by itself it does not restrict having or running a part it made.
    """
    if is_stale(facts, as_of):
        sentence = _(
            "Unknown: the part was replaced on %(day)s, after its origin was recorded; record the new part."
        )
        return _unknown(sentence % {"day": facts.fitted_on}, was_stale=True)
    if facts.recorded_on is not None and facts.recorded_on > as_of:
        return _unknown(_("Unknown: the origin was recorded only after this day."))
    if facts.kind in KINDS_OF_BOARD:
        return _judge_board(facts, as_of)
    series = chip_series(facts.maker, facts.miner_model)
    if facts.kind in KINDS_OF_HASH_CHIP and series is not None:
        hit = _in_force(series.hits, as_of)
        if hit is not None:
            return _review(facts, hit, series.fab)
    if facts.evidence == "unknown" or not facts.maker:
        return _unknown(_("Unknown: nobody has recorded where this part comes from."))
    return _no_finding(facts, facts.maker, source="", confidence="unknown")


def is_stale(facts: PartFacts, as_of: date) -> bool:
    """Whether the part was replaced after its origin was recorded, so that the record is of another."""
    fitted_on = facts.fitted_on
    return fitted_on is not None and facts.recorded_on is not None and facts.recorded_on < fitted_on <= as_of


def _judge_board(facts: PartFacts, as_of: date) -> OriginJudgement:
    family = board_family(facts.family)
    if family is None:
        return _unknown(
            _("Unknown: the same model is built with boards of several families; look at this serial.")
        )
    hit = _in_force(family.hits, as_of)
    # An entry counts even before anybody has shown evidence: a mere name is enough to look.
    if hit is not None:
        return _review(facts, hit, family.vendor)
    if facts.evidence == "unknown":
        return _unknown(_("Unknown: a family is named, but nobody has declared or shown it."))
    return _no_finding(facts, _vendor(family), source=family.source, confidence=family.confidence)


def _vendor(family: BoardFamily) -> str:
    if not family.vendor:
        return _("%(family)s, vendor unknown") % {"family": family.family}
    return family.vendor


def _in_force(hits: tuple[ListHit, ...], as_of: date) -> ListHit | None:
    return next((hit for hit in hits if hit.is_in_force(as_of)), None)


def _review(facts: PartFacts, hit: ListHit, vendor: str) -> OriginJudgement:
    sentence = _(
        "Origin exposure: review. %(vendor)s falls under the entry of %(listed)s (%(authority)s). It "
        "restricts sending items to the listed company; it does not by itself restrict having or running "
        "this part. Look at returns, repairs, resale abroad and shared firmware work."
    )
    return OriginJudgement(
        standing="review",
        evidence=facts.evidence,
        is_stale=False,
        sentence=sentence % {"vendor": vendor, "listed": hit.listed_name, "authority": hit.authority},
        authority=hit.authority,
        source=hit.source,
        confidence=hit.confidence,
    )


def _unknown(sentence: str, *, was_stale: bool = False) -> OriginJudgement:
    return OriginJudgement("unknown", "unknown", was_stale, sentence, "", "", "unknown")


def _no_finding(facts: PartFacts, vendor: str, *, source: str, confidence: str) -> OriginJudgement:
    sentence = _("No open finding: %(vendor)s, %(evidence)s.")
    words = {"vendor": vendor, "evidence": _evidence_name(facts.evidence)}
    return OriginJudgement("none", facts.evidence, False, sentence % words, "", source, confidence)


def _evidence_name(evidence: Evidence) -> str:
    return {
        "unknown": _("not shown"),
        "declared": _("as declared"),
        "evidenced": _("with evidence"),
        "verified": _("verified"),
    }[evidence]
