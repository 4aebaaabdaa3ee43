"""Forms of the operations room 运行监测表单."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StepForm(forms.Form):
    """A step on an alert."""

    what = forms.ChoiceField(choices=(("known", ""), ("taken", ""), ("note", ""), ("closed", "")), widget=forms.HiddenInput)
    said = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
