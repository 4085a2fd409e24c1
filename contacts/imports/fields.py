"""What an imported column can become."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Field(StrEnum):
    """What a column of a list holds. OWN_ID is written by our exports: the contact itself."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    STREET = "street"
    TOWN = "town"
    POSTCODE = "postcode"
    KIND = "kind"
    GROUP = "group"
    ROLE = "role"
    TAGS = "tags"
    TOPIC = "topic"  # one tag, whatever its punctuation
    NOTE = "note"
    EXTERNAL_ID = "external_id"
    OWN_ID = "own_id"


LABELS = {
    Field.NAME: _("Name"),
    Field.FIRST_NAME: _("First name"),
    Field.LAST_NAME: _("Last name"),
    Field.EMAIL: _("E-mail"),
    Field.PHONE: _("Phone"),
    Field.LINK: _("Link"),
    Field.STREET: _("Street"),
    Field.TOWN: _("Town"),
    Field.POSTCODE: _("Postcode"),
    Field.KIND: pgettext_lazy("of a contact", "Kind"),
    Field.GROUP: _("Group they belong to"),
    Field.ROLE: _("Role in the group"),
    Field.TAGS: _("Tags, between commas"),
    Field.TOPIC: _("One tag"),
    Field.NOTE: _("Note"),
    Field.EXTERNAL_ID: _("Number in this list"),
    Field.OWN_ID: _("CommunityCRM’s own number"),
}

ALONE = frozenset(
    {
        Field.FIRST_NAME,
        Field.LAST_NAME,
        Field.KIND,
        Field.TOPIC,
        Field.EXTERNAL_ID,
        Field.OWN_ID,
        Field.ROLE,
        Field.GROUP,
    }
)
"""Those that one column at most can hold. Of all others several columns are united: lists and notes are joined, a
second address that differs goes into the note."""
