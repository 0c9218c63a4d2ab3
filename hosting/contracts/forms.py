from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hosting.contracts.models import Contract
from hosting.contracts.verbs import NewContract, overcommitment
from kit.errors import Refusal

TERMS = [
    "number",
    "kind",
    "party",
    "site",
    "contracted_w",
    "rate_microcents_kwh",
    "currency",
    "from_on",
    "to_on",
    "source",
    "confidence",
]


class ContractForm(forms.ModelForm):
    """The terms of a new contract; promising more than is energized takes a tick and a reason."""

    accept_overcommitment = forms.BooleanField(label=_("accept over-commitment"), required=False)
    reason = forms.CharField(label=_("reason for it"), required=False)

    class Meta:
        model = Contract
        fields = TERMS

    def terms(self) -> NewContract:
        """The terms as the verb takes them."""
        return NewContract(**{name: self.cleaned_data[name] for name in TERMS})

    def clean(self) -> dict[str, Any]:
        """Show what the verb would refuse beside the form instead of after it."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            over = overcommitment([self.terms()], {cleaned["site"].pk: cleaned["site"]})
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        if over and not (cleaned["accept_overcommitment"] and cleaned["reason"].strip()):
            raise ValidationError(over[0])
        return cleaned
