"""Whether a party is reached by the ownership of blocked parties, by cascade, per regime."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.utils.translation import gettext as _

from kit.errors import Refusal

WHOLE_BPS = 10_000

UNDISCLOSED = "?"
"""The owner of a share whose holder is not known; it may be anybody."""

Standing = Literal["blocked_listed", "blocked_owned", "unknown", "warn", "none"]
SEVERITY: tuple[Standing, ...] = ("none", "warn", "unknown", "blocked_owned", "blocked_listed")


@dataclass(frozen=True)
class Threshold:
    """From which share of ownership a regime reaches an unlisted party."""

    regime: str
    blocked_from_bps: int
    warn_from_bps: int
    is_aggregated: bool
    is_control_counted: bool
    source: str
    confidence: str


OFAC = Threshold(
    regime="OFAC",
    blocked_from_bps=5_000,
    warn_from_bps=4_000,
    is_aggregated=True,
    is_control_counted=False,
    source="OFAC guidance of 2014-08-13; FAQs 398-402",
    confidence="high",
)
EU = Threshold(
    regime="EU",
    # More than 50 %; some Commission texts say 50 % or more, hence the warning just below.
    blocked_from_bps=5_001,
    warn_from_bps=4_000,
    is_aggregated=True,
    is_control_counted=True,
    source="EU Council best practices on restrictive measures",
    confidence="medium",
)
UK = Threshold(
    regime="UK",
    blocked_from_bps=5_001,
    warn_from_bps=4_000,
    is_aggregated=False,
    is_control_counted=True,
    source="UK guidance on ownership and control; joint arrangements only",
    confidence="medium",
)
THRESHOLDS = (OFAC, EU, UK)


@dataclass(frozen=True)
class Edge:
    """One owner's share in one company; `None` is a share that nobody has shown yet."""

    owner: str
    owned: str
    share_bps: int | None
    has_control: bool = False


@dataclass(frozen=True)
class Ownership:
    """What one regime's rule says of one party, with the links that explain it.

    Shape: `chain` runs from the listed parties down to this one; `aggregate_bps` is the sum of the
        direct shares held by parties that are themselves blocked.
    """

    party: str
    regime: str
    standing: Standing
    aggregate_bps: int
    chain: tuple[Edge, ...]
    programmes: tuple[str, ...]
    sentence: str
    source: str
    confidence: str


def judge_ownership(
    edges: Iterable[Edge],
    blocked: Mapping[str, str],
    threshold: Threshold = OFAC,
    joint: Collection[frozenset[str]] = (),
) -> tuple[Ownership, ...]:
    """An entity owned 50 percent or more by blocked parties, together and through companies that are
    themselves so owned, is blocked even if no list names it.

    Shape: `blocked` is listed party -> programme; `joint` are groups of listed parties that act
        together, which matters only where a regime does not aggregate. One row per party, by name.
    Source: OFAC FAQ 401: a company that is itself blocked passes on its whole stake, one that is
        not passes on nothing; shares are never multiplied along a chain.
    Raises: Refusal for a share outside 0 to 10,000 basis points.
    """
    holdings = _Holdings(tuple(edges))
    groups = _groups(holdings, blocked, threshold, joint)
    reached = [_reached(holdings, group, threshold, is_upper=False) for group in groups]
    # What unknown shares and undisclosed owners could add at the most.
    possible = set().union(
        *(
            _reached(holdings, group | {UNDISCLOSED}, threshold, is_upper=True)
            for group in groups or [frozenset[str]()]
        )
    )
    parties = (holdings.parties | blocked.keys()) - {UNDISCLOSED}
    return tuple(
        _judge(party, holdings, blocked, threshold, reached, party in possible) for party in sorted(parties)
    )


class _Holdings:
    """The edges, looked up from either end; a company's shares in itself count for nobody."""

    def __init__(self, edges: tuple[Edge, ...]) -> None:
        for edge in edges:
            if edge.share_bps is not None and not 0 <= edge.share_bps <= WHOLE_BPS:
                raise Refusal(
                    _("The share is %(share)d basis points; it must be from 0 to 10,000.")
                    % {"share": edge.share_bps},
                    where=f"{edge.owner} -> {edge.owned}",
                )
        self.edges = tuple(
            sorted(
                (edge for edge in edges if edge.owner != edge.owned),
                key=lambda edge: (edge.owned, edge.owner, edge.share_bps or 0, edge.has_control),
            )
        )
        self.parties = {edge.owner for edge in edges} | {edge.owned for edge in edges}

    @cached_property
    def below(self) -> dict[str, list[Edge]]:
        found = defaultdict(list)
        for edge in self.edges:
            found[edge.owner].append(edge)
        return dict(found)

    @cached_property
    def above(self) -> dict[str, list[Edge]]:
        found = defaultdict(list)
        for edge in self.edges:
            found[edge.owned].append(edge)
        return dict(found)

    @cached_property
    def unshown_bps(self) -> dict[str, int]:
        """What the unknown shares in a company can add up to."""
        known: dict[str, int] = defaultdict(int)
        for edge in self.edges:
            known[edge.owned] += edge.share_bps or 0
        return {owned: max(0, WHOLE_BPS - bps) for owned, bps in known.items()}


