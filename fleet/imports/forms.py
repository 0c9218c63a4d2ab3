from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The file of miners to be planned."""

    file = forms.FileField(
        label=_("CSV in UTF-8, or XLSX"),
        help_text=_("Nothing is written before you have seen what would change."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv", "class": "inp"}),
    )
