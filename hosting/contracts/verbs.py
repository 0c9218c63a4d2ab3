from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fleet.sites.models import Site
from hosting.contracts.load import Promise, peak_w
from hosting.contracts.models import (
    Contract,
    ContractKind,
    Enquiry,
    EnquiryStatus,
    Membership,
    Placement,
    SiteParty,
    SiteRole,
)
from hosting.contracts.placing import place_by_owner, place_miners
from hosting.parties.models import Party
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.money import currency_exponent
from kit.provenance import Confidence
from kit.trail.verbs import record
from kit.units import format_date, format_power

__all__ = [
    "NewContract",
    "add_member",
    "answer_enquiry",
    "assign_site_role",
    "end_contract",
    "open_contract",
    "open_contracts",
    "overcommitment",
    "place_by_owner",
    "place_miners",
    "record_enquiry",
]


@dataclass(frozen=True)
class NewContract:
    """The terms of a contract about to be opened; no watts means that the capacity is unknown."""

    number: str
    kind: str
    party: Party
    site: Site
    from_on: date
    contracted_w: int | None = None
    to_on: date | None = None
    rate_microcents_kwh: int | None = None
    currency: str = "USD"
    source: str = ""
    confidence: str = Confidence.UNKNOWN
    is_synthetic: bool = False


def open_contract(
    new: NewContract, *, by: User | None, accept_overcommitment: bool = False, reason: str = ""
) -> Contract:
    """Open one contract.

    Raises: Refusal as `open_contracts` does.
    """
    return open_contracts([new], by=by, accept_overcommitment=accept_overcommitment, reason=reason)[0]


@transaction.atomic
def open_contracts(
    new: Sequence[NewContract], *, by: User | None, accept_overcommitment: bool = False, reason: str = ""
) -> list[Contract]:
    """Open contracts in a handful of statements, however many; all or none.

    Raises: Refusal for a taken number, for watts or days that make no sense, and for promising more than a
        site has energized, unless that is accepted with a reason.
    """
    if by is not None:
        require(by, "hosting.edit")
    if accept_overcommitment and not reason.strip():
        raise Refusal(_("Promising more than is energized needs a reason; it is kept with the contract."))
    sites = Site.objects.select_for_update().in_bulk({one.site.pk for one in new})
    over = overcommitment(new, sites)
    if over and not accept_overcommitment:
        raise Refusal(over[0])
    contracts = Contract.objects.bulk_create([_contract(one) for one in new], batch_size=5_000)
    detail = {"overcommitted": over, "reason": reason} if over else {}
    if len(contracts) == 1:
        record("contract.opened", contracts[0], by=by, detail=detail)
    elif contracts:
        named = {"contracts": len(contracts), "first": new[0].number, "last": new[-1].number}
        record("contracts.opened", None, by=by, detail=named | detail)
    return contracts


def _contract(new: NewContract) -> Contract:
    return Contract(
        number=new.number,
        kind=new.kind,
        party=new.party,
        site=new.site,
        contracted_w=new.contracted_w,
        rate_microcents_kwh=new.rate_microcents_kwh,
        currency=new.currency,
        from_on=new.from_on,
        to_on=new.to_on,
        source=new.source,
        confidence=new.confidence,
        is_synthetic=new.is_synthetic,
    )


def _check_terms(new: Sequence[NewContract]) -> None:
    numbers = Counter(one.number for one in new)
    twice = [number for number, times in numbers.items() if times > 1]
    taken = list(Contract.objects.filter(number__in=numbers).values_list("number", flat=True)[:1])
    if twice or taken:
        raise Refusal(
            _("The contract number %(number)s is taken; nothing was opened.")
            % {"number": (twice or taken)[0]}
        )
    for one in new:
        where = _("contract %(number)s") % {"number": one.number}
        if not one.number.strip():
            raise Refusal(_("A contract needs a number."))
        if one.kind not in ContractKind.values:
            raise Refusal(_("“%(kind)s” is not a kind of contract.") % {"kind": one.kind}, where=where)
        if one.contracted_w is not None and one.contracted_w <= 0:
            raise Refusal(
                _("%(watts)d W contracted is not above zero; leave it empty if it is unknown.")
                % {"watts": one.contracted_w},
                where=where,
            )
        if one.to_on is not None and one.to_on <= one.from_on:
            raise Refusal(_("It would end before it begins."), where=where)
        currency_exponent(one.currency)


