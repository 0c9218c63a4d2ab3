from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The file of miners to be planned."""

    file = forms.FileField(
        label=_("CSV file, UTF-8"),
        help_text=_("Nothing is written before you have seen what would change."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv", "class": "inp"}),
    )
