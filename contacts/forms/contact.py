"""A contact's own form, the one line, and belonging to a group."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Team, User
from contacts import directory, points, suppression, tags
from contacts.models import Basis, Contact, ContactKind, PointProperty
from contacts.names import fold
from contacts.oneline import Line, parse
from contacts.points import Point
from foundation.inputs import LONGEST_TEXT
from foundation.meanwhile import SeenForm

DAY_INPUT = {"type": "date"}
HELD_BACK = gettext_lazy(
    "This person asked not to be held here. If they have changed their mind, an administrator can let them in again,"
    " under “Privacy”."
)

NOTE_HELP = gettext_lazy(
    "What helps at the next meeting. Nothing about health, beliefs, politics or private life: the person can ask to"
    " read this."
)

NOTE_HELP_SHORT = gettext_lazy("What helps next time. The people it is about can ask to read it.")


def members(team: Team, *, keep: int | None = None) -> Any:
    """The people of a team today, by name; and `keep`, the id of somebody who may have left since."""
    people = Q(memberships__team=team, memberships__until__isnull=True, is_active=True)
    if keep is not None:
        people |= Q(pk=keep)
    return User.objects.filter(people).distinct().order_by("name", "pk")


class LinesField(forms.CharField):
    """One way to reach somebody a line; `read` gives the Point of a line, or None."""

    def __init__(self, *, wrong: Any, **kwargs: Any) -> None:
        self.wrong = wrong
        self.read: Callable[[str], Point | None] = lambda _text: None
        super().__init__(
            required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2}), **kwargs
        )

    def clean(self, value: Any) -> list[Point]:
        found = []
        for line in super().clean(value).splitlines():
            if line.strip():
                point = self.read(line.strip())
                if point is None:
                    raise forms.ValidationError(self.wrong, params={"value": line.strip()})
                found.append(point)
        return list({(point.property, point.key): point for point in reversed(found)}.values())[::-1]


class ContactForm(SeenForm):
    """Everything about a contact that one types. `details()` is what `directory` takes."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ModelChoiceField(
        ContactKind.objects.none(), label=pgettext_lazy("of a contact", "Kind"), empty_label=None
    )
    phones = LinesField(
        label=gettext_lazy("Phones"),
        wrong=gettext_lazy("“%(value)s” is not a phone number. Example: 06 12 34 56 78"),
    )
    emails = LinesField(
        label=gettext_lazy("E-mails"),
        wrong=gettext_lazy("“%(value)s” is not an e-mail address. Example: jo@brume.org"),
    )
    links = LinesField(
        label=gettext_lazy("Links"),
        help_text=gettext_lazy("One a line: a site, or a network and a handle, e.g. instagram @brume"),
        wrong=gettext_lazy("“%(value)s” is not a link. Example: https://brume.org"),
    )
    street = forms.CharField(label=gettext_lazy("Street"), required=False, max_length=200)
    town = forms.CharField(label=gettext_lazy("Town"), required=False, max_length=120)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), required=False, max_length=16)
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Between commas; new ones are made."),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Looked after by"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )
    rhythm_weeks = forms.IntegerField(
        label=gettext_lazy("See again every … weeks"), required=False, min_value=1, max_value=520
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=NOTE_HELP,
    )
    source = forms.CharField(
        label=gettext_lazy("Where do these details come from?"), required=False, max_length=200
    )
    basis = forms.ChoiceField(label=gettext_lazy("Why do we have these details?"), choices=Basis.choices)
    sourced_on = forms.DateField(
        label=gettext_lazy("Since"), required=False, widget=forms.DateInput(DAY_INPUT, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, team: Team, contact: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What a contact has is kept: else saving would quietly give it another kind, and nobody to look after it.
        kind, owner = (contact.kind_id, contact.owner_id) if contact else (None, None)
        self.fields["kind"].queryset = ContactKind.objects.for_team(team, keep=kind)  # type: ignore[attr-defined]
        self.fields["owner"].queryset = members(team, keep=owner)  # type: ignore[attr-defined]
        self.fields["phones"].read = lambda text: points.phone(text, team.country)  # type: ignore[attr-defined]
        self.fields["emails"].read = points.email  # type: ignore[attr-defined]
        self.fields["links"].read = points.link  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "client_id",
            "seen",
            Div("name", "kind", css_class="asides"),
            Div("phones", "emails", css_class="asides"),
            "links",
            "street",
            Div("town", "postcode", css_class="asides"),
            "tags",
            Div("owner", "rhythm_weeks", css_class="asides"),
            "note",
            HTML("<hr>"),
            "source",
            Div("basis", "sourced_on", css_class="asides"),
        )

    def clean_name(self) -> str:
        """A name has at least a letter or a sign."""
        name = " ".join(self.cleaned_data["name"].split())
        if not fold(name):
            raise forms.ValidationError(_("A contact needs a name."))
        return name

    def clean(self) -> dict[str, Any] | None:
        """Who asked not to be held is not let in."""
        cleaned = self.cleaned_data
        if not self.errors and suppression.holds(
            points=self._points(), name=cleaned["name"], town=cleaned["town"]
        ):
            raise forms.ValidationError(HELD_BACK)
        return cleaned

    def _points(self) -> list[Point]:
        cleaned = self.cleaned_data
        return [*cleaned["phones"], *cleaned["emails"], *cleaned["links"]]

    def details(self) -> directory.Details:
        """What was typed, as the directory takes it."""
        cleaned = self.cleaned_data
        weeks = cleaned["rhythm_weeks"]
        plain = (
            "name",
            "kind",
            "street",
            "town",
            "postcode",
            "note",
            "owner",
            "source",
            "basis",
            "sourced_on",
        )
        return directory.Details(
            **{name: cleaned[name] for name in plain},
            rhythm_days=weeks * 7 if weeks else None,
            points=self._points(),
            tags=tags.split(cleaned["tags"]),
        )

    @staticmethod
    def initial_of(contact: Contact) -> dict[str, Any]:
        """The form's initial values for a contact."""
        by_property: dict[str, list[str]] = {}
        for point in contact.points.all():
            by_property.setdefault(point.property, []).append(point.value)
        plain = (
            "name",
            "kind",
            "street",
            "town",
            "postcode",
            "note",
            "owner",
            "source",
            "basis",
            "sourced_on",
        )
        return {
            **{name: getattr(contact, name) for name in plain},
            "basis": contact.basis or Basis.LEGITIMATE_INTEREST,
            "rhythm_weeks": contact.rhythm_weeks,
            "tags": ", ".join(tag.name for tag in contact.tags.all()),
            "phones": "\n".join(by_property.get(PointProperty.TEL, [])),
            "emails": "\n".join(by_property.get(PointProperty.EMAIL, [])),
            "links": "\n".join(by_property.get(PointProperty.URL, [])),
            "seen": directory.state(contact),
        }

    @staticmethod
    def initial_for(user: User, today: date) -> dict[str, Any]:
        """What a new contact's form starts with: typed by somebody who met them, today."""
        return {
            "client_id": uuid.uuid4(),
            "kind": ContactKind.objects.filter(team=None, code="person").first(),
            "source": directory.met_by(user),
            "basis": Basis.LEGITIMATE_INTEREST,
            "sourced_on": today,
        }


class LineForm(forms.Form):
    """A contact in one line. `cleaned_data["line"]` is a parsed `Line`."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    line = forms.CharField(label=gettext_lazy("Everything in one line"), max_length=500)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_line(self) -> Line:
        """The line taken apart; groups that the team knows are recognised."""
        text = self.cleaned_data["line"]
        line = parse(text, country=self.team.country, groups=directory.known_groups(self.team, text))
        if not line.name:
            raise forms.ValidationError(
                _("There is no name in this line. Example: Jo, Brume, 06 12 34 56 78")
            )
        if suppression.holds(points=line.points, name=line.name):
            raise forms.ValidationError(HELD_BACK)
        return line


_WHICH_GROUP = gettext_lazy("Which group? Type its name.")


class AffiliationForm(forms.Form):
    """To which group a person belongs, or which person to a group, and as what."""

    other = forms.CharField(
        label=gettext_lazy("Group"), max_length=200, error_messages={"required": _WHICH_GROUP}
    )
    role = forms.CharField(label=gettext_lazy("Role"), max_length=120, required=False)
    since = forms.DateField(
        label=gettext_lazy("Since"), required=False, widget=forms.DateInput(DAY_INPUT, "%Y-%m-%d")
    )

    def clean_other(self) -> str:
        """Who asked not to be held is not let in by this door either."""
        other: str = self.cleaned_data["other"]
        if suppression.held_among([other]):
            raise forms.ValidationError(HELD_BACK)
        return other
