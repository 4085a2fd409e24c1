"""When and how somebody wants to be told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.inputs import DayField
from notifications.kinds import Kind
from notifications.models import Preference
from notifications.moments import Hours

LONGEST_SNOOZE = 30


class PreferenceForm(forms.ModelForm):
    """A person's own hours."""

    class Meta:
        model = Preference
        fields = ["by_email", "mail_at", "quiet_from", "quiet_until", "on_days_off"]
        labels = {
            "by_email": _("Send me reminders by e-mail"),
            "mail_at": _("The daily e-mail leaves from"),
            "quiet_from": pgettext_lazy("quiet hours", "From"),
            "quiet_until": pgettext_lazy("quiet hours", "Until"),
            "on_days_off": _("Also on weekends and public holidays"),
        }
        help_texts = {
            "by_email": _("One e-mail a day at most. Without it, reminders wait here."),
        }
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("mail_at", "quiet_from", "quiet_until")
        }


class WishesForm(forms.Form):
    """How each kind reaches the person: one choice a kind, named as it is."""

    def __init__(self, *args: Any, kinds: Sequence[Kind], hours: Hours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[kind.name] = forms.ChoiceField(
                label=kind.label,
                choices=[(how, how.label) for how in kind.offered],
                initial=hours.how(kind),
            )


class LaterForm(forms.Form):
    """How many days a notification is put off, or until which day: 30 days at most."""

    days = forms.TypedChoiceField(choices=[("1", "1"), ("7", "7")], coerce=int, required=False)
    until = DayField(required=False)

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two, and not further than that. `days` is what counts."""
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        if until and timedelta(0) < until - self.today <= timedelta(days=LONGEST_SNOOZE):
            cleaned["days"] = (until - self.today).days
        elif until or not cleaned.get("days"):
            raise forms.ValidationError(_("A day from tomorrow on, and within 30 days."))
        return cleaned
