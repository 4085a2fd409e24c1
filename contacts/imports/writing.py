"""Writes what was planned, in bulk, as one operation; and takes it back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, TypeVar

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

One = TypeVar("One")
FIRST, BATCH = 1000, 4000  # contacts at once: few first, so that the database soon has something to do
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


_Batch = list[tuple[int, Draft]]  # each with its key


@dataclass(slots=True)
class _Writer:
    """Writes new contacts of one import: kinds by code, tags by key, groups by folded name, further ids by contact."""

    operation: Operation
    come: Provenance
    now: datetime
    tag_ids: dict[str, int] = field(default_factory=dict)
    tag_names: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[int, str]] = field(default_factory=dict)
    ids: dict[int, list[str]] = field(default_factory=dict)
    unwritten: suppression.Register = field(init=False)
    kinds: dict[str, ContactKind] = field(init=False)

    def __post_init__(self) -> None:
        self.unwritten = suppression.load(Scope.WRITING)
        self.kinds = {kind.code: kind for kind in ContactKind.objects.for_team(self.operation.team)}

    def write(self, batch: _Batch, tags: Iterable[str]) -> None:
        """One batch of new contacts with all that hangs on them; `tags` has at least theirs."""
        self._make_tags(chain(tags, self.come.tags))
        digests: dict[int, str] = {}
        bulk.insert(Contact, _FIELDS, self._rows(batch, digests), same=self._same())
        team, source = self.operation.team, self.come.source
        points = (
            (pk, point.property, point.value, point.key, position)
            for pk, draft in batch
            for position, point in enumerate(draft.points)
        )
        bulk.insert(
            ContactPoint, ("contact", "property", "value", "key", "position"), points, same={"team": team.pk}
        )
        ids = [(pk, id_) for pk, draft in batch for id_ in (draft.external_id, *self.ids.get(pk, ())) if id_]
        _release_ids(team, source, [id_ for _pk, id_ in ids])
        if ids:
            bulk.insert(ExternalId, ("contact", "value"), ids, same={"team": team.pk, "source": source})
        tagged = [(pk, self.tag_ids[key]) for pk, draft in batch for key in self.tags(draft)]
        if tagged:
            bulk.insert(Contact.tags.through, ("contact", "tag"), tagged)
        changes.created_in_bulk(self.operation, Contact, digests, _PROTECTING)
        self._mark_objections(batch)

    def kind(self, draft: Draft) -> ContactKind:
        """The draft's kind; `other` where it says none."""
        return self.kinds.get(draft.kind) or self.kinds["other"]

    def group(self, draft: Draft) -> tuple[int, str] | None:
        """The key and name of the group a person belongs to, where it is a contact."""
        if not draft.group or self.kind(draft).is_group:
            return None
        return self.groups.get(fold(draft.group))

    def _same(self) -> dict[str, Any]:
        return {
            "team": self.operation.team_id,
            "source": self.come.source,
            "basis": self.come.basis,
            "sourced_on": self.come.sourced_on,
            "created_by": self.operation.by_id,
            "created_at": self.now,
            "updated_at": self.now,
        }

    def _rows(self, batch: _Batch, digests: dict[int, str]) -> Iterator[tuple[Any, ...]]:
        """Contacts in the order of `_FIELDS`, made while the database takes them; `digests` gathers what undo needs."""
        for pk, draft in batch:
            row = _row(pk, draft, self)
            digests[pk] = _digest(row)
            yield row

    def _make_tags(self, tags: Iterable[str]) -> None:
        """Those that are met for the first time."""
        new: dict[str, str] = {}
        for tag in tags:
            if (key := tag_key(tag)) not in self.tag_ids:
                new.setdefault(key, tag[:60])
        if new:
            team = self.operation.team
            made = [Tag(team=team, name=name, key=key) for key, name in new.items()]
            Tag.objects.bulk_create(made, ignore_conflicts=True, batch_size=BATCH)
            for key, pk, name in Tag.objects.filter(team=team).values_list("key", "pk", "name"):
                self.tag_ids[key], self.tag_names[key] = pk, name

    def tags(self, draft: Draft) -> list[str]:
        """The keys of a draft's tags, each once, in the order of their stored names."""
        if not (draft.tags or self.come.tags):
            return []
        return sorted(
            {tag_key(tag) for tag in (*draft.tags, *self.come.tags)}, key=self.tag_names.__getitem__
        )

    def _mark_objections(self, batch: _Batch) -> None:
        """Who asked once not to be written to is marked again when they come in anew."""
        holds = self.unwritten.holds
        pks = [pk for pk, draft in batch if holds(points=draft.points, name=draft.name, town=draft.town)]
        if pks:
            Contact.objects.filter(pk__in=pks).update(objected_at=self.now)


