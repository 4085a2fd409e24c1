"""What is typed about contacts, meetings and promises, validated."""

from contacts.forms.contact import AffiliationForm, ContactForm, LineForm
from contacts.forms.kind import ContactKindForm, RuleForm, TouchpointKindForm
from contacts.forms.note import NoteForm, Question
from contacts.forms.promise import LaterForm, PromiseForm

__all__ = [
    "AffiliationForm",
    "ContactForm",
    "ContactKindForm",
    "LaterForm",
    "LineForm",
    "NoteForm",
    "PromiseForm",
    "Question",
    "RuleForm",
    "TouchpointKindForm",
]
