from dataclasses import dataclass

from kit.trail.models import TrailEntry, TrailHead
from kit.trail.verbs import GENESIS, hash_of


@dataclass(frozen=True)
class TrailCheck:
    """The outcome of re-adding the whole trail: its length, its last hash and the first break, if any."""

    length: int
    head: str
    broken_at: int | None
    reason: str

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def check_trail() -> TrailCheck:
    """Recompute every hash from the first entry to the last and compare with the stored head."""
    expected_id, previous = 0, GENESIS
    for entry in TrailEntry.objects.order_by("id").iterator(chunk_size=5_000):
        expected_id += 1
        reason = _break_in(entry, expected_id, previous)
        if reason:
            return TrailCheck(expected_id, previous.hex(), expected_id, reason)
        previous = bytes(entry.hash)
    head = TrailHead.objects.first()
    length, stored = (head.length, bytes(head.hash)) if head else (0, GENESIS)
    if (length, stored) != (expected_id, previous):
        reason = f"the head says {length} entries, the trail has {expected_id}: entries were cut off or added"
        return TrailCheck(expected_id, previous.hex(), expected_id + 1, reason)
    return TrailCheck(expected_id, previous.hex(), None, "")


def _break_in(entry: TrailEntry, expected_id: int, previous: bytes) -> str:
    if entry.id != expected_id:
        return f"entry {expected_id} is missing; the next one present is {entry.id}"
    if bytes(entry.previous_hash) != previous:
        return "its link to the entry before does not match"
    if bytes(entry.hash) != hash_of(entry):
        return "its content does not match its hash"
    return ""
