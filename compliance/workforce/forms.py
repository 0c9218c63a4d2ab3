from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.workforce.models import ClockKind, Contractor, Worker
from compliance.workforce.verbs import record_attestation, record_clock
from kit.accounts.models import User
from kit.errors import Refusal
from kit.units import format_date


def _line(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "inp", "autocomplete": "off"} | more)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "inp"}, format="%Y-%m-%d")


class ClockForm(forms.Form):
    """One date on a worker's paper, or the date a contractor attested."""

    number = forms.CharField(label=lazy("Worker number"), max_length=20, widget=_line())
    kind = forms.ChoiceField(
        label=lazy("Kind of date"), choices=ClockKind.choices, widget=forms.Select(attrs={"class": "inp"})
    )
    ends_on = forms.DateField(
        label=lazy("Ends on"),
        required=False,
        widget=_day(),
        help_text=lazy("blank only for a work authorisation that has no end, or an admission for D/S"),
    )
    category = forms.CharField(
        label=lazy("Category code"),
        max_length=8,
        required=False,
        widget=_line(),
        help_text=lazy("as on a card"),
    )
    is_duration_of_status = forms.BooleanField(
        label=lazy("Admitted for the duration of status (D/S)"), required=False
    )
    is_attested = forms.BooleanField(
        label=lazy("Attested by the contractor; no paper was seen"), required=False
    )

    def act(self, by: User) -> str:
        """Record the date.

        Raises: Refusal for a number nobody has, and as the verb does.
        """
        given = self.cleaned_data
        worker = Worker.objects.defer("name").filter(number=given["number"].strip()).first()
        if worker is None:
            raise Refusal(_("There is no worker %(number)s.") % {"number": given["number"]})
        clock = record_clock(
            worker,
            given["kind"],
            ends_on=given["ends_on"],
            category=given["category"],
            is_duration_of_status=given["is_duration_of_status"],
            is_attested=given["is_attested"],
            source=_("recorded by %(user)s") % {"user": by},
            by=by,
        )
        return _("%(worker)s: %(kind)s %(day)s.") % {
            "worker": worker,
            "kind": clock.get_kind_display(),
            "day": _("until %(day)s") % {"day": format_date(clock.ends_on)}
            if clock.ends_on
            else _("without end"),
        }


class AttestationForm(forms.Form):
    """A contractor's signed word for its people."""

    contractor = forms.ChoiceField(label=lazy("Contractor"), widget=forms.Select(attrs={"class": "inp"}))
    signed_on = forms.DateField(label=lazy("Signed on"), widget=_day())
    expires_on = forms.DateField(label=lazy("Ends on"), widget=_day())
    evidence = forms.CharField(
        label=lazy("Where the signed paper is kept"),
        max_length=300,
        widget=_line(),
        help_text=lazy("no names"),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        rows = Contractor.objects.select_related("party", "site").order_by("party__name", "pk")
        choice = self.fields["contractor"]
        assert isinstance(choice, forms.ChoiceField)
        self.rows = {str(row.pk): row for row in rows}
        choice.choices = [(key, str(row)) for key, row in self.rows.items()]

    def act(self, by: User) -> str:
        """Record the attestation.

        Raises: Refusal as the verb does.
        """
        given = self.cleaned_data
        attestation = record_attestation(
            self.rows[given["contractor"]],
            signed_on=given["signed_on"],
            expires_on=given["expires_on"],
            evidence=given["evidence"],
            source=_("recorded by %(user)s") % {"user": by},
            by=by,
        )
        return _("%(contractor)s: attested until %(day)s.") % {
            "contractor": attestation.contractor,
            "day": format_date(attestation.expires_on),
        }
