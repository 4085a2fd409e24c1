"""What is to be done with several contacts, and with which: those picked, or all that a list's filters leave."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Team, User
from contacts import listing, tags
from contacts.bulk import Act
from contacts.forms.contact import members
from contacts.listing import Filters
from contacts.models import Contact, ContactKind, ExportFormat
from foundation.inputs import row_ids

_WHICH_TAG = gettext_lazy("Which tag? Type a word, or several between commas.")


class SelectionForm(forms.Form):
    """Which contacts. `pick` are the ids picked; `everything` means all of the list that `query` filters."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)
    everything = forms.BooleanField(required=False)

    data: QueryDict

    def __init__(self, data: QueryDict, *, team: Team, user: User, now: datetime) -> None:
        super().__init__(data)
        self.team, self.user, self.now = team, user, now
        self.set_up()

    def set_up(self) -> None:
        """Choices that depend on the team."""

    @property
    def filters(self) -> Filters:
        """The list that the form was on."""
        return Filters.read_text(self.data.get("query", "")[:1000])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("everything") and not self.picked():
            raise forms.ValidationError(_("Choose at least one contact."))
        return cleaned

    def picked(self) -> list[int]:
        """The ids picked by hand, each once."""
        return list(dict.fromkeys(row_ids(self.data.getlist("pick"))))

    def contact_ids(self) -> list[int]:
        """Whom it is about, in the order of the list; only contacts of the team that are not in the bin."""
        if self.cleaned_data["everything"]:
            return listing.chosen(team=self.team, user=self.user, filters=self.filters, now=self.now)
        picked = self.picked()
        there = set(Contact.objects.of_team(self.team).filter(pk__in=picked).values_list("pk", flat=True))
        return [pk for pk in picked if pk in there]

    def act(self) -> Act:
        """The act as `bulk` takes it. The token is the form's with what was chosen in it: the back button may lead
        to the same page, and something else be done there."""
        sent = sorted((name, value) for name in self.data for value in self.data.getlist(name))
        own = [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"]
        token = uuid.uuid5(self.cleaned_data["token"] or uuid.uuid4(), repr(own))
        return Act(team=self.team, by=self.user, contact_ids=self.contact_ids(), token=token, now=self.now)

    def said(self) -> dict[str, Any]:
        """What `bulk.do` takes beside the act."""
        return {}

    def problem(self) -> str:
        """The first thing that is wrong, in words."""
        return str(next(iter(self.errors.values()))[0])


class BulkTagForm(SelectionForm):
    """Words between commas."""

    tags = forms.CharField(max_length=500, error_messages={"required": _WHICH_TAG})

    def clean_tags(self) -> list[str]:
        words = tags.split(self.cleaned_data["tags"])
        if not words:
            raise forms.ValidationError(_WHICH_TAG)
        return words

    def said(self) -> dict[str, Any]:
        return {"tags": self.cleaned_data["tags"]}


class BulkOwnerForm(SelectionForm):
    """Who looks after them; nobody chosen means everybody."""

    to_owner = forms.ModelChoiceField(User.objects.none(), required=False)

    def set_up(self) -> None:
        self.fields["to_owner"].queryset = members(self.team)  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        owner = self.cleaned_data["to_owner"]
        return {"owner": owner and owner.pk}


class BulkKindForm(SelectionForm):
    """Of which kind they are."""

    to_kind = forms.ModelChoiceField(
        ContactKind.objects.none(), error_messages={"required": gettext_lazy("Which kind?")}
    )

    def set_up(self) -> None:
        self.fields["to_kind"].queryset = ContactKind.objects.for_team(self.team)  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["to_kind"].pk}


FILES = [choice for choice in ExportFormat.choices if choice[0] != ExportFormat.ADDRESSES]


class ExportForm(SelectionForm):
    """Into what sort of file. Nobody picked means the whole list: an export is asked for above it, too."""

    format = forms.ChoiceField(choices=FILES, label=pgettext_lazy("of a file", "Format"))


class FilterForm(forms.Form):
    """A name for the filters of an address."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    query = forms.CharField(widget=forms.HiddenInput, max_length=500)
    is_shared = forms.BooleanField(label=gettext_lazy("For the whole team"), required=False)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_query(self) -> str:
        """Only what a list understands is kept."""
        query = Filters.read_text(self.cleaned_data["query"]).address()
        if not query:
            raise forms.ValidationError(_("Filter the list first: everybody is there anyway."))
        return query
