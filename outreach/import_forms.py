"""What is said about a schedule to import: the file, whose posts, where they go, how to read it."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.imports.reading import MAX_BYTES, Table
from outreach.forms import TEAM
from outreach.schedules.when import DateOrder
from outreach.uploads import Settings

_SAMPLE_LENGTH = 40


class WhoseForm(forms.Form):
    """Whose posts they are, and the channel of those that the file gives none."""

    author = forms.ChoiceField(label=_("Whose posts are they?"))
    channel = forms.CharField(
        label=_("Channel, if the file does not say it"),
        max_length=80,
        required=False,
        help_text=_("For example Instagram. A network in the file’s name is understood too."),
    )

    def __init__(self, *args: Any, people: list[User], user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        mine = [(str(person.pk), _("Mine") if person == user else str(person)) for person in people]
        self.fields["author"].choices = [*mine, (TEAM, _("The team’s"))]  # type: ignore[attr-defined]
        self.fields["author"].initial = self.fields["author"].choices[0][0]  # type: ignore[attr-defined]

    def manager(self) -> User | None:
        """The author that was chosen; None for the team's own posts."""
        author = self.cleaned_data["author"]
        return next((person for person in self.people if str(person.pk) == author), None)


class FileForm(WhoseForm):
    """The file too: the first step."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_("CSV or Excel, from Buffer, Hootsuite, Metricool, Publer, SocialBee or kept by hand."),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods", "class": "in"}),
    )
    field_order = ["file", "author", "channel"]

    def clean_file(self) -> UploadedFile:
        """Refuse by size before anything is read into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file

    def file_name(self) -> str:
        """The name without any folder a browser may have sent."""
        return PurePath(self.cleaned_data["file"].name or "").name

    def settings(self) -> Settings:
        """What was said, for a new upload."""
        return Settings(manager=self.manager(), channel=self.cleaned_data["channel"])


class OrderForm(forms.Form):
    """Which comes first in the file's dates: asked with one of its own dates as the example."""

    order = forms.ChoiceField(
        label=_("How are the dates written?"),
        choices=[(DateOrder.DAY_FIRST, _("Day first")), (DateOrder.MONTH_FIRST, _("Month first"))],
        widget=forms.RadioSelect,
    )


class ColumnsForm(forms.Form):
    """Which column holds what, for a file of no format we know."""

    text = forms.TypedChoiceField(label=_("Text of the post"), coerce=int)
    when = forms.TypedChoiceField(label=_("Day, or day and time"), coerce=int)
    time = forms.TypedChoiceField(
        label=_("Time, if it has a column of its own"), coerce=int, empty_value=None, required=False
    )
    channels = forms.TypedChoiceField(label=_("Channels"), coerce=int, empty_value=None, required=False)
    status = forms.TypedChoiceField(label=_("State"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(index, _column_name(table, index)) for index in range(len(table.headers))]
        for name, field in self.fields.items():
            first = _("Choose a column") if field.required else _("No column")
            self.fields[name].choices = [("", first), *columns]  # type: ignore[attr-defined]


def _column_name(table: Table, index: int) -> str:
    """The header and the first value, so that nameless and odd columns can be told apart."""
    value = next((row.cells[index].strip() for row in table.rows if row.cells[index].strip()), "")
    shown = value if len(value) <= _SAMPLE_LENGTH else f"{value[:_SAMPLE_LENGTH]}…"
    return " · ".join(part for part in (table.headers[index] or f"{index + 1}", shown) if part)
