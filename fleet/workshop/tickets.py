"""A ticket's life: opened by a person or by a rule, taken, waited with, repaired, closed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner, MinerStatus, Part
from fleet.miners.rows import NAMED, may
from fleet.miners.steps import AT_A_SITE, ENDED
from fleet.miners.verbs import set_status
from fleet.workshop.faults import FAULT_OF_CODE, Severity
from fleet.workshop.models import Ticket, TicketNote, TicketStatus
from fleet.workshop.rules import FaultFacts, FaultRule, Past, judge_faults, met_by
from fleet.workshop.steps import AT_WORK, GOES_BACK_TO, TICKET_STEPS
from kit.accounts.models import User
from kit.errors import Refusal
from kit.steps import take
from kit.trail.verbs import record


def open_ticket(
    subject: Miner | Part,
    fault: str,
    *,
    by: User | None,
    at: datetime | None = None,
    text: str = "",
    severity: str = "",
) -> Ticket:
    """Open a ticket on a miner or a part; the same fault again returns the one that stands.

    Raises: Refusal for a fault or severity that is not in its table, or a miner that was sold or scrapped.
    """
    may(by, "miners.move")
    if fault not in FAULT_OF_CODE:
        raise Refusal(
            gettext("“{fault}” is not a kind of fault. Choose one of: {faults}.").format(
                fault=fault, faults=", ".join(FAULT_OF_CODE)
            ),
            where="fault",
        )
    severity = severity or FAULT_OF_CODE[fault].severity
    if severity not in Severity.values:
        raise Refusal(gettext("“{severity}” is not a severity.").format(severity=severity), where="severity")
    at = at or timezone.now()
    with transaction.atomic():
        # The subject's row is the lock: two who see the same fault at once get the same ticket.
        miner, part = _locked(subject)
        same = Q(part=part) if part is not None else Q(miner=miner, part__isnull=True)
        standing = Ticket.objects.filter(same, fault=fault).exclude(status=TicketStatus.CLOSED).first()
        if standing is not None:
            return standing
        ticket = Ticket.objects.create(
            miner=miner,
            part=part,
            site_id=miner.site_id if miner is not None else _shelf_of(part),
            fault=fault,
            severity=severity,
            text=text[:500],
            opened_by=by,
            opened_at=at,
            is_synthetic=subject.is_synthetic,
        )
        tell(ticket, text or gettext("opened"), by=by, at=at)
        record("ticket.opened", ticket, by=by, detail={"on": str(subject), "fault": fault})
    return ticket


def open_by_rules(
    facts: Iterable[FaultFacts],
    *,
    at: datetime,
    by: User | None = None,
    silenced: Mapping[int, frozenset[str]] = MappingProxyType({}),
) -> int:
    """Open the tickets the rules ask for; a standing ticket or a rule at rest opens none. Returns how many.

    Shape: a miner may have several facts, one for each length of time of `rules.WINDOWS`; `silenced` are the
    faults that are said of its place already. Only miners that run at a site are judged.
    """
    windows: dict[int, list[FaultFacts]] = {}
    for fact in facts:
        windows.setdefault(fact.miner_id, []).append(fact)
    faulty = [miner_id for miner_id, told in windows.items() if met_by(told)]
    with transaction.atomic():
        running = Miner.objects.filter(pk__in=faulty, status__in=AT_A_SITE)
        miners = list(running.select_for_update().order_by("pk")) if faulty else []
        pasts = _pasts([miner.pk for miner in miners]) if miners else {}
        found = [
            (miner, rule)
            for miner in miners
            for rule in judge_faults(
                windows[miner.pk],
                _and_said(pasts.get(miner.pk, Past()), silenced.get(miner.pk, frozenset())),
                at,
            )
        ]
        tickets = Ticket.objects.bulk_create(_asked_for(miner, rule, at) for miner, rule in found)
        TicketNote.objects.bulk_create(
            TicketNote(ticket=ticket, at=at, status=ticket.status, text=ticket.text) for ticket in tickets
        )
        if found:
            serials = sorted({miner.serial for miner, _rule in found})
            by_rule: dict[str, int] = {}
            for _miner, rule in found:
                by_rule[rule.code] = by_rule.get(rule.code, 0) + 1
            detail = {"tickets": len(found), "by_rule": by_rule, "serials": serials[:NAMED]}
            record("tickets.opened_by_rules", None, by=by, detail=detail)
    return len(found)


def take_ticket(ticket: Ticket, *, by: User | None, at: datetime | None = None, text: str = "") -> None:
    """Begin to work on a ticket: its miner goes to repair.

    Raises: Refusal if the ticket is not open, or the miner is where it cannot be repaired.
    """
    at = at or timezone.now()
    with transaction.atomic():
        walk(ticket, "take", by=by, at=at, text=text or gettext("taken"), taken_at=at, taken_by=by)
        to_the_bench(ticket, by=by, at=at)
        record("ticket.taken", ticket, by=by)


def note(ticket: Ticket, text: str, *, by: User | None, at: datetime | None = None) -> TicketNote:
    """Add a line to a ticket's story, also after it was closed.

    Raises: Refusal without a text.
    """
    may(by, "miners.move")
    if not text.strip():
        raise Refusal(gettext("Write what is to be noted."), where="text")
    with transaction.atomic():
        line = tell(ticket, text.strip(), by=by, at=at or timezone.now())
        record("ticket.noted", ticket, by=by, detail={"text": text.strip()[:200]})
    return line


def wait_for_parts(ticket: Ticket, *, by: User | None, text: str = "", at: datetime | None = None) -> None:
    """Lay a ticket aside until parts are here."""
    _plain_step(ticket, "wait_for_parts", text or gettext("waits for parts"), by=by, at=at)


def resume(ticket: Ticket, *, by: User | None, text: str = "", at: datetime | None = None) -> None:
    """Go on with a ticket that waited for parts."""
    _plain_step(ticket, "resume", text or gettext("goes on"), by=by, at=at)


def mark_repaired(
    ticket: Ticket,
    *,
    by: User | None,
    at: datetime | None = None,
    outcome: str = "",
    work_by: str = "",
    worker: str = "",
    worker_number: str = "",
) -> None:
    """Say that the fault is repaired, and who did the work.

    Shape: `work_by` is “employee” or “contractor”; what is not given stays as it was.
    """
    at = at or timezone.now()
    given = {"outcome": outcome[:500], "work_by": work_by, "worker": worker, "worker_number": worker_number}
    with transaction.atomic():
        told = {name: value for name, value in given.items() if value}
        walk(ticket, "repaired", by=by, at=at, text=outcome or gettext("repaired"), repaired_at=at, **told)
        record("ticket.repaired", ticket, by=by, detail=told)


def reopen(ticket: Ticket, *, by: User | None, text: str = "", at: datetime | None = None) -> None:
    """Work again on a ticket whose repair did not hold."""
    at = at or timezone.now()
    with transaction.atomic():
        walk(ticket, "reopen", by=by, at=at, text=text or gettext("worked on again"), repaired_at=None)
        to_the_bench(ticket, by=by, at=at)
        record("ticket.reopened", ticket, by=by)


def close_ticket(ticket: Ticket, *, by: User | None, at: datetime | None = None, outcome: str = "") -> None:
    """Close a ticket; its miner goes back to its life unless another ticket keeps it in repair.

    Raises: Refusal without an outcome where nothing was repaired, or while it is sent out.
    """
    at = at or timezone.now()
    may(by, "miners.move")
    if ticket.status != TicketStatus.REPAIRED and not (outcome.strip() or ticket.outcome):
        raise Refusal(gettext("Say how it ended: nothing was repaired under this ticket."), where="outcome")
    with transaction.atomic():
        changes = {"outcome": outcome.strip()[:500]} if outcome.strip() else {}
        walk(ticket, "close", by=by, at=at, text=outcome or gettext("closed"), closed_at=at, **changes)
        _from_the_bench(ticket, by=by, at=at)
        record("ticket.closed", ticket, by=by, detail={"outcome": ticket.outcome})


def walk(ticket: Ticket, verb: str, *, by: User | None, at: datetime, text: str, **changes: object) -> None:
    """Take one step of the table and tell it in the ticket's story."""
    step = TICKET_STEPS[verb]
    may(by, step.act)
    # The miner's row before the ticket's, as where tickets are opened: so no two wait for each other.
    if ticket.miner_id is not None:
        Miner.objects.select_for_update().get(pk=ticket.miner_id)
    take(ticket, step, **changes)
    tell(ticket, text, by=by, at=at)


