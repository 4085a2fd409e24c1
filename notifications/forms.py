"""When and how somebody wants to be told."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.models import Preference


class PreferenceForm(forms.ModelForm):
    """A person's own hours."""

    class Meta:
        model = Preference
        fields = ["by_email", "quiet_from", "quiet_until", "on_days_off"]
        labels = {
            "by_email": _("Send me reminders by e-mail"),
            "quiet_from": pgettext_lazy("quiet hours", "From"),
            "quiet_until": pgettext_lazy("quiet hours", "Until"),
            "on_days_off": _("Also on weekends and public holidays"),
        }
        help_texts = {
            "by_email": _("One e-mail a day at most. Without it, reminders wait here."),
        }
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }


class LaterForm(forms.Form):
    """How many days a notification is put off."""

    days = forms.TypedChoiceField(choices=[("1", "1"), ("7", "7")], coerce=int)
