"""A promise, and the day it is put off to."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.inputs import DayField


class PromiseForm(forms.Form):
    """A line and a day."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("What was promised?"), max_length=200)
    due_on = DayField(label=gettext_lazy("By"))


class LaterForm(forms.Form):
    """Tomorrow, next week, or a day that is still to come. `cleaned_data["day"]` is the day."""

    later = forms.ChoiceField(choices=[("tomorrow", ""), ("week", ""), ("day", "")])
    day = DayField(required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        later = cleaned.get("later")
        if later == "tomorrow":
            cleaned["day"] = self.today + timedelta(days=1)
        elif later == "week":
            cleaned["day"] = self.today + timedelta(days=7)
        elif not cleaned.get("day") or cleaned["day"] < self.today:
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return cleaned
