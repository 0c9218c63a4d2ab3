from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from compliance.findings.facts import facts_at
from compliance.findings.models import Finding
from compliance.findings.rules import RULES, judge_all
from compliance.findings.values import Found
from fleet.miners.models import MoveHold
from fleet.miners.moves import place_hold as hold_machines
from fleet.sites.models import Site
from hosting.parties.holds import place_hold as hold_party
from hosting.parties.models import Hold, Party
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.asof import end_of
from kit.errors import Refusal
from kit.trail.verbs import record

RUN_LOCK = 7_461_745
TITLES = {rule.code: rule.title for rule in RULES}


@dataclass(frozen=True)
class Reconciled:
    """What a run changed: findings opened, still standing and resolved, and holds placed."""

    opened: int
    standing: int
    resolved: int
    holds: int


def run_findings(day: date | None = None, *, by: User | None = None) -> Reconciled:
    """Judge the facts of a day and reconcile: new ones open, standing ones are kept, gone ones are resolved.

    Shape: none is today. A day after the last run may be given, a day before it not: what was found then is
        asked with `reads.found_at`.
    Raises: Refusal for a day ahead, before the last run, or before any fact.
    """
    if by is not None:
        require(by, "compliance.edit")
    now = timezone.now()
    day = day or now.date()
    if day > now.date():
        raise Refusal(_("%(day)s has not come yet.") % {"day": day})
    found = judge_all(facts_at(day))
    with transaction.atomic():
        # Two runs at once would open the same finding twice.
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [RUN_LOCK, 0])
        moment = _moment(day, now)
        opened, standing, resolved = _reconcile(found, moment)
        holds = _place_holds(found)
        if opened or resolved or holds:
            detail = {
                "day": day,
                "opened": [row.pk for row in opened],
                "resolved": resolved,
                "holds": holds,
            }
            record("findings.reconciled", None, by=by, detail=detail)
    return Reconciled(len(opened), standing, len(resolved), holds)


def _moment(day: date, now: datetime) -> datetime:
    moment = now if day == now.date() else end_of(day) - timedelta(microseconds=1)
    last: datetime | None = Finding.objects.aggregate(last=Max("seen_at"))["last"]
    if last is not None and moment < last:
        raise Refusal(
            _(
                "Findings were run as of a later day already. They do not go back; "
                "ask what was found then instead."
            )
        )
    return moment


def _reconcile(found: Iterable[Found], moment: datetime) -> tuple[list[Finding], int, list[int]]:
    open_rows = {
        (row.rule, row.subject_kind, row.subject_key): row
        for row in Finding.objects.filter(resolved_at__isnull=True)
    }
    new, kept = [], []
    for row in found:
        standing = open_rows.pop((row.rule, row.subject_kind, row.subject_key), None)
        values = _values(row)
        if standing is None:
            new.append(Finding(opened_at=moment, seen_at=moment, **values))
            continue
        for name, value in values.items():
            setattr(standing, name, value)
        standing.seen_at = moment
        kept.append(standing)
    Finding.objects.bulk_create(new, batch_size=1_000)
    Finding.objects.bulk_update(kept, [*VALUES, "seen_at"], batch_size=500)
    gone = [row.pk for row in open_rows.values()]
    Finding.objects.filter(pk__in=gone).update(resolved_at=moment)
    return new, len(kept), gone


VALUES = (
    "subject_name",
    "site_id",
    "standing",
    "sentence",
    "authority",
    "source",
    "confidence",
    "due_on",
    "machines",
    "power_w",
    "ghs",
    "value_cents",
    "owners",
    "is_synthetic",
)


def _values(row: Found) -> dict[str, object]:
    return {
        "rule": row.rule,
        "subject_kind": row.subject_kind,
        "subject_key": row.subject_key,
        "subject_name": row.subject_name[:300],
        "site_id": row.site_id,
        "standing": row.standing,
        "sentence": row.sentence,
        "authority": row.authority[:300],
        "source": row.source[:300],
        "confidence": row.confidence,
        "due_on": row.due_on,
        "machines": row.figures.machines,
        "power_w": row.figures.installed_w,
        "ghs": row.figures.ghs,
        "value_cents": row.figures.value_cents,
        "owners": row.figures.owners,
        "is_synthetic": row.is_synthetic,
    }


def _place_holds(found: Iterable[Found]) -> int:
    """Stop machines and payments where a finding asks for it, once: what a person released stays released."""
    placed = 0
    for row in found:
        reason = _reason(row)
        if row.hold_site_id is not None:
            held = MoveHold.objects.filter(site=row.hold_site_id, reason=reason, placed_by__isnull=True)
            if not held.exists():
                site = Site.objects.get(pk=row.hold_site_id)
                hold_machines(site, reason=reason, authority=row.authority[:200], by=None)
                placed += 1
        if row.hold_party_id is not None:
            stopped = Hold.objects.filter(party=row.hold_party_id, reason__contains=reason)
            if not stopped.exists():
                party = Party.objects.get(pk=row.hold_party_id)
                hold_party(
                    party,
                    reason=reason,
                    authority=row.authority[:200],
                    by=None,
                    is_synthetic=row.is_synthetic,
                )
                placed += 1
    return placed


def _reason(row: Found) -> str:
    # In one language whoever runs it: a hold placed before is found again by its reason.
    with override("en"):
        return f"{TITLES[row.rule]}: {row.subject_name}"[:280]


def acknowledge(finding: Finding, *, note: str, by: User) -> None:
    """Note that a person has seen a finding and what they make of it; it stays open while its facts do.

    Raises: Refusal without a note, or if it was acknowledged or resolved already.
    """
    require(by, "compliance.edit")
    if not note.strip():
        raise Refusal(_("Write what you make of it."))
    with transaction.atomic():
        fresh = Finding.objects.filter(pk=finding.pk, resolved_at__isnull=True, acknowledged_at__isnull=True)
        if not fresh.update(acknowledged_at=timezone.now(), acknowledged_by=by, note=note.strip()):
            raise Refusal(_("%(finding)s was acknowledged or resolved already.") % {"finding": finding})
        finding.refresh_from_db()
        record("finding.acknowledged", finding, by=by, detail={"note": note.strip()})


def assign(finding: Finding, to: User | None, *, by: User) -> None:
    """Give a finding to a person who may see it, or to nobody.

    Raises: Refusal if it is resolved, or that person may not see findings.
    """
    require(by, "compliance.edit")
    if to is not None:
        require(to, "compliance.view")
    with transaction.atomic():
        if not Finding.objects.filter(pk=finding.pk, resolved_at__isnull=True).update(assigned_to=to):
            raise Refusal(_("%(finding)s is resolved already.") % {"finding": finding})
        finding.refresh_from_db()
        record("finding.assigned", finding, by=by, detail={"to": str(to) if to else ""})
