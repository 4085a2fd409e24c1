"""A person in texts that are about something else: a note on another contact, the title of a date, a saved search.

Every text field of every model of ours is looked at, so that none can be forgotten. Codes, choices and names that are
somebody else's own are left alone.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, RestrictedError, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from contacts import keys
from contacts import tags as tagging
from contacts.mentions import Person
from contacts.models import Contact, PointProperty, Tag
from contacts.names import fold

# Whose names these are is not for us to change: our own people, what kinds and teams are called, others' identity.
# Nor do people write digests.
_NOT_SWEPT = {
    "accounts.Creation",
    "accounts.User",
    "accounts.Team",
    "accounts.Invitation",
    "contacts.ContactKind",
    "contacts.ContactPoint",
    "contacts.Suppression",
    "contacts.Tag",
    "contacts.TouchpointKind",
    "notifications.Address",
}
_WHERE = {
    "contacts.Contact": _("another contact"),
    "contacts.Touchpoint": _("a meeting"),
    "contacts.Promise": _("a promise"),
    "events.Occurrence": _("a date"),
    "events.Series": _("a recurring event"),
    "outreach.Post": _("a post"),
    "outreach.Launch": _("a launch"),
}
# SQLite's JSON is kept in ASCII: a no-break space is six letters there, a new line two on either database.
_BETWEEN_DIGITS = r"(?:\\u[0-9a-f]{4}|\\[nrt]|[^0-9A-Za-z]){0,3}"
_IDENTITY = {"name", "sort_key", "search_key", "town", "postcode", "street"}


@dataclass(frozen=True)
class Mention:
    """A text in which a person is named; `where` says in words what it belongs to, `field` where in `row` it stands."""

    where: str
    row: models.Model
    field: str
    text: str


def sweep(person: Person) -> int:
    """Leave them out of every text of ours that names them: notes, titles, saved searches, details of operations. How many."""
    found = list(mentions(person))
    for mention in found:
        value = getattr(mention.row, mention.field)
        setattr(mention.row, mention.field, _without(value, person))
        mention.row.save(update_fields=[mention.field])
    return len(found) + _untag(person)


def _untag(person: Person) -> int:
    """A tag that is somebody's name goes; one that something else rests on, as a launch does, loses the name."""
    tags = [
        tag
        for tag in Tag.objects.filter(_needles(person, "name"))
        if person.mentioned_in(tag.name, anywhere=True)
    ]
    through: Any = Contact.tags.through
    tagged = list(through.objects.filter(tag__in=tags).values_list("contact", flat=True))
    for tag in tags:
        try:
            tag.delete()
        except RestrictedError:
            _unname(tag, person)
    keys.refresh(set(tagged) - set(person.contact_ids))
    return len(tags)


def _unname(tag: Tag, person: Person) -> None:
    """The tag stays under what is left of its name, with a number where the team has that already."""
    left = person.without(tag.name, anywhere=True)
    taken = set(Tag.objects.filter(team=tag.team_id).exclude(pk=tag.pk).values_list("key", flat=True))
    names = [left, *(f"{left[:50]} {number}" for number in range(2, len(taken) + 3))]
    tag.name = next(name for name in names if tagging.key(name) not in taken)
    tag.key = tagging.key(tag.name)
    tag.save(update_fields=["name", "key"])


def mentions(person: Person) -> Iterator[Mention]:
    """Texts of other rows that name the person, in all teams."""
    for model, names in _texts():
        rows = model._default_manager.all()
        if model is Contact:
            rows = rows.exclude(pk__in=person.contact_ids)
        for name in names:
            is_json = isinstance(model._meta.get_field(name), models.JSONField)
            searched = rows.annotate(_text=Cast(name, TextField())) if is_json else rows
            needles = _needles(person, "_text", is_json=True) if is_json else _needles(person, name)
            for row in searched.filter(needles):
                value = getattr(row, name)
                if _without(value, person) != value:
                    yield Mention(str(_WHERE.get(model._meta.label, _("elsewhere"))), row, name, str(value))


def _texts() -> Iterator[tuple[type[models.Model], list[str]]]:
    """The fields of our own models in which people write; codes and choices are not among them."""
    ours = {"accounts", "notifications", "contacts", "events", "outreach", "ratio"}
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in ours or label in _NOT_SWEPT:
            continue
        names = [
            column.name
            for column in model._meta.concrete_fields
            if isinstance(column, models.CharField | TextField | models.JSONField)
            and not getattr(column, "choices", None)
            and not isinstance(column, models.SlugField)
            and not (model is Contact and column.name in _IDENTITY)
        ]
        if names:
            yield model, names


def _needles(person: Person, name: str, *, is_json: bool = False) -> Q:
    """Rows worth reading: what the database can find of them, more rather than less. `_without` decides."""
    found = Q(pk__in=[])
    for called in person.telling_names:
        words = re.findall(r"\w+", unicodedata.normalize("NFC", called))
        found |= _written(name, max(words, key=len, default=called), is_json=is_json)
    for point in person.points:
        if point.property == PointProperty.TEL.value:
            found |= Q(**{f"{name}__regex": _BETWEEN_DIGITS.join(point.key[-8:])})
        else:
            found |= _written(name, point.key, is_json=is_json)
    return found


def _written(name: str, text: str, *, is_json: bool) -> Q:
    """Rows in which a text may stand, in whatever case, with its accents composed, taken apart, left out, or escaped.

    What all these have in common is its stretches of ASCII. Where they are too short to tell, each form is looked for.
    """
    if stretches := re.findall(r"[!-~]{3,}", text):
        return Q(*((f"{name}__icontains", stretch) for stretch in stretches))
    forms = {text, text.lower(), text.upper(), text.title()}
    forms |= {fold(text), fold(text).upper(), fold(text).title()}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}
    if is_json:
        forms |= {json.dumps(form)[1:-1] for form in forms}
    distinct = {form.lower() if form.isascii() else form for form in forms}
    return reduce(or_, (Q(**{f"{name}__icontains": form}) for form in distinct))


def _without(value: Any, person: Person) -> Any:
    """A text, or the texts inside a JSON value, without them."""
    if isinstance(value, str):
        return person.without(value, anywhere=True)
    if isinstance(value, dict):
        return {key: _without(inner, person) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, person) for inner in value]
    return value
