import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.utils import timezone

from kit.trail.models import TrailEntry, TrailHead

if TYPE_CHECKING:
    from kit.accounts.models import User

GENESIS = bytes(32)
CHAIN_LOCK = 7_461_741  # any fixed number: one writer at a time extends the chain


def record(
    verb: str, subject: models.Model | None, *, by: "User | None", detail: dict[str, Any] | None = None
) -> TrailEntry:
    """Append one act to the trail inside the caller's transaction.

    The chain is locked until that transaction ends, so long work records its act last.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        head = TrailHead.objects.first()
        length, previous = (head.length, bytes(head.hash)) if head else (0, GENESIS)
        entry = TrailEntry(
            id=length + 1,
            at=timezone.now(),
            actor=by,
            actor_name=str(by) if by else "system",
            verb=verb,
            subject_kind=subject._meta.label_lower if subject else "",
            subject_id=str(subject.pk) if subject else "",
            subject_name=str(subject)[:200] if subject else "",
            detail=json.loads(json.dumps(detail or {}, default=str)),
            previous_hash=previous,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        TrailHead.objects.update_or_create(singleton=True, defaults={"length": entry.id, "hash": entry.hash})
    return entry


def hash_of(entry: TrailEntry) -> bytes:
    """SHA-256 over the previous hash and the entry's own content in canonical JSON."""
    at: datetime = entry.at.astimezone(UTC)
    content = [
        entry.id,
        at.isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.verb,
        entry.subject_kind,
        entry.subject_id,
        entry.subject_name,
        entry.detail,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes(entry.previous_hash) + text.encode()).digest()
