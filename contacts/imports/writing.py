"""Writes what was planned, in bulk, as one operation; and takes it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from accounts import changes
from accounts.changes import Undone
from accounts.models import Operation, Team, User
from contacts import keys
from contacts.imports.drafts import Draft
from contacts.imports.matching import Index, Known
from contacts.imports.plans import Completion, Plan
from contacts.models import Affiliation, Contact, ContactKind, ContactPoint, ExternalId, Tag
from contacts.names import fold, sort_key
from contacts.points import Point

BATCH = 5000
# An edit of one of these, or a meeting, since the import keeps a contact from being taken back with it.
_PROTECTING = ("name", "kind", "town", "postcode", "note", "owner", "last_met_at")


def write(decided: Plan, operation: Operation, *, source: str, basis: str, now: datetime) -> None:
    """Write new contacts and completions. Inside the caller's transaction."""
    team = operation.team
    made = _contacts(decided, operation, source=source, basis=basis, now=now)
    points = [
        _point(team, contact, point, position)
        for known, contact in made
        for position, point in enumerate(known.draft.points)  # type: ignore[union-attr]
    ]
    ContactPoint.objects.bulk_create(points, batch_size=BATCH)
    ids = [(value, contact.pk) for known, contact in made for value in known.ids]
    _ids(team, source, ids)
    _tags(team, made)
    _affiliations(team, made, decided.index)
    changes.created(operation, (contact for _known, contact in made), _PROTECTING)
    _complete(list(decided.completions.values()), operation, source=source)


def _contacts(
    decided: Plan, operation: Operation, *, source: str, basis: str, now: datetime
) -> list[tuple[Known, Contact]]:
    team = operation.team
    kinds = {kind.code: kind for kind in ContactKind.objects.for_team(team)}
    day = now.astimezone(team.zone).date()
    for known in decided.new:
        known.is_group = _kind(kinds, known.draft).is_group
    groups = _groups(decided)
    contacts = []
    for known in decided.new:
        draft = known.draft
        assert draft is not None
        kind = _kind(kinds, draft)
        belongs = not kind.is_group and fold(draft.group) in groups
        contacts.append(
            Contact(
                team=team,
                kind=kind,
                is_group=kind.is_group,
                name=draft.name,
                sort_key=sort_key(draft.name)[:200],
                search_key=keys.search_key(
                    draft.name,
                    draft.town,
                    sorted(set(draft.tags)),
                    [groups[fold(draft.group)]] if belongs else (),
                ),
                town=draft.town,
                postcode=draft.postcode,
                note=_note(draft, belongs=belongs),
                source=source[:200],
                basis=basis,
                sourced_on=day,
                created_by=operation.by,
                created_at=now,
            )
        )
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    for known, contact in zip(decided.new, contacts, strict=True):
        known.pk = contact.pk
    return list(zip(decided.new, contacts, strict=True))


def _kind(kinds: dict[str, ContactKind], draft: Draft | None) -> ContactKind:
    return kinds.get(draft.kind if draft else "") or kinds["other"]


def _groups(decided: Plan) -> dict[str, str]:
    """Groups that people of the file can belong to: folded name to name."""
    return {
        key: known.name or (known.draft.name if known.draft else "")
        for key, here in decided.index.by_name.items()
        for known in here
        if known.is_group
    }


def _note(draft: Draft, *, belongs: bool) -> str:
    """The note, and before it the group and role that no affiliation holds: the group is no contact of ours."""
    belonging = "" if belongs else ", ".join(part for part in (draft.role, draft.group) if part)
    return "\n".join(filter(None, (belonging, draft.note)))


def _point(team: Team, contact: Contact, point: Point, position: int) -> ContactPoint:
    return ContactPoint(
        team=team,
        contact=contact,
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


def _tags(team: Team, made: Iterable[tuple[Known, Contact]]) -> None:
    names: dict[str, str] = {}
    wanted: set[tuple[int, str]] = set()
    for known, contact in made:
        for name in known.draft.tags:  # type: ignore[union-attr]
            key = fold(name)[:60]
            names.setdefault(key, name)
            wanted.add((contact.pk, key))
    if not names:
        return
    Tag.objects.bulk_create(
        [Tag(team=team, name=name, key=key) for key, name in names.items()], ignore_conflicts=True
    )
    tags = dict(Tag.objects.filter(team=team).values_list("key", "pk"))
    through = Contact.tags.through
    through.objects.bulk_create(
        [through(contact_id=pk, tag_id=tags[key]) for pk, key in sorted(wanted)], batch_size=BATCH
    )


def _affiliations(team: Team, made: Iterable[tuple[Known, Contact]], index: Index) -> None:
    rows = []
    for known, contact in made:
        draft = known.draft
        if draft and draft.group and not contact.is_group:
            group = next(
                (other for other in index.by_name.get(fold(draft.group), ()) if other.is_group), None
            )
            if group:
                rows.append(Affiliation(team=team, person=contact, group_id=group.pk, role=draft.role))
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
        ContactPoint(
            team=team,
            contact_id=done.known.pk,
            property=point.property,
            value=point.value,
            key=point.key,
            position=position,
        )
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
