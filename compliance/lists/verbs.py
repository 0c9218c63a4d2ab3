import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from compliance.lists.entries import Entry
from compliance.lists.models import (
    ListedAddress,
    ListedIdentifier,
    ListedName,
    ListedParty,
    ListSource,
    ListVersion,
)
from compliance.lists.remarks import WALLET, fold_wallet
from compliance.lists.sources import KNOWN_DAYS, PublishedList, published_list
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.folding import fold_identifier, fold_name
from kit.trail.verbs import record

BATCH = 5_000
LOAD_LOCK = 7_461_744


@dataclass(frozen=True)
class Loaded:
    """What loading one edition changed; nothing, if that edition had been loaded before."""

    version: ListVersion
    opened: int
    ended: int
    kept: int
    is_new: bool


def load_version(
    source_code: str,
    published_on: date,
    files: Mapping[str, bytes],
    *,
    is_excerpt: bool = False,
    by: User | None,
) -> Loaded:
    """Load one edition of a list: parties new in it are listed from its day, parties gone from it end there.

    Shape: an excerpt ends nobody. Editions may come in any order: an older one moves the first day of
        a listing back. Names and numbers are added, never taken away: what a party was once called
        is compared still.
    Raises: Refusal for a file that cannot be read, and for other contents under a day already loaded.
    """
    if by is not None:
        require(by, "compliance.edit")
    published = published_list(source_code)
    digest, filename = _digest(files), ", ".join(sorted(files))[:200]
    entries = published.parse(files, published.measure)
    if not entries:
        raise Refusal(_("The file names nobody. Load the edition as it was published."), where=filename)
    with transaction.atomic():
        source = _source(published)
        loaded = ListVersion.objects.filter(source=source, published_on=published_on).first()
        if loaded is not None:
            if loaded.sha256 == digest:
                return Loaded(loaded, 0, 0, loaded.entries, is_new=False)
            raise Refusal(
                _(
                    "Another file was loaded as the edition of %(day)s. Check the day; "
                    "an edition never changes."
                )
                % {"day": published_on},
                where=filename,
            )
        opened, kept = _open(source, entries, published_on)
        ended = 0 if is_excerpt else _end_gone(source, entries, published_on)
        ended += _end_at_next_edition(source, opened, published_on)
        _add_details(source, entries)
        version = ListVersion.objects.create(
            source=source,
            published_on=published_on,
            filename=filename,
            sha256=digest,
            entries=len(entries),
            is_excerpt=is_excerpt,
        )
        counts = {"entries": len(entries), "opened": len(opened), "ended": ended, "sha256": digest}
        record("list.loaded", version, by=by, detail=counts)
    return Loaded(version, len(opened), ended, kept, is_new=True)


