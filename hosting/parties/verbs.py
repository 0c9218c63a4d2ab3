from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pycountry
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from fleet.miners.models import Owner
from hosting.parties.holds import give_clearance, place_hold, release_hold
from hosting.parties.models import IdentifierKind, Party, PartyIdentifier, PartyKind, PartyName, Stake, Wallet
from hosting.parties.wallets import normalise_address
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.folding import fold_identifier, fold_name
from kit.provenance import Confidence
from kit.trail.verbs import record

__all__ = [
    "Identifier",
    "NewParty",
    "add_identifier",
    "add_name",
    "add_wallet",
    "give_clearance",
    "place_hold",
    "register_parties",
    "register_party",
    "release_hold",
    "set_stake",
]

WHOLE_BPS = 10_000


@dataclass(frozen=True)
class Identifier:
    """A number a register gave a party."""

    value: str
    kind: str = IdentifierKind.OTHER
    country: str = ""


@dataclass(frozen=True)
class NewParty:
    """What is known of a party when it is registered; the owner is the fleet's label of the same person."""

    number: str
    kind: str
    name: str
    country: str = ""
    owner: Owner | None = None
    names: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    wallets: tuple[tuple[str, str], ...] = ()
    source: str = ""
    confidence: str = Confidence.UNKNOWN
    is_synthetic: bool = False


def register_party(new: NewParty, *, by: User | None) -> Party:
    """Register one party with its names, identifiers and wallets.

    Raises: Refusal as `register_parties` does.
    """
    return register_parties([new], by=by)[0]


@transaction.atomic
def register_parties(new: Sequence[NewParty], *, by: User | None) -> list[Party]:
    """Register parties in a handful of statements, however many; all or none.

    Shape: a party's own name is kept among its names as well, so that one table is searched for matches.
    Raises: Refusal for a taken or repeated number, an unknown kind or country, an empty name.
    """
    if by is not None:
        require(by, "hosting.edit")
    _check_new(new)
    parties = Party.objects.bulk_create(
        [
            Party(
                number=one.number,
                kind=one.kind,
                name=one.name,
                country=one.country,
                owner=one.owner,
                source=one.source,
                confidence=one.confidence,
                is_synthetic=one.is_synthetic,
            )
            for one in new
        ],
        batch_size=5_000,
    )
    names, identifiers, wallets = [], [], []
    for party, one in zip(parties, new, strict=True):
        names += [_name(party, name) for name in dict.fromkeys((one.name, *one.names))]
        identifiers += [_identifier(party, number) for number in one.identifiers]
        wallets += [_wallet(party, asset, address) for asset, address in one.wallets]
    PartyName.objects.bulk_create(names, batch_size=5_000)
    PartyIdentifier.objects.bulk_create(identifiers, batch_size=5_000)
    Wallet.objects.bulk_create(wallets, batch_size=5_000)
    if len(parties) == 1:
        record("party.registered", parties[0], by=by)
    elif parties:
        detail = {"parties": len(parties), "first": new[0].number, "last": new[-1].number}
        record("parties.registered", None, by=by, detail=detail)
    return parties


def _check_new(new: Sequence[NewParty]) -> None:
    numbers = Counter(one.number for one in new)
    twice = [number for number, times in numbers.items() if times > 1]
    taken = list(Party.objects.filter(number__in=numbers).values_list("number", flat=True)[:3])
    if twice or taken:
        raise Refusal(
            _(
                "The party number %(number)s is taken. Give every party a number of its own; nobody was "
                "registered."
            )
            % {"number": (twice or taken)[0]}
        )
    for one in new:
        where = _("party %(number)s") % {"number": one.number}
        if not one.number.strip() or not one.name.strip():
            raise Refusal(_("A party needs a number and a name."), where=where)
        if one.kind not in PartyKind.values:
            raise Refusal(
                _("“%(kind)s” is not a kind of party; write person or organisation.") % {"kind": one.kind},
                where=where,
            )
        check_country(one.country, where=where)


def check_country(country: str, *, where: str = "") -> None:
    """Refuse a code that is neither blank (unknown) nor a country of ISO 3166-1."""
    if country and (country != country.upper() or pycountry.countries.get(alpha_2=country) is None):
        raise Refusal(
            _(
                "“%(code)s” is not a country code; write two capital letters such as KZ, or nothing if "
                "unknown."
            )
            % {"code": country},
            where=where,
        )


@transaction.atomic
def add_name(party: Party, name: str, *, by: User | None) -> PartyName:
    """Add another name a party goes by; adding it again returns the one there.

    Raises: Refusal for an empty name.
    """
    if by is not None:
        require(by, "hosting.edit")
    draft = _name(party, name)
    row, created = PartyName.objects.get_or_create(
        party=party, name=draft.name, defaults={"folded": draft.folded}
    )
    if created:
        record("party.name_added", party, by=by, detail={"name": row.name})
    return row


