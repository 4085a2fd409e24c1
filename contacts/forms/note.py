"""Note a meeting: whom, how, when, a word. Names typed are resolved here; where two answers are possible, it asks."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from contacts import search, suppression, tags
from contacts.forms.contact import NOTE_HELP_SHORT, members
from contacts.forms.people import ContactsField
from contacts.habits import usual_kind
from contacts.logbook import CLOCK_SKEW
from contacts.models import Contact, Touchpoint, TouchpointKind
from contacts.names import fold
from foundation.compiled import Compiled, given
from foundation.inputs import (
    LONGEST_TEXT,
    DayField,
    MomentField,
    RowField,
    RowsField,
    row_ids,
    too_many_names,
)
from foundation.meanwhile import SeenForm

NOW, YESTERDAY, OTHER = "now", "yesterday", "other"
NEW = "new"
MOST_NAMES = 40  # typed at once: each may have to be looked for


@dataclass(frozen=True)
class Question:
    """A typed name that may be one of several contacts, or somebody new. `field` is the name of its radio buttons."""

    name: str
    field: str
    options: Sequence[Contact]


class NoteForm(SeenForm):
    """`people()`, `content()` and `promise()` give what `logbook.note` takes; `questions` what is still to be asked."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    who = ContactsField()
    others = forms.CharField(label=gettext_lazy("Another person or group"), required=False, max_length=500)
    kind = RowField(label=gettext_lazy("How?"))
    when = forms.ChoiceField(
        choices=[
            (NOW, gettext_lazy("Just now")),
            (YESTERDAY, gettext_lazy("Yesterday")),
            (OTHER, gettext_lazy("Other date")),
        ]
    )
    met_at = MomentField(
        label=gettext_lazy("Date and time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "in"}, "%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=gettext_lazy("A word"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 2, "class": "in"}),
        help_text=NOTE_HELP_SHORT,
    )
    is_private = forms.BooleanField(
        label=gettext_lazy("Visible to you; can be given to the person it is about"), required=False
    )
    place = forms.CharField(
        label=gettext_lazy("Place"), required=False, max_length=200, widget=forms.TextInput({"class": "in"})
    )
    managers = RowsField(label=gettext_lazy("Who of the team was there too?"), required=False)
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, max_length=500, widget=forms.TextInput({"class": "in"})
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes?"),
        required=False,
        min_value=1,
        max_value=1440,
        widget=forms.NumberInput({"class": "in", "inputmode": "numeric"}),
    )
    promise_text = forms.CharField(
        label=gettext_lazy("What was promised?"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "in"}),
    )
    promise_on = DayField(label=gettext_lazy("By"), required=False, css="in")

    def __init__(
        self,
        *args: Any,
        team: Team,
        user: User,
        now: datetime,
        keep_kind: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.team, self.user, self.now, self.keep_kind = team, user, now, keep_kind
        self.questions: list[Question] = []
        self.fields["who"].team = team  # type: ignore[attr-defined]
        self.fields["kind"].find = self._kinds  # type: ignore[attr-defined]
        self.fields["managers"].find = self._managers  # type: ignore[attr-defined]

    @cached_property
    def kinds(self) -> list[TouchpointKind]:
        """The kinds to choose from."""
        return list(TouchpointKind.objects.for_team(self.team, keep=self.keep_kind))

    @cached_property
    def teammates(self) -> list[User]:
        """Who of the team can have been there too."""
        return list(members(self.team).exclude(pk=self.user.pk))

    def _kinds(self, ids: list[int]) -> list[TouchpointKind]:
        return _kinds_offered().rows(team=self.team, keep=self.keep_kind, ids=ids)

    def _managers(self, ids: list[int]) -> list[User]:
        return [teammate for teammate in self.teammates if teammate.pk in ids]

    def chosen(self) -> list[int]:
        """The ids of the contacts that are chosen so far, from what was sent or from the start."""
        return row_ids(self["who"].value() or [])

    def new_names(self) -> list[str]:
        """Names that the person marked as new."""
        return [name.strip() for name in self._sent(NEW) if name.strip()] if self.is_bound else []

    def _sent(self, name: str) -> list[str]:
        """All values sent under a name: `data` is the request's QueryDict."""
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    # Names typed of people who asked not to be held: the meeting is noted, without them.
    held_back: Collection[str] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._resolve(cleaned)
        if (
            not self.questions
            and not (cleaned.get("who") or cleaned["new_names"])
            and "who" not in self.errors
        ):
            self.add_error("who", _("Choose at least one person or group."))
        self.held_back = suppression.held_among(cleaned["new_names"])
        cleaned["new_names"] = [name for name in cleaned["new_names"] if name not in self.held_back]
        cleaned["met_at"] = self._instant(cleaned)
        if cleaned.get("promise_on") and not cleaned.get("promise_text"):
            self.add_error("promise_text", _("Say what was promised."))
        if cleaned.get("promise_text") and not cleaned.get("promise_on"):
            self.add_error("promise_on", _("By which day?"))
        return cleaned

    def _instant(self, cleaned: dict[str, Any]) -> datetime | None:
        """The instant meant. Yesterday is the same time of day, by the person's clock."""
        if cleaned.get("when") == NOW:
            return self.now
        if cleaned.get("when") == YESTERDAY:
            local = timezone.localtime(self.now)
            return (local.replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=local.tzinfo)
        met_at, before = cleaned.get("met_at"), self.initial.get("met_at")
        if met_at and before and _reads(met_at) == _reads(before):
            met_at = before  # nobody touched it; the form knows neither its seconds nor which 02:30 of an autumn night
        if met_at is None and "met_at" not in self.errors:
            self.add_error("met_at", _("When was it?"))
        elif met_at and met_at > self.now + CLOCK_SKEW:
            self.add_error("met_at", _("That is still to come. A meeting is noted once it has taken place."))
        return met_at

    def _resolve(self, cleaned: dict[str, Any]) -> None:
        """Turn typed names into contacts: the one that is called so, the one picked, somebody new; or ask."""
        who, new = list(cleaned.get("who") or []), self.new_names()
        typed = [
            " ".join(name.split()) for name in (cleaned.get("others") or "").replace(";", ",").split(",")
        ]
        names = list({fold(name): name for name in reversed(typed) if fold(name)}.values())[::-1]
        if len(names) > MOST_NAMES:
            self.add_error("others", too_many_names(MOST_NAMES))
            names = names[:MOST_NAMES]
        exact = search.named(self.team, names) if names else {}
        for name in names:
            answer = self.data.get(f"as:{fold(name)}", "")
            options = exact[name] or search.suggest(Contact.objects.of_team(self.team), name, limit=5)
            picked = next((one for one in options if str(one.pk) == answer), None)
            if picked or len(exact[name]) == 1:
                who.append(picked or exact[name][0])
            elif answer == NEW or not options:
                new.append(name)
            else:
                self.questions.append(Question(name, f"as:{fold(name)}", options))
        if self.questions:
            self.add_error("others", _("Whom do you mean?"))
        cleaned["who"], cleaned["new_names"] = list(dict.fromkeys(who)), new

    def content(self) -> dict[str, Any]:
        """Kind, time, words: the arguments that `logbook.note` and `logbook.edit` share."""
        cleaned = self.cleaned_data
        plain = ("kind", "met_at", "place", "note", "is_private", "minutes", "new_names")
        return {
            **{name: cleaned[name] for name in plain},
            "contacts": cleaned["who"],
            "tags": tags.split(cleaned["tags"]),
        }

    def promise(self) -> tuple[str, Any] | None:
        """What was promised, and by when."""
        cleaned = self.cleaned_data
        return (cleaned["promise_text"], cleaned["promise_on"]) if cleaned.get("promise_text") else None

    @staticmethod
    def initial_of(touchpoint: Touchpoint) -> dict[str, Any]:
        """The form's initial values for a touchpoint that is there already."""
        plain = ("note", "place", "minutes", "is_private", "met_at")
        return {
            **{name: getattr(touchpoint, name) for name in plain},
            "kind": touchpoint.kind_id,
            "when": OTHER,
            "who": [contact.pk for contact in touchpoint.contacts.all() if contact.binned_at is None],
            "managers": [manager.pk for manager in touchpoint.managers.all()],
            "tags": ", ".join(tag.name for tag in touchpoint.tags.all()),
        }


def _reads(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def first_values(*, team: Team, user: User, now: datetime, contacts: Sequence[int]) -> dict[str, Any]:
    """What an empty log page starts with."""
    return {
        "client_id": uuid.uuid4(),
        "who": list(contacts),
        "kind": usual_kind(team=team, user=user, now=now),
        "when": NOW,
    }


@cache
def _kinds_offered() -> Compiled:
    return Compiled(
        TouchpointKind.objects.for_team(given("team"), keep=given("keep")).filter(pk__in=given("ids"))
    )