def _groups(
    holdings: _Holdings,
    blocked: Mapping[str, str],
    threshold: Threshold,
    joint: Collection[frozenset[str]],
) -> list[frozenset[str]]:
    """The sets of listed parties whose shares are added up together."""
    listed = frozenset(blocked)
    if threshold.is_aggregated:
        return [listed]
    together = [group & listed for group in joint if group & listed]
    alone = [frozenset({party}) for party in sorted(listed) if party in holdings.below]
    return [*together, *alone]


def _reached(
    holdings: _Holdings, seeds: frozenset[str], threshold: Threshold, *, is_upper: bool
) -> frozenset[str]:
    """The seeds and every party they own by cascade; each edge is added up once, so cycles end."""
    reached: set[str] = set()
    tally: dict[str, int] = defaultdict(int)
    with_unknown: set[str] = set()
    waiting = deque(seeds)
    while waiting:
        owner = waiting.popleft()
        if owner in reached:
            continue
        reached.add(owner)
        for edge in holdings.below.get(owner, ()):
            tally[edge.owned] += edge.share_bps or 0
            if edge.share_bps is None:
                with_unknown.add(edge.owned)
            share_bps = tally[edge.owned]
            if is_upper and edge.owned in with_unknown:
                share_bps += holdings.unshown_bps[edge.owned]
            is_controlled = edge.has_control and threshold.is_control_counted
            if is_controlled or share_bps >= threshold.blocked_from_bps:
                waiting.append(edge.owned)
    return frozenset(reached)


def _judge(
    party: str,
    holdings: _Holdings,
    blocked: Mapping[str, str],
    threshold: Threshold,
    reached: list[frozenset[str]],
    is_possible: bool,
) -> Ownership:
    # Where shares are not added up across groups, the group with the largest stake explains most.
    group = max(
        reached,
        key=lambda members: (party in members, _share_bps(party, holdings, members)),
        default=frozenset[str](),
    )
    share_bps = _share_bps(party, holdings, group)
    owners = [edge for edge in holdings.above.get(party, ()) if edge.owner in group]
    standing: Standing
    if party in blocked:
        standing = "blocked_listed"
    elif party in group:
        standing = "blocked_owned"
    elif is_possible:
        standing = "unknown"
    elif share_bps >= threshold.warn_from_bps or any(edge.has_control for edge in owners):
        standing = "warn"
    else:
        standing = "none"
    chain = _chain(party, holdings, group, blocked) if party not in blocked else ()
    listed = {edge.owner for edge in chain if edge.owner in blocked} | ({party} & blocked.keys())
    return Ownership(
        party=party,
        regime=threshold.regime,
        standing=standing,
        aggregate_bps=share_bps,
        chain=chain,
        programmes=tuple(sorted({blocked[name] for name in listed})),
        sentence=_sentence(standing, share_bps, threshold),
        source=threshold.source,
        confidence=threshold.confidence,
    )


def _share_bps(party: str, holdings: _Holdings, members: frozenset[str]) -> int:
    return sum(edge.share_bps or 0 for edge in holdings.above.get(party, ()) if edge.owner in members)


def _chain(
    party: str, holdings: _Holdings, members: frozenset[str], blocked: Mapping[str, str]
) -> tuple[Edge, ...]:
    """The counted links above a party, walked up to the listed ones and told from the top."""
    found: list[Edge] = []
    seen = {party}
    waiting = deque([party])
    while waiting:
        for edge in holdings.above.get(waiting.popleft(), ()):
            if edge.owner not in members:
                continue
            found.append(edge)
            if edge.owner not in blocked and edge.owner not in seen:
                seen.add(edge.owner)
                waiting.append(edge.owner)
    return tuple(reversed(found))


def _sentence(standing: Standing, share_bps: int, threshold: Threshold) -> str:
    words = {"regime": threshold.regime, "share": f"{share_bps / 100:.2f}"}
    if standing == "blocked_listed":
        return _("Blocked pending counsel: named on a list under %(regime)s.") % words
    if standing == "blocked_owned":
        return (
            _(
                "Blocked pending counsel: blocked parties own %(share)s %% or control it "
                "(%(regime)s ownership rule)."
            )
            if threshold.is_control_counted
            else _(
                "Blocked pending counsel: blocked parties own %(share)s %% together "
                "(%(regime)s ownership rule)."
            )
        ) % words
    if standing == "unknown":
        return (
            _(
                "Unknown: blocked parties own %(share)s %% as far as shown, and a share not shown "
                "could change the result (%(regime)s)."
            )
            % words
        )
    if standing == "warn":
        return (
            _(
                "Review: blocked parties own %(share)s %% or control it, which is short of the "
                "%(regime)s ownership rule but close to it."
            )
            % words
        )
    return _("No open finding: blocked parties own %(share)s %% as far as shown (%(regime)s).") % words