@transaction.atomic
def add_identifier(
    party: Party, value: str, *, kind: str = IdentifierKind.OTHER, country: str = "", by: User | None
) -> PartyIdentifier:
    """Add a register's number of a party; adding it again returns the one there.

    Raises: Refusal for a number without letters or digits, an unknown kind or country.
    """
    if by is not None:
        require(by, "hosting.edit")
    draft = _identifier(party, Identifier(value, kind, country))
    row, created = PartyIdentifier.objects.get_or_create(
        party=party, kind=kind, country=country, folded=draft.folded, defaults={"value": draft.value}
    )
    if created:
        record("party.identifier_added", party, by=by, detail={"kind": kind, "country": country})
    return row


@transaction.atomic
def add_wallet(party: Party, asset: str, address: str, *, by: User | None) -> Wallet:
    """Add a digital-currency address of a party in its one spelling.

    Raises: Refusal for what is no address, or for one that another party has.
    """
    if by is not None:
        require(by, "hosting.edit")
    draft = _wallet(party, asset, address)
    row, created = Wallet.objects.get_or_create(
        asset=draft.asset, address=draft.address, defaults={"party": party}
    )
    if row.party_id != party.pk:
        raise Refusal(
            _("The address %(address)s belongs to %(other)s already; one address has one party.")
            % {"address": draft.address, "other": row.party.number}
        )
    if created:
        record("party.wallet_added", party, by=by, detail={"asset": row.asset, "address": row.address})
    return row


@transaction.atomic
def set_stake(
    *,
    holder: Party,
    held: Party,
    share_bps: int | None,
    from_on: date,
    to_on: date | None = None,
    source: str = "",
    confidence: str = Confidence.UNKNOWN,
    is_synthetic: bool = False,
    by: User | None,
) -> Stake:
    """Say who owns how much of whom from a day on; an earlier open stake of the pair ends that day.

    Units: basis points; none means that the share is unknown.
    Raises: Refusal for a share above the whole, alone or together with the other holders of that day.
    """
    if by is not None:
        require(by, "hosting.edit")
    if holder.pk == held.pk:
        raise Refusal(_("%(party)s cannot hold a stake in itself.") % {"party": held})
    Party.objects.select_for_update().get(pk=held.pk)
    Stake.objects.filter(holder=holder, held=held, to_on__isnull=True, from_on__lt=from_on).update(
        to_on=from_on
    )
    others = Stake.objects.filter(held=held, from_on__lte=from_on).exclude(holder=holder)
    others = others.filter(Q(to_on__isnull=True) | Q(to_on__gt=from_on))
    together = (others.aggregate(sum=Sum("share_bps"))["sum"] or 0) + (share_bps or 0)
    if share_bps is not None and not (share_bps >= 0 and together <= WHOLE_BPS):
        raise Refusal(
            _(
                "With %(share)s basis points for %(holder)s the holders of %(held)s would have %(sum)d "
                "of 10,000."
            )
            % {"share": share_bps, "holder": holder, "held": held, "sum": together}
        )
    stake = Stake.objects.create(
        holder=holder,
        held=held,
        share_bps=share_bps,
        from_on=from_on,
        to_on=to_on,
        source=source,
        confidence=confidence,
        is_synthetic=is_synthetic,
    )
    record("party.stake_set", held, by=by, detail={"holder": holder.number, "share_bps": share_bps})
    return stake


def _name(party: Party, name: str) -> PartyName:
    plain = " ".join(name.split())
    if not plain:
        raise Refusal(_("A name may not be empty."), where=party.number)
    return PartyName(party=party, name=plain, folded=fold_name(plain)[:300])


def _identifier(party: Party, number: Identifier) -> PartyIdentifier:
    folded = fold_identifier(number.value)
    if not folded:
        raise Refusal(
            _("“%(value)s” has neither letters nor digits; leave it out if it is unknown.")
            % {"value": number.value},
            where=party.number,
        )
    if number.kind not in IdentifierKind.values:
        raise Refusal(_("“%(kind)s” is not a kind of number.") % {"kind": number.kind}, where=party.number)
    check_country(number.country, where=party.number)
    return PartyIdentifier(
        party=party, kind=number.kind, country=number.country, value=number.value.strip(), folded=folded
    )


def _wallet(party: Party, asset: str, address: str) -> Wallet:
    asset = asset.strip().upper()
    return Wallet(party=party, asset=asset, address=normalise_address(asset, address))
