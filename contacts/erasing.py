"""Letting go of a person: through `references`, in one transaction, at once; neither bin nor undo delays it.

What they were at stays, unnamed. Everything that would bring them back or give them away goes: their rows, those
merged into them, what undo keeps of them, what other texts say of them. What stays is a keyed hash of what they would
be recognised by (`suppression`), if they asked for it; a contact whose time is over leaves nothing.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry, Change, Operation, User
from contacts import keys, references, suppression, suppression_file
from contacts.mentions import Person, parts
from contacts.models import Contact, ContactPoint, PointProperty, PrivacyRequest, Scope, Tag, Touchpoint
from contacts.names import fold, sort_key
from contacts.points import Point

log = logging.getLogger(__name__)
BATCH = 500  # rows a statement: SQLite takes a limited number of parameters
# Whose names these are is not for us to change: our own people, what kinds and teams are called, others' identity.
_NOT_SWEPT = {
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
# Swept like all others, and no text about somebody else.
_UNTOLD = (AuditEntry, Change, Operation, PrivacyRequest)
_IDENTITY = {"name", "sort_key", "search_key", "town", "postcode", "street"}


@dataclass
class Mention:
    """A text about somebody else in which the person is named: `where` is the model's name, in words."""

    where: str
    text: str


@dataclass(frozen=True)
class Preview:
    """What erasing would do: rows by what they are, in words; texts elsewhere; addresses that others have too."""

    person: Person
    contacts: list[Contact]
    rows: list[str]
    mentions: list[Mention] = field(default_factory=list)
    shared: list[tuple[str, str]] = field(default_factory=list)


def family(contacts: Iterable[Contact]) -> list[Contact]:
    """Contacts with everybody who was merged into them, or whom they were merged into: one person, several rows."""
    found: dict[int, Contact] = {}
    fresh = {contact.pk for contact in contacts}
    while fresh:
        rows = Contact.objects.filter(Q(pk__in=fresh) | Q(merged_into__in=fresh)).select_related("team")
        found |= {row.pk: row for row in rows}
        above = {row.merged_into_id for row in found.values() if row.merged_into_id}
        fresh = (above - set(found)) | ({row.pk for row in rows} - fresh)
    return sorted(found.values(), key=lambda row: (row.merged_into_id is not None, row.pk))


def person_of(contacts: Iterable[Contact]) -> Person:
    """The person that these contacts are, with those merged into them. Two queries."""
    return _person(family(contacts))


def preview(contacts: Iterable[Contact]) -> Preview:
    """What `erase` would do, without doing it."""
    rows = family(contacts)
    person = _person(rows)
    through: Any = Touchpoint.contacts.through
    met = through.objects.filter(contact__in=person.contact_ids).values_list("touchpoint", flat=True)
    theirs: dict[type[models.Model], set[int]] = {Touchpoint: set(met)}
    told = [reference for reference in references.everything() if reference.words]
    counts = [(reference.words, reference.rows(person.contact_ids).count()) for reference in told]
    return Preview(
        person=person,
        contacts=rows,
        rows=[str(words % {"n": count}) for words, count in counts if count],
        mentions=[
            Mention(where, text)
            for where, row, _name, text in _mentions(person)
            if not isinstance(row, _UNTOLD) and row.pk not in theirs.get(type(row), ())
        ][:50],
        shared=sorted(_shared_with(person)),
    )


def erase(
    contacts: Iterable[Contact], *, by: User | None, now: datetime, request: PrivacyRequest | None = None
) -> int:
    """Erase a person who asked for it, and hold them back from now on. How many rows of contacts that were.

    `request` is closed and emptied in the same step. Nothing can undo this.
    """
    with transaction.atomic():
        rows = family(contacts)
        list(Contact.objects.select_for_update().filter(pk__in=[row.pk for row in rows]).order_by("pk"))
        person = _person(rows)
        traits = [(_points_of(row), row.name, row.town) for row in rows]
        shared = {(kind, key) for kind, key in _shared_keys(person)}
        suppression.add(traits, shared=shared, namesakes=_namesakes(person), day=now.date())
        transaction.on_commit(suppression_file.write)
        _sweep(person)
        _let_go(person)
        PrivacyRequest.objects.filter(contacts__in=person.contact_ids).update(name="", address="", note="")
        if request:
            PrivacyRequest.objects.filter(pk=request.pk).update(
                name="", address="", note="", outcome="erased", closed_at=now, closed_by=by
            )
        _delete(person)
        audit.record(action="person.erased", actor=by, now=now, contacts=len(rows))
        hold_back(_in_a_bin(person), now=now)
    return len(rows)


