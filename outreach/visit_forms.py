"""What is typed about a launch's visitors, and about the service that counts them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import fetch
from foundation.inputs import DayField
from outreach.launch_forms import AddressField
from outreach.launches.analytics.base import MOST, WEEK, Figure
from outreach.models import Launch, Service


class WeekForm(forms.Form):
    """The first week's figure."""

    week = forms.IntegerField(
        label=gettext_lazy("Unique visitors of these seven days"),
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "in g"}),
    )

    def figure(self, launch: Launch) -> Figure:
        return Figure(launch.day, launch.day + WEEK, self.cleaned_data["week"])


class DayForm(forms.Form):
    """One day's figure."""

    on = DayField(label=gettext_lazy("Day"), css="in")
    count = forms.IntegerField(
        label=gettext_lazy("Unique visitors of this day"),
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "in"}),
    )

    def figure(self, launch: Launch) -> Figure:
        day = self.cleaned_data["on"]
        return Figure(day, day, self.cleaned_data["count"])


class FileForm(forms.Form):
    """A file of figures."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV as Matomo, Plausible or Google Analytics 4 export it; visitors by day."),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )


class ToldForm(forms.Form):
    """An answer to "Who told you?"."""

    words = forms.CharField(max_length=100, strip=True)


class AnalyticsForm(forms.Form):
    """The service to ask. A token that is kept is never shown: the field stays empty and may be left so."""

    service = forms.ChoiceField(label=gettext_lazy("Service"), choices=Service.choices)
    address = AddressField(
        label=gettext_lazy("Its address"), help_text="https://plausible.io, https://matomo.example.org"
    )
    site = forms.CharField(
        label=gettext_lazy("Which site?"),
        max_length=200,
        help_text=gettext_lazy("Matomo: the site’s number. Plausible: its domain."),
    )
    token = forms.CharField(
        label=gettext_lazy("Token (API key)"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}, render_value=False),
        help_text=gettext_lazy(
            "Kept sealed, shown to nobody again. It needs to read the statistics, nothing more."
        ),
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            fetch.check(address)
        except fetch.FetchError as error:
            raise forms.ValidationError(error.message) from None
        return address

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if not (token.isascii() and token.isprintable()):
            raise forms.ValidationError(
                _("The token contains characters that no token has. Copy it once more.")
            )
        return token

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("service") == Service.MATOMO and not str(cleaned.get("site", "")).strip().isdecimal():
            self.add_error("site", _("Matomo numbers its sites: enter the number, such as 1."))
        return cleaned
