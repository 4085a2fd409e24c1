"""Writes what was planned, in bulk, as one operation; and takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import changes
from accounts.changes import Undone
from accounts.models import Operation, Team, User
from contacts import keys
from contacts.imports.drafts import NAME_LENGTH, Draft
from contacts.imports.matching import Index
from contacts.imports.plans import Completion, Plan
from contacts.models import Affiliation, Contact, ContactKind, ContactPoint, ExternalId, Tag
from contacts.names import fold, sort_key
from contacts.points import Point

BATCH = 5000
# An edit of one of these, or a meeting, since the import keeps a contact from being taken back with it.
_PROTECTING = ("name", "kind", "town", "postcode", "note", "owner", "last_met_at")


@dataclass(frozen=True, slots=True)
class _Tags:
    """The team's tags that the file uses, by folded name: their ids and their names as stored."""

    ids: dict[str, int]
    names: dict[str, str]

    def of(self, draft: Draft) -> list[str]:
        """The folded names of a draft's tags, each once, in the order of their stored names."""
        return sorted({tag_key(tag) for tag in draft.tags}, key=self.names.__getitem__)


def write(decided: Plan, operation: Operation, *, source: str, basis: str, now: datetime) -> None:
    """Write new contacts and completions. Inside the caller's transaction."""
    team = operation.team
    tags = _tags(team, decided)
    contacts = _contacts(decided, operation, tags, source=source, basis=basis, now=now)
    drafts = [draft for _known, draft in decided.new]
    points = [
        _point(team, contact.pk, point, position)
        for contact, draft in zip(contacts, drafts, strict=True)
        for position, point in enumerate(draft.points)
    ]
    ContactPoint.objects.bulk_create(points, batch_size=BATCH)
    _ids(team, source, [(value, known.pk) for known, _draft in decided.new for value in known.ids])
    through = Contact.tags.through
    tagged = [
        through(contact_id=contact.pk, tag_id=tags.ids[key])
        for contact, draft in zip(contacts, drafts, strict=True)
        for key in tags.of(draft)
    ]
    through.objects.bulk_create(tagged, batch_size=BATCH)
    _affiliations(team, contacts, drafts, decided.index)
    changes.created(operation, contacts, _PROTECTING)
    _complete(list(decided.completions.values()), operation, source=source)


def _contacts(
    decided: Plan, operation: Operation, tags: _Tags, *, source: str, basis: str, now: datetime
) -> list[Contact]:
    team = operation.team
    kinds = {kind.code: kind for kind in ContactKind.objects.for_team(team)}
    day = now.astimezone(team.zone).date()
    for known, draft in decided.new:
        known.name = draft.name
        known.is_group = (kinds.get(draft.kind) or kinds["other"]).is_group
    groups = _groups(decided.index)
    contacts = []
    for known, draft in decided.new:
        group = "" if known.is_group else groups.get(fold(draft.group), "")
        tag_names = [tags.names[key] for key in tags.of(draft)]
        contacts.append(
            Contact(
                team_id=team.pk,
                kind_id=(kinds.get(draft.kind) or kinds["other"]).pk,
                is_group=known.is_group,
                name=draft.name,
                sort_key=sort_key(draft.name)[:NAME_LENGTH],
                search_key=keys.search_key(draft.name, draft.town, tag_names, [group] if group else ()),
                town=draft.town,
                postcode=draft.postcode,
                note=_note(draft, belongs=bool(group)),
                source=source[:200],
                basis=basis,
                sourced_on=day,
                created_by_id=operation.by_id,
                created_at=now,
            )
        )
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    for (known, _draft), contact in zip(decided.new, contacts, strict=True):
        known.pk = contact.pk
    return contacts


def _groups(index: Index) -> dict[str, str]:
    """Groups that people of the file can belong to: folded name to name."""
    return {key: known.name for key, here in index.by_name.items() for known in here if known.is_group}


def _note(draft: Draft, *, belongs: bool) -> str:
    """The note, and before it the group and role that no affiliation holds: the group is no contact of ours."""
    belonging = "" if belongs else ", ".join(part for part in (draft.role, draft.group) if part)
    return "\n".join(filter(None, (belonging, draft.note)))


