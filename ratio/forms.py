"""What is typed about presence, validated."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.forms import NOTE_HELP_SHORT, ContactsField
from contacts.models import Tag
from events.planning import instant
from foundation.inputs import LONGEST_TEXT, DayField
from ratio.models import Policy, Target

LONGEST_REPORT = 3 * 366
MOST_DAYS = 90
"""More would reach further back than a reading does."""


class LeaveForm(forms.Form):
    """Days away, both included."""

    first_day = DayField(label=_("First day away"))
    last_day = DayField(label=_("Last day away"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first one."))
        if first and last and (last - first).days > 365:
            self.add_error("last_day", _("That is more than a year. Please note it year by year."))
        return cleaned


class ReasonForm(forms.Form):
    """Why a line is taken out."""

    reason = forms.CharField(
        label=_("Why does it not count?"),
        max_length=200,
        help_text=_("You and your team lead can read this."),
    )

    def __init__(self, *args: Any, person: str = "", **kwargs: Any) -> None:
        """`person`: the name of the one whose line it is, when that is not the one who writes."""
        super().__init__(*args, **kwargs)
        if person:
            words = gettext("%(name)s and the team’s leads can read this.")
            self.fields["reason"].help_text = words % {"name": person}


class ContestForm(forms.Form):
    """What is wrong with how a line is counted."""

    reason = forms.CharField(
        label=_("What is wrong with it?"),
        max_length=200,
        help_text=_(
            "Your team lead reads it beside the line. The figures stay as they are until one of you changes them."
        ),
    )


class ContextForm(LeaveForm):
    """What explains some days: "festival week"."""

    text = forms.CharField(
        label=_("What explains them?"),
        max_length=120,
        help_text=_(
            "A few words, such as “festival week”. They stand beside your bar; your team lead reads them too."
        ),
    )
    field_order = ["text", "first_day", "last_day"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].label = _("First day")
        self.fields["last_day"].label = _("Last day")


class ProposalForm(forms.Form):
    """A date to go somewhere together: one of the days offered, whom to see, a word."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    day = forms.DateField()
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    contact = ContactsField()
    note = forms.CharField(label=_("A word"), required=False, max_length=500, help_text=NOTE_HELP_SHORT)

    def __init__(self, *args: Any, team: Team, days: Sequence[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days, self.zone = days, team.zone
        self.fields["contact"].team = team  # type: ignore[attr-defined]

    def clean_day(self) -> dt.date:
        day = self.cleaned_data["day"]
        if day not in self.days:
            raise forms.ValidationError(_("Choose a day."))
        return day

    def proposed(self) -> dict[str, Any]:
        """What `offers.propose_meeting` takes."""
        taken = self.cleaned_data
        return {
            "client_id": taken["client_id"],
            "starts_at": instant(taken["day"], taken["at"], self.zone),
            "contacts": taken["contact"],
            "note": taken["note"],
        }


class ReportForm(forms.Form):
    """The period of a presence report, and a tag."""

    first = DayField(label=_("From"))
    last = DayField(label=_("To"))
    tag = forms.ModelChoiceField(
        Tag.objects.none(), label=_("Tag"), required=False, empty_label=_("All contacts")
    )

    def __init__(self, *args: Any, tags: QuerySet[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].queryset = tags  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first one."))
        if first and last and (last - first).days > LONGEST_REPORT:
            self.add_error("last", _("Please choose three years at most."))
        return cleaned


class TargetForm(forms.ModelForm):
    """A target in whole percent, from a day on."""

    percent = forms.IntegerField(
        label=_("Target, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("The share of meetings among all actions, meetings and posts."),
    )

    class Meta:
        model = Target
        fields = ["manager", "since", "until", "reason"]
        widgets = {
            "since": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "until": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        }
        help_texts = {
            "until": _("For a launch month, say; this day included. Empty: until a newer one."),
            "reason": _("What was agreed, in a few words."),
        }

    field_order = ["percent", "manager", "since", "until", "reason"]

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"] = forms.ModelChoiceField(
            User.objects.filter(
                memberships__team=team,
                memberships__until__isnull=True,
                memberships__role__in=["manager", "both"],
                is_active=True,
            ).order_by("name", "pk"),
            label=_("For whom?"),
            required=False,
            empty_label=_("The whole team"),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        return cleaned

    def agreed(self) -> dict[str, Any]:
        """What `agreements.set_target` takes."""
        taken = {name: self.cleaned_data[name] for name in ("manager", "since", "until", "reason")}
        return {**taken, "share": Decimal(self.cleaned_data["percent"]) / 100}


class PolicyForm(forms.ModelForm):
    """How the ratio is read; each value with a sentence that says what it does."""

    margin_percent = forms.IntegerField(
        label=_("Margin, in points"),
        min_value=0,
        max_value=100,
        help_text=_("Further than this below the target, it reads “mostly online lately” at once."),
    )

    class Meta:
        model = Policy
        fields = ["minimum_actions", "minimum_days", "day_cap", "colleague_cap", "tell_lead"]
        widgets = {"minimum_days": forms.NumberInput({"max": MOST_DAYS})}
        labels = {
            "minimum_actions": _("Actions needed"),
            "minimum_days": _("Days in the team needed"),
            "day_cap": _("Meetings that count a day"),
            "colleague_cap": _("Meetings among colleagues that count a week"),
            "tell_lead": _("Tell the team lead after 14 days"),
        }
        help_texts = {
            "minimum_actions": _("With fewer meetings and posts than this nothing is concluded."),
            "minimum_days": _("Until then it reads “too early to say”."),
            "day_cap": _("The first ones of a day; further ones are shown and do not count."),
            "colleague_cap": _(
                "From Monday to Sunday; so that a daily coffee does not stand for the whole town."
            ),
            "tell_lead": _(
                "When a stretch under target is not acknowledged. The person is told the date first. Only with the "
                "individual view on."
            ),
        }

    field_order = [
        "margin_percent",
        "minimum_actions",
        "minimum_days",
        "day_cap",
        "colleague_cap",
        "tell_lead",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["margin_percent"] = int(self.instance.margin * 100)
        if not self.instance.shows_people:
            del self.fields["tell_lead"]

    def clean_minimum_days(self) -> int:
        days = self.cleaned_data["minimum_days"]
        if days > MOST_DAYS:
            raise forms.ValidationError(_("Ninety days at most."))
        return days

    def decided(self) -> dict[str, Any]:
        """What `agreements.change_policy` takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "margin_percent"}
        return {**values, "margin": Decimal(self.cleaned_data["margin_percent"]) / 100}


class IndividualViewForm(forms.Form):
    """Why leads may see single people, and who was told, when: without these it cannot be turned on."""

    purpose = forms.CharField(
        label=_("What for?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Community managers read this sentence on their own page."),
    )
    informed_on = DayField(
        label=_("People were informed on"), help_text=_("Each community manager of the team, beforehand.")
    )
    informed_how = forms.CharField(
        label=_("How were they informed?"),
        max_length=200,
        help_text=_("Such as “at the team meeting, and by e-mail with this text”."),
    )
    works_council_on = DayField(
        label=_("The works council was informed on"), required=False, help_text=_("Where there is one.")
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("informed_on", "works_council_on"):
            if cleaned.get(name) and cleaned[name] > self.today:
                self.add_error(name, _("That day is still to come: inform first, then turn it on."))
        return cleaned
