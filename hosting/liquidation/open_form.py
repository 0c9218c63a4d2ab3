import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fleet.sites.models import Site
from hosting.liquidation import verbs
from hosting.liquidation.fields import ChoiceField, DayField, TextField
from hosting.liquidation.models import Basis, Liquidation
from kit.accounts.models import User

IN_AN_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class OpenForm(forms.Form):
    """Opens a case for a site."""

    site = ChoiceField(label=lazy("Site"), help_text=lazy("a site has one open case at a time"))
    number = TextField(label=lazy("Case number"), max_length=20)
    title = TextField(label=lazy("Title"), max_length=200)
    as_of = DayField(
        label=lazy("Scope as of"), help_text=lazy("machines that stood at the site when this day ended")
    )
    currency = TextField(label=lazy("Currency"), max_length=3, initial="USD")
    basis = forms.ChoiceField(
        label=lazy("Basis of shares"),
        choices=Basis.choices,
        initial=Basis.APPRAISED,
        widget=forms.RadioSelect,
    )

    def __init__(self, *given: Any, site: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        choice = self.fields["site"]
        assert isinstance(choice, ChoiceField)
        busy = Liquidation.objects.exclude(status="closed").values("site_id")
        free = Site.objects.exclude(pk__in=busy).order_by("name")
        choice.choices = list(free.values_list("code", "name"))
        choice.initial = site
        self.fields["as_of"].initial = timezone.now().date()

    def clean_number(self) -> str:
        """A number that can stand in an address."""
        number = str(self.cleaned_data["number"]).strip()
        if not IN_AN_ADDRESS.fullmatch(number):
            raise forms.ValidationError(_("Use letters, digits, points and hyphens, such as LQ-2022-001."))
        return number

    def clean_currency(self) -> str:
        """A currency code in capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()

    def act(self, by: User) -> Liquidation:
        """Open the case.

        Raises: Refusal as the verb does.
        """
        given = self.cleaned_data
        site = Site.objects.get(code=given["site"])
        return verbs.open_case(
            number=given["number"],
            title=given["title"],
            site=site,
            as_of=given["as_of"],
            currency=given["currency"],
            basis=given["basis"],
            by=by,
            is_synthetic=site.is_synthetic,
        )
