from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from compliance.ownership.rules import THRESHOLDS, Edge, Ownership, judge_ownership
from compliance.screening.reads import ListedMatch, listed_matches_at
from hosting.parties.models import Stake
from kit.asof import days_at
from kit.questions import Question, Row, rows


@dataclass(frozen=True)
class OwnedParty:
    """A party that the stakes of listed parties reach, may reach or nearly reach, under one regime.

    Shape: `standing` is blocked, review or unknown; `links` tells the stakes from the top down in words;
        `roots` are the listed parties at the top.
    """

    party_id: int
    party_number: str
    party_name: str
    owner_id: int | None
    regime: str
    standing: str
    sentence: str
    links: tuple[str, ...]
    roots: tuple[ListedMatch, ...]
    source: str
    confidence: str
    is_synthetic: bool


_STANDING = {"blocked_owned": "blocked", "warn": "review", "unknown": "unknown"}


class Stakeholder(NamedTuple):
    """A party that holds or is held."""

    party_id: int
    number: str
    name: str
    owner_id: int | None
    is_synthetic: bool


class Stakes(NamedTuple):
    """The stakes that stood on a day, between parties told by their keys, and those parties."""

    edges: tuple[Edge, ...]
    parties: dict[int, Stakeholder]


def stakes_question(day: date) -> Question[Stakes]:
    """The stakes of a day, to be asked together with other questions."""
    shown = [f"{side}__{name}" for side in ("holder", "held") for name in Stakeholder._fields[1:]]
    found = Stake.objects.filter(days_at(day)).order_by("id")
    return rows(found.values_list("share_bps", "holder_id", "held_id", *shown), _stakes)


def _stakes(found: list[Row]) -> Stakes:
    edges = tuple(Edge(str(holder), str(held), share_bps) for share_bps, holder, held, *_shown in found)
    parties: dict[int, Stakeholder] = {}
    for _share_bps, holder, held, *shown in found:
        parties[holder] = Stakeholder(holder, *shown[:4])
        parties[held] = Stakeholder(held, *shown[4:])
    return Stakes(edges, parties)


def owned_at(day: date, matches: Iterable[ListedMatch] | None = None) -> tuple[OwnedParty, ...]:
    """What the ownership rule of each regime makes of the stakes of a day, listed parties left out.

    Shape: with `matches` of another day, the question is what the stakes of the one day mean under the
        lists of the other.
    """
    return owned_by(stakes_question(day).answer, listed_matches_at(day) if matches is None else matches)


def owned_by(stakes: Stakes, matches: Iterable[ListedMatch]) -> tuple[OwnedParty, ...]:
    """The same of stakes that have been read."""
    blocked = [row for row in matches if row.standing == "blocked"]
    found: list[tuple[Ownership, dict[str, ListedMatch]]] = []
    for threshold in THRESHOLDS:
        listed = {str(row.party_id): row for row in blocked if row.regime == threshold.regime}
        if not listed or not stakes.edges:
            continue
        programmes = {key: ", ".join(row.listed.programmes) for key, row in listed.items()}
        judged = judge_ownership(stakes.edges, programmes, threshold)
        found += [(row, listed) for row in judged if row.standing in _STANDING]
    return tuple(_owned(row, listed, stakes.parties) for row, listed in found)


def blocked_by_ownership(day: date) -> tuple[OwnedParty, ...]:
    """The parties blocked pending counsel because listed parties own them, on a day."""
    return tuple(row for row in owned_at(day) if row.standing == "blocked")


def _owned(row: Ownership, listed: dict[str, ListedMatch], parties: dict[int, Stakeholder]) -> OwnedParty:
    party = parties[int(row.party)]
    return OwnedParty(
        party_id=party.party_id,
        party_number=party.number,
        party_name=party.name,
        owner_id=party.owner_id,
        regime=row.regime,
        standing=_STANDING[row.standing],
        sentence=row.sentence,
        links=tuple(_link(edge, parties) for edge in row.chain),
        roots=tuple(listed[key] for key in dict.fromkeys(edge.owner for edge in row.chain) if key in listed),
        source=row.source,
        confidence=row.confidence,
        is_synthetic=party.is_synthetic
        or any(listed[e.owner].is_synthetic for e in row.chain if e.owner in listed),
    )


def _link(edge: Edge, parties: dict[int, Stakeholder]) -> str:
    words = {"owner": parties[int(edge.owner)].name, "owned": parties[int(edge.owned)].name}
    if edge.share_bps is None:
        return _("%(owner)s holds an unknown share of %(owned)s") % words
    return _("%(owner)s holds %(share)s %% of %(owned)s") % {**words, "share": f"{edge.share_bps / 100:.2f}"}
