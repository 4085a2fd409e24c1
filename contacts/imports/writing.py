"""Writes what was planned, in bulk, as one operation; and takes it back."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import changes
from accounts.changes import Undone
from accounts.models import Change, Operation, Team, User
from contacts import keys
from contacts.imports import bulk
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
    rows = _contacts(decided, operation, tags, source=source, basis=basis, now=now)
    points = (
        (known.pk, point.property, point.value, point.key, position)
        for known, draft in decided.new
        for position, point in enumerate(draft.points)
    )
    bulk.insert(
        ContactPoint, ("contact", "property", "value", "key", "position"), points, same={"team": team.pk}
    )
    ids = [(known.pk, value) for known, _draft in decided.new for value in known.ids]
    _release_ids(team, source, [value for _pk, value in ids])
    bulk.insert(ExternalId, ("contact", "value"), ids, same={"team": team.pk, "source": source})
    tagged = ((known.pk, tags.ids[key]) for known, draft in decided.new for key in tags.of(draft))
    bulk.insert(Contact.tags.through, ("contact", "tag"), tagged)
    _affiliations(team, decided)
    _note_created(operation, rows)
    _complete(list(decided.completions.values()), operation, source=source)


_FIELDS = ("id", "kind", "is_group", "name", "sort_key", "search_key", "town", "postcode", "note")


def _contacts(
    decided: Plan, operation: Operation, tags: _Tags, *, source: str, basis: str, now: datetime
) -> list[tuple[Any, ...]]:
    """Write the contacts, and give their rows in the order of `_FIELDS`."""
    team = operation.team
    kinds = {kind.code: kind for kind in ContactKind.objects.for_team(team)}
    for (known, draft), pk in zip(decided.new, bulk.next_pks(Contact, len(decided.new)), strict=True):
        known.pk = pk
        known.name = draft.name
        known.is_group = (kinds.get(draft.kind) or kinds["other"]).is_group
    groups = _groups(decided.index)
    rows = []
    for known, draft in decided.new:
        group = "" if known.is_group else groups.get(fold(draft.group), "")
        tag_names = [tags.names[key] for key in tags.of(draft)]
        rows.append(
            (
                known.pk,
                (kinds.get(draft.kind) or kinds["other"]).pk,
                known.is_group,
                draft.name,
                sort_key(draft.name)[:NAME_LENGTH],
                keys.search_key(draft.name, draft.town, tag_names, [group] if group else ()),
                draft.town,
                draft.postcode,
                _note(draft, belongs=bool(group)),
            )
        )
    same = {
        "team": team.pk,
        "source": source,
        "basis": basis,
        "sourced_on": now.astimezone(team.zone).date(),
        "created_by": operation.by_id,
        "created_at": now,
        "updated_at": now,
    }
    bulk.insert(Contact, _FIELDS, rows, same=same)
    return rows


def _note_created(operation: Operation, rows: Iterable[tuple[Any, ...]]) -> None:
    """What `changes.created` would note, by the bulk road."""
    noted = []
    for row in rows:
        said = dict(zip(_FIELDS, row, strict=True))
        after = {name: said.get(name) for name in _PROTECTING}  # owner and last meeting: nobody, never
        noted.append((row[0], json.dumps(after)))
    same = {"operation": operation.pk, "model": Contact._meta.label, "before": None}
    bulk.insert(Change, ("row", "after"), noted, same=same)


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


def _release_ids(team: Team, source: str, values: Sequence[str]) -> None:
    """Take these ids of a source from contacts in the bin: whoever comes in now has them."""
    held = ExternalId.objects.filter(team=team, source=source, contact__binned_at__isnull=False)
    if values and held.exists():
        for start in range(0, len(values), 500):
            held.filter(value__in=values[start : start + 500]).delete()


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


def _affiliations(team: Team, decided: Plan) -> None:
    groups = {
        key: known.pk for key, here in decided.index.by_name.items() for known in here if known.is_group
    }
    rows = [
        Affiliation(team=team, person_id=known.pk, group_id=groups[fold(draft.group)], role=draft.role)
        for known, draft in decided.new
        if draft.group and not known.is_group and fold(draft.group) in groups
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
    _release_ids(team, source, [value for done in completions for value in done.ids])
    ids = ExternalId.objects.bulk_create(
        [
            ExternalId(team=team, contact_id=done.known.pk, source=source, value=value)
            for done in completions
            for value in done.ids
        ],
        batch_size=BATCH,
    )
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