def tell(ticket: Ticket, text: str, *, by: User | None, at: datetime) -> TicketNote:
    """One more line of a ticket's story, with the state it is in now."""
    return TicketNote.objects.create(ticket=ticket, at=at, by=by, status=ticket.status, text=text[:2000])


def to_the_bench(ticket: Ticket, *, by: User | None, at: datetime) -> None:
    """Take a ticket's miner into repair and remember where it was in its life."""
    if ticket.miner_id is None:
        return
    miner = Miner.objects.get(pk=ticket.miner_id)
    was: str = miner.status
    if was == MinerStatus.IN_REPAIR:
        others = Ticket.objects.filter(miner_id=miner.pk, status__in=AT_WORK).exclude(miner_was="")
        was = others.values_list("miner_was", flat=True).first() or was
    Ticket.objects.filter(pk=ticket.pk).update(miner_was=was)
    ticket.miner_was = was
    set_status([miner.pk], MinerStatus.IN_REPAIR, by=by, at=at, reason=str(ticket)[:120])


def _from_the_bench(ticket: Ticket, *, by: User | None, at: datetime) -> None:
    if ticket.miner_id is None:
        return
    miner = Miner.objects.get(pk=ticket.miner_id)
    others = Ticket.objects.filter(miner_id=miner.pk, status__in=AT_WORK).exclude(pk=ticket.pk)
    if miner.status != MinerStatus.IN_REPAIR or not ticket.miner_was or others.exists():
        return
    back = GOES_BACK_TO.get(ticket.miner_was, MinerStatus.STORED)
    if miner.site_id is None:
        back = MinerStatus.STORED
    set_status([miner.pk], back, by=by, at=at, reason=str(ticket)[:120])


