"""Holds and clearances: compliance writes them, payments and sales ask for them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hosting.parties.models import Clearance, ClearancePurpose, Hold, Party
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record


@transaction.atomic
def place_hold(
    party: Party,
    *,
    reason: str,
    authority: str = "",
    by: User | None,
    at: datetime | None = None,
    is_synthetic: bool = False,
) -> Hold:
    """Stop payments and sales to a party; a party already held gets the new reason added to its open hold.

    Raises: Refusal for an empty reason.
    """
    if by is not None:
        require(by, "compliance.decide")
    if not reason.strip():
        raise Refusal(_("A hold needs a reason."), where=party.number)
    Party.objects.select_for_update().get(pk=party.pk)
    hold = Hold.objects.filter(party=party, released_at__isnull=True).first()
    if hold is not None and _joined(hold.reason, reason) == hold.reason:
        return hold
    if hold is None:
        hold = Hold.objects.create(
            party=party,
            reason=reason.strip(),
            authority=authority,
            placed_at=at or timezone.now(),
            placed_by=by,
            is_synthetic=is_synthetic,
        )
    else:
        hold.reason = _joined(hold.reason, reason)[:400]
        hold.authority = _joined(hold.authority, authority)[:200]
        hold.save(update_fields=["reason", "authority"])
    record("party.held", party, by=by, detail={"reason": reason, "authority": authority})
    return hold


def _joined(before: str, more: str) -> str:
    parts = before.split("; ") if before else []
    return before if not more.strip() or more.strip() in parts else "; ".join([*parts, more.strip()])


@transaction.atomic
def release_hold(party: Party, *, reason: str, by: User | None, at: datetime | None = None) -> Hold:
    """End a party's open hold, with the reason.

    Raises: Refusal if the party is not held, or for an empty reason.
    """
    if by is not None:
        require(by, "compliance.decide")
    if not reason.strip():
        raise Refusal(_("The release of a hold needs a reason."), where=party.number)
    hold = Hold.objects.select_for_update().filter(party=party, released_at__isnull=True).first()
    if hold is None:
        raise Refusal(_("%(party)s is not held.") % {"party": party.number})
    hold.released_at, hold.released_by, hold.release_reason = at or timezone.now(), by, reason.strip()
    hold.save(update_fields=["released_at", "released_by", "release_reason"])
    record("party.released", party, by=by, detail={"reason": reason})
    return hold


@transaction.atomic
def give_clearance(
    party: Party,
    *,
    purpose: str,
    from_on: date,
    basis: str,
    to_on: date | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Clearance:
    """Decide that a party may be dealt with for one purpose from a day on.

    Raises: Refusal while the party is held, without a basis, or for an unknown purpose.
    """
    if by is not None:
        require(by, "compliance.decide")
    if purpose not in ClearancePurpose.values:
        raise Refusal(_("“%(purpose)s” is not a purpose of a clearance.") % {"purpose": purpose})
    if not basis.strip():
        raise Refusal(_("A clearance needs its basis: what was looked at, when, with what outcome."))
    if to_on is not None and to_on <= from_on:
        raise Refusal(_("A clearance ends after it begins."))
    if Hold.objects.filter(party=party, released_at__isnull=True).exists():
        raise Refusal(_("%(party)s is held; release the hold first.") % {"party": party.number})
    clearance = Clearance.objects.create(
        party=party,
        purpose=purpose,
        from_on=from_on,
        to_on=to_on,
        basis=basis.strip(),
        decided_by=by,
        decided_at=at or timezone.now(),
    )
    record("party.cleared", party, by=by, detail={"purpose": purpose, "from_on": from_on, "to_on": to_on})
    return clearance
