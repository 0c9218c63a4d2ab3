from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from compliance.lists.models import ListedParty
from compliance.lists.sources import LISTS
from compliance.screening.models import Match, MatchBasis, MatchStatus
from kit.asof import days_at
from kit.questions import Question, instances

_STANDING = {row.code: row.standing for row in LISTS}
_REGIME = {row.code: row.regime for row in LISTS}


@dataclass(frozen=True)
class ListedMatch:
    """A party of ours that a list names, as it stands on a day."""

    match_id: int
    party_id: int
    party_number: str
    party_name: str
    owner_id: int | None
    standing: Literal["blocked", "review"]
    basis: str
    is_confirmed: bool
    agrees_on: str
    listed: ListedParty
    list_code: str
    list_name: str
    regime: str
    is_synthetic: bool

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        words = {
            "party": self.party_name,
            "listed": self.listed.name,
            "list": self.list_name,
            "uid": self.listed.uid,
            "day": self.listed.listed_on,
            "agrees": self.agrees_on,
            "measure": self.listed.measure,
        }
        if self.standing == "blocked" and self.is_confirmed:
            text = _(
                "Blocked pending counsel: %(party)s is %(listed)s, %(list)s no. %(uid)s since %(day)s "
                "(%(measure)s); confirmed by a person."
            )
        elif self.standing == "blocked":
            text = _(
                "Blocked pending counsel: %(party)s has the number of %(listed)s, %(list)s no. %(uid)s "
                "since %(day)s (%(agrees)s; %(measure)s)."
            )
        elif self.basis == MatchBasis.IDENTIFIER or self.is_confirmed:
            text = _(
                "Review: %(party)s is named as %(listed)s, %(list)s no. %(uid)s since %(day)s (%(measure)s)."
            )
        else:
            text = _(
                "Review: %(party)s has the same name as %(listed)s, %(list)s no. %(uid)s since %(day)s; "
                "decide whether it is the same party."
            )
        return text % words

    @property
    def confidence(self) -> str:
        """High where a number agrees or a person confirmed, medium where only the name does."""
        return "high" if self.basis == MatchBasis.IDENTIFIER or self.is_confirmed else "medium"


def listed_matches_at(day: date) -> tuple[ListedMatch, ...]:
    """The matches with parties listed on a day, without those a person dismissed; gravest first."""
    return matches_question(day).answer


def matches_question(day: date) -> Question[tuple[ListedMatch, ...]]:
    """The same, to be asked together with other questions."""
    found = (
        Match.objects.filter(days_at(day, "listed__listed_on", "listed__delisted_on"))
        .exclude(status=MatchStatus.DISMISSED)
        .order_by("party_id", "listed__source__code", "listed__uid")
    )
    return instances(found, "party", "listed", "listed__source", shape=_gravest_first)


def _gravest_first(matches: list[Match]) -> tuple[ListedMatch, ...]:
    found = [_listed_match(row) for row in matches]
    return tuple(sorted(found, key=lambda row: (row.standing != "blocked", row.party_number, row.listed.uid)))


def _listed_match(row: Match) -> ListedMatch:
    is_confirmed = row.status == MatchStatus.CONFIRMED
    by_number = row.basis == MatchBasis.IDENTIFIER
    source = row.listed.source
    standing = _STANDING.get(source.code, "review") if by_number or is_confirmed else "review"
    return ListedMatch(
        match_id=row.pk,
        party_id=row.party_id,
        party_number=row.party.number,
        party_name=row.party.name,
        owner_id=row.party.owner_id,
        standing=standing,
        basis=row.basis,
        is_confirmed=is_confirmed,
        agrees_on=row.agrees_on,
        listed=row.listed,
        list_code=source.code,
        list_name=source.name,
        regime=_REGIME.get(source.code, ""),
        is_synthetic=row.party.is_synthetic,
    )


def review_desk() -> QuerySet[Match]:
    """Every match with what its list shows, for lists and pages."""
    return Match.objects.select_related("party", "listed__source").prefetch_related("decisions__decided_by")