def _plain_step(ticket: Ticket, verb: str, text: str, *, by: User | None, at: datetime | None) -> None:
    with transaction.atomic():
        walk(ticket, verb, by=by, at=at or timezone.now(), text=text)
        record(f"ticket.{verb}", ticket, by=by)


def _locked(subject: Miner | Part) -> tuple[Miner | None, Part | None]:
    # The miner before the part, as everywhere.
    miner_id = subject.miner_id if isinstance(subject, Part) else subject.pk
    miner = Miner.objects.select_for_update().get(pk=miner_id) if miner_id is not None else None
    part = Part.objects.select_for_update().get(pk=subject.pk) if isinstance(subject, Part) else None
    if miner is not None and miner.status in ENDED:
        raise Refusal(
            gettext("{serial}: {status}. No ticket was opened.").format(
                serial=miner.serial, status=miner.get_status_display()
            )
        )
    return miner, part


def _shelf_of(part: Part | None) -> int | None:
    return None if part is None else part.shelf_id


def _asked_for(miner: Miner, rule: FaultRule, at: datetime) -> Ticket:
    return Ticket(
        miner=miner,
        site_id=miner.site_id,
        fault=rule.fault,
        severity=rule.severity,
        text=str(rule.says),
        rule=rule.code,
        opened_at=at,
        is_synthetic=miner.is_synthetic,
    )


def _and_said(past: Past, faults: frozenset[str]) -> Past:
    return Past(past.standing | faults, past.closed_at) if faults else past


def _pasts(miner_ids: list[int]) -> dict[int, Past]:
    standing: dict[int, set[str]] = {}
    closed: dict[int, dict[str, datetime]] = {}
    rows = (
        Ticket.objects.filter(miner_id__in=miner_ids, part__isnull=True)
        .values_list("miner_id", "fault")
        .annotate(stands=Count("pk", filter=~Q(status=TicketStatus.CLOSED)), last=Max("closed_at"))
        .order_by()
    )
    for miner_id, fault, stands, last in rows:
        if stands:
            standing.setdefault(miner_id, set()).add(fault)
        if last is not None:
            closed.setdefault(miner_id, {})[fault] = last
    return {
        miner_id: Past(frozenset(standing.get(miner_id, ())), closed.get(miner_id, {}))
        for miner_id in {*standing, *closed}
    }
