from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from hosting.ledger.copying import copy_rows
from hosting.ledger.lines import Line, Row, canonical, check_balance, digest_of
from hosting.ledger.models import Entry
from kit.accounts.models import User
from kit.errors import Refusal
from kit.trail.verbs import record

COLUMNS = ("entry_id", "account_id", "party_id", "amount_cents", "currency")


def post(
    *,
    key: str,
    on_day: date,
    memo: str,
    lines: Iterable[Line],
    subject: models.Model | None = None,
    by: User | None,
) -> Entry:
    """Book an entry once under its key, with two lines or a million; the same again returns the entry there.

    Shape: the digest of its lines is kept with the entry and in the trail, so that a line changed by hand is
        found even if a second line was changed to keep the balance.
    Raises: Refusal if it does not balance, or if the key has other lines.
    """
    rows = canonical(lines)
    check_balance(key, rows)
    digest = digest_of(key, on_day, memo, rows)
    entry = _known(key, digest)
    if entry is not None:
        return entry
    try:
        with transaction.atomic():
            return _write(key, on_day, memo, rows, digest, subject, by)
    except IntegrityError:  # another session booked it first
        entry = _known(key, digest)
        if entry is None:
            raise
        return entry


def _known(key: str, digest: str) -> Entry | None:
    entry = Entry.objects.filter(key=key).first()
    if entry is not None and entry.digest != digest:
        raise Refusal(
            _(
                "“%(key)s” was booked on %(day)s with other lines; a booking is never changed. Book the "
                "difference under a key of its own."
            )
            % {"key": key, "day": entry.on_day}
        )
    return entry


def _write(
    key: str,
    on_day: date,
    memo: str,
    rows: Sequence[Row],
    digest: str,
    subject: models.Model | None,
    by: User | None,
) -> Entry:
    entry = Entry.objects.create(
        key=key,
        on_day=on_day,
        memo=memo,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        created_by=by,
        digest=digest,
    )
    copy_rows(
        "hosting_posting",
        COLUMNS,
        ((entry.pk, row.account_id, row.party_id or None, row.amount_cents, row.currency) for row in rows),
    )
    with connection.cursor() as cursor:  # the database re-adds it now, not only when the transaction ends
        cursor.execute("set constraints check_entry immediate")
        cursor.execute("set constraints check_entry deferred")
    record("ledger.posted", entry, by=by, detail={"key": key, "lines": len(rows), "digest": digest})
    return entry
