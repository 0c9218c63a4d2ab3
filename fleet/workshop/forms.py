"""What the workshop's pages ask; the verbs check it and say what is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import PartKind
from fleet.miners.forms import ACCEPT
from fleet.miners.models import Miner, Part
from fleet.sites.models import Site
from fleet.workshop.faults import Severity
from fleet.workshop.models import Spare, Ticket, WorkedBy
from fleet.workshop.shipping import Detention, DetentionOutcome, PaperKind, Shipment

ANY_KIND = [("", "–"), *PartKind.choices]


def _lines(text: str) -> list[str]:
    return [line.strip().upper() for line in text.replace(",", "\n").splitlines() if line.strip()]


class TakenByVerb(forms.ModelForm):
    """A form whose row is made by a verb, which checks and says what is wrong."""

    def _post_clean(self) -> None:
        """An instance without the verb's own fields would only fail here."""


class TicketEntryForm(TakenByVerb):
    """A new ticket, on a miner by its serial or on a part by its kind and serial."""

    serial = forms.CharField(label=_("serial of the miner"), max_length=40, required=False)
    part_kind = forms.ChoiceField(label=_("or kind of the part"), choices=ANY_KIND, required=False)
    part_serial = forms.CharField(label=_("and its serial"), max_length=60, required=False)
    severity = forms.ChoiceField(
        label=_("severity"), choices=[("", _("as usual for the fault")), *Severity.choices], required=False
    )

    class Meta:
        model = Ticket
        fields = ["serial", "part_kind", "part_serial", "fault", "severity", "text"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        serial = (given.get("serial") or "").strip().upper()
        part = (given.get("part_serial") or "").strip().upper()
        if bool(serial) == bool(part):
            raise forms.ValidationError(_("Name a miner or a part, one of them."))
        if serial:
            given["subject"] = Miner.objects.filter(serial=serial).first()
        else:
            given["subject"] = Part.objects.filter(kind=given.get("part_kind"), serial=part).first()
        if given["subject"] is None:
            self.add_error("serial" if serial else "part_serial", _("Nothing has this serial."))
        return given


class SpareEntryForm(TakenByVerb):
    """A part to be put on the shelf of a site."""

    shelf = forms.ModelChoiceField(Site.objects.all(), label=_("on the shelf at"))

    class Meta:
        model = Spare
        fields = ["kind", "serial", "shelf", "model", "maker", "family"]

    def clean_serial(self) -> str:
        return str(self.cleaned_data["serial"]).strip().upper()


class ShipmentEntryForm(TakenByVerb):
    """A shipment to be planned, with the serials of what is in it."""

    serials = forms.CharField(
        label=_("serials of the miners"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text=_("One a line, or with commas between."),
    )
    part_kind = forms.ChoiceField(label=_("kind of the parts"), choices=ANY_KIND, required=False)
    part_serials = forms.CharField(
        label=_("serials of the parts"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    class Meta:
        model = Shipment
        fields = [
            "number",
            "kind",
            "from_site",
            "from_party",
            "to_site",
            "to_party",
            "carrier",
            "reference",
            "serials",
            "part_kind",
            "part_serials",
        ]

    def clean_serials(self) -> list[int]:
        rows = Miner.objects.filter(serial__in=_lines(self.cleaned_data["serials"]))
        return self._keys(dict(rows.values_list("serial", "pk")), "serials")

    def clean_part_serials(self) -> list[int]:
        kind, serials = self.cleaned_data.get("part_kind"), _lines(self.cleaned_data["part_serials"])
        rows = Part.objects.filter(kind=kind, serial__in=serials)
        return self._keys(dict(rows.values_list("serial", "pk")), "part_serials")

    def _keys(self, found: dict[str, int], field: str) -> list[int]:
        unknown = [serial for serial in _lines(self.cleaned_data[field]) if serial not in found]
        if unknown:
            raise forms.ValidationError(
                _("Not known: %(serials)s"), params={"serials": ", ".join(unknown[:5])}
            )
        return list(found.values())


class DetentionEntryForm(TakenByVerb):
    """A detention to be written down; without serials everything still on its way is held."""

    serials = forms.CharField(
        label=_("serials held"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("Empty: everything that is still on its way."),
    )

    class Meta:
        model = Detention
        fields = [
            "shipment",
            "port",
            "presented_on",
            "notice",
            "serials",
            "entry_no",
            "detained_on",
            "notice_on",
            "agency",
            "fees",
            "counsel",
            "note",
        ]

    def clean_serials(self) -> list[str]:
        return _lines(self.cleaned_data["serials"])


class DetentionForm(TakenByVerb):
    """What is known of a detention, to be put right."""

    class Meta:
        model = Detention
        fields = [name for name in DetentionEntryForm.Meta.fields if name not in ("shipment", "serials")]


class NothingForm(forms.Form):
    """An act that asks nothing."""


class SaidForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=500, required=False)


class NotedForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class WorkedForm(forms.Form):
    work_by = forms.ChoiceField(
        label=_("Work by"), choices=[("", _("unknown")), *WorkedBy.choices], required=False
    )
    worker = forms.CharField(label=_("Who worked"), max_length=120, required=False)
    worker_number = forms.CharField(label=_("Worker number"), max_length=40, required=False)


class RepairForm(WorkedForm):
    outcome = forms.CharField(label=_("Outcome"), max_length=500, required=False)
    field_order = ["outcome"]


class ClosingForm(forms.Form):
    outcome = forms.CharField(label=_("Outcome"), max_length=500, required=False)


class SwapForm(WorkedForm):
    kind = forms.ChoiceField(label=_("Kind of part"), choices=PartKind.choices, initial=PartKind.HASHBOARD)
    old = forms.CharField(label=_("Serial that comes out"), max_length=60, required=False)
    new = forms.CharField(label=_("Serial that goes in"), max_length=60, required=False)
    family = forms.CharField(label=_("Family of the new one"), max_length=40, required=False)
    is_old_faulty = forms.BooleanField(
        label=_("What comes out is faulty and gets a ticket of its own"), required=False, initial=True
    )
    field_order = ["kind", "old", "new", "family", "is_old_faulty"]


class RmaForm(forms.Form):
    vendor = forms.CharField(label=_("Sent to"), max_length=200)
    reference = forms.CharField(label=_("RMA number"), max_length=80, required=False)
    carrier = forms.CharField(label=_("Carrier"), max_length=120, required=False)


class ReturnForm(forms.Form):
    is_repaired = forms.BooleanField(label=_("It is repaired"), required=False)
    site = forms.ModelChoiceField(
        Site.objects.all(), label=_("Back at the site"), required=False, empty_label=_("where it was")
    )
    text = forms.CharField(label=_("Note"), max_length=500, required=False)


class ArrivalForm(forms.Form):
    site = forms.ModelChoiceField(
        Site.objects.all(), label=_("At the site"), required=False, empty_label=_("as planned")
    )
    missing = forms.CharField(
        label=_("Serials that are missing"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("One a line, or with commas between. Empty: everything arrived."),
    )
    accept_overcommitment = forms.BooleanField(label=ACCEPT, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)

    def clean_missing(self) -> list[str]:
        return _lines(self.cleaned_data["missing"])


class GivingUpForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=PaperKind.choices)
    file = forms.FileField(label=_("File"))


class EndingForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[choice for choice in DetentionOutcome.choices if choice[0] != DetentionOutcome.PENDING],
    )
    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)
