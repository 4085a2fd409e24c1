"""Contacts chosen on a form."""

from typing import Any

from django import forms

from contacts import merging
from contacts.models import Contact
from foundation.inputs import row_ids


class ContactsField(forms.ModelMultipleChoiceField):
    """Contacts by their ids. Whoever was merged while the form was open is the contact they are the same as."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Contact.objects.none(), required=False, **kwargs)

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
