"""What is typed about a launch and the contacts to be met for it, validated."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from contacts import search
from contacts.forms import ContactsField
from contacts.models import Contact
from contacts.names import fold
from foundation.inputs import DayField, row_ids, too_many_names
from outreach.launches import choosing
from outreach.launches.addresses import NAMES, RELAY
from outreach.launches.choosing import Choice
from outreach.launches.coverage import State
from outreach.launches.planning import Details
from outreach.models import Approach, Launch
from outreach.models.launch import GOAL

MOST_NAMES = 30


class AddressField(forms.CharField):
    """A web address; "https://" is put before one that was typed without it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=500,
            widget=forms.TextInput({"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "").strip()
        if not text:
            return ""
        full = text if "://" in text else f"https://{text}"
        try:
            URLValidator(schemes=["http", "https"])(full)
            named = urlsplit(full)
        except (ValidationError, ValueError):
            raise ValidationError(
                _("This is no web address. Example: https://radio.example/ouverture")
            ) from None
        if named.username or named.password:
            raise ValidationError(_("A name or password does not belong into a public address."))
        return full


class LaunchForm(forms.Form):
    """What is launched, when, where it is found, and what one hopes for."""

    name = forms.CharField(
        label=gettext_lazy("What is it called?"),
        max_length=60,
        help_text=gettext_lazy("Meetings carry it as a tag: “Opening of Radio Bocage”."),
    )
    day = DayField(label=gettext_lazy("On which day?"))
    what = forms.CharField(
        label=gettext_lazy("What is launched?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    address = AddressField(
        label=gettext_lazy("Where will people find it?"),
        required=False,
        help_text=gettext_lazy("The only address its short links lead to."),
    )
    goal = forms.IntegerField(
        label=gettext_lazy("Unique visitors hoped for in the first week"),
        min_value=1,
        max_value=100_000_000,
        initial=GOAL,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].replace(",", " ").replace(";", " ").split()).lstrip("#")
        if not fold(name):
            raise ValidationError(_("Please give a name."))
        return name

    def details(self) -> Details:
        """As `planning.prepare` takes it."""
        cleaned = self.cleaned_data
        return Details(**{name: cleaned[name] for name in ("name", "day", "what", "address", "goal")})

    @staticmethod
    def initial_of(launch: Launch) -> dict[str, Any]:
        """What the edit page starts from."""
        return {name: getattr(launch, name) for name in ("name", "day", "what", "address", "goal")}


class ChoiceForm(forms.Form):
    """Contacts by kind, tag and town, and by hand: `who` as the people field sends them, `others` as names typed."""

    kind = forms.TypedMultipleChoiceField(coerce=int, required=False)
    tag = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=gettext_lazy("Tag"))
    town = forms.ChoiceField(required=False, label=gettext_lazy("Town"))
    who = ContactsField()
    others = forms.CharField(label=gettext_lazy("And these, by name"), required=False, max_length=1000)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team, self.offer = team, choosing.offer(team)
        self.fields["kind"].choices = [(kind.pk, str(kind)) for kind, _number in self.offer.kinds]  # type: ignore[attr-defined]
        self.fields["tag"].choices = [("", _("Any tag")), *((tag.pk, tag.name) for tag in self.offer.tags)]  # type: ignore[attr-defined]
        self.fields["town"].choices = [("", _("Anywhere")), *((town, town) for town in self.offer.towns)]  # type: ignore[attr-defined]
        self.fields["who"].team = team  # type: ignore[attr-defined]
        for name in ("tag", "town"):
            self.fields[name].widget.attrs["class"] = "in"

    def clean_others(self) -> list[Contact]:
        """The contacts of the names typed; a name nobody has, or several have, is said."""
        typed = self.cleaned_data["others"].replace(";", ",").split(",")
        names = [" ".join(name.split()) for name in typed if name.strip()]
        if len(names) > MOST_NAMES:
            raise ValidationError(too_many_names(MOST_NAMES))
        found = search.named(self.team, names) if names else {}
        unclear = [name for name in names if len(found[name]) != 1]
        if unclear:
            raise ValidationError(
                _("Not found under exactly this name, or several times: %(names)s.")
                % {"names": ", ".join(unclear)}
            )
        return [found[name][0] for name in names]

    def chosen_kinds(self) -> list[str]:
        """The ids of the kinds that are ticked, as text."""
        return [str(value) for value in self["kind"].value() or []]

    def chosen_by_hand(self) -> list[Contact]:
        """Those that the people field sent, kept when the form comes back."""
        ids = row_ids(self["who"].value() or [])
        return list(Contact.objects.of_team(self.team).filter(pk__in=ids)) if ids else []

    def choice(self) -> Choice:
        """The filter."""
        cleaned = self.cleaned_data
        return Choice(tuple(cleaned["kind"]), cleaned["tag"], cleaned["town"])

    def by_hand(self) -> list[Contact]:
        """Those named one by one."""
        return [*self.cleaned_data["who"], *self.cleaned_data["others"]]


class NewLaunchForm(LaunchForm, ChoiceForm):
    """A launch and whom to meet for it, in one page. Colleagues are offered as the first circle."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    colleagues = forms.BooleanField(required=False, initial=True)

    def contacts(self) -> list[Contact]:
        """Everybody chosen, each once."""
        found = [*choosing.chosen(self.team, self.choice())[: 10 * MOST_NAMES + 1], *self.by_hand()]
        if self.cleaned_data["colleagues"]:
            found += choosing.colleagues(self.team)[: 10 * MOST_NAMES + 1]
        return list(dict.fromkeys(found))


class SayForm(forms.Form):
    """Where a contact stands."""

    state = forms.ChoiceField(choices=[(state.value, state.value) for state in State])


class ParametersForm(forms.Form):
    """What is added to the address behind the links."""

    utm_source = forms.CharField(label="utm_source", required=False, max_length=100)
    utm_medium = forms.CharField(label="utm_medium", required=False, max_length=100)
    utm_campaign = forms.CharField(label="utm_campaign", required=False, max_length=100)
    utm_content = forms.CharField(label="utm_content", required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NAMES:
            self.fields[name].widget.attrs["placeholder"] = RELAY if name == "utm_source" else ""


class ShareOutForm(forms.Form):
    """Who meets whom, by when: two fields for each approach, `manager-<id>` and `due-<id>`."""

    def __init__(
        self, *args: Any, approaches: Sequence[Approach], people: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.approaches, self.people = approaches, {str(person.pk): person for person in people}
        choices = [("", _("Whoever can")), *((pk, str(person)) for pk, person in self.people.items())]
        for approach in approaches:
            kept = approach.manager
            own = (
                [*choices, (str(kept.pk), str(kept))] if kept and str(kept.pk) not in self.people else choices
            )
            if kept:
                self.people.setdefault(str(kept.pk), kept)
            name = str(approach.contact)
            self.fields[f"manager-{approach.pk}"] = forms.ChoiceField(
                choices=own,
                required=False,
                initial=str(approach.manager_id or ""),
                widget=forms.Select({"class": "in", "aria-label": _("Who meets %(name)s?") % {"name": name}}),
            )
            due = DayField(css="in", required=False, initial=approach.due_on)
            due.widget.attrs["aria-label"] = _("%(name)s: by when?") % {"name": name}
            self.fields[f"due-{approach.pk}"] = due

    def rows(self) -> list[tuple[Approach, forms.BoundField, forms.BoundField]]:
        """Each approach with its two fields."""
        return [(one, self[f"manager-{one.pk}"], self[f"due-{one.pk}"]) for one in self.approaches]

    def plan(self) -> dict[Approach, tuple[User | None, date | None]]:
        """As `planning.share_out` takes it."""
        cleaned = self.cleaned_data
        return {
            one: (self.people.get(cleaned[f"manager-{one.pk}"]), cleaned[f"due-{one.pk}"])
            for one in self.approaches
        }