def overcommitment(new: Sequence[NewContract], sites: dict[int, Site]) -> list[str]:
    """A sentence for each site and kind that would be promised beyond what is energized there, or its plate.

    Raises: Refusal for terms that make no sense whatever is promised.
    """
    _check_terms(new)
    groups: defaultdict[tuple[int, str], list[NewContract]] = defaultdict(list)
    for one in new:
        groups[one.site.pk, one.kind].append(one)
    standing: defaultdict[tuple[int, str], list[Promise]] = defaultdict(list)
    for old in Contract.objects.filter(site_id__in=sites, contracted_w__isnull=False):
        standing[old.site_id, old.kind].append(Promise(old.contracted_w or 0, old.from_on, old.to_on))
    sentences = []
    for key, wanted in groups.items():
        site = sites[key[0]]
        limit_w = site.nameplate_w if site.energized_w is None else site.energized_w
        if limit_w is None or not any(one.contracted_w for one in wanted):
            continue
        added = [Promise(one.contracted_w or 0, one.from_on, one.to_on) for one in wanted]
        highest, day = peak_w([*standing[key], *added], min(one.from_on for one in wanted))
        if highest > limit_w:
            sentences.append(_over_sentence(site, wanted, highest, day))
    return sentences


def _over_sentence(site: Site, wanted: list[NewContract], highest: int, day: date | None) -> str:
    asked = sum(one.contracted_w or 0 for one in wanted)
    is_plate = site.energized_w is None
    limit_w = (site.nameplate_w if is_plate else site.energized_w) or 0
    has = _("%(site)s has a plate of %(watts)s.") if is_plate else _("%(site)s has %(watts)s energized.")
    return (
        has
        + " "
        + _(
            "With another %(asked)s it would have promised %(sum)s from "
            "%(day)s on, %(over)s too much. Contract less, or accept the over-commitment with a reason."
        )
    ) % {
        "site": site.name,
        "watts": format_power(limit_w),
        "asked": format_power(asked),
        "sum": format_power(highest),
        "day": format_date(day),
        "over": format_power(highest - limit_w),
    }


@transaction.atomic
def end_contract(contract: Contract, *, on_day: date, by: User | None, reason: str = "") -> Contract:
    """End a contract: the day itself no longer counts, and its placements end as that day begins.

    Raises: Refusal if it has ended by then, or would end before it began.
    """
    if by is not None:
        require(by, "hosting.edit")
    row = Contract.objects.select_for_update().get(pk=contract.pk)
    if on_day <= row.from_on or (row.to_on is not None and row.to_on <= on_day):
        raise Refusal(
            _("%(contract)s runs from %(first)s to %(last)s and cannot end on %(day)s.")
            % {"contract": row, "first": row.from_on, "last": row.to_on or "–", "day": on_day}
        )
    row.to_on = on_day
    row.save(update_fields=["to_on"])
    moment = datetime.combine(on_day, time(), UTC)
    standing = Placement.objects.filter(Q(to_at__isnull=True) | Q(to_at__gt=moment), contract=row)
    if standing.filter(from_at__gte=moment).exists():
        raise Refusal(
            _("%(contract)s has machines placed on or after %(day)s.") % {"contract": row, "day": on_day}
        )
    ended = standing.update(to_at=moment)
    record("contract.ended", row, by=by, detail={"on_day": on_day, "placements": ended, "reason": reason})
    contract.refresh_from_db()
    return row


