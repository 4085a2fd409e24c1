"""What is typed about feeds, validated."""

from django import forms

from events.models import Scope


class NamesForm(forms.Form):
    """Whether notes and the names of those invited are shown."""

    names = forms.BooleanField(required=False)


class FeedForm(NamesForm):
    """Whose meetings the address is for."""

    scope = forms.ChoiceField(choices=Scope.choices)
