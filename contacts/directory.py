"""The directory: contacts made, changed and binned, with their points, tags and affiliations."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import changes
from accounts.models import Operation, Team, User
from contacts import keys, search, suppression
from contacts import tags as tagging
from contacts.models import Affiliation, Basis, Contact, ContactKind, ContactPoint, Scope
from contacts.names import fold, sort_key
from contacts.oneline import Line
from contacts.points import Point
from foundation import meanwhile
from foundation.compiled import Compiled, given

ADD, BIN = "contacts.add", "contacts.bin"
# A draft in which one of these changed lives on, whatever made it.
DRAFTED = ("name", "is_draft", "last_met_at")
_TYPED = (
    "name",
    "kind",
    "street",
    "town",
    "postcode",
    "note",
    "owner",
    "rhythm_days",
    "source",
    "basis",
    "sourced_on",
)


@dataclass(frozen=True)
class Details:
    """What is known of a contact. `points` in the order to show them; `tags` are words; `groups` are contacts."""

    name: str
    kind: ContactKind
    street: str = ""
    town: str = ""
    postcode: str = ""
    note: str = ""
    owner: User | None = None
    rhythm_days: int | None = None
    source: str = ""
    basis: str = Basis.LEGITIMATE_INTEREST
    sourced_on: date | None = None
    points: Sequence[Point] = ()
    tags: Sequence[str] = field(default_factory=list)


class HeldBack(ValueError):
    """This person asked not to be held here (`suppression`): nothing was written."""


def met_by(user: User) -> str:
    """The source of what somebody types: they met the person."""
    return _("Met by %(name)s") % {"name": user}


@dataclass(frozen=True)
class Added:
    """A contact in the directory; `operation` takes it out again (`accounts:undo`). None: it was there before."""

    contact: Contact
    operation: Operation | None


def add(*, team: Team, by: User, details: Details, client_id: uuid.UUID, now: datetime) -> Added:
    """A new contact. Sent twice it exists once; one that was binned in between comes back as it was.

    Raises HeldBack.
    """
    _let_in(details)
    with transaction.atomic():
        contact, created = Contact.objects.get_or_create(
            team=team,
            client_id=client_id,
            defaults={
                "created_by": by,
                "created_at": now,
                "objected_at": _objected_at(details, now),
                **_columns(details),
            },
        )
        if not created:
            Contact.objects.filter(pk=contact.pk, merged_into=None, erase_at=None).update(binned_at=None)
            return Added(contact.merged_into or contact, None)
        _write_rest(contact, details)
        operation = changes.begin(team=team, by=by, kind=ADD, now=now, plain=True, contact=contact.pk)
        changes.created(operation, [contact], fields=["name"])
    return Added(contact, operation)


def add_line(*, team: Team, by: User, line: Line, client_id: uuid.UUID, now: datetime) -> Added:
    """A person typed in one line. A group that the team does not know becomes a draft; nothing typed is lost."""
    person = ContactKind.objects.get(team=None, code="person")
    details = Details(
        name=line.name,
        kind=person,
        note=line.remarks,
        points=line.points,
        source=met_by(by),
        sourced_on=_day(team, now),
    )
    with transaction.atomic():
        added = add(team=team, by=by, details=details, client_id=client_id, now=now)
        if line.group and added.operation:
            group = group_called(team=team, by=by, name=line.group, now=now)
            affiliate(person=added.contact, group=group, role=line.role)
    return added


def group_called(*, team: Team, by: User, name: str, now: datetime) -> Contact:
    """The team's group of that name; a draft where there is none. Raises HeldBack."""
    known = [contact for contact in search.named(team, [name])[name] if contact.is_group]
    if known:
        return known[0]
    _let_in_name(name)
    return _drafts(team, by, [name], "other", now)[0]


def counterpart(contact: Contact, *, by: User, name: str, now: datetime) -> Contact:
    """The other side of an affiliation, by its name: a group for a person, a person for a group; a draft if unknown.

    Raises HeldBack.
    """
    if not contact.is_group:
        return group_called(team=contact.team, by=by, name=name, now=now)
    known = [other for other in search.named(contact.team, [name])[name] if not other.is_group]
    if known:
        return known[0]
    _let_in_name(name)
    return _drafts(contact.team, by, [name], "person", now)[0]


def known_groups(team: Team, text: str) -> set[str]:
    """The folded names of the team's groups that occur in a text, word by word; one query."""
    words = fold(text).split()[:40]
    stretches = {
        " ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, start + 7)
    }
    groups = Contact.objects.filter(team=team, binned_at=None, is_group=True)
    found = groups.filter(sort_key__in={sort_key(stretch) for stretch in stretches}).values_list(
        "name", flat=True
    )
    return {fold(name) for name in found}


def state(contact: Contact) -> str:
    """What tells whether a contact still says what its page showed (`edit`, `seen`)."""
    points = [(point.property, point.value) for point in contact.points.all()]
    tags = sorted(tag.pk for tag in contact.tags.all())
    return meanwhile.digest(changes.values(contact, _TYPED), points, tags)


