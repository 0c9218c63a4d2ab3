from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from fleet.miners.models import Miner
from fleet.sites.reads import SitePower, power_of_sites
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


def hosts_at(day: date) -> dict[int, Party]:
    """Who runs each site on a day, by site; of several the newest."""
    roles = SiteParty.objects.filter(days_at(day), role=SiteRole.HOST).select_related("party")
    return {role.site_id: role.party for role in roles.order_by("from_on", "id")}


def contracted_at(day: date) -> dict[int, int]:
    """Watts contracted at each site on a day, by site.

    Shape: where we take capacity from a host, what counts is what that host promised us; elsewhere it is the
        sum of what we promised our customers. Both at once would count the same megawatts twice.
    """
    rows = Contract.objects.filter(days_at(day), contracted_w__isnull=False)
    sums = rows.values_list("site_id", "kind").annotate(sum=Sum("contracted_w")).order_by()
    by_site: dict[int, dict[str, int]] = {}
    for site_id, kind, watts in sums:
        by_site.setdefault(site_id, {})[kind] = watts
    taken, given = ContractKind.CAPACITY, ContractKind.HOSTING
    return {site: kinds.get(taken) or kinds.get(given, 0) for site, kinds in by_site.items()}


def site_capacity(day: date, site_ids: Collection[int] | None = None) -> list[SiteCapacity]:
    """Every site open by the day: its power, its host, what is promised of it and what is asked for."""
    hosts, contracted = hosts_at(day), contracted_at(day)
    waiting = Enquiry.objects.filter(
        status__in=[EnquiryStatus.OPEN, EnquiryStatus.OFFERED], site__isnull=False, received_on__lte=day
    )
    asked: dict[int | None, Mapping[str, Any]] = {
        row["site_id"]: row
        for row in waiting.values("site_id").annotate(
            sum=Sum("wanted_w"), all=Count("id"), named=Count("wanted_w")
        )
    }
    return [
        _capacity(
            power, hosts.get(power.site_id), contracted.get(power.site_id, 0), asked.get(power.site_id, {})
        )
        for power in power_of_sites(day, site_ids)
    ]


def _capacity(
    power: SitePower, host: Party | None, contracted_w: int, asked: Mapping[str, Any]
) -> SiteCapacity:
    used = max(contracted_w, power.installed_w)
    return SiteCapacity(
        power=power,
        host=host,
        contracted_w=contracted_w,
        headroom_w=None if power.energized_w is None else power.energized_w - used,
        asked_w=asked.get("sum") or 0,
        enquiries=asked.get("all", 0),
        enquiries_without_w=asked.get("all", 0) - asked.get("named", 0),
    )


def parties_of_user(user_id: int) -> QuerySet[Party]:
    """The customers a log-in may act for."""
    return Party.objects.filter(members__user_id=user_id).distinct()


def miners_of_user(user_id: int) -> QuerySet[Miner]:
    """The machines of the customers a log-in may act for, in one query."""
    memberships = Membership.objects.filter(user_id=user_id, party__owner__isnull=False)
    return Miner.objects.filter(owner_id__in=memberships.values("party__owner_id"))
