"""What is typed about contacts, meetings and promises, validated."""

from contacts.forms.contact import NOTE_HELP_SHORT, AffiliationForm, ContactForm, LineForm
from contacts.forms.kind import ContactKindForm, RuleForm, TouchpointKindForm
from contacts.forms.note import NoteForm, Question
from contacts.forms.people import ContactsField
from contacts.forms.promise import LaterForm, PromiseForm

__all__ = [
    "NOTE_HELP_SHORT",
    "AffiliationForm",
    "ContactForm",
    "ContactKindForm",
    "ContactsField",
    "LaterForm",
    "LineForm",
    "NoteForm",
    "PromiseForm",
    "Question",
    "RuleForm",
    "TouchpointKindForm",
]
