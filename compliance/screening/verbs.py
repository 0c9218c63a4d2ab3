from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from compliance.lists.models import ListedIdentifier, ListedName
from compliance.lists.remarks import WALLET, fold_wallet
from compliance.screening.models import Decision, Match, MatchBasis, MatchStatus
from hosting.parties.models import Party, PartyIdentifier, PartyKind, PartyName, Wallet
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.folding import fold_name
from kit.trail.verbs import record

CHUNK = 2_000
STRENGTH = {MatchBasis.ALIAS: 1, MatchBasis.NAME: 2, MatchBasis.IDENTIFIER: 3}
GLOBAL_NUMBERS = ("lei",)
"""Numbers that are one of a kind without a country."""


@dataclass(frozen=True)
class Candidate:
    """A party and a listed party that agree on something."""

    party_id: int
    listed_id: int
    basis: MatchBasis
    agrees_on: str


def screen_parties(party_ids: Collection[int] | None = None, *, by: User | None = None) -> tuple[Match, ...]:
    """Compare parties with every listed party and keep what agrees; returns the matches that are new.

    Shape: none means every party. A number agrees with its country; a name when it is the same once case,
        accents, punctuation and legal form are gone. A match once decided stays decided.
    """
    if by is not None:
        require(by, "compliance.edit")
    found: list[Match] = []
    for keys in _chunks(party_ids):
        with transaction.atomic():
            new, stronger = _keep(_candidates(keys))
            if new or stronger:
                detail = {"new": [row.pk for row in new], "stronger": [row.pk for row in stronger]}
                record("parties.screened", None, by=by, detail=detail)
        found += new
    return tuple(found)


def decide(match: Match, outcome: str, reason: str, *, by: User) -> Decision:
    """Say whether a party is the listed one or another, and why; the decision stands when screened again.

    Raises: Refusal without a reason, for an outcome that decides nothing, and if somebody decided meanwhile.
    """
    require(by, "compliance.decide")
    if outcome not in (MatchStatus.CONFIRMED, MatchStatus.DISMISSED):
        raise Refusal(
            _("Decide “same party” or “another party”; “%(outcome)s” is neither.") % {"outcome": outcome}
        )
    if not reason.strip():
        raise Refusal(_("Give the reason: what was compared, and with which document."))
    with transaction.atomic():
        changed = Match.objects.filter(pk=match.pk, status=match.status).exclude(status=outcome)
        if not changed.update(status=outcome):
            raise Refusal(
                _("“%(match)s” has been decided meanwhile, or so already. Look at it again.")
                % {"match": match}
            )
        match.refresh_from_db()
        decision = Decision.objects.create(match=match, outcome=outcome, reason=reason.strip(), decided_by=by)
        record("match.decided", match, by=by, detail={"outcome": outcome, "reason": reason.strip()})
    return decision


def _chunks(party_ids: Collection[int] | None) -> Iterator[list[int]]:
    rows = Party.objects.order_by("pk").values_list("pk", flat=True)
    if party_ids is not None:
        rows = rows.filter(pk__in=party_ids)
    keys = list(rows)
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _candidates(keys: list[int]) -> dict[tuple[int, int], Candidate]:
    """The strongest agreement of each pair."""
    found: dict[tuple[int, int], Candidate] = {}
    for candidate in (*_by_number(keys), *_by_wallet(keys), *_by_name(keys)):
        pair = (candidate.party_id, candidate.listed_id)
        if pair not in found or STRENGTH[candidate.basis] > STRENGTH[found[pair].basis]:
            found[pair] = candidate
    return found


def _by_number(keys: list[int]) -> Iterator[Candidate]:
    ours: dict[str, list[PartyIdentifier]] = defaultdict(list)
    for number in PartyIdentifier.objects.filter(party__in=keys).exclude(folded=""):
        ours[number.folded].append(number)
    listed = ListedIdentifier.objects.filter(folded__in=ours).exclude(kind=WALLET)
    for theirs in listed:
        for number in ours[theirs.folded]:
            is_global = number.kind in GLOBAL_NUMBERS and theirs.kind == number.kind
            if is_global or (number.country and number.country == theirs.country):
                words = f"{number.get_kind_display()} {number.country} {number.value}".replace("  ", " ")
                yield Candidate(number.party_id, theirs.listed_id, MatchBasis.IDENTIFIER, words)


def _by_wallet(keys: list[int]) -> Iterator[Candidate]:
    ours: dict[str, list[Wallet]] = defaultdict(list)
    for wallet in Wallet.objects.filter(party__in=keys):
        ours[fold_wallet(wallet.address)].append(wallet)
    for theirs in ListedIdentifier.objects.filter(folded__in=ours, kind=WALLET):
        for wallet in ours[theirs.folded]:
            words = _("wallet %(address)s") % {"address": wallet.address}
            yield Candidate(wallet.party_id, theirs.listed_id, MatchBasis.IDENTIFIER, words)


def _by_name(keys: list[int]) -> Iterator[Candidate]:
    ours: dict[str, set[tuple[int, str]]] = defaultdict(set)
    names = list(Party.objects.filter(pk__in=keys).values_list("pk", "name", "kind"))
    names += PartyName.objects.filter(party__in=keys).values_list("party_id", "name", "party__kind")
    for party_id, name, kind in names:
        for folded in _forms(name, kind):
            ours[folded].add((party_id, name))
    # A ship or aircraft of the same name is not the same party.
    listed = ListedName.objects.filter(folded__in=ours).exclude(listed__kind__in=["vessel", "aircraft"])
    for theirs in listed:
        for party_id, _name in ours[theirs.folded]:
            basis = MatchBasis.ALIAS if theirs.is_alias else MatchBasis.NAME
            yield Candidate(party_id, theirs.listed_id, basis, theirs.name)


def _forms(name: str, kind: str) -> set[str]:
    """How a name may be written on a list: a person's last name comes first there."""
    folded = fold_name(name)
    first, _space, last = folded.rpartition(" ")
    forms = {folded, f"{last} {first}"} if kind == PartyKind.PERSON and first else {folded}
    return forms - {""}


def _keep(candidates: dict[tuple[int, int], Candidate]) -> tuple[list[Match], list[Match]]:
    """Write the pairs that are new, and the stronger basis of open ones; decided ones are left alone."""
    parties = {party_id for party_id, _listed in candidates}
    known = {(row.party_id, row.listed_id): row for row in Match.objects.filter(party__in=parties)}
    new = [_match(row) for pair, row in candidates.items() if pair not in known]
    Match.objects.bulk_create(new, ignore_conflicts=True)
    stronger = []
    for pair, row in known.items():
        candidate = candidates.get(pair)
        if candidate is None or row.status != MatchStatus.OPEN:
            continue
        if STRENGTH[candidate.basis] > STRENGTH[MatchBasis(row.basis)]:
            row.basis, row.agrees_on = candidate.basis, candidate.agrees_on[:400]
            stronger.append(row)
    Match.objects.bulk_update(stronger, ["basis", "agrees_on"])
    return _written(new), stronger


def _match(candidate: Candidate) -> Match:
    return Match(
        party_id=candidate.party_id,
        listed_id=candidate.listed_id,
        basis=candidate.basis,
        agrees_on=candidate.agrees_on[:400],
    )


def _written(rows: Iterable[Match]) -> list[Match]:
    """The rows with their keys, which a bulk write that skips conflicts does not give back."""
    pairs = {(row.party_id, row.listed_id) for row in rows}
    found = Match.objects.filter(party__in={party for party, _listed in pairs})
    return [row for row in found if (row.party_id, row.listed_id) in pairs]