def _point(team: Team, contact: int, point: Point, position: int) -> ContactPoint:
    return ContactPoint(
        team_id=team.pk,
        contact_id=contact,
        property=point.property,
        value=point.value,
        key=point.key,
        position=position,
    )


def _ids(team: Team, source: str, ids: Sequence[tuple[str, int]]) -> list[ExternalId]:
    """Remember the source's ids. One that a contact in the bin still holds is taken from it."""
    if not ids:
        return []
    values = [value for value, _contact in ids]
    held = ExternalId.objects.filter(team=team, source=source, contact__binned_at__isnull=False)
    if held.exists():
        for start in range(0, len(values), 500):
            held.filter(value__in=values[start : start + 500]).delete()
    return ExternalId.objects.bulk_create(
        [ExternalId(team=team, contact_id=pk, source=source, value=value) for value, pk in ids],
        batch_size=BATCH,
    )


def _tags(team: Team, decided: Plan) -> _Tags:
    """The tags of all new contacts; those that the team lacks are made."""
    wanted: dict[str, str] = {}
    for _known, draft in decided.new:
        for name in draft.tags:
            wanted.setdefault(tag_key(name), name)
    if not wanted:
        return _Tags({}, {})
    Tag.objects.bulk_create(
        [Tag(team=team, name=name, key=key) for key, name in wanted.items()], ignore_conflicts=True
    )
    rows = list(Tag.objects.filter(team=team).values_list("key", "pk", "name"))
    return _Tags({key: pk for key, pk, _name in rows}, {key: name for key, _pk, name in rows})


def tag_key(name: str) -> str:
    """The key of a tag, as `contacts.tags` writes it."""
    return fold(name)[:60]


def _affiliations(team: Team, contacts: Sequence[Contact], drafts: Sequence[Draft], index: Index) -> None:
    groups = {key: known.pk for key, here in index.by_name.items() for known in here if known.is_group}
    rows = [
        Affiliation(team=team, person=contact, group_id=groups[fold(draft.group)], role=draft.role)
        for contact, draft in zip(contacts, drafts, strict=True)
        if draft.group and not contact.is_group and fold(draft.group) in groups
    ]
    Affiliation.objects.bulk_create(rows, batch_size=BATCH)


def _complete(completions: Sequence[Completion], operation: Operation, *, source: str) -> None:
    """Fill empty fields of known contacts. Points and ids go into the operation's details: they have no bin."""
    team = operation.team
    by_pk = {done.known.pk: done for done in completions}
    changed = []
    for start in range(0, len(by_pk), 500):
        pks = [pk for pk in list(by_pk)[start : start + 500] if by_pk[pk].texts]
        for contact in Contact.objects.filter(pk__in=pks):
            before = changes.values(contact, by_pk[contact.pk].texts)
            for name, text in by_pk[contact.pk].texts.items():
                setattr(contact, name, text)
            changed.append((contact, before))
    contacts = [contact for contact, _before in changed]
    Contact.objects.bulk_update(contacts, ["town", "postcode", "note"], batch_size=200)
    changes.changed_many(operation, changed)
    points = [
        _point(team, done.known.pk, point, position)
        for done in completions
        for position, point in enumerate(done.points)
    ]
    points = ContactPoint.objects.bulk_create(points, batch_size=BATCH)
    ids = _ids(team, source, [(value, done.known.pk) for done in completions for value in done.ids])
    operation.details |= {"points": [row.pk for row in points], "external_ids": [row.pk for row in ids]}
    operation.save(update_fields=["details"])
    keys.refresh([contact.pk for contact in contacts])


def take_back(operation: Operation, *, by: User, now: datetime) -> Undone:
    """Undo an import: contacts it made go to the bin unless edited or met since, completed fields are empty again.

    Raises `changes.CannotUndo`.
    """
    with transaction.atomic():
        done = changes.undo(operation, by=by, now=now)
        for model, pks in ((ContactPoint, "points"), (ExternalId, "external_ids")):
            rows = operation.details.get(pks, [])
            for start in range(0, len(rows), 500):
                model._default_manager.filter(team=operation.team, pk__in=rows[start : start + 500]).delete()
        completed = operation.changes.filter(model=Contact._meta.label, before__isnull=False)
        keys.refresh(completed.values_list("row", flat=True))
    return done
