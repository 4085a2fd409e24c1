"""Contacts chosen on a form."""

from functools import cache
from typing import Any

from django import forms

from accounts.models import Team
from contacts import merging
from contacts.models import Contact
from foundation.compiled import Compiled, given
from foundation.inputs import RowsField, row_ids


class ContactsField(RowsField):
    """Contacts of a team (a form says whose) by their ids. Whoever was merged while the form was open is the contact they
    are the same as."""

    team: Team

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def find(self, ids: list[int]) -> list[Contact]:
        """Those that are the team's, each with its kind."""
        return _contacts().rows(team=self.team, ids=ids)

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError:
            kept = self.bound_data(value, None)
            if kept == row_ids(value or ()):
                raise
            return super().clean(kept)

    def bound_data(self, data: Any, initial: Any) -> list[int]:
        """The ids to show as chosen when the form comes back."""
        return merging.kept_ids(row_ids(data or ()))


@cache
def _contacts() -> Compiled:
    return Compiled(Contact.objects.of_team(given("team")).filter(pk__in=given("ids")).select_related("kind"))
