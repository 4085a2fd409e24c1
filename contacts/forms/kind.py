"""A team's own kinds, and whether a kind of meeting counts."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.names import fold
from foundation.inputs import DayField


class _Named(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not fold(name):
            raise forms.ValidationError(_("A kind needs a name."))
        return name


class ContactKindForm(_Named):
    """A kind of contact: a group, or a person."""

    is_group = forms.BooleanField(label=gettext_lazy("It is a group"), required=False, initial=True)


class TouchpointKindForm(_Named):
    """A kind of meeting: does it count as a real action?"""

    is_real = forms.BooleanField(
        label=gettext_lazy("It counts as a real action"), required=False, initial=True
    )


class RuleForm(forms.Form):
    """From which day on a kind counts, or no longer does."""

    is_real = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")
    since = DayField(label=gettext_lazy("From"))
