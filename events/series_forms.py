"""What is typed about a series, validated: a rule in plain words, and what each date is."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from contacts import tags as tagging
from contacts.forms import NOTE_HELP_SHORT
from contacts.models import TouchpointKind
from events import formats, rules
from events.forms import DURATIONS
from events.models import Series
from events.rules import DAY_OF, DAYS, KEPT, LAST, MONTH, QUARTER, WEEKDAY_OF, WEEKLY, WORKING_DAY, Choice
from events.scheduling import NoDates, Wanted
from foundation.inputs import LONGEST_TEXT, DayField

NEVER, ON, AFTER = "never", "on", "after"
MOST_TIMES = 500
SHOWN = 4  # of the next dates

WEEKS = [
    (1, _("every week")),
    (2, _("every 2 weeks")),
    (3, _("every 3 weeks")),
    (4, _("every 4 weeks")),
]
MONTHS = [
    ("1", _("of each month")),
    ("2", _("of every second month")),
    ("3", _("of every third month")),
    ("6", _("of every sixth month")),
    (QUARTER, _("of each quarter")),
]
WHICH = [
    (1, pgettext_lazy("day of the month", "the first")),
    (2, pgettext_lazy("day of the month", "the second")),
    (3, pgettext_lazy("day of the month", "the third")),
    (4, pgettext_lazy("day of the month", "the fourth")),
    (LAST, pgettext_lazy("day of the month", "the last")),
]
DAY_NAMES = [(code, WEEKDAYS[number]) for number, code in enumerate(DAYS)]
MONTH_DAYS = [*((day, format_lazy("{day}", day=day)) for day in range(1, 32)), (LAST, _("last day"))]
LENGTHS = [*DURATIONS[:2], (90, _("1 h 30")), *DURATIONS[2:]]


class SeriesForm(forms.Form):
    """A rule in plain words, from when until when; and what each of its dates is.

    `kept` are the rules of a series that came from a calendar and that the form has no words for.
    """

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ModelChoiceField(TouchpointKind.objects.none(), label=_("What?"))
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    repeat = forms.ChoiceField(label=_("How often?"))
    weeks = forms.TypedChoiceField(label=_("Weeks"), choices=WEEKS, coerce=int, required=False)
    days = forms.MultipleChoiceField(label=_("Days of the week"), choices=DAY_NAMES, required=False)
    which = forms.TypedChoiceField(label=_("Which one"), choices=WHICH, coerce=int, required=False)
    weekday = forms.ChoiceField(
        label=_("Day of the week"),
        choices=[*DAY_NAMES, (WORKING_DAY, _("working day"))],
        required=False,
    )
    months = forms.ChoiceField(label=_("Month or quarter"), choices=MONTHS, required=False)
    month_day = forms.TypedChoiceField(
        label=_("Day of the month"), choices=MONTH_DAYS, coerce=int, required=False
    )
    day_months = forms.ChoiceField(label=_("Months"), choices=MONTHS[:-1], required=False)
    starts_on = DayField(label=_("From"), css="in")
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput({"type": "time", "class": "in"}, "%H:%M"))
    minutes = forms.TypedChoiceField(label=_("How long?"), choices=LENGTHS, coerce=int)
    ends = forms.ChoiceField(
        label=_("Until when?"),
        choices=[(NEVER, _("No end")), (ON, _("Until a day")), (AFTER, _("A number of times"))],
    )
    until = DayField(label=_("Last day"), required=False, css="in")
    times = forms.IntegerField(label=_("How many times?"), required=False, min_value=1, max_value=MOST_TIMES)
    place = forms.CharField(label=_("Where"), required=False, max_length=200)
    host = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("With whom of the team?"), required=False
    )
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=300, help_text=_("Words, separated by commas.")
    )
    note = forms.CharField(
        label=_("A word"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 2}),
        help_text=NOTE_HELP_SHORT,
    )

    def __init__(
        self,
        *args: Any,
        team: Team,
        user: User,
        zone_name: str,
        series: Series | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.team, self.user, self.zone_name = team, user, zone_name
        self.kept: Sequence[str] = self.initial.get("kept", ())
        if series:
            del self.fields["client_id"]
        kinds = TouchpointKind.objects.for_team(team, keep=series.kind_id if series else None)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]
        people = User.objects.filter(memberships__team=team, memberships__until__isnull=True, is_active=True)
        self.fields["host"].queryset = people.distinct().order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["repeat"].choices = self._ways()  # type: ignore[attr-defined]
        minutes = self.initial.get("minutes")
        if minutes and minutes not in dict(LENGTHS):
            self.fields["minutes"].choices = [*LENGTHS, (minutes, _("as it was"))]  # type: ignore[attr-defined]

    def _ways(self) -> list[tuple[str, Any]]:
        ways: list[tuple[str, Any]] = [
            (WEEKLY, _("On days of the week")),
            (WEEKDAY_OF, _("On a weekday of the month")),
            (DAY_OF, _("On a day of the month")),
        ]
        return [*ways, (KEPT, _("As in its calendar"))] if self.kept else ways

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("repeat") == WEEKLY and not cleaned.get("days"):
            self.add_error("days", _("Choose at least one day of the week."))
        if cleaned.get("ends") == ON and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose the last day."))
        if cleaned.get("ends") == AFTER and not cleaned.get("times") and "times" not in self.errors:
            self.add_error("times", _("Say how many times."))
        if not self.errors:
            self._try_dates(cleaned)
        return cleaned

    def _try_dates(self, cleaned: dict[str, Any]) -> None:
        """The next dates are what the rule is understood by; one that gives none is refused."""
        try:
            self.next_dates = self.wanted().next_dates(SHOWN)
        except NoDates:
            where = "until" if cleaned["ends"] == ON else "repeat"
            self.add_error(where, _("No date comes of this. Please look at the days and at the end."))

    def choice(self) -> Choice:
        """The rule that was chosen."""
        cleaned = self.cleaned_data
        repeat = cleaned["repeat"]
        ends: dict[str, Any] = {
            "until": cleaned["until"] if cleaned["ends"] == ON else None,
            "times": cleaned["times"] if cleaned["ends"] == AFTER else None,
        }
        if repeat == KEPT:
            return Choice(repeat=KEPT, kept=tuple(self.kept), **ends)
        if repeat == WEEKLY:
            return Choice(repeat=WEEKLY, every=cleaned["weeks"] or 1, days=tuple(cleaned["days"]), **ends)
        if repeat == DAY_OF:
            every = int(cleaned["day_months"] or 1)
            return Choice(repeat=DAY_OF, every=every, month_day=cleaned["month_day"] or 1, **ends)
        of_quarter = cleaned["months"] == QUARTER
        return Choice(
            which=cleaned["which"] or LAST,
            weekday=cleaned["weekday"] or "TH",
            period=QUARTER if of_quarter else MONTH,
            every=1 if of_quarter else int(cleaned["months"] or 1),
            **ends,
        )

    def wanted(self) -> Wanted:
        """What `scheduling.start` and `scheduling.edit` take."""
        cleaned = self.cleaned_data
        return Wanted(
            kind=cleaned["kind"],
            starts_on=cleaned["starts_on"],
            starts_time=cleaned["at"],
            zone_name=self.zone_name,
            rules=rules.rules_of(self.choice(), zone=ZoneInfo(self.zone_name)),
            minutes=cleaned["minutes"],
            title=cleaned["title"],
            place=cleaned["place"],
            note=cleaned["note"],
            hosts=list(cleaned["host"]),
            tags=tagging.split(cleaned["tags"]),
        )


def first_values(*, code: str, now: datetime, user: User, kinds: dict[str, int]) -> dict[str, Any]:
    """What a new series starts from: the template of that code, else the last Thursday of the month at half past six.

    `kinds` are the ids of the shipped kinds by code.
    """
    template = formats.named(code)
    return {
        **_choice_values(template.choice if template else Choice()),
        "kind": kinds.get(template.code if template else "meeting"),
        "at": template.at if template else time(18, 30),
        "minutes": template.minutes if template else 60,
        "starts_on": timezone.localtime(now).date(),
        "ends": NEVER,
        "host": [user.pk],
    }


def values_of(series: Series, *, given: list[str], starts_on: date) -> dict[str, Any]:
    """What the edit page starts from: `given` are the rules from `starts_on` on. Hosts and tags are prefetched."""
    choice = rules.choice_of(given, zone=series.zone, at=series.starts_time)
    if choice.repeat != KEPT and not _is_offered(choice):
        choice = Choice(repeat=KEPT, kept=tuple(given))
    ends = ON if choice.until else AFTER if choice.times else NEVER
    return {
        **_choice_values(choice),
        "kept": choice.kept,
        "kind": series.kind_id,
        "title": series.title,
        "starts_on": starts_on,
        "at": series.starts_time,
        "minutes": series.minutes,
        "ends": ends,
        "until": choice.until,
        "times": choice.times,
        "place": series.place,
        "host": [host.pk for host in series.hosts.all()],
        "tags": ", ".join(tag.name for tag in series.tags.all()),
        "note": series.note,
    }


def _is_offered(choice: Choice) -> bool:
    """Whether the form has a choice for it in each of its lists."""
    if choice.repeat == WEEKLY:
        return choice.every in dict(WEEKS) and set(choice.days) <= set(DAYS) and bool(choice.days)
    return choice.period == QUARTER or str(choice.every) in dict(MONTHS)


def _choice_values(choice: Choice) -> dict[str, Any]:
    """The fields of a rule; those of the ways not chosen show something sensible."""
    is_weekly, is_day = choice.repeat == WEEKLY, choice.repeat == DAY_OF
    weekday = choice if choice.repeat == WEEKDAY_OF else Choice()
    return {
        "repeat": choice.repeat,
        "weeks": choice.every if is_weekly else 1,
        "days": list(choice.days) if is_weekly else ["TH"],
        "which": weekday.which,
        "weekday": weekday.weekday,
        "months": QUARTER if weekday.period == QUARTER else str(weekday.every),
        "month_day": choice.month_day,
        "day_months": str(choice.every) if is_day else "1",
    }
