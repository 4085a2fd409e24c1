"""What is typed about a post, validated."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from events.guests import split_names
from events.models import Occurrence
from events.planning import instant
from foundation.formatting import short_date
from foundation.inputs import DayField
from foundation.meanwhile import SeenForm
from outreach import planning
from outreach.models import Channel, Post, Status

TEAM = "team"


class MeetingField(forms.ModelChoiceField):
    """A meeting is told from another by its day."""

    def label_from_instance(self, obj: Any) -> str:
        day = short_date(timezone.localtime(obj.starts_at).date(), get_language() or "en")
        return f"{obj}, {day}"


class PostForm(SeenForm):
    """A post: text, channels, whose, when. A draft may do without a time."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea({"rows": 4}))
    channel = forms.ModelMultipleChoiceField(Channel.objects.none(), label=_("Where?"), required=False)
    new_channels = forms.CharField(
        label=_("Another channel"), required=False, max_length=300, help_text=_("Names, separated by commas.")
    )
    author = forms.ChoiceField(label=_("Whose?"))
    on = DayField(label=_("Day"), required=False, css="in")
    at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput({"type": "time", "class": "in"}, "%H:%M")
    )
    occurrence = MeetingField(Occurrence.objects.none(), label=_("Comes of a meeting"), required=False)
    is_draft = forms.BooleanField(label=_("A draft for now: it does not count"), required=False)

    def __init__(
        self,
        *args: Any,
        team: Team,
        user: User,
        leads: bool,
        meetings: QuerySet[Occurrence],
        post: Post | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if post:
            del self.fields["client_id"]  # it exists
        self.fields["channel"].queryset = Channel.objects.filter(team=team)  # type: ignore[attr-defined]
        self.fields["occurrence"].queryset = meetings  # type: ignore[attr-defined]
        self.people = authors(team=team, user=user, leads=leads, post=post)
        mine = [(str(person.pk), _("Mine") if person == user else str(person)) for person in self.people]
        self.fields["author"].choices = [*mine, (TEAM, _("The team’s"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, at = cleaned.get("on"), cleaned.get("at")
        cleaned["publish_at"] = instant(day, at, timezone.get_current_timezone()) if day and at else None
        if not cleaned.get("is_draft"):
            if not day and "on" not in self.errors:
                self.add_error("on", _("Choose a day, or keep it as a draft."))
            if not at and "at" not in self.errors:
                self.add_error("at", _("Choose a time, or keep it as a draft."))
        return cleaned

    def when(self) -> list[forms.BoundField]:
        """Day and time: needed, unless it is a draft."""
        return [self["on"], self["at"]]

    def written(self) -> dict[str, Any]:
        """The fields as `planning.schedule` and `planning.edit` take them."""
        author = self.cleaned_data["author"]
        named = [channel.name for channel in self.cleaned_data["channel"]]
        return {
            "text": self.cleaned_data["text"],
            "manager": next((person for person in self.people if str(person.pk) == author), None),
            "publish_at": self.cleaned_data["publish_at"],
            "is_draft": self.cleaned_data["is_draft"],
            "occurrence": self.cleaned_data["occurrence"],
            "channels": [*named, *split_names(self.cleaned_data["new_channels"])],
        }


class MoveForm(forms.Form):
    """By a day, a week or two."""

    days = forms.TypedChoiceField(choices=[(1, "1"), (7, "7"), (14, "14")], coerce=int)


class KnownUntilForm(forms.Form):
    """ "That is all until ...": a day, and whether it is said of one's own posts or of the team's."""

    day = DayField()
    whose = forms.ChoiceField(choices=[("mine", ""), (TEAM, "")])


def authors(*, team: Team, user: User, leads: bool, post: Post | None) -> list[User]:
    """The CMs in whose name a post may be written: oneself; for a lead or an admin each CM of the team; and whoever
    wrote it already."""
    managing = User.objects.filter(
        memberships__team=team, memberships__until__isnull=True, memberships__role__in=["manager", "both"]
    )
    if not (leads or user.is_admin):
        managing = managing.filter(pk=user.pk)
    people = list(managing.distinct().order_by("name", "pk"))
    if post and post.manager and post.manager not in people:
        people.append(post.manager)
    return sorted(people, key=lambda person: person != user)


def first_values(*, user: User, people: list[User], now: datetime) -> dict[str, Any]:
    """What a new post starts from: one's own, tomorrow at six in the evening."""
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return {"author": str(user.pk) if user in people else TEAM, "on": tomorrow, "at": "18:00"}


def values_of(post: Post) -> dict[str, Any]:
    """What the edit page starts from."""
    local = timezone.localtime(post.publish_at) if post.publish_at else None
    return {
        "text": post.text,
        "channel": [channel.pk for channel in post.channels.all()],
        "author": str(post.manager_id) if post.manager_id else TEAM,
        "on": local.date() if local else None,
        "at": local.time() if local else None,
        "occurrence": post.occurrence_id,
        "is_draft": post.status == Status.DRAFT,
        "seen": planning.state(post),
    }
