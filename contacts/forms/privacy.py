"""Forms of the privacy pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import RequestKind
from contacts.names import fold
from foundation.inputs import LONGEST_TEXT, DayField


class RequestForm(forms.Form):
    """What somebody asked, as it came in."""

    kind = forms.ChoiceField(label=gettext_lazy("What do they ask?"), choices=RequestKind.choices)
    name = forms.CharField(label=gettext_lazy("Who asks?"), max_length=200)
    address = forms.CharField(
        label=gettext_lazy("Where do we answer?"),
        max_length=254,
        help_text=gettext_lazy("An e-mail or a postal address."),
    )
    received_on = DayField(
        label=gettext_lazy("Received on"),
        help_text=gettext_lazy("The month runs from this day, whoever of you it reached."),
    )
    note = forms.CharField(
        label=gettext_lazy("What they wrote, in short"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = today
        self.today = today

    def clean_received_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["received_on"] > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["received_on"]


class EraseForm(forms.Form):
    """The name typed: nothing brings them back."""

    name = forms.CharField(label=gettext_lazy("Type the name"), max_length=200)

    def __init__(self, *args: Any, wanted: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def clean_name(self) -> str:
        """As it is written above, but for accents and case."""
        name: str = self.cleaned_data["name"]
        if fold(name) != fold(self.wanted):
            raise forms.ValidationError(
                _("This is not the name. Type: %(name)s"), params={"name": self.wanted}
            )
        return name


class HeldForm(forms.Form):
    """By what somebody may be held back."""

    text = forms.CharField(label=gettext_lazy("E-mail, phone, link or name"), max_length=254)
    town = forms.CharField(label=gettext_lazy("Town"), max_length=120, required=False)


class KeepForm(forms.Form):
    """Why somebody is kept longer."""

    reason = forms.CharField(label=gettext_lazy("Why are they kept?"), max_length=200)


class KnowsForm(forms.Form):
    """Since when they know, and when they last wrote."""

    informed_on = DayField(label=gettext_lazy("They know since"), required=False)
    heard_on = DayField(label=gettext_lazy("They last wrote to us on"), required=False)
