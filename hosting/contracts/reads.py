from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum

from fleet.miners.models import Miner
from fleet.sites.reads import SitePower, power_question
from hosting.contracts.models import (
    Contract,
    ContractKind,
    Enquiry,
    EnquiryStatus,
    Membership,
    SiteParty,
    SiteRole,
)
from hosting.parties.models import Party
from kit.asof import days_at
from kit.questions import Question, Row, ask, instances, rows


@dataclass(frozen=True)
class SiteCapacity:
    """A site's power with what is promised of it and what is asked for.

    Shape: no headroom where energized is unknown; a negative one is over-commitment. Asked is the sum of the
        enquiries that name their watts; the others are counted beside it.
    Units: watts.
    """

    power: SitePower
    host: Party | None
    contracted_w: int
    headroom_w: int | None
    asked_w: int
    enquiries: int
    enquiries_without_w: int


class Sums(NamedTuple):
    """What is asked for at a site: watts in all, and how many enquiries name theirs."""

    wanted_w: int
    enquiries: int
    with_w: int


def hosts_at(day: date) -> dict[int, Party]:
    """Who runs each site on a day, by site; of several the newest."""
    return hosts_question(day).answer


def hosts_question(day: date) -> Question[dict[int, Party]]:
    """The same, to be asked together with other questions."""
    roles = SiteParty.objects.filter(days_at(day), role=SiteRole.HOST).order_by("from_on", "id")
    return instances(roles, "party", shape=lambda found: {role.site_id: role.party for role in found})


def contracted_at(day: date) -> dict[int, int]:
    """Watts contracted at each site on a day, by site.

    Shape: where we take capacity from a host, what counts is what that host promised us; elsewhere it is the
        sum of what we promised our customers. Both at once would count the same megawatts twice.
    """
    return contracted_question(day).answer


def contracted_question(day: date) -> Question[dict[int, int]]:
    """The same, to be asked together with other questions."""
    found = Contract.objects.filter(days_at(day), contracted_w__isnull=False)
    sums = found.values_list("site_id", "kind").annotate(sum=Sum("contracted_w")).order_by()
    return rows(sums, _once)


def _once(sums: list[Row]) -> dict[int, int]:
    by_site: dict[int, dict[str, int]] = {}
    for site_id, kind, watts in sums:
        by_site.setdefault(site_id, {})[kind] = watts
    taken, given = ContractKind.CAPACITY, ContractKind.HOSTING
    return {site: kinds.get(taken) or kinds.get(given, 0) for site, kinds in by_site.items()}


class CapacityQuestions(NamedTuple):
    """What the capacity of sites is put together from."""

    power: Question[list[SitePower]]
    hosts: Question[dict[int, Party]]
    contracted: Question[dict[int, int]]
    enquiries: Question[dict[int, Sums]]


def capacity_questions(
    day: date, site_ids: Collection[int] | None = None, *, with_owners: bool = True
) -> CapacityQuestions:
    """The questions behind `site_capacity`, to be asked together with others."""
    waiting = Enquiry.objects.filter(
        status__in=[EnquiryStatus.OPEN, EnquiryStatus.OFFERED], site__isnull=False, received_on__lte=day
    )
    sums = waiting.values_list("site_id").annotate(Sum("wanted_w"), Count("id"), Count("wanted_w")).order_by()
    return CapacityQuestions(
        power_question(day, site_ids, with_owners=with_owners),
        hosts_question(day),
        contracted_question(day),
        rows(sums, _enquiries),
    )


def _enquiries(sums: list[Row]) -> dict[int, Sums]:
    return {site_id: Sums(watts or 0, asked, named) for site_id, watts, asked, named in sums}


def site_capacity(
    day: date, site_ids: Collection[int] | None = None, *, asked: CapacityQuestions | None = None
) -> list[SiteCapacity]:
    """Every site open by the day: its power, its host, what is promised of it and what is asked for."""
    asked = asked or capacity_questions(day, site_ids)
    ask(*asked)
    hosts, contracted, enquiries = asked.hosts.answer, asked.contracted.answer, asked.enquiries.answer
    return [
        _capacity(
            power,
            hosts.get(power.site_id),
            contracted.get(power.site_id, 0),
            enquiries.get(power.site_id, Sums(0, 0, 0)),
        )
        for power in asked.power.answer
    ]


def _capacity(power: SitePower, host: Party | None, contracted_w: int, asked: Sums) -> SiteCapacity:
    used = max(contracted_w, power.installed_w)
    return SiteCapacity(
        power=power,
        host=host,
        contracted_w=contracted_w,
        headroom_w=None if power.energized_w is None else power.energized_w - used,
        asked_w=asked.wanted_w,
        enquiries=asked.enquiries,
        enquiries_without_w=asked.enquiries - asked.with_w,
    )


def parties_of_user(user_id: int) -> QuerySet[Party]:
    """The customers a log-in may act for."""
    return Party.objects.filter(members__user_id=user_id).distinct()


def miners_of_user(user_id: int) -> QuerySet[Miner]:
    """The machines of the customers a log-in may act for, in one query."""
    memberships = Membership.objects.filter(user_id=user_id, party__owner__isnull=False)
    return Miner.objects.filter(owner_id__in=memberships.values("party__owner_id"))