def purge(contact_ids: Iterable[int], *, now: datetime, by: User | None = None) -> int:
    """Erase contacts whose time is over: from the bin, or by retention. No hash: nobody asked, they may come again."""
    wanted, done = sorted(set(contact_ids)), 0
    for start in range(0, len(wanted), BATCH):
        with transaction.atomic():
            rows = family(Contact.objects.filter(pk__in=wanted[start : start + BATCH]))
            if not rows:
                continue
            person = _person(rows)
            _let_go(
                person, stores=False
            )  # those have an end of their own, and are slow to look through for many
            _delete(person)
            audit.record(action="contacts.purged", actor=by, now=now, count=len(rows))
            done += len(rows)
    return done


def purge_due(now: datetime, *, most: int = 2000) -> int:
    """Erase those whose moment has come (`Contact.erase_at`), up to `most` a pass. Done twice, there is nothing left."""
    due = Contact.objects.filter(erase_at__lte=now).order_by("pk").values_list("pk", flat=True)
    return purge(list(due[:most]), now=now)


def hold_back(contacts: Any, *, now: datetime) -> int:
    """Hold contacts against the register: who asked not to be held is erased, who asked not to be written to is marked.

    For whatever brings rows back past the usual doors: an undo, a restored backup. Returns how many were erased.
    """
    held, unwritten = suppression.load(), suppression.load(Scope.WRITING)
    if not held.digests and not unwritten.digests:
        return 0
    found, marked = [], []
    for rows in _batches(contacts.select_related("team").prefetch_related("points")):
        for row in rows:
            points = _points_of(row)
            if held.holds(points=points, name=row.name, town=row.town):
                found.append(row)
            elif row.objected_at is None and unwritten.holds(points=points, name=row.name, town=row.town):
                marked.append(row.pk)
    Contact.objects.filter(pk__in=marked).update(objected_at=now)
    return sum(erase([row], by=None, now=now) for row in found)


