"""Writes what was planned, in bulk, as one operation; and takes it back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import transaction

from accounts import changes
from accounts.changes import Undone
from accounts.models import Operation, Team, User
from contacts import keys, suppression
from contacts.imports.drafts import NAME_LENGTH, Draft
from contacts.imports.plans import Completion, Plan
from contacts.models import Affiliation, Contact, ContactKind, ContactPoint, Distinct, ExternalId, Scope, Tag
from contacts.names import fold, without_article
from contacts.points import Point
from foundation import bulk
from foundation.many import among

BATCH = 2000
_CHANGED = 500  # known contacts at once: they are whole objects
# An edit of one of these, or a meeting, since the import keeps a contact from being taken back with it.
_PROTECTING = ("name", "kind", "street", "town", "postcode", "note", "owner", "last_met_at")
_TEXTS = ("name", "street", "town", "postcode", "note")
_FIELDS = ("id", "kind", "is_group", "name", "sort_key", "search_key", "street", "town", "postcode", "note")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a list comes from, why its people may be held, and since when; `tags` are given to all who are new."""

    source: str
    basis: str
    sourced_on: date
    tags: Sequence[str] = ()


@dataclass(slots=True)
class _Context:
    """What all new contacts of an import share: kinds by code, tags by key, groups by folded name."""

    kinds: dict[str, ContactKind]
    tag_ids: dict[str, int] = field(default_factory=dict)
    tag_names: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[int, str]] = field(default_factory=dict)
    given: Sequence[str] = ()

    def kind(self, draft: Draft) -> ContactKind:
        """The draft's kind; `other` where it says none."""
        return self.kinds.get(draft.kind) or self.kinds["other"]

    def tags(self, draft: Draft) -> list[str]:
        """The keys of a draft's tags, each once, in the order of their stored names."""
        if not (draft.tags or self.given):
            return []
        return sorted({tag_key(tag) for tag in (*draft.tags, *self.given)}, key=self.tag_names.__getitem__)


def write(decided: Plan, operation: Operation, *, come: Provenance, now: datetime) -> None:
    """Write new contacts and completions. Inside the caller's transaction."""
    team, fresh = operation.team, decided.index.fresh
    pks = bulk.next_pks(Contact, len(fresh)) if len(fresh) else []
    context = _context(team, decided, pks, come.tags)
    extra: dict[int, list[str]] = {}
    for value, number in decided.ids.items():
        extra.setdefault(number, []).append(value)
    drafts = (
        (pk, draft, extra.get(number, [])) for number, (pk, draft) in enumerate(zip(pks, fresh, strict=True))
    )
    unwritten = suppression.load(Scope.WRITING)
    belonging: list[tuple[int, int, str]] = []  # written at the end: a group may stand below its people
    for _start in range(0, len(fresh), BATCH):
        with bulk.checking():
            batch = list(islice(drafts, BATCH))
            rows = [_row(pk, draft, context) for pk, draft, _ids in batch]
            digests = {row[0]: _digest(row) for row in rows}
        _write(batch, rows, operation, context, come=come, now=now)
        changes.created_in_bulk(operation, Contact, digests, _PROTECTING)
        _mark_objections(batch, unwritten, now)
        belonging += _affiliations(batch, context)
    bulk.insert(Affiliation, ("person", "group", "role"), belonging, same={"team": team.pk})
    _complete(decided.completions, operation, source=come.source)
    if operation.by_id:
        Distinct.objects.bulk_create(
            [
                Distinct(team=team, one_id=known, other_id=pks[number], by_id=operation.by_id, at=now)
                for number, known in decided.apart
            ],
            batch_size=BATCH,
        )


_One = tuple[int, Draft, list[str]]  # its key, what it is, further ids of the source
_Batch = list[_One]


def _mark_objections(batch: _Batch, unwritten: suppression.Register, now: datetime) -> None:
    """Who asked once not to be written to is marked again when they come in anew."""
    pks = [
        pk
        for pk, draft, _ids in batch
        if unwritten.holds(points=draft.points, name=draft.name, town=draft.town)
    ]
    if pks:
        Contact.objects.filter(pk__in=pks).update(objected_at=now)


def _context(team: Team, decided: Plan, pks: Sequence[int], given: Sequence[str]) -> _Context:
    """Which tags to make, and which contacts are groups that others of the file belong to."""
    context = _Context({kind.code: kind for kind in ContactKind.objects.for_team(team)}, given=given)
    fresh, belonged = decided.index.fresh, decided.index.fresh.belonged
    wanted: dict[str, str] = {}
    for name in (*fresh.tags, *given):
        wanted.setdefault(tag_key(name), name)
    if belonged:
        context.groups = _groups(decided, pks, context)
    wanted.pop("", None)
    if wanted:
        made = [Tag(team=team, name=name[:60], key=key) for key, name in wanted.items()]
        Tag.objects.bulk_create(made, ignore_conflicts=True, batch_size=BATCH)
        for key, pk, name in Tag.objects.filter(team=team).values_list("key", "pk", "name"):
            context.tag_ids[key], context.tag_names[key] = pk, name
    return context


def _groups(decided: Plan, pks: Sequence[int], context: _Context) -> dict[str, tuple[int, str]]:
    """The groups that people of the file belong to, by folded name: those we know, else those of the file."""
    fresh, groups = decided.index.fresh, dict[str, tuple[int, str]]()
    for pk, draft in zip(pks, fresh, strict=True):
        if draft.key in fresh.belonged and context.kind(draft).is_group:
            groups.setdefault(draft.key, (pk, draft.name))
    for key in fresh.belonged:
        for known in decided.index.called(key):
            if known.is_group:
                groups[key] = known.pk, known.name
    return groups


