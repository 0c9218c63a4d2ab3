"""What the forms of a case are made of: days, amounts, evidence, and a form that does one act."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hosting.liquidation.models import CaseStatus
from hosting.liquidation.page import CasePage
from hosting.liquidation.steps import PREPARE
from kit.accounts.models import User
from kit.errors import Refusal
from kit.money import parse_cents
from kit.units import format_date

Words = str | Promise


class DayField(forms.DateField):
    """A day, with the browser's own picker."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "inp"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **({"label": gettext_lazy("Day of the act")} | given))


class TextField(forms.CharField):
    """A line of text."""

    def __init__(self, max_length: int = 300, **given: Any) -> None:
        widget = forms.TextInput(attrs={"class": "inp", "autocomplete": "off"})
        super().__init__(max_length=max_length, widget=widget, **given)


class EvidenceField(TextField):
    """Where the paper that shows an act is kept."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=400, **({"label": gettext_lazy("Evidence")} | given))


class CentsField(forms.CharField):
    """An amount in the currency of the case, read without guessing."""

    currency = "USD"

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"class": "inp", "inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **({"label": gettext_lazy("Amount")} | given))

    def clean(self, value: Any) -> int | None:
        """The amount in cents.

        Raises: ValidationError for what is not an amount.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_cents(text, self.currency)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from None


class ChoiceField(forms.ChoiceField):
    """A choice among few, the choices given when the form is made."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=forms.Select(attrs={"class": "inp"}), **given)


class ActForm(forms.Form):
    """A form that does one act of a case; what an act needs is in its class attributes.

    Shape: `statuses` are the states in which the act may be done; `is_typed` asks for the case's number.
    """

    verb: ClassVar[str]
    title: ClassVar[Words]
    needs_act: ClassVar[str] = PREPARE
    is_second_person: ClassVar[bool] = False
    is_typed: ClassVar[bool] = False
    statuses: ClassVar[Sequence[str]] = ()
    about: ClassVar[Words] = ""

    day = DayField()

    def __init__(self, page: CasePage, *given: Any, **named: Any) -> None:
        self.page, self.case = page, page.case
        named.setdefault("auto_id", f"{self.verb}-%s")
        super().__init__(*given, **named)
        if "day" in self.fields:
            self.fields["day"].initial = first_day(page)
            self.fields["day"].help_text = days_allowed(page)
        self.fill()
        for field in self.fields.values():
            if isinstance(field, CentsField):
                field.currency = self.case.currency
                field.label = f"{field.label}, {self.case.currency}"
        if self.is_typed:
            self.fields["typed"] = TextField(
                label=_("Type %(number)s to confirm") % {"number": self.case.number},
                help_text=_("This cannot be taken back."),
                max_length=20,
            )
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs |= {"class": "inp bad", "aria-invalid": "true"}

    def fill(self) -> None:
        """Give the fields their choices; a form without choices has nothing to fill."""

    def clean_typed(self) -> str:
        """The number of the case, typed by whoever wants what cannot be taken back."""
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != self.case.number:
            raise forms.ValidationError(_("“%(typed)s” is not the number of this case.") % {"typed": typed})
        return typed

    def button(self) -> str:
        """The words on the button: the act."""
        raise NotImplementedError

    def why_not(self) -> str:
        """What is still missing before anybody may press the button; nothing if it may be pressed."""
        return ""

    def act(self, by: User) -> str:
        """Do the act and say what was done.

        Raises: Refusal as the act's verb does.
        """
        raise NotImplementedError

    @property
    def on_day(self) -> date:
        """The day that was given."""
        return self.cleaned_data["day"]  # type: ignore[no-any-return]


def first_day(page: CasePage) -> date | None:
    """Today; nothing once the authority has ended, for then the day has to be thought about."""
    today = timezone.now().date()
    ends = page.case.authority_ends_on
    return None if ends is not None and today >= ends else today


def days_allowed(page: CasePage) -> str:
    """Between which days an act may lie."""
    last, ends = page.course.last_on, page.case.authority_ends_on
    said = [_("not before %(day)s, the day of the last gate") % {"day": format_date(last)}] if last else []
    if ends is not None:
        said.append(_("before %(day)s, when the authority ends") % {"day": format_date(ends)})
    return "; ".join(said)


def at_or_after(status: CaseStatus) -> tuple[str, ...]:
    """A state and all that follow it, in the order of the gates."""
    order = [str(value) for value in CaseStatus.values]
    return tuple(order[order.index(status) :])
