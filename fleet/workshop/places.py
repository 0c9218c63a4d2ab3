"""Tickets of whole places: where too many look wrong at once, one ticket says so instead of thousands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from fleet.sites.models import PowerFeed, Site
from fleet.telemetry.models import Curtailment
from fleet.workshop.facts import LOOKED_BACK, Suspects
from fleet.workshop.models import Ticket, TicketNote, TicketStatus
from fleet.workshop.rules import RULES, SAID_BY, FaultRule
from fleet.workshop.tickets import tell, walk
from kit.trail.verbs import record
from kit.units import format_count

Place = tuple[int, int | None]
"""A site, or one feed of it."""
WHOLE = Q(miner__isnull=True, part__isnull=True)
STANDING = (TicketStatus.OPEN, TicketStatus.DIAGNOSING, TicketStatus.WAITING_PARTS)
# What less power does to a miner; heat and fans are not explained by it.
BY_POWER = ("offline", "not-hashing", "board-missing", "low-hashrate")


@dataclass
class Said:
    """What is said of places already, so that it is not said of their miners: rules by site and feed."""

    rules: dict[Place, set[str]] = field(default_factory=dict)
    settled_at: dict[Place, datetime] = field(default_factory=dict)

    def say(self, place: Place, codes: Iterable[str]) -> None:
        """Say it of a place, and with a cause its effects."""
        told = set(codes)
        told |= {code for code, causes in SAID_BY.items() if told.intersection(causes)}
        self.rules.setdefault(place, set()).update(told)

    def settle(self, place: Place, at: datetime) -> None:
        """Remember when a place came back: its miners are judged by what they tell from then on."""
        self.settled_at[place] = max(at, self.settled_at.get(place, at))

    def of(self, site: int, feed: int | None) -> frozenset[str]:
        """The rules said of a miner's site or feed."""
        return frozenset(self.rules.get((site, None), set()) | self.rules.get((site, feed), set()))

    def settled(self, site: int, feed: int | None) -> datetime | None:
        """When a miner's site and feed had come back."""
        known = [self.settled_at.get((site, None)), self.settled_at.get((site, feed))]
        return max((at for at in known if at is not None), default=None)


def is_over(place: Suspects, code: str, *, part: int = 1) -> bool:
    """Whether a rule asks for more of a place than is told one by one, or than a part of that."""
    count = place.by_rule[code]
    share = count * 10_000 * part > place.machines * settings.FAULT_BRAKE_BPS
    return count * part >= settings.FAULT_BRAKE_LEAST and share


def said_already(places: Mapping[Place, Suspects], at: datetime) -> Said:
    """What standing tickets of places and curtailments say; tickets of places that came back are ended."""
    said = Said()
    for site, feed, _from_at, to_at in Curtailment.objects.filter(
        Q(to_at__isnull=True) | Q(to_at__gt=at - LOOKED_BACK), from_at__lte=at
    ).values_list("site_id", "feed_id", "from_at", "to_at"):
        if to_at is None or to_at > at:
            said.say((site, feed), BY_POWER)
        else:
            said.settle((site, feed), to_at)
    for ticket in Ticket.objects.filter(WHOLE, status__in=STANDING).exclude(rule="").order_by("id"):
        assert ticket.site_id is not None
        where = ticket.site_id, ticket.feed_id
        if where in places and is_over(places[where], ticket.rule, part=2):
            said.say(where, [ticket.rule])
        else:
            _end(ticket, at)
    ended = Ticket.objects.filter(
        WHOLE, Q(closed_at__gt=at - LOOKED_BACK) | Q(repaired_at__gt=at - LOOKED_BACK)
    )
    for site, feed, closed_at, repaired_at in ended.exclude(status__in=STANDING).values_list(
        "site_id", "feed_id", "closed_at", "repaired_at"
    ):
        if site is not None and (back_at := repaired_at or closed_at) is not None:
            said.settle((site, feed), back_at)
    return said


