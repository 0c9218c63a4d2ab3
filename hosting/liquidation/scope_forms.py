"""Forms of gates 1 to 5: what is in scope, held, reviewed, authorised and elected."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hosting.liquidation import verbs
from hosting.liquidation.fields import (
    ActForm,
    DayField,
    EvidenceField,
    TextField,
)
from hosting.liquidation.models import CaseStatus
from kit.accounts.models import User
from kit.units import format_count


class FreezeScope(ActForm):
    """Gate 1."""

    verb = "freeze_scope"
    title = lazy("Freeze the scope")
    about = lazy("Serials, owners, weights and whether machines may leave are kept as they stood on the day.")
    statuses = (CaseStatus.DRAFT,)

    def fill(self) -> None:
        self.fields["day"].initial = self.case.as_of

    def why_not(self) -> str:
        return "" if self.page.scope.machines else _("no machine stood at the site on the day of the case")

    def button(self) -> str:
        return _("Freeze the scope of %(n)s machines") % {"n": format_count(self.page.scope.machines)}

    def act(self, by: User) -> str:
        machines = verbs.freeze_scope(self.case, by=by, on_day=self.on_day)
        return _("%(n)s machines are in scope.") % {"n": format_count(machines)}


class HoldSite(ActForm):
    """Gate 2."""

    verb = "hold_site"
    title = lazy("Hold the site")
    about = lazy("No machine of the site moves or changes its owner until the case is closed.")
    statuses = (CaseStatus.SCOPED,)
    evidence = EvidenceField(label=lazy("Why nothing moves meanwhile"))
    authority = TextField(label=lazy("Authority"), max_length=200, required=False)

    def button(self) -> str:
        return _("Hold every move and owner at %(site)s") % {"site": self.case.site.name}

    def act(self, by: User) -> str:
        given = self.cleaned_data
        verbs.hold_site(
            self.case, by=by, on_day=self.on_day, evidence=given["evidence"], authority=given["authority"]
        )
        return _("Nothing moves at %(site)s while the case runs.") % {"site": self.case.site.name}


class RecordReview(ActForm):
    """Gate 3."""

    verb = "record_review"
    title = lazy("Record counsel’s review")
    statuses = (CaseStatus.HELD,)
    evidence = EvidenceField(
        label=lazy("Counsel’s memo"), help_text=lazy("which memo, of what day, kept where")
    )
    counsel = TextField(label=lazy("Counsel"), max_length=200, required=False)

    def button(self) -> str:
        return _("Record counsel’s review")

    def act(self, by: User) -> str:
        given = self.cleaned_data
        verbs.record_review(
            self.case, by=by, on_day=self.on_day, evidence=given["evidence"], counsel=given["counsel"]
        )
        return _("Counsel’s review is recorded.")


class RecordAuthority(ActForm):
    """Gate 4."""

    verb = "record_authority"
    title = lazy("Record the authority of the sale")
    about = lazy("From the day on which it ends nothing more can be done on it.")
    statuses = (CaseStatus.REVIEWED,)
    authority = TextField(
        label=lazy("Authority"), help_text=lazy("a licence with its number, an exemption, or “none needed”")
    )
    ends_on = DayField(
        label=lazy("Ends on"), required=False, help_text=lazy("the first day on which it no longer holds")
    )
    evidence = EvidenceField()

    def button(self) -> str:
        return _("Record the authority")

    def act(self, by: User) -> str:
        given = self.cleaned_data
        verbs.record_authority(
            self.case,
            by=by,
            on_day=self.on_day,
            evidence=given["evidence"],
            authority=given["authority"],
            ends_on=given["ends_on"],
        )
        return _("The sale stands on “%(authority)s”.") % {"authority": self.case.authority}


class CloseElections(ActForm):
    """Gate 5."""

    verb = "close_elections"
    title = lazy("Close the elections")
    about = lazy("Owners who did not answer are treated as the notices said.")
    statuses = (CaseStatus.AUTHORISED,)
    answered = forms.IntegerField(
        label=lazy("Owners who answered"),
        required=False,
        min_value=0,
        help_text=lazy("blank is not known"),
        widget=forms.NumberInput(attrs={"class": "inp"}),
    )
    evidence = EvidenceField(label=lazy("Answers and notices"))

    def button(self) -> str:
        return _("Close the elections of %(n)s owners") % {"n": format_count(self.page.scope.owners)}

    def act(self, by: User) -> str:
        given = self.cleaned_data
        verbs.close_elections(
            self.case, by=by, on_day=self.on_day, evidence=given["evidence"], answered=given["answered"]
        )
        return _("The elections are closed.")
