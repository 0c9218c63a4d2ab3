"""What is recorded between gates: offers, money, the hand-over, and shares that are released later."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hosting.liquidation import verbs
from hosting.liquidation.fields import (
    ActForm,
    CentsField,
    DayField,
    EvidenceField,
    TextField,
    at_or_after,
)
from hosting.liquidation.models import CaseStatus
from hosting.liquidation.payouts import LATER
from hosting.liquidation.proceeds import AFTER_PROCEEDS, BEFORE_DISTRIBUTION
from hosting.liquidation.sale import UNSOLD
from hosting.liquidation.share_forms import PayOut
from hosting.parties.models import Party
from kit.accounts.models import User
from kit.errors import Refusal
from kit.units import format_count, format_money


def party_numbered(number: str) -> Party:
    """The party of a number.

    Raises: Refusal if there is none.
    """
    party = Party.objects.filter(number=number.strip()).first()
    if party is None:
        raise Refusal(
            _("There is no party %(number)s. Look the number up under Parties.") % {"number": number}
        )
    return party


class RecordOffer(ActForm):
    """What a buyer offers for everything in scope."""

    verb = "record_offer"
    title = lazy("Record an offer")
    statuses = UNSOLD
    buyer = TextField(label=lazy("Buyer’s party number"), max_length=40)
    amount = CentsField()
    day = DayField(label=lazy("Offered on"))
    evidence = EvidenceField(required=False)

    def button(self) -> str:
        return _("Record the offer")

    def act(self, by: User) -> str:
        given = self.cleaned_data
        offer = verbs.record_offer(
            self.case,
            party_numbered(given["buyer"]),
            given["amount"],
            offered_on=self.on_day,
            evidence=given["evidence"],
            by=by,
        )
        amount = format_money(offer.amount_cents, self.case.currency)
        return _("%(buyer)s offers %(amount)s.") % {"buyer": offer.buyer, "amount": amount}


class RecordReceipt(ActForm):
    """Money from the buyer."""

    verb = "record_receipt"
    title = lazy("Record a receipt")
    statuses = (CaseStatus.SOLD,)
    amount = CentsField()
    reference = TextField(
        label=lazy("Bank’s reference"), max_length=60, help_text=lazy("makes the receipt count once")
    )
    day = DayField(label=lazy("Received on"))
    evidence = EvidenceField(required=False)

    def button(self) -> str:
        return _("Record the receipt")

    def act(self, by: User) -> str:
        given = self.cleaned_data
        row = verbs.record_receipt(
            self.case,
            given["amount"],
            on_day=self.on_day,
            reference=given["reference"],
            evidence=given["evidence"],
            by=by,
        )
        return _("%(amount)s received and booked.") % {
            "amount": format_money(row.amount_cents, self.case.currency)
        }


class RecordCost(ActForm):
    """A cost of the sale."""

    verb = "record_cost"
    title = lazy("Record a cost")
    statuses = BEFORE_DISTRIBUTION
    label = TextField(label=lazy("What for"), max_length=100)
    amount = CentsField()
    day = DayField(label=lazy("Paid on"))
    evidence = EvidenceField(required=False)

    def button(self) -> str:
        return _("Record the cost")

    def act(self, by: User) -> str:
        given = self.cleaned_data
        row = verbs.record_cost(
            self.case, given["label"], given["amount"], on_day=self.on_day, evidence=given["evidence"], by=by
        )
        return _("%(amount)s for “%(label)s” booked.") % {
            "amount": format_money(row.amount_cents, self.case.currency),
            "label": row.label,
        }


class RecordReserve(ActForm):
    """Money kept back from the owners."""

    verb = "record_reserve"
    title = lazy("Record a reserve")
    statuses = BEFORE_DISTRIBUTION
    label = TextField(label=lazy("Reason"), max_length=100)
    amount = CentsField()
    day = DayField(label=lazy("Set aside on"))
    evidence = EvidenceField(required=False)

    def button(self) -> str:
        return _("Set the reserve aside")

    def act(self, by: User) -> str:
        given = self.cleaned_data
        row = verbs.record_reserve(
            self.case, given["label"], given["amount"], on_day=self.on_day, evidence=given["evidence"], by=by
        )
        return _("%(amount)s for “%(label)s” set aside.") % {
            "amount": format_money(row.amount_cents, self.case.currency),
            "label": row.label,
        }


class HandOver(ActForm):
    """The machines go to the buyer."""

    verb = "hand_over_machines"
    title = lazy("Hand the machines over")
    about = lazy("Machines become sold and their stays at the site end.")
    statuses = AFTER_PROCEEDS
    is_typed = True
    day = DayField(label=lazy("Handed over on"))

    def why_not(self) -> str:
        return "" if self.page.scope.unsold else _("all machines are handed over")

    def button(self) -> str:
        return _("Hand %(n)s machines to the buyer") % {"n": format_count(self.page.scope.unsold)}

    def act(self, by: User) -> str:
        machines = verbs.hand_over_machines(self.case, by=by, on_day=self.on_day)
        return _("%(n)s machines are sold.") % {"n": format_count(machines)}


class ReleaseShare(ActForm):
    """A share that was set aside becomes due again."""

    verb = "release_set_aside"
    title = lazy("Release a share that was set aside")
    about = lazy("Once the owner’s hold has ended, the share is due again.")
    statuses = at_or_after(CaseStatus.ALLOCATED)
    owner = TextField(label=lazy("Owner’s party number"), max_length=40)
    reason = TextField(label=lazy("Reason"), max_length=300)

    def why_not(self) -> str:
        return "" if self.page.aside else _("nothing is set aside")

    def button(self) -> str:
        return _("Release the share")

    def act(self, by: User) -> str:
        given = self.cleaned_data
        share = verbs.release_set_aside(
            self.case, party_numbered(given["owner"]), by=by, on_day=self.on_day, reason=given["reason"]
        )
        return _("The share of %(owner)s is due: %(amount)s.") % {
            "owner": share.party.number,
            "amount": format_money(share.amount_cents, self.case.currency),
        }


class PayReleased(PayOut):
    """What was released after the owners were paid."""

    verb = "pay_released"
    title = lazy("Pay what was released")
    statuses = LATER

    def why_not(self) -> str:
        return "" if self.page.due else _("no share is due")


RECORD_FORMS: tuple[type[ActForm], ...] = (
    RecordOffer,
    RecordReceipt,
    RecordCost,
    RecordReserve,
    HandOver,
    ReleaseShare,
    PayReleased,
)
