from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from hosting.parties.models import Clearance, Hold, Party
from kit.asof import days_at, instants_at


def held_parties(day: date) -> dict[int, Hold]:
    """Holds in force at the end of the day, by party."""
    return _by_party(instants_at(day, "placed_at", "released_at"))


def stopped_parties(day: date) -> dict[int, Hold]:
    """Holds that stop a payment dated this day: in force on it, or open now whatever day is written."""
    return _by_party(instants_at(day, "placed_at", "released_at") | Q(released_at__isnull=True))


def _by_party(condition: Q) -> dict[int, Hold]:
    return {hold.party_id: hold for hold in Hold.objects.filter(condition).order_by("placed_at")}


def clearance_of(party: Party, purpose: str, day: date) -> Clearance | None:
    """The clearance of a party for a purpose on a day, if there is one."""
    found = Clearance.objects.filter(days_at(day), party=party, purpose=purpose)
    return found.order_by("-from_on", "-id").first()


def parties_by_owner(owner_ids: Iterable[int]) -> dict[int, Party]:
    """Who the fleet's owner labels are, by owner; an owner nobody has registered is missing."""
    found = Party.objects.filter(owner_id__in=list(owner_ids))
    return {party.owner_id: party for party in found if party.owner_id is not None}


def with_hold(parties: QuerySet[Party]) -> QuerySet[Party]:
    """The parties with `is_held`: whether a hold is open now."""
    standing = Hold.objects.filter(party=OuterRef("pk"), released_at__isnull=True)
    return parties.annotate(is_held=Exists(standing))
