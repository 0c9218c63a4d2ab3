from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from compliance.checklist.models import ChecklistRun
from compliance.checklist.templates import TEMPLATES
from compliance.checklist.verbs import record_evidence, run_checklist
from fleet.sites.choice import SiteChoice
from kit.accounts.models import User


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "inp"}, format="%Y-%m-%d")


class RunForm(forms.Form):
    """Which checklist is run at which site as of which day."""

    template = forms.ChoiceField(label=lazy("Checklist"), widget=forms.Select(attrs={"class": "inp"}))
    site = forms.ChoiceField(label=lazy("Site"), widget=forms.Select(attrs={"class": "inp"}))
    day = forms.DateField(label=lazy("As of"), widget=_day())

    def __init__(self, sites: SiteChoice, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.sites = {site.code: site for site in sites.sites}
        template, site = self.fields["template"], self.fields["site"]
        assert isinstance(template, forms.ChoiceField)
        assert isinstance(site, forms.ChoiceField)
        template.choices = [(row.code, str(row.title)) for row in TEMPLATES]
        site.choices = [(code, row.name) for code, row in self.sites.items()]

    def act(self, by: User) -> ChecklistRun:
        """Run it.

        Raises: Refusal as the verb does.
        """
        given = self.cleaned_data
        return run_checklist(given["template"], self.sites[given["site"]], given["day"], by=by)


class EvidenceForm(forms.Form):
    """What a person saw of an item that data cannot judge."""

    item = forms.CharField(max_length=40, widget=forms.HiddenInput())
    text = forms.CharField(
        label=lazy("What was seen, and where the paper is kept"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"class": "inp", "rows": 3}),
    )
    on_day = forms.DateField(label=lazy("Seen on"), widget=_day())

    def act(self, run: ChecklistRun, by: User) -> ChecklistRun:
        """Put the evidence down and judge the same day again.

        Raises: Refusal as the verbs do.
        """
        given = self.cleaned_data
        record_evidence(run.template, given["item"], run.site, given["text"], on_day=given["on_day"], by=by)
        return run_checklist(run.template, run.site, run.as_of, by=by)
