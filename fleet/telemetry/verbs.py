"""Every act on readings, in one place."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.models import Miner
from fleet.telemetry import partitions, windows
from fleet.telemetry.curtailing import end_curtailment, enter_curtailment
from fleet.telemetry.drawn import add_up_drawn
from fleet.telemetry.families import UNKNOWN
from fleet.telemetry.first_sight import fit_first_seen
from fleet.telemetry.models import ReadingBatch, RollUp, SeenParts
from fleet.telemetry.ranges import check, keep_days
from fleet.telemetry.shapes import decode
from fleet.telemetry.snapshots import SeenPart, Sighting, Snapshot
from fleet.telemetry.states import follow_readings
from fleet.telemetry.swaps import PartChanges, compare_parts
from fleet.telemetry.taking import take
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal

__all__ = [
    "add_up_drawn",
    "compare_parts",
    "compare_seen_parts",
    "end_curtailment",
    "enter_curtailment",
    "follow_readings",
    "keep_partitions",
    "note_parts",
    "roll_up",
    "take_readings",
]

NAMED = 5  # unknown miners named in an answer
LOCK = 7_461_745  # any fixed number: one comparison of parts at a time

# Parts that are the same as last time cost one look; older news does not replace newer.
NOTE = """
insert into fleet_seenparts as seen
    (miner_id, at, digest, parts, board_family, firmware, mac, is_waiting, remark)
select (one->>0)::bigint, (one->>1)::timestamptz, (one->>2)::bigint, one->3, one->>4, one->>5, one->>6,
    true, ''
from jsonb_array_elements(%s::jsonb) one order by 1
on conflict (miner_id) do update set at = excluded.at, digest = excluded.digest, parts = excluded.parts,
    board_family = excluded.board_family, firmware = excluded.firmware, mac = excluded.mac,
    is_waiting = true, remark = ''
where excluded.at > seen.at
"""


def take_readings(body: bytes, *, by: User | None, now: datetime | None = None) -> ReadingBatch:
    """Take a batch of readings as JSON, in either shape: each (miner, time) is stored once and counted.

    Raises: Refusal if the body is no batch; a reading that cannot be is counted instead.
    """
    if by is not None:
        require(by, "readings.write")
    now = now or timezone.now()
    batch = decode(body)
    good, refused = check(batch.rows, now)
    refused.update(batch.faults)
    with transaction.atomic():
        taken = take(good, batch.macs, now)
        if batch.sightings:
            keys = {reading.key for reading in good}
            note_parts(
                {
                    taken.ids[key]: sighting
                    for key, sighting in batch.sightings.items()
                    if key in taken.ids and key in keys
                }
            )
        return ReadingBatch.objects.create(
            taken_at=now,
            by=by,
            form=batch.form,
            readings=len(batch),
            accepted=taken.accepted,
            known=taken.known,
            refused=refused.total(),
            refused_by_reason=dict(sorted(refused.items())),
            unknown=len(taken.unknown),
            unknown_named=list(dict.fromkeys(taken.unknown))[:NAMED],
        )


def note_parts(seen: Mapping[int, Sighting]) -> int:
    """Note which parts miners tell, by their ids; those that differ from last time wait to be compared."""
    with connection.cursor() as cursor:
        cursor.execute("select miner_id, digest from fleet_seenparts where miner_id = any(%s)", [list(seen)])
        before = dict(cursor.fetchall())
        rows = [
            _noted(miner, one, one.read()) for miner, one in seen.items() if one.digest != before.get(miner)
        ]
        if rows:
            cursor.execute(NOTE, [msgspec.json.encode(rows).decode()])
    return len(rows)


def compare_seen_parts(*, most: int = 50_000, most_one_by_one: int = 2_000) -> int:
    """Compare what waits with the record; returns how many records changed.

    Shape: what is seen for the first time is entered many miners a transaction, a swap one a transaction.
    """
    changed, looked_at, after = 0, 0, 0
    others: list[int] = []
    while looked_at < most and (one := fit_first_seen(after, lock=LOCK)).looked_at:
        changed, looked_at, after = changed + one.changed, looked_at + one.looked_at, one.last
        others += one.one_by_one
    return changed + _compare_one_by_one(others[:most_one_by_one])


def roll_up(*, now: datetime | None = None, most: int = 300) -> int:
    """Roll up the windows that ended and wait, oldest first, a transaction each; returns how many."""
    now = now or timezone.now()
    return sum(windows.roll(start, now) for start in windows.waiting(now, most))


def keep_partitions(*, now: datetime | None = None) -> tuple[int, list[str]]:
    """Make the partitions of the days ahead and drop what is past its time; returns both.

    Shape: readings, windows and batches are kept `READINGS_RETENTION_DAYS`; days of uptime stay.
    """
    now = now or timezone.now()
    made = partitions.make_ahead(now.date())
    oldest = now - timedelta(days=keep_days() + 1)
    dropped = partitions.drop_before(oldest.date())
    RollUp.objects.filter(window_at__lt=oldest).delete()
    ReadingBatch.objects.filter(taken_at__lt=oldest).delete()
    return made, dropped


def _compare_one_by_one(miner_ids: list[int]) -> int:
    changed = 0
    waiting = SeenParts.objects.filter(is_waiting=True)
    for miner_id in miner_ids:
        with transaction.atomic():
            with connection.cursor() as cursor:  # a part that moves touches two miners: one at a time
                cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
            seen = waiting.select_for_update(skip_locked=True).filter(miner_id=miner_id).first()
            miner = Miner.objects.filter(pk=miner_id).first()
            if seen is None or miner is None:
                continue
            try:
                with transaction.atomic():
                    changes = compare_parts(miner, _snapshot(seen), at=seen.at)
                remark = _remark(changes)
                changed += bool(changes)
            except Refusal as refusal:
                remark = refusal.message
            SeenParts.objects.filter(pk=seen.pk).update(is_waiting=False, remark=remark[:300])
    return changed


def _noted(miner: int, sighting: Sighting, told: Snapshot) -> list[Any]:
    at = datetime.fromtimestamp(sighting.at, UTC).isoformat()
    parts = sorted([part.kind, part.serial, part.position] for part in told.parts)
    return [miner, at, sighting.digest, parts, told.board_family, told.firmware, told.mac]


def _snapshot(seen: SeenParts) -> Snapshot:
    return Snapshot(
        firmware=seen.firmware,
        mac=seen.mac,
        parts=tuple(SeenPart(kind, serial, position) for kind, serial, position in seen.parts),
        board_family=seen.board_family or UNKNOWN,
    )


def _remark(changes: PartChanges) -> str:
    if not changes.claimed:
        return ""
    return gettext("Told by another miner as well: {serials}.").format(serials=", ".join(changes.claimed))