def write(
    made: Plan,
    deciding: Iterator[tuple[int, list[Draft]]],
    begin: Callable[[], Operation],
    *,
    come: Provenance,
    now: datetime,
) -> Operation | None:
    """Write new contacts and completions while `plans.plan` decides; the operation, None where nothing is to be written.

    Inside the caller's transaction. Who is alone is written at once, so that the database works while we decide; the
    others at the end, because a row further down may say more, and a group may stand below its people.
    """
    fresh, writer = made.index.fresh, None
    for drafts in _meanwhile(_batches(chain.from_iterable(alone for _done, alone in deciding))):
        writer = writer or _Writer(begin(), come, now)
        writer.write(list(zip(bulk.next_pks(Contact, len(drafts)), drafts, strict=True)), fresh.tags)
    if not (writer or len(fresh) or made.completions):
        return None
    writer = writer or _Writer(begin(), come, now)
    operation, team = writer.operation, writer.operation.team
    pks = bulk.next_pks(Contact, len(fresh)) if len(fresh) else []
    writer.groups = _groups(made, pks, writer)
    for value, number in made.ids.items():
        writer.ids.setdefault(pks[number], []).append(value)
    belonging: list[tuple[int, int, str]] = []
    for batch in _meanwhile(_batches(zip(pks, fresh, strict=True))):
        writer.write(batch, fresh.tags)
        belonging += _affiliations(batch, writer)
    bulk.insert(Affiliation, ("person", "group", "role"), belonging, same={"team": team.pk})
    _complete(made.completions, operation, source=come.source)
    if operation.by_id:
        Distinct.objects.bulk_create(
            [
                Distinct(team=team, one_id=known, other_id=pks[number], by_id=operation.by_id, at=now)
                for number, known in made.apart
            ],
            batch_size=BATCH,
        )
    return operation


def _batches(rows: Iterable[One]) -> Iterator[list[One]]:
    rows, size = iter(rows), FIRST
    while batch := list(islice(rows, size)):
        yield batch
        size = min(2 * size, BATCH)


def _meanwhile(made: Iterator[One]) -> Iterator[One]:
    """Each while the database looks at the keys of what was written before it."""
    while True:
        with bulk.checking():
            one = next(made, None)
        if one is None:
            return
        yield one


def _groups(made: Plan, pks: Sequence[int], writer: _Writer) -> dict[str, tuple[int, str]]:
    """The groups that people of the file belong to, by folded name: those we know, else those of the file."""
    fresh, groups = made.index.fresh, dict[str, tuple[int, str]]()
    if not fresh.belonged:
        return groups
    for pk, draft in zip(pks, fresh, strict=True):
        if draft.key in fresh.belonged and writer.kind(draft).is_group:
            groups.setdefault(draft.key, (pk, draft.name))
    for key in fresh.belonged:
        for known in made.index.called(key):
            if known.is_group:
                groups[key] = known.pk, known.name
    return groups


def _row(pk: int, draft: Draft, writer: _Writer) -> tuple[Any, ...]:
    """A contact in the order of `_FIELDS`."""
    kind, group = writer.kind(draft), writer.group(draft)
    names = [writer.tag_names[key] for key in writer.tags(draft)]
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


def _affiliations(batch: _Batch, writer: _Writer) -> Iterator[tuple[int, int, str]]:
    """Who of them belongs to which group, and as what."""
    for pk, draft in batch:
        if group := writer.group(draft):
            yield pk, group[0], draft.role


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
