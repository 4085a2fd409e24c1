"""The directory: contacts made, changed and binned, with their points, tags and affiliations."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import changes
from accounts.models import Operation, Team, User
from contacts import keys
from contacts import tags as tagging
from contacts.models import Affiliation, Basis, Contact, ContactKind, ContactPoint
from contacts.names import sort_key
from contacts.points import Point

BIN = "contacts.bin"


@dataclass(frozen=True)
class Details:
    """What is known of a contact. `points` in the order to show them; `tags` are words; `groups` are contacts."""

    name: str
    kind: ContactKind
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


def met_by(user: User) -> str:
    """The source of what somebody types: they met the person."""
    return _("Met by %(name)s") % {"name": user}


def add(*, team: Team, by: User, details: Details, client_id: uuid.UUID, now: datetime) -> Contact:
    """A new contact. Sent twice it exists once; one that was binned in between comes back as it was."""
    with transaction.atomic():
        contact, created = Contact.objects.get_or_create(
            team=team,
            client_id=client_id,
            defaults={"created_by": by, "created_at": now, **_columns(details)},
        )
        if created:
            _write_rest(contact, details)
        elif contact.binned_at:
            contact.binned_at = None
            contact.save(update_fields=["binned_at"])
    return contact


def edit(contact: Contact, *, details: Details) -> Contact:
    """Replace what is known of a contact. It is no longer a draft: somebody looked at it."""
    with transaction.atomic():
        for name, value in _columns(details).items():
            setattr(contact, name, value)
        contact.is_draft = False
        contact.save()
        _write_rest(contact, details)
    return contact


def add_drafts(*, team: Team, by: User, names: Iterable[str], now: datetime) -> list[Contact]:
    """Persons of whom only the name is known yet, each once, to be completed later."""
    wanted = list({" ".join(name.split())[:200]: None for name in names if name.strip()})
    if not wanted:
        return []
    person = ContactKind.objects.get(team=None, code="person")
    return Contact.objects.bulk_create(
        [
            Contact(
                team=team,
                created_by=by,
                created_at=now,
                updated_at=now,
                is_draft=True,
                **_columns(Details(name=name, kind=person, source=met_by(by), sourced_on=_day(team, now))),
            )
            for name in wanted
        ]
    )


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


def groups_of(contact_ids: Iterable[int]) -> dict[int, list[Contact]]:
    """The groups to which each of these persons belongs now; one query."""
    found: dict[int, list[Contact]] = {}
    rows = Affiliation.objects.filter(person__in=list(contact_ids), until=None, group__binned_at=None)
    for row in rows.select_related("group").order_by("pk"):
        found.setdefault(row.person_id, []).append(row.group)
    return found


def _columns(details: Details) -> dict[str, object]:
    return {
        "name": details.name,
        "kind": details.kind,
        "is_group": details.kind.is_group,
        "sort_key": sort_key(details.name),
        "search_key": keys.search_key(details.name, details.town),
        "town": details.town,
        "postcode": details.postcode,
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