def _batches(rows: Any) -> Iterator[list[Contact]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _person(rows: list[Contact]) -> Person:
    pks = tuple(row.pk for row in rows)
    points = ContactPoint.objects.filter(contact__in=pks)
    return Person(
        contact_ids=pks,
        names=tuple(dict.fromkeys(row.name for row in rows)),
        points=tuple(dict.fromkeys(Point(row.property, row.value, row.key) for row in points)),
        words=tuple(dict.fromkeys(word for row in rows if not row.is_group for word in parts(row.name))),
        country=rows[0].team.country if rows else "FR",
    )


def _points_of(contact: Contact) -> list[Point]:
    return [Point(row.property, row.value, row.key) for row in contact.points.all()]


def _shared_keys(person: Person) -> set[tuple[str, str]]:
    """Addresses that others in the book have too: a band's mailbox is not its singer's alone."""
    mine = [point.key for point in person.points]
    rows = ContactPoint.objects.filter(key__in=mine, contact__binned_at=None)
    rows = rows.exclude(contact__in=person.contact_ids)
    return set(rows.values_list("property", "key"))


def _shared_with(person: Person) -> set[tuple[str, str]]:
    """Those addresses, each with who has it: (value, name)."""
    mine = [point.key for point in person.points]
    rows = ContactPoint.objects.filter(key__in=mine, contact__binned_at=None)
    rows = rows.exclude(contact__in=person.contact_ids)
    return set(rows.values_list("value", "contact__name"))


def _namesakes(person: Person) -> dict[str, set[str]]:
    """The towns of others of their name who stay in the book, by the name as `suppression` knows it."""
    rows = Contact.objects.filter(sort_key__in=[sort_key(name) for name in person.names], binned_at=None)
    found: dict[str, set[str]] = {}
    for name, town in rows.exclude(pk__in=person.contact_ids).values_list("name", "town"):
        found.setdefault(suppression.called(name), set()).add(fold(town))
    return found


def _in_a_bin(person: Person) -> Any:
    """What lies in any team's bin and may be them: nobody sees it there, and an undo would bring it back."""
    named = Q(sort_key__in=[sort_key(name) for name in person.names])
    reached = ContactPoint.objects.filter(key__in=[point.key for point in person.points])
    lying = Contact.objects.filter(binned_at__isnull=False, merged_into=None)
    return lying.filter(named | Q(pk__in=reached.values("contact")))


def _let_go(person: Person, *, stores: bool = True) -> None:
    """Everything that hangs on them, in the rows of all apps; then what undo keeps of them."""
    for reference in references.everything():
        references.erase(reference, person)
    for store in references.stores() if stores else ():
        store.erase(person)
    ids = list(person.contact_ids)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        Change.objects.filter(model=Contact._meta.label, row__in=some).delete()
        merges = Operation.objects.filter(kind=references.MERGE)
        merges.filter(Q(details__kept__in=some) | Q(details__merged__in=some)).delete()


def _delete(person: Person) -> None:
    ids = list(person.contact_ids)
    for start in range(0, len(ids), BATCH):
        Contact.objects.filter(pk__in=ids[start : start + BATCH]).update(merged_into=None)
    for start in range(0, len(ids), BATCH):
        Contact.objects.filter(pk__in=ids[start : start + BATCH]).delete()


# --- Texts about others -----------------------------------------------------------------------------


def _sweep(person: Person) -> int:
    """Leave them out of every text of ours that names them: notes, titles, saved searches, details of operations."""
    changed: dict[tuple[type[models.Model], str], list[models.Model]] = {}
    for _where, row, name, _text in _mentions(person):
        setattr(row, name, _without(getattr(row, name), person))
        changed.setdefault((type(row), name), []).append(row)
    for (_model, name), rows in changed.items():
        for row in rows:
            row.save(update_fields=[name])
    return sum(map(len, changed.values())) + _untag(person)


def _untag(person: Person) -> int:
    """A tag that is somebody's name goes."""
    tags = [tag for tag in Tag.objects.filter(_needles(person, "name")) if person.mentioned_in(tag.name)]
    through: Any = Contact.tags.through
    tagged = list(through.objects.filter(tag__in=tags).values_list("contact", flat=True))
    Tag.objects.filter(pk__in=[tag.pk for tag in tags]).delete()
    keys.refresh(set(tagged) - set(person.contact_ids))
    return len(tags)


def _mentions(person: Person) -> Iterator[tuple[str, models.Model, str, str]]:
    """Texts of other rows that name the person: (what it is, row, field, text)."""
    for model, names in _texts():
        rows = model._default_manager.all()
        if model is Contact:
            rows = rows.exclude(pk__in=person.contact_ids)
        for name in names:
            is_json = isinstance(model._meta.get_field(name), models.JSONField)
            searched = rows.annotate(_text=Cast(name, TextField())) if is_json else rows
            for row in searched.filter(_needles(person, "_text" if is_json else name)):
                text = str(getattr(row, name))
                if person.mentioned_in(text, anywhere=True):
                    yield str(_WHERE.get(model._meta.label, _("elsewhere"))), row, name, text


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


def _needles(person: Person, name: str) -> Q:
    """Rows worth reading: what the database can find of them, more rather than less. `mentioned_in` decides."""
    found = Q(pk__in=[])
    for called in person.telling_names:
        longest = max(re.findall(r"\w+", called), key=len, default=called)
        written = {longest, longest.lower(), longest.upper(), longest.title(), fold(longest)}
        written |= {fold(longest).upper(), fold(longest).title()}
        found |= reduce(or_, (Q(**{f"{name}__icontains": word}) for word in written if word))
    for point in person.points:
        if point.property == PointProperty.TEL.value:
            digits = r"[^0-9A-Za-z]{0,3}".join(point.key[-8:])
            found |= Q(**{f"{name}__regex": digits})
        else:
            found |= Q(**{f"{name}__icontains": point.key})
    return found


def _without(value: Any, person: Person) -> Any:
    """A text, or the texts inside a JSON value, without them."""
    if isinstance(value, str):
        return person.without(value, anywhere=True)
    if isinstance(value, dict):
        return {key: _without(inner, person) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, person) for inner in value]
    return value