def edit(contact: Contact, *, details: Details, seen: str = "") -> Contact:
    """Replace what is known of a contact. It is no longer a draft: somebody looked at it. `seen` is the `state` it is
    edited from. Raises HeldBack, ChangedMeanwhile."""
    _let_in(details)
    with meanwhile.unless_changed(contact, seen, state):
        for name, value in _columns(details).items():
            setattr(contact, name, value)
        contact.is_draft = False
        contact.save()
        _write_rest(contact, details)
    return contact


def add_drafts(*, team: Team, by: User, names: Iterable[str], now: datetime) -> list[Contact]:
    """Persons of whom only the name is known yet, each once, to be completed later; who is held back is left out."""
    plain = [" ".join(name.replace("\0", " ").split())[:200] for name in names]  # PostgreSQL keeps no NUL
    held = suppression.held_among(plain)
    wanted = list({name: None for name in plain if name and name not in held})
    return _drafts(team, by, wanted, "person", now) if wanted else []


def bin_contact(contact: Contact, *, by: User, now: datetime) -> Operation:
    """Put a contact into the bin; its meetings stay. The operation takes it back (`accounts:undo`)."""
    with transaction.atomic():
        before = changes.values(contact, ["binned_at"])
        contact.binned_at = now
        contact.save(update_fields=["binned_at"])
        operation = changes.begin(team=contact.team, by=by, kind=BIN, now=now, plain=True, contact=contact.pk)
        changes.changed(operation, contact, before)
    return operation


def affiliate(*, person: Contact, group: Contact, role: str = "", since: date | None = None) -> Affiliation:
    """A person belongs to a group from now on, or since a day; asked again, the role is what is said last."""
    with transaction.atomic():
        affiliation, _created = Affiliation.objects.update_or_create(
            person=person,
            group=group,
            until=None,
            defaults={"role": role},
            create_defaults={"team": person.team, "role": role, "since": since},
        )
        keys.refresh([person.pk])
    return affiliation


def end_affiliation(affiliation: Affiliation, *, day: date) -> None:
    """The person left the group on a day; that they belonged stays known."""
    with transaction.atomic():
        affiliation.until = day
        affiliation.save(update_fields=["until"])
        keys.refresh([affiliation.person_id])


def groups_of(contact_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the groups to which each of these persons belongs now; one query."""
    found: dict[int, list[str]] = {}
    for person, name in _groups().rows(people=list(contact_ids)):
        found.setdefault(person, []).append(name)
    return found


@cache
def _groups() -> Compiled:
    rows = Affiliation.objects.filter(person__in=given("people"), until=None, group__binned_at=None)
    return Compiled(rows.order_by("pk").values_list("person", "group__name"))


def _let_in(details: Details) -> None:
    if suppression.holds(points=details.points, name=details.name, town=details.town):
        raise HeldBack


def _objected_at(details: Details, now: datetime) -> datetime | None:
    """Who asked once not to be written to is marked again when they come in anew."""
    objected = suppression.holds(
        points=details.points, name=details.name, town=details.town, scope=Scope.WRITING
    )
    return now if objected else None


def _let_in_name(name: str) -> None:
    if suppression.held_among([name]):
        raise HeldBack


def _drafts(team: Team, by: User, names: list[str], code: str, now: datetime) -> list[Contact]:
    kind = ContactKind.objects.get(team=None, code=code)
    source, day = met_by(by), _day(team, now)
    objected = suppression.held_among(names, Scope.WRITING)
    return Contact.objects.bulk_create(
        [
            Contact(
                team=team,
                created_by=by,
                created_at=now,
                updated_at=now,
                is_draft=True,
                objected_at=now if name in objected else None,
                **_columns(Details(name=name, kind=kind, source=source, sourced_on=day)),
            )
            for name in names
        ]
    )


def _columns(details: Details) -> dict[str, object]:
    return {
        "name": details.name,
        "kind": details.kind,
        "is_group": details.kind.is_group,
        "sort_key": sort_key(details.name),
        "search_key": keys.search_key(details.name, details.town),
        "town": details.town,
        "postcode": details.postcode,
        "street": details.street,
        "note": details.note,
        "owner": details.owner,
        "rhythm_days": details.rhythm_days,
        "source": details.source,
        "basis": details.basis,
        "sourced_on": details.sourced_on,
    }


def _write_rest(contact: Contact, details: Details) -> None:
    """Points and tags; then the keys, which hold the tags and the groups."""
    contact.points.all().delete()
    wanted = {(point.property, point.key): point for point in reversed(details.points)}
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                team=contact.team,
                contact=contact,
                property=point.property,
                value=point.value,
                key=point.key,
                position=position,
            )
            for position, point in enumerate(details.points)
            if wanted[point.property, point.key] is point
        ]
    )
    contact.tags.set(tagging.named(contact.team, details.tags))
    keys.refresh([contact.pk])


def _day(team: Team, now: datetime) -> date:
    return now.astimezone(team.zone).date()
