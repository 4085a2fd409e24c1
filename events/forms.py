"""What is typed about an occurrence, validated."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.forms import NOTE_HELP_SHORT, ContactsField
from contacts.models import TouchpointKind
from events.guests import meant, split_names
from events.models import Occurrence, Reply, Series
from events.planning import instant, state
from foundation.inputs import LONGEST_TEXT, DayField, is_reckonable, row_ids
from foundation.meanwhile import SeenForm

OTHER_DAY = "other"
DAYS_AHEAD = 6
DURATIONS = [(30, _("30 min")), (60, _("1 h")), (120, _("2 h")), (180, _("3 h"))]


class PeopleForm(forms.Form):
    """Contacts as chips, and names typed beside them: what planning and "who came?" share.

    `contact` are ids, `new_name` names that the list of suggestions did not know, `who` what stands in the field.
    """

    contact = ContactsField()
    who = forms.CharField(label=_("Another person or group"), required=False, max_length=500)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        self.fields["contact"].team = team  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.meant = meant(self.team, self.typed_names())
        if self.meant.ambiguous:
            names = {"names": ", ".join(self.meant.ambiguous)}
            self.add_error(
                "who", _("Several contacts bear this name: %(names)s. Please pick one from the list.") % names
            )
        return cleaned

    def typed_names(self) -> list[str]:
        """The names typed, whether the browser split them or not."""
        names = [*self.sent("new_name"), *split_names(self.data.get("who", ""))]
        return [name.strip()[:200] for name in names if name.strip()]

    def sent(self, name: str) -> list[str]:
        """All values that came under one name, as a form of the browser sends them."""
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    def chosen(self) -> list[int]:
        """The ids of the contacts whose chips are drawn as chosen: those sent, else those the form begins with."""
        return row_ids(self["contact"].value() or [])

    def people(self) -> dict[str, Any]:
        """Who was chosen or typed: `contacts`, and `new_names` that nobody knows yet."""
        known = [*self.cleaned_data["contact"], *self.meant.known]
        return {"contacts": list(dict.fromkeys(known)), "new_names": self.meant.unknown}


class PlanForm(PeopleForm, SeenForm):
    """Who, when, where. A day is one of the chips, or "other" with a date."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ModelChoiceField(TouchpointKind.objects.none(), label=_("How?"))
    day = forms.CharField(label=_("When?"))
    on = DayField(label=_("Date"), required=False)
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    minutes = forms.TypedChoiceField(label=_("How long?"), choices=DURATIONS, coerce=int)
    place = forms.CharField(label=_("Where"), required=False, max_length=200)
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    note = forms.CharField(
        label=_("A word"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=NOTE_HELP_SHORT,
    )
    host = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("With whom of the team?"), required=False
    )

    def __init__(self, *args: Any, team: Team, keep_kind: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, team=team, **kwargs)
        kinds = TouchpointKind.objects.for_team(team, keep=keep_kind)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]
        people = User.objects.filter(memberships__team=team, memberships__until__isnull=True, is_active=True)
        self.fields["host"].queryset = people.distinct().order_by("name", "pk")  # type: ignore[attr-defined]
        if not self.initial.get("kind"):
            self.initial["kind"] = self.fields["kind"].queryset[0].pk  # type: ignore[attr-defined]
        minutes = self.initial.get("minutes")
        if minutes and minutes not in dict(DURATIONS):
            self.fields["minutes"].choices = [*DURATIONS, (minutes, _("as it was"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = self._day(cleaned)
        if day and cleaned.get("at"):
            cleaned["starts_at"] = instant(day, cleaned["at"], timezone.get_current_timezone())
        return cleaned

    def _day(self, cleaned: dict[str, Any]) -> date | None:
        if cleaned.get("day") == OTHER_DAY:
            if not cleaned.get("on") and "on" not in self.errors:
                self.add_error("on", _("Choose a date."))
            return cleaned.get("on")
        try:
            day = date.fromisoformat(cleaned.get("day", ""))
        except ValueError:
            day = None
        if day and is_reckonable(day):
            return day
        if "day" not in self.errors:
            self.add_error("day", _("Choose a day."))
        return None

    def planned(self) -> dict[str, Any]:
        """What `planning.plan` and `planning.edit` take."""
        taken = ("kind", "starts_at", "minutes", "place", "title", "note")
        fields = {name: self.cleaned_data[name] for name in taken}
        return {**fields, **self.people(), "hosts": self.cleaned_data["host"]}


class InviteForm(PeopleForm):
    """Who is to be on the list of guests; `reply` when it is known already."""

    reply = forms.ChoiceField(choices=Reply.choices, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["reply"] = cleaned.get("reply") or Reply.INVITED
        if not self.errors and not cleaned.get("contact") and not self.typed_names():
            self.add_error("who", _("Choose a name, or type one."))
        return cleaned


class CameForm(PeopleForm):
    """Who came, who of the team was there, and a word about it."""

    note = forms.CharField(
        label=_("A word"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2})
    )
    host = forms.ModelMultipleChoiceField(User.objects.none(), required=False)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, team=team, **kwargs)
        people = User.objects.filter(memberships__team=team, memberships__until__isnull=True, is_active=True)
        self.fields["host"].queryset = people.distinct().order_by("name", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("contact") and not self.typed_names():
            self.add_error("who", _("Who came? Choose at least one name, or say that nobody came."))
        return cleaned


class ReplyForm(forms.Form):
    reply = forms.ChoiceField(choices=Reply.choices)


class MoveForm(forms.Form):
    """By a day or a week; a later date is chosen on the edit page."""

    days = forms.TypedChoiceField(choices=[(1, "1"), (7, "7")], coerce=int)


def first_values(*, now: datetime, on: date | None) -> dict[str, Any]:
    """What a new plan starts from: the day asked for, else tomorrow; half past six, an hour."""
    today = timezone.localtime(now).date()
    day = on if on and on >= today else today + timedelta(days=1)
    return {**_day_values(day, today), "at": "18:30", "minutes": 60}


def values_of(occurrence: Occurrence, *, now: datetime) -> dict[str, Any]:
    """What the edit page starts from. `invited` and `hosts` are prefetched."""
    starts = timezone.localtime(occurrence.starts_at)
    return {
        **_day_values(starts.date(), timezone.localtime(now).date()),
        "at": starts.time(),
        "minutes": round((occurrence.ends_at - occurrence.starts_at).total_seconds() / 60),
        "kind": occurrence.kind_id,
        "place": occurrence.place,
        "title": occurrence.title,
        "note": occurrence.note,
        "host": [host.pk for host in occurrence.hosts.all()],
        "contact": [attendance.contact_id for attendance in occurrence.invited],  # type: ignore[attr-defined]
        "client_id": occurrence.client_id,
        "seen": state(occurrence),
    }


def values_of_series(series: Series) -> dict[str, Any]:
    """What a further date of a series starts from. `hosts` are prefetched."""
    return {
        "kind": series.kind_id,
        "title": series.title,
        "place": series.place,
        "note": series.note,
        "at": series.starts_time,
        "minutes": series.minutes,
        "host": [host.pk for host in series.hosts.all()],
    }


def days_offered(now: datetime) -> list[date]:
    """The days shown as chips: today and those that follow."""
    today = timezone.localtime(now).date()
    return [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)]


def _day_values(day: date, today: date) -> dict[str, Any]:
    offered = 0 <= (day - today).days <= DAYS_AHEAD
    return {"day": day.isoformat(), "on": None} if offered else {"day": OTHER_DAY, "on": day}
