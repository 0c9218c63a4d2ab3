from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fleet.miners.models import Miner, MinerStatus, MoveHold, Owner
from fleet.miners.steps import ENDED
from fleet.sites.models import Site

ACCEPT = _("Accept more than is energized; the reason is kept")


class MinerEntryForm(forms.ModelForm):
    """A new miner; power and hashrate are the catalogue's where they are left empty."""

    power_w = forms.IntegerField(label=_("power, W"), min_value=1, max_value=100_000, required=False)
    ghs = forms.IntegerField(label=_("hashrate, GH/s"), min_value=0, max_value=10_000_000, required=False)
    accept_overcommitment = forms.BooleanField(label=ACCEPT, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)

    class Meta:
        model = Miner
        fields = ["serial", "model", "owner", "site", "slot", "status", "power_w", "ghs", "mac", "firmware"]

    def clean_serial(self) -> str:
        return str(self.cleaned_data["serial"]).strip().upper()

    def _post_clean(self) -> None:
        """The verb checks and says what is wrong; an instance without its figures would only fail here."""


class ActForm(forms.Form):
    """What every act on several miners is told."""

    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)


class MoveForm(ActForm):
    site = forms.ModelChoiceField(Site.objects.all(), label=_("To the site"))
    accept_overcommitment = forms.BooleanField(label=ACCEPT, required=False)
    field_order = ["site", "reason", "accept_overcommitment"]


class StateForm(ActForm):
    status = forms.ChoiceField(
        label=_("State"), choices=[c for c in MinerStatus.choices if c[0] not in ENDED]
    )
    field_order = ["status", "reason"]


class TransferForm(ActForm):
    owner = forms.CharField(label=_("Number of the new owner"), max_length=40)
    field_order = ["owner", "reason"]

    def clean_owner(self) -> Owner:
        owner = Owner.objects.filter(number=self.cleaned_data["owner"].strip()).first()
        if owner is None:
            raise forms.ValidationError(_("No owner has this number."))
        return owner


class EndForm(ActForm):
    status = forms.ChoiceField(label=_("As"), choices=[c for c in MinerStatus.choices if c[0] in ENDED])
    field_order = ["status", "reason"]


class HoldForm(forms.ModelForm):
    """A new hold, on a site or on one miner by its serial."""

    serial = forms.CharField(label=_("serial of the miner"), max_length=40, required=False)

    class Meta:
        model = MoveHold
        fields = ["site", "reason", "authority"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        serial = (given.get("serial") or "").strip().upper()
        if bool(serial) == bool(given.get("site")):
            raise forms.ValidationError(_("Name a site or a miner, one of them."))
        given["miner"] = Miner.objects.filter(serial=serial).first() if serial else None
        if serial and given["miner"] is None:
            self.add_error("serial", _("No miner has this serial."))
        return given

    def _post_clean(self) -> None:
        """The verb makes the row."""
