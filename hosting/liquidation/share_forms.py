"""Forms of gates 10 to 13: distribution, payout and close."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hosting.liquidation import verbs
from hosting.liquidation.fields import (
    ActForm,
    EvidenceField,
    TextField,
)
from hosting.liquidation.models import CaseStatus
from hosting.liquidation.steps import APPROVE
from kit.accounts.models import User
from kit.units import format_count, format_money


class Distribute(ActForm):
    """Gates 10 and 11, which a worker passes."""

    verb = "distribute"
    title = lazy("Distribute the net")
    about = lazy(
        "A worker splits the net over all owners to the cent, books it in one entry and issues a statement "
        "for every share. What belongs to held owners is set aside."
    )
    statuses = (CaseStatus.RECEIVED, CaseStatus.ALLOCATED)
    is_typed = True

    def why_not(self) -> str:
        return "" if self.page.net_cents > 0 else _("nothing is left for the owners")

    def button(self) -> str:
        if self.case.status == CaseStatus.ALLOCATED:
            missing = self.page.owners - self.page.statements
            return _("Go on: issue %(n)s statements") % {"n": format_count(missing)}
        return _("Distribute %(net)s to %(n)s owners") % {
            "net": format_money(self.page.net_cents, self.case.currency),
            "n": format_count(self.page.scope.owners),
        }

    def act(self, by: User) -> str:
        verbs.distribute(self.case, by=by, on_day=self.on_day)
        return _("The distribution is asked for. The page shows how far it is and can be left.")


class PayOut(ActForm):
    """Gate 12; after it, what was released since."""

    verb = "pay_out"
    title = lazy("Pay the owners")
    about = lazy("Every share that is due is paid in one entry; owners held meanwhile are set aside first.")
    statuses: ClassVar[Sequence[str]] = (CaseStatus.STATED,)
    needs_act = APPROVE
    is_second_person = True
    is_typed = True
    method = TextField(label=lazy("How it is paid"), max_length=40, initial=lazy("bank transfer"))
    evidence = EvidenceField(label=lazy("Payment order, and where records are kept"))

    def button(self) -> str:
        due = self.page.due
        return _("Pay %(n)s shares, %(cents)s") % {
            "n": format_count(due.owners if due else 0),
            "cents": format_money(due.cents if due else 0, self.case.currency),
        }

    def act(self, by: User) -> str:
        given = self.cleaned_data
        paid = verbs.pay_out(
            self.case, by=by, on_day=self.on_day, method=given["method"], evidence=given["evidence"]
        )
        return _("%(n)s shares are paid.") % {"n": format_count(paid)}


class CloseCase(ActForm):
    """Gate 13."""

    verb = "close_case"
    title = lazy("Close the case")
    about = lazy("Only if the books agree to the cent and nothing is due. Moves at the site are free again.")
    statuses = (CaseStatus.PAID,)
    needs_act = APPROVE
    is_second_person = True
    is_typed = True
    evidence = EvidenceField(label=lazy("Reconciliation"))

    def why_not(self) -> str:
        due = self.page.due
        return _("%(n)s shares are still due") % {"n": format_count(due.owners)} if due else ""

    def button(self) -> str:
        return _("Close %(number)s") % {"number": self.case.number}

    def act(self, by: User) -> str:
        evidence = self.cleaned_data["evidence"]
        verbs.close_case(self.case, by=by, on_day=self.on_day, evidence=evidence)
        return _("%(number)s is closed.") % {"number": self.case.number}
