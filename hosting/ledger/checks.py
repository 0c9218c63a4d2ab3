"""The books re-added from their lines: balance, digest, trail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hosting.ledger.lines import Row, digest_of
from hosting.ledger.models import Entry, EntryCheck
from kit.trail.models import TrailEntry
from kit.units import format_money


@dataclass(frozen=True)
class Fault:
    """One thing that does not add up: where, for whom, by how much.

    Units: cents; none where the fault is no sum.
    """

    sentence: str
    entry_id: int | None = None
    party_id: int | None = None
    difference_cents: int | None = None


@dataclass
class Reading:
    """What was re-added: counts, debits per currency, and the faults found on the way."""

    entries: int = 0
    postings: int = 0
    debit_cents: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


LINES = """
select entry_id, account_id, coalesce(party_id, 0), amount_cents, currency from hosting_posting
order by entry_id, account_id, coalesce(party_id, 0), amount_cents, currency
"""


def check_entries() -> Reading:
    """Re-add every entry and compare its digest with those kept when it was booked, here and in the trail."""
    reading = Reading()
    with transaction.atomic():  # the cursor of the server lives in a transaction
        entries = Entry.objects.in_bulk()
        booked = _booked()
        seen: set[int] = set()
        for entry_id, rows in groupby(_lines(), key=lambda line: line[0]):
            seen.add(entry_id)
            _check_one(reading, entries[entry_id], [row for _id, row in rows], booked.get(entry_id))
        reading.faults += _missing(entries, booked, seen)
        reading.entries = len(entries)
        waiting = EntryCheck.objects.count()
    if waiting:
        reading.faults.append(
            Fault(_("%(count)d entries were never checked for balance.") % {"count": waiting})
        )
    return reading


def _lines() -> Iterator[tuple[int, Row]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(LINES)
        while chunk := cursor.fetchmany(5_000):
            for entry_id, *row in chunk:
                yield entry_id, Row(*row)


def _booked() -> dict[int, str]:
    """The digest the trail holds of each entry."""
    told = TrailEntry.objects.filter(verb="ledger.posted").values_list("subject_id", "detail__digest")
    return {int(subject_id): digest for subject_id, digest in told.iterator()}


def _check_one(reading: Reading, entry: Entry, rows: list[Row], booked: str | None) -> None:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.amount_cents
        if row.amount_cents > 0:
            reading.debit_cents[row.currency] = reading.debit_cents.get(row.currency, 0) + row.amount_cents
    reading.postings += len(rows)
    for currency, left in sums.items():
        if left:
            sentence = _("Entry %(key)s (%(id)d) does not balance: %(left)s left over.") % {
                "key": entry.key,
                "id": entry.pk,
                "left": format_money(left, currency),
            }
            reading.faults.append(Fault(sentence, entry.pk, difference_cents=left))
    digest = digest_of(entry.key, entry.on_day, entry.memo, rows)
    if digest != entry.digest or digest != booked:
        where = _("trail") if digest == entry.digest else _("entry")
        sentence = _(
            "Entry %(key)s (%(id)d) is not what was booked: its lines do not match the digest in the "
            "%(where)s."
        )
        named = {"key": entry.key, "id": entry.pk, "where": where}
        reading.faults.append(Fault(sentence % named, entry.pk))


def _missing(entries: dict[int, Entry], booked: dict[int, str], seen: set[int]) -> Iterable[Fault]:
    """Entries without lines, and entries the trail knows that are gone."""
    for entry in entries.values():
        if entry.pk not in seen:
            named = {"key": entry.key, "id": entry.pk}
            yield Fault(_("Entry %(key)s (%(id)d) has no lines.") % named, entry.pk)
    for entry_id in booked.keys() - entries.keys():
        yield Fault(_("Entry %(id)d was booked and is gone.") % {"id": entry_id}, entry_id)