def _write(
    batch: _Batch,
    rows: list[tuple[Any, ...]],
    operation: Operation,
    context: _Context,
    *,
    come: Provenance,
    now: datetime,
) -> None:
    """One batch of new contacts with all that hangs on them."""
    team = operation.team
    same = {
        "team": team.pk,
        "source": come.source,
        "basis": come.basis,
        "sourced_on": come.sourced_on,
        "created_by": operation.by_id,
        "created_at": now,
        "updated_at": now,
    }
    bulk.insert(Contact, _FIELDS, rows, same=same)
    points = (
        (pk, point.property, point.value, point.key, position)
        for pk, draft, _ids in batch
        for position, point in enumerate(draft.points)
    )
    bulk.insert(
        ContactPoint, ("contact", "property", "value", "key", "position"), points, same={"team": team.pk}
    )
    ids = [(pk, value) for pk, draft, more in batch for value in (draft.external_id, *more) if value]
    _release_ids(team, come.source, [value for _pk, value in ids])
    if ids:
        bulk.insert(ExternalId, ("contact", "value"), ids, same={"team": team.pk, "source": come.source})
    tagged = [(pk, context.tag_ids[key]) for pk, draft, _ids in batch for key in context.tags(draft)]
    if tagged:
        bulk.insert(Contact.tags.through, ("contact", "tag"), tagged)


def _row(pk: int, draft: Draft, context: _Context) -> tuple[Any, ...]:
    """A contact in the order of `_FIELDS`."""
    kind = context.kind(draft)
    group = context.groups.get(fold(draft.group)) if draft.group and not kind.is_group else None
    names = [context.tag_names[key] for key in context.tags(draft)]
    return (
        pk,
        kind.pk,
        kind.is_group,
        draft.name,
        without_article(draft.key)[:NAME_LENGTH],
        keys.joined((draft.key, draft.town_key, *map(fold, names), fold(group[1]) if group else "")),
        draft.street,
        draft.town,
        draft.postcode,
        _note(draft, belongs=group is not None),
    )


def _digest(row: Sequence[Any]) -> str:
    """Of what is in `_PROTECTING`; owner and last meeting are nobody and never."""
    return changes.digest((row[3], row[1], *row[6:], None, None))


def _note(draft: Draft, *, belongs: bool) -> str:
    """The note, and before it the group and role that no affiliation holds: the group is no contact of ours."""
    if belongs or not (draft.role or draft.group):
        return draft.note
    belonging = ", ".join(part for part in (draft.role, draft.group) if part)
    return "\n".join(filter(None, (belonging, draft.note)))


def _affiliations(batch: _Batch, context: _Context) -> Iterator[tuple[int, int, str]]:
    """Who of them belongs to which group, and as what."""
    for pk, draft, _ids in batch:
        if draft.group and not context.kind(draft).is_group and fold(draft.group) in context.groups:
            yield pk, context.groups[fold(draft.group)][0], draft.role


def _release_ids(team: Team, source: str, values: Sequence[str]) -> None:
    """Take these ids of a source from contacts in the bin: whoever comes in now has them."""
    held = ExternalId.objects.filter(team=team, source=source, contact__binned_at__isnull=False)
    if values and held.exists():
        for start in range(0, len(values), 500):
            held.filter(value__in=values[start : start + 500]).delete()


def tag_key(name: str) -> str:
    """The key of a tag, as `contacts.tags` writes it."""
    return fold(name)[:60]


def _complete(completions: Mapping[int, bytes], operation: Operation, *, source: str) -> None:
    """Write what known contacts get. Points and ids go into the operation's details: they have no bin."""
    pks, points, ids = sorted(completions), list[int](), list[int]()
    for start in range(0, len(pks), _CHANGED):
        batch = {pk: Completion.unpacked(completions[pk]) for pk in pks[start : start + _CHANGED]}
        _change(batch, operation)
        more_points, more_ids = _add(batch, operation.team, source)
        points += more_points
        ids += more_ids
    if pks:
        operation.details |= {"points": points, "external_ids": ids}
        operation.save(update_fields=["details"])


def _change(batch: Mapping[int, Completion], operation: Operation) -> None:
    """Write the texts of some."""
    changed = []
    for contact in Contact.objects.filter(pk__in=among(pk for pk, done in batch.items() if done.texts)):
        texts = batch[contact.pk].texts
        before = changes.values(contact, texts)
        for name, text in texts.items():
            setattr(contact, name, text)
        changed.append((contact, before))
    rows = [(*(getattr(contact, name) for name in _TEXTS), contact.pk) for contact, _before in changed]
    bulk.update(Contact, _TEXTS, rows)
    changes.changed_many(operation, changed)
    keys.refresh([contact.pk for contact, _before in changed])


def _add(batch: Mapping[int, Completion], team: Team, source: str) -> tuple[list[int], list[int]]:
    """Write the addresses and ids of some; the keys of these rows."""
    points = ContactPoint.objects.bulk_create(
        ContactPoint(team_id=team.pk, contact_id=pk, position=position, **_said(point))
        for pk, done in batch.items()
        for position, point in enumerate(done.points, start=done.had)
    )
    _release_ids(team, source, [value for done in batch.values() for value in done.ids])
    ids = ExternalId.objects.bulk_create(
        ExternalId(team=team, contact_id=pk, source=source, value=value)
        for pk, done in batch.items()
        for value in done.ids
    )
    return [row.pk for row in points], [row.pk for row in ids]


def _said(point: Point) -> dict[str, str]:
    return {"property": point.property, "value": point.value, "key": point.key}


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