def rests(place: Place, rule: FaultRule, at: datetime) -> bool:
    """Whether a person closed this of a place so lately that it is not opened again."""
    by_person = TicketNote.objects.filter(
        ticket=OuterRef("pk"), status=TicketStatus.CLOSED, by__isnull=False, at=OuterRef("closed_at")
    )
    return Ticket.objects.filter(
        WHOLE,
        Exists(by_person),
        site_id=place[0],
        feed_id=place[1],
        fault=rule.fault,
        closed_at__gt=at - timedelta(minutes=rule.rests_minutes),
    ).exists()


def open_for_place(place: Suspects, rule: FaultRule, at: datetime) -> Ticket:
    """Open the one ticket of a place, or take up again the one that was thought repaired."""
    text = gettext("{count} of {machines} running machines: {what}").format(
        count=format_count(place.by_rule[rule.code]), machines=format_count(place.machines), what=rule.says
    )
    before = Ticket.objects.filter(
        WHOLE, site_id=place.site_id, feed_id=place.feed_id, fault=rule.fault, status=TicketStatus.REPAIRED
    ).first()
    if before is not None:
        walk(before, "reopen", by=None, at=at, text=text, repaired_at=None)
        record("ticket.reopened", before, by=None, detail={"text": text})
        return before
    site = Site.objects.get(pk=place.site_id)
    feed = PowerFeed.objects.get(pk=place.feed_id) if place.feed_id is not None else None
    ticket = Ticket.objects.create(
        site=site,
        feed=feed,
        fault=rule.fault,
        severity=rule.severity,
        text=text[:500],
        rule=rule.code,
        opened_at=at,
        is_synthetic=site.is_synthetic,
    )
    tell(ticket, text, by=None, at=at)
    detail = {"on": str(feed or site), "fault": rule.fault, "machines": place.by_rule[rule.code]}
    record("ticket.opened", ticket, by=None, detail=detail)
    return ticket


def worst_first(places: Iterable[Suspects], said: Said) -> list[tuple[Suspects, FaultRule]]:
    """Where a rule asks for too many, causes before effects and whole sites before their feeds.

    Shape: what one feed explains, or something said of a feed already, is not said of its site.
    """
    known = list(places)
    found = [
        (place.feed_id is not None, RULES.index(rule), place.site_id, place.feed_id or 0, place, rule)
        for place in known
        for rule in RULES
        if is_over(place, rule.code) and (place.feed_id is not None or _is_its_own(place, rule, known, said))
    ]
    return [(place, rule) for *_order, place, rule in sorted(found, key=lambda one: one[:4])]


def _is_its_own(site: Suspects, rule: FaultRule, places: list[Suspects], said: Said) -> bool:
    feeds = [one for one in places if one.feed_id is not None and one.site_id == site.site_id]
    told = [one for one in feeds if rule.code in said.of(one.site_id, one.feed_id)]
    rest = _without(site, told)
    return is_over(rest, rule.code) and all(
        is_over(_without(rest, [feed]), rule.code) for feed in feeds if feed not in told
    )


def _without(site: Suspects, feeds: list[Suspects]) -> Suspects:
    by_rule = {code: n - sum(feed.by_rule[code] for feed in feeds) for code, n in site.by_rule.items()}
    return Suspects(site.site_id, None, site.machines - sum(feed.machines for feed in feeds), by_rule)


def _end(ticket: Ticket, at: datetime) -> None:
    """A ticket nobody took is closed; one that somebody works on is theirs to close."""
    text = gettext("the machines are back")
    if ticket.status == TicketStatus.OPEN:
        walk(ticket, "close", by=None, at=at, text=text, closed_at=at, outcome=text)
        record("ticket.closed", ticket, by=None, detail={"outcome": text})
    else:
        walk(ticket, "repaired", by=None, at=at, text=text, repaired_at=at, outcome=text)
        record("ticket.repaired", ticket, by=None, detail={"outcome": text})
