"""What an entry says, in the one form that is balanced, hashed and written; pure."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from hosting.ledger.models import Account
from hosting.parties.models import Party
from kit.errors import Refusal
from kit.units import format_money


class Line(NamedTuple):
    """One posting to be: debit above zero, credit below; the party, or its key, is whom the line concerns.

    Units: cents of the account's currency.
    """

    account: Account
    party: Party | int | None
    amount_cents: int


class Row(NamedTuple):
    """A posting as it is stored and hashed; a line about nobody has party 0 here."""

    account_id: int
    party_id: int
    amount_cents: int
    currency: str


def canonical(lines: Iterable[Line]) -> list[Row]:
    """The lines in the order in which they are hashed."""
    rows = []
    for account, party, amount_cents in lines:
        party_id = party.pk if isinstance(party, Party) else party or 0
        rows.append(Row(account.pk, party_id, amount_cents, account.currency))
    return sorted(rows)


def check_balance(key: str, rows: Sequence[Row]) -> None:
    """Refuse an entry without lines, with a line of zero, or that does not add up to zero per currency.

    Raises: Refusal, naming the currency and the difference.
    """
    if not rows:
        raise Refusal(_("The entry has no lines."), where=key)
    sums: dict[str, int] = {}
    for row in rows:
        if row.amount_cents == 0:
            raise Refusal(_("A line of zero says nothing; leave it out."), where=key)
        sums[row.currency] = sums.get(row.currency, 0) + row.amount_cents
    for currency, left in sums.items():
        if left:
            raise Refusal(
                _(
                    "The entry does not balance: debits and credits in %(currency)s differ by "
                    "%(difference)s. Nothing was booked."
                )
                % {"currency": currency, "difference": format_money(left, currency)},
                where=key,
            )


def digest_of(key: str, on_day: date, memo: str, rows: Iterable[Row]) -> str:
    """SHA-256 over the entry's head and its lines in canonical order."""
    hashed = hashlib.sha256(f"{key}|{on_day.isoformat()}|{memo}\n".encode())
    for row in rows:
        hashed.update(
            b"%d|%d|%d|%s\n" % (row.account_id, row.party_id, row.amount_cents, row.currency.encode())
        )
    return hashed.hexdigest()
