"""What is typed about calendars of others, validated."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.models import TouchpointKind
from events.ical.lines import MOST_BYTES

MINE, TEAM = "mine", "team"


class WhoseForm(forms.Form):
    """What comes in becomes meetings of a kind, hosted by the person or by nobody yet."""

    kind = forms.ModelChoiceField(TouchpointKind.objects.none(), label=_("What kind of meetings are they?"))
    whose = forms.ChoiceField(
        label=_("Whose are they?"),
        choices=[
            (TEAM, _("The team’s: it sees them, nobody hosts them yet")),
            (MINE, _("Mine: I host them")),
        ],
        widget=forms.RadioSelect,
        initial=TEAM,
    )

    def __init__(self, *args: Any, team: Team, user: User, is_member: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["kind"].queryset = TouchpointKind.objects.for_team(team)  # type: ignore[attr-defined]
        other = self.fields["kind"].queryset.filter(code="other").first()  # type: ignore[attr-defined]
        self.initial.setdefault("kind", other and other.pk)
        if not is_member:  # an admin who looks at a team hosts nothing in it
            del self.fields["whose"]

    def chosen(self) -> dict[str, Any]:
        """`kind` and `host`, as `calendars` takes them."""
        is_mine = self.cleaned_data.get("whose") == MINE
        return {"kind": self.cleaned_data["kind"], "host": self.user if is_mine else None}


class FileForm(WhoseForm):
    """A file, once."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_("A calendar (.ics), up to 5 MB. Google, Outlook and the telephone can export one."),
        widget=forms.FileInput({"accept": ".ics,text/calendar"}),
    )
    field_order = ("file", "kind", "whose")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


class AddressForm(WhoseForm):
    """An address, looked at again and again."""

    url = forms.CharField(
        label=_("The address"),
        max_length=2000,
        help_text=_("It begins with https:// or webcal:// and often ends with .ics."),
        widget=forms.TextInput({"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("url", "kind", "whose")
