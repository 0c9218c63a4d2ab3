"""Forms of gates 6 to 9: the buyer, the valuation, the sale and its proceeds."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hosting.liquidation import verbs
from hosting.liquidation.fields import (
    ActForm,
    CentsField,
    ChoiceField,
    EvidenceField,
    TextField,
)
from hosting.liquidation.models import CaseStatus, Offer
from hosting.liquidation.reads import cleared_buyers, offers_of
from hosting.liquidation.sale import QUOTES_NEEDED
from hosting.liquidation.steps import APPROVE
from hosting.parties.models import Party
from kit.accounts.models import User
from kit.units import format_count, format_money

QUOTES_ASKED = 3


class ClearBuyer(ActForm):
    """Gate 6."""

    verb = "clear_buyer"
    title = lazy("Choose the cleared buyer")
    about = lazy(
        "A buyer needs a clearance of a compliance officer in force on the day, and no open hold; where "
        "machines may not leave, a seat in the site’s country."
    )
    statuses = (CaseStatus.ELECTED,)
    buyer = ChoiceField(label=lazy("Buyer"))
    evidence = EvidenceField(label=lazy("Screening and declared owners"))

    def fill(self) -> None:
        choice = self.fields["buyer"]
        assert isinstance(choice, ChoiceField)
        choice.choices = [
            (party.number, f"{party.name} ({party.number}, {party.country or _('country unknown')})")
            for party in cleared_buyers()
        ]

    def why_not(self) -> str:
        choice = self.fields["buyer"]
        assert isinstance(choice, ChoiceField)
        return (
            "" if choice.choices else _("no party has a clearance as a buyer; a compliance officer gives it")
        )

    def button(self) -> str:
        return _("Choose this buyer")

    def act(self, by: User) -> str:
        buyer = Party.objects.get(number=self.cleaned_data["buyer"])
        evidence = self.cleaned_data["evidence"]
        verbs.clear_buyer(self.case, buyer, by=by, on_day=self.on_day, evidence=evidence)
        return _("%(buyer)s is the buyer.") % {"buyer": buyer}


class Appraise(ActForm):
    """Gate 7."""

    verb = "appraise"
    title = lazy("Value the machines")
    about = lazy(
        "Each machine takes the price of its model on the day; two independent valuers say what all of them "
        "are worth."
    )
    statuses = (CaseStatus.BUYER_CLEARED,)

    def fill(self) -> None:
        for number in range(1, QUOTES_ASKED + 1):
            is_needed = number <= QUOTES_NEEDED
            self.fields[f"valuer_{number}"] = TextField(
                label=_("Valuer %(n)d") % {"n": number}, required=is_needed, max_length=200
            )
            self.fields[f"total_{number}"] = CentsField(label=_("All machines together"), required=is_needed)
            self.fields[f"evidence_{number}"] = EvidenceField(
                label=_("Quote"),
                required=is_needed,
                help_text="" if is_needed else _("a third is not needed"),
            )

    def button(self) -> str:
        return _("Value %(n)s machines") % {"n": format_count(self.page.scope.machines)}

    def act(self, by: User) -> str:
        given = self.cleaned_data
        quotes = [
            verbs.Quote(given[f"valuer_{number}"], given[f"total_{number}"] or 0, given[f"evidence_{number}"])
            for number in range(1, QUOTES_ASKED + 1)
            if given[f"valuer_{number}"]
        ]
        worth = verbs.appraise(self.case, quotes=quotes, by=by, on_day=self.on_day)
        return _("The machines are appraised at %(worth)s.") % {
            "worth": format_money(worth, self.case.currency)
        }


class ApproveSale(ActForm):
    """Gate 8."""

    verb = "approve_sale"
    title = lazy("Approve the sale")
    about = lazy("The offer becomes the price; the buyer’s clearance is looked at once more.")
    statuses = (CaseStatus.VALUED,)
    needs_act = APPROVE
    is_second_person = True
    offer = ChoiceField(label=lazy("Offer"))
    evidence = EvidenceField(label=lazy("Agreement"))

    def fill(self) -> None:
        found = offers_of(self.case)
        self.offers: list[Offer] = [offer for offer in found if offer.buyer_id == self.case.buyer_id]
        choice = self.fields["offer"]
        assert isinstance(choice, ChoiceField)
        choice.choices = [(str(offer.pk), self._words(offer)) for offer in self.offers]

    def _words(self, offer: Offer) -> str:
        amount = format_money(offer.amount_cents, self.case.currency)
        return _("%(amount)s by %(buyer)s") % {"amount": amount, "buyer": offer.buyer}

    def why_not(self) -> str:
        return "" if self.offers else _("no offer of the cleared buyer is recorded yet")

    def button(self) -> str:
        if len(self.offers) != 1:
            return _("Approve the sale")
        amount = format_money(self.offers[0].amount_cents, self.case.currency)
        return _("Approve the sale for %(amount)s") % {"amount": amount}

    def act(self, by: User) -> str:
        offer = next(offer for offer in self.offers if str(offer.pk) == self.cleaned_data["offer"])
        evidence = self.cleaned_data["evidence"]
        verbs.approve_sale(self.case, offer, by=by, on_day=self.on_day, evidence=evidence)
        return _("The sale is approved: %(offer)s.") % {"offer": self._words(offer)}


class ConfirmProceeds(ActForm):
    """Gate 9."""

    verb = "confirm_proceeds"
    title = lazy("Confirm the proceeds")
    about = lazy("The whole price is in the bank, and costs and reserves are recorded.")
    statuses = (CaseStatus.SOLD,)
    evidence = EvidenceField(label=lazy("Bank’s advice"))

    def why_not(self) -> str:
        price = self.page.course.passed["approve_sale"].detail["amount_cents"]
        if self.page.received_cents == price:
            return ""
        return _("%(received)s of %(price)s have been received") % {
            "received": format_money(self.page.received_cents, self.case.currency),
            "price": format_money(price, self.case.currency),
        }

    def button(self) -> str:
        received = format_money(self.page.received_cents, self.case.currency)
        return _("Confirm proceeds of %(received)s") % {"received": received}

    def act(self, by: User) -> str:
        evidence = self.cleaned_data["evidence"]
        verbs.confirm_proceeds(self.case, by=by, on_day=self.on_day, evidence=evidence)
        return _("The proceeds are confirmed.")