@transaction.atomic
def assign_site_role(
    site: Site,
    party: Party,
    role: str,
    *,
    from_on: date,
    to_on: date | None = None,
    source: str = "",
    confidence: str = Confidence.UNKNOWN,
    is_synthetic: bool = False,
    by: User | None,
) -> SiteParty:
    """Say what part a party plays at a site; a new host ends the host before.

    Raises: Refusal for an unknown role or days out of order.
    """
    if by is not None:
        require(by, "hosting.edit")
    if role not in SiteRole.values:
        raise Refusal(_("“%(role)s” is not a role at a site.") % {"role": role})
    if to_on is not None and to_on <= from_on:
        raise Refusal(_("A role ends after it begins."))
    Site.objects.select_for_update().get(pk=site.pk)
    if role == SiteRole.HOST:
        before = SiteParty.objects.filter(site=site, role=role, to_on__isnull=True, from_on__lt=from_on)
        before.exclude(party=party).update(to_on=from_on)
    row, created = SiteParty.objects.get_or_create(
        site=site,
        party=party,
        role=role,
        from_on=from_on,
        defaults={"to_on": to_on, "source": source, "confidence": confidence, "is_synthetic": is_synthetic},
    )
    if created:
        record(
            "site.role_assigned",
            site,
            by=by,
            detail={"party": party.number, "role": role, "from_on": from_on},
        )
    return row


@transaction.atomic
def record_enquiry(
    *,
    name: str,
    received_on: date,
    site: Site | None = None,
    party: Party | None = None,
    machines: int | None = None,
    wanted_w: int | None = None,
    notes: str = "",
    source: str = "",
    confidence: str = Confidence.UNKNOWN,
    is_synthetic: bool = False,
    by: User | None,
) -> Enquiry:
    """Note that somebody asks to have machines hosted; what they did not say stays unknown.

    Raises: Refusal for an empty name or a figure that is not above zero.
    """
    if by is not None:
        require(by, "hosting.edit")
    if not name.strip():
        raise Refusal(_("An enquiry needs a name, even if it is only a description."))
    for figure in (machines, wanted_w):
        if figure is not None and figure <= 0:
            raise Refusal(
                _("%(figure)d is not above zero; leave it empty if it is unknown.") % {"figure": figure}
            )
    enquiry = Enquiry.objects.create(
        name=name.strip(),
        party=party,
        site=site,
        received_on=received_on,
        machines=machines,
        wanted_w=wanted_w,
        notes=notes,
        source=source,
        confidence=confidence,
        is_synthetic=is_synthetic,
    )
    record("enquiry.recorded", enquiry, by=by)
    return enquiry


@transaction.atomic
def answer_enquiry(enquiry: Enquiry, status: str, *, by: User | None) -> Enquiry:
    """Move an enquiry on: offered, contracted or declined.

    Raises: Refusal once it is contracted or declined.
    """
    if by is not None:
        require(by, "hosting.edit")
    if status not in EnquiryStatus.values:
        raise Refusal(_("“%(status)s” is not a state of an enquiry.") % {"status": status})
    live = (EnquiryStatus.OPEN, EnquiryStatus.OFFERED)
    if not Enquiry.objects.filter(pk=enquiry.pk, status__in=live).update(status=status):
        raise Refusal(_("%(enquiry)s has been answered already.") % {"enquiry": enquiry})
    enquiry.refresh_from_db()
    record("enquiry.answered", enquiry, by=by, detail={"status": status})
    return enquiry


@transaction.atomic
def add_member(user: User, party: Party, *, by: User | None) -> Membership:
    """Let a customer's log-in see that customer's pages; adding it again changes nothing.

    Raises: Refusal for a log-in of a member of staff.
    """
    if by is not None:
        require(by, "hosting.edit")
    if not user.may("portal.view"):
        raise Refusal(_("%(user)s is not a customer's log-in; give it the role customer.") % {"user": user})
    membership, created = Membership.objects.get_or_create(user=user, party=party)
    if created:
        record("party.member_added", party, by=by, detail={"user": user.username})
    return membership