def _digest(files: Mapping[str, bytes]) -> str:
    if len(files) == 1:
        return hashlib.sha256(next(iter(files.values()))).hexdigest()
    parts = [f"{name} {hashlib.sha256(files[name]).hexdigest()}" for name in sorted(files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _source(published: PublishedList) -> ListSource:
    source, _created = ListSource.objects.get_or_create(
        code=published.code, defaults={"name": published.name, "authority": published.authority}
    )
    # Two loads of one list at once would open the same party twice.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOAD_LOCK, source.pk])
    return source


def _open(source: ListSource, entries: Iterable[Entry], published_on: date) -> tuple[list[ListedParty], int]:
    """List the parties that were not listed on this day; those, and how many were there."""
    standing = {
        row.uid: row
        for row in ListedParty.objects.filter(source=source).order_by("uid", "-listed_on")
        # The last row by uid wins: the earliest listing that had not ended by this day.
        if row.delisted_on is None or row.delisted_on > published_on
    }
    new, earlier, kept = [], [], 0
    for entry in entries:
        listed_on = _listed_on(source.code, entry, published_on)
        row = standing.get(entry.uid)
        if row is None:
            new.append(_party(source, entry, listed_on))
            continue
        kept += 1
        if listed_on < row.listed_on:
            row.listed_on = listed_on
            earlier.append(row)
    ListedParty.objects.bulk_create(new, batch_size=BATCH)
    ListedParty.objects.bulk_update(earlier, ["listed_on"], batch_size=BATCH)
    return new, kept


def _listed_on(source_code: str, entry: Entry, published_on: date) -> date:
    known_on = entry.listed_on or KNOWN_DAYS.get((source_code, entry.uid))
    return published_on if known_on is None else min(known_on, published_on)


def _party(source: ListSource, entry: Entry, listed_on: date) -> ListedParty:
    return ListedParty(
        source=source,
        uid=entry.uid,
        kind=entry.kind,
        name=entry.name,
        programmes=list(entry.programmes),
        authority=entry.authority,
        measure=entry.measure,
        listed_on=listed_on,
        remarks=entry.remarks,
        citation=entry.citation,
        confidence=entry.confidence,
    )


def _end_gone(source: ListSource, entries: Iterable[Entry], published_on: date) -> int:
    there = {entry.uid for entry in entries}
    if ListVersion.objects.filter(source=source, published_on__gt=published_on).exists():
        return 0  # what a later edition still shows did not end with this older one
    listed = ListedParty.objects.filter(source=source, listed_on__lt=published_on, delisted_on__isnull=True)
    gone = [pk for pk, uid in listed.values_list("pk", "uid") if uid not in there]
    return ListedParty.objects.filter(pk__in=gone).update(delisted_on=published_on)


def _end_at_next_edition(source: ListSource, opened: list[ListedParty], published_on: date) -> int:
    """A party that only an older edition names ended, at the latest, with the next whole edition."""
    following = (
        ListVersion.objects.filter(source=source, published_on__gt=published_on, is_excerpt=False)
        .order_by("published_on")
        .first()
    )
    if following is None:
        return 0
    keys = [row.pk for row in opened]
    return ListedParty.objects.filter(pk__in=keys).update(delisted_on=following.published_on)


def _add_details(source: ListSource, entries: Iterable[Entry]) -> None:
    """Add the names, numbers and addresses that are not there yet, to the latest listing of each party."""
    rows = ListedParty.objects.filter(source=source).order_by("listed_on").values_list("uid", "pk")
    keys = dict(rows)
    names = set(_existing(ListedName, source, "name"))
    numbers = set(_existing(ListedIdentifier, source, "kind", "country", "value"))
    addresses = set(_existing(ListedAddress, source, "text", "country"))
    new_names, new_numbers, new_addresses = [], [], []
    for entry in entries:
        pk = keys[entry.uid]
        for position, name in enumerate((entry.name, *entry.aliases)):
            if (pk, name) not in names:
                names.add((pk, name))
                folded = fold_name(name)[:400]
                new_names.append(ListedName(listed_id=pk, name=name, folded=folded, is_alias=position > 0))
        for number in entry.numbers:
            if (pk, number.kind, number.country, number.value) not in numbers:
                folded = fold_wallet(number.value) if number.kind == WALLET else fold_identifier(number.value)
                new_numbers.append(
                    ListedIdentifier(
                        listed_id=pk,
                        kind=number.kind,
                        country=number.country,
                        value=number.value,
                        folded=folded,
                    )
                )
        for address in entry.addresses:
            if (pk, address.text, address.country) not in addresses:
                new_addresses.append(ListedAddress(listed_id=pk, text=address.text, country=address.country))
    ListedName.objects.bulk_create(new_names, batch_size=BATCH)
    ListedIdentifier.objects.bulk_create(new_numbers, batch_size=BATCH)
    ListedAddress.objects.bulk_create(new_addresses, batch_size=BATCH)


def _existing(
    model: type[ListedName] | type[ListedIdentifier] | type[ListedAddress], source: ListSource, *fields: str
) -> Iterable[tuple[object, ...]]:
    return model._default_manager.filter(listed__source=source).values_list(F("listed_id"), *fields)
