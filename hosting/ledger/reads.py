from datetime import date

from django.db.models import Sum

from hosting.ledger.models import Account, Posting
from hosting.parties.models import Party


def balance(account: Account, day: date, party: Party | None = None) -> int:
    """What an account stands at when a day ends, of one party or of all.

    Units: cents; debit above zero, credit below.
    """
    postings = Posting.objects.filter(account=account, entry__on_day__lte=day)
    if party is not None:
        postings = postings.filter(party=party)
    return postings.aggregate(sum=Sum("amount_cents"))["sum"] or 0
