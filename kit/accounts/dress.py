"""Fields that a form adds to its model's look as the others do; unfold dresses only its own."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

# Widgets of django.forms as they come; unfold gives its own only to the fields of a model.
PLAIN: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.NumberInput: UnfoldAdminIntegerFieldWidget,
    forms.TextInput: UnfoldAdminTextInputWidget,
    forms.Textarea: UnfoldAdminTextareaWidget,
    forms.DateInput: UnfoldAdminSingleDateWidget,
    forms.CheckboxInput: UnfoldBooleanWidget,
}


def dressed(form: type[Any]) -> type[Any]:
    """The form with its own fields looking as those of the model do."""
    for field in form.base_fields.values():
        field.label = capfirst(field.label) if field.label else field.label
        kind = type(field.widget)
        if kind is forms.Select:
            field.widget = UnfoldAdminSelectWidget(attrs=field.widget.attrs, choices=field.choices)
        elif kind in PLAIN:
            attrs = {name: value for name, value in field.widget.attrs.items() if name != "cols"}
            field.widget = PLAIN[kind](attrs=attrs)
    return form
