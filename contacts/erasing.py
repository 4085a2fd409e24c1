"""Letting go of a person: through `references`, in one transaction, at once; neither bin nor undo delays it.

What they were at stays, unnamed. Everything that would bring them back or give them away goes: their rows, those
merged into them, what undo keeps of them, what other texts say of them. What stays is a keyed hash of what they would
be recognised by (`suppression`), if they asked for it; a contact whose time is over leaves nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from accounts import audit, changes
from accounts.models import AuditEntry, Change, Operation, User
from contacts import references, suppression, suppression_file, sweeping
from contacts.mentions import Person, parts
from contacts.models import Contact, ContactPoint, PrivacyRequest, Scope, Touchpoint
from contacts.names import fold, sort_key
from contacts.points import Point
from contacts.sweeping import Mention

BATCH = 500  # rows a statement: SQLite takes a limited number of parameters
# Swept like all other texts, but none is about somebody else.
_UNTOLD = (AuditEntry, Change, Operation, PrivacyRequest)


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


def _locked_family(contacts: Iterable[Contact]) -> list[Contact]:
    """The family, locked, as it is now: a merge or its undoing may have ended while we waited for the lock."""
    contacts = list(contacts)
    rows, locked = family(contacts), set[int]()
    while fresh := {row.pk for row in rows} - locked:
        locked |= fresh
        list(Contact.objects.select_for_update().filter(pk__in=locked).order_by("pk").values_list("pk"))
        rows = family(contacts)
    return rows


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
            mention
            for mention in sweeping.mentions(person)
            if not isinstance(mention.row, _UNTOLD)
            and mention.row.pk not in theirs.get(type(mention.row), ())
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
        rows = _locked_family(contacts)
        person = _person(rows)
        traits = [(_points_of(row), row.name, row.town) for row in rows]
        shared = {(kind, key) for kind, key in _shared_keys(person)}
        suppression.add(traits, shared=shared, namesakes=_namesakes(person), day=now.date())
        transaction.on_commit(suppression_file.write)
        sweeping.sweep(person)
        PrivacyRequest.objects.filter(contacts__in=person.contact_ids).update(name="", address="", note="")
        _let_go(person)
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
            rows = _locked_family(Contact.objects.filter(pk__in=wanted[start : start + BATCH]))
            if not rows:
                continue
            crowd = _crowd(rows)
            # Stores have an end of their own, and are slow to look through for many.
            _let_go(crowd, stores=False)
            _delete(crowd)
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
    return _with_points(rows, ContactPoint.objects.filter(contact__in=[row.pk for row in rows]))


def _crowd(rows: list[Contact]) -> Person:
    """Several people at once, each of them one of its `people`: with those merged into them. One query."""
    here = {row.pk: row for row in rows}
    families: defaultdict[int, list[Contact]] = defaultdict(list)
    for row in rows:
        head = row
        while head.merged_into_id:
            head = here[head.merged_into_id]
        families[head.pk].append(row)
    points: defaultdict[int, list[ContactPoint]] = defaultdict(list)
    for point in ContactPoint.objects.filter(contact__in=here):
        points[point.contact_id].append(point)
    people = [
        _with_points(family, [point for row in family for point in points[row.pk]])
        for family in families.values()
    ]
    return Person(contact_ids=tuple(here), people=tuple(people))


def _with_points(rows: list[Contact], points: Iterable[ContactPoint]) -> Person:
    return Person(
        contact_ids=tuple(row.pk for row in rows),
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
        changes.forget(Contact, some)
        merges = Operation.objects.filter(kind=references.MERGE)
        merges.filter(Q(details__kept__in=some) | Q(details__merged__in=some)).delete()


def _delete(person: Person) -> None:
    ids = list(person.contact_ids)
    for start in range(0, len(ids), BATCH):
        Contact.objects.filter(pk__in=ids[start : start + BATCH]).update(merged_into=None)
    for start in range(0, len(ids), BATCH):
        Contact.objects.filter(pk__in=ids[start : start + BATCH]).delete()
