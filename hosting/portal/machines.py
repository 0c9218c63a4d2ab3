"""What a customer reads about machines: a line each, the sum of all, and the life of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext

from fleet.miners.models import Miner, MinerStatus, Part, Stay
from fleet.sites.models import Site, Slot
from fleet.sites.places import country_name, region_name
from hosting.portal.agreements import Agreement, terms_of
from hosting.portal.scope import Customer

PAGE_ROWS = 50
RUNNING = (MinerStatus.MINING, MinerStatus.LOW)
ENDED = (MinerStatus.SOLD, MinerStatus.SCRAPPED)
# State kinds of the look; a status that is not here waits for something.
KINDS = {
    MinerStatus.MINING: "fine",
    MinerStatus.LOW: "watch",
    MinerStatus.OFFLINE: "watch",
    MinerStatus.CUSTOMS_HOLD: "watch",
    MinerStatus.IN_REPAIR: "going",
    MinerStatus.IN_TRANSIT: "going",
    MinerStatus.SOLD: "out",
    MinerStatus.SCRAPPED: "out",
}


@dataclass(frozen=True, slots=True)
class MachineLine:
    """One machine as its owner sees it: where it is, or where it last was while it was theirs."""

    pk: int
    serial: str
    model: str
    place: str
    around: str
    kind: str
    word: str
    since: date | None
    until: date | None
    ghs: int
    power_w: int
    is_theirs: bool

    @property
    def url(self) -> str:
        """The machine's own page."""
        return reverse("portal:miner", args=[self.pk])


@dataclass(frozen=True, slots=True)
class Holding:
    """The customer's machines in figures; rated hashrate and power are those of the machines running."""

    machines: int
    running: int
    ended: int
    ghs: int
    power_w: int
    sites: int


@dataclass(frozen=True, slots=True)
class MachinePage:
    """A page of machines by serial, and the serial after which the next one begins."""

    lines: tuple[MachineLine, ...]
    next_after: str


@dataclass(frozen=True, slots=True)
class StayLine:
    """One place a machine was at, from when to when."""

    place: str
    around: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a machine with its maker, if that is on record."""

    kind: str
    name: str
    serial: str
    maker: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything a customer may read about one machine."""

    line: MachineLine
    board_family: str
    firmware: str
    stays: tuple[StayLine, ...]
    parts: tuple[PartLine, ...]
    agreement: Agreement | None
    is_synthetic: bool


def around_of(site: Site, slot: Slot | None) -> str:
    """Region, country and rack in words; what is not known is left out."""
    named = [region_name(site.region), country_name(site.country)]
    if slot:
        named.append(gettext("rack {rack}-{position}").format(rack=slot.rack.name, position=slot.position))
    return ", ".join(dict.fromkeys(part for part in named if part))


def holding_of(customer: Customer) -> Holding:
    """The customer's machines counted once each."""
    theirs = Q(owner_id__in=customer.owner_ids)
    running = theirs & Q(status__in=RUNNING)
    sums = customer.miners().aggregate(
        machines=Count("pk"),
        running=Count("pk", filter=running),
        ended=Count("pk", filter=_over(customer)),
        ghs=Sum("ghs", filter=running, default=0),
        power_w=Sum("power_w", filter=running, default=0),
        sites=Count("site", distinct=True, filter=theirs),
    )
    return Holding(**sums)


def _over(customer: Customer) -> Q:
    """Machines that are sold, scrapped or another owner's by now."""
    return Q(status__in=ENDED) | ~Q(owner_id__in=customer.owner_ids) | Q(owner__isnull=True)


def machines_of(
    customer: Customer, *, fragment: str = "", after: str = "", rows: int = PAGE_ROWS
) -> MachinePage:
    """Machines in the order of their serials, after one of them, those with a piece of the serial only."""
    found = _shown(customer).order_by("serial")
    if fragment:
        found = found.filter(serial__contains=fragment.upper())
    if after:
        found = found.filter(serial__gt=after)
    miners = list(found[: rows + 1])
    shown = miners[:rows]
    return MachinePage(lines_of(customer, shown), shown[-1].serial if len(miners) > rows else "")


def first_machines_of(customer: Customer, *, rows: int) -> tuple[MachineLine, ...]:
    """A few machines for the home page, those that are over last."""
    found = _shown(customer).annotate(is_over=_over(customer)).order_by("is_over", "serial")
    return lines_of(customer, list(found[:rows]))


def _shown(customer: Customer) -> QuerySet[Miner]:
    return customer.miners().select_related("model", "site", "slot__rack")


def lines_of(customer: Customer, miners: Sequence[Miner]) -> tuple[MachineLine, ...]:
    """A line for each machine, with its last stay in this ownership, in one query."""
    stays = (
        customer.stays()
        .filter(miner__in=miners)
        .order_by("miner_id", "-from_at")
        .distinct("miner_id")
        .select_related("site", "slot__rack")
    )
    last = {stay.miner_id: stay for stay in stays}
    return tuple(_line(customer, miner, last.get(miner.pk)) for miner in miners)


def _line(customer: Customer, miner: Miner, last: Stay | None) -> MachineLine:
    is_theirs = miner.owner_id in customer.owner_ids
    status = MinerStatus(miner.status if is_theirs else MinerStatus.SOLD)
    here = miner if is_theirs and miner.site_id else last
    until = last.to_at.date() if last and last.to_at else None
    return MachineLine(
        pk=miner.pk,
        serial=miner.serial,
        model=miner.model.name,
        place=here.site.name if here and here.site else "",
        around=around_of(here.site, here.slot) if here and here.site else "",
        kind=KINDS.get(status, "wait"),
        word=str(status.label),
        since=last.from_at.date() if last else None,
        until=until if status in ENDED else None,
        ghs=miner.ghs,
        power_w=miner.power_w,
        is_theirs=is_theirs,
    )


def machine_of(customer: Customer, pk: int) -> Machine:
    """One machine with its places, parts and contract.

    Raises: Miner.DoesNotExist for one that is not the customer's.
    """
    miner = _shown(customer).get(pk=pk)
    stays = list(
        customer.stays().filter(miner=miner).select_related("site", "slot__rack").order_by("-from_at")
    )
    parts = (
        customer.parts()
        .filter(miner=miner)
        .select_related("maker", "model__maker")
        .order_by("kind", "position")
    )
    placements = customer.placements().filter(miner=miner).select_related("contract__site", "contract__party")
    placement = placements.order_by("-from_at").first()
    line = _line(customer, miner, stays[0] if stays else None)
    return Machine(
        line=line,
        board_family=miner.board_family if line.is_theirs else "",
        firmware=miner.firmware if line.is_theirs else "",
        stays=tuple(_stay(stay) for stay in stays),
        parts=tuple(_part(part) for part in parts),
        agreement=terms_of(placement.contract) if placement else None,
        is_synthetic=miner.is_synthetic,
    )


def _stay(stay: Stay) -> StayLine:
    to_on = stay.to_at.date() if stay.to_at else None
    return StayLine(stay.site.name, around_of(stay.site, stay.slot), stay.from_at.date(), to_on)


def _part(part: Part) -> PartLine:
    model = part.model
    maker = part.maker or (model.maker if model else None)
    return PartLine(
        kind=str(part.get_kind_display()),
        name=model.name if model else "",
        serial=part.serial,
        maker=maker.name if maker else "",
    )
