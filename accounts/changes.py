"""Undo: one mechanism for imports, bulk edits, single notes and the bin.

An operation lists the rows it touched with the values before and after. Undoing puts `before` back where today's
values still are `after`; a row that was edited since is left alone and reported. A row that the operation created
is binned (`binned_at`), never deleted, so nothing that points at it breaks; where a table has no bin (a guest on a
list, to which nothing points), it goes. One that it removed comes back.

Operations opened with `plain=True` are taken back at the shared address `accounts:undo`. All others belong to an
app that has more to do than to put values back: its own function calls `undo` and finishes in the same transaction.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef

from accounts.models import UNDO_KEPT, Change, Creation, Operation, Team, User
from foundation import bulk

# How often a row changed, for calendars that were told (RFC 5545): it only ever rises, with an undo too.
SEQUENCE = "sequence"
BIN = "binned_at"
BATCH = 500  # rows a statement: SQLite takes a limited number of parameters
# A day longer than undo: whoever began in time has what they need, and a page of yesterday hears that it is too late.
KEPT = UNDO_KEPT + timedelta(days=1)
FORGOTTEN: tuple[tuple[type[models.Model], str, int], ...] = (
    (Change, "operation__at", 5000),
    (Creation, "operation__at", 500),
    (Operation, "at", 1000),
)
"""What is forgotten after that, when it was made, and how many rows a pass; a creation holds hundreds."""


class CannotUndo(Exception):
    """Already undone, or older than 30 days."""


@dataclass
class Undone:
    """What an undo did: rows put back, and rows left because somebody edited them since, or what they need (label, pk)."""

    restored: int = 0
    edited_since: list[tuple[str, int]] = field(default_factory=list)


def values(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """A row's fields as JSON keeps them: foreign keys by id, days in ISO, instants in ISO and UTC."""
    return {name: plain(getattr(row, _field(type(row), name).attname)) for name in fields}


def begin(
    *, team: Team, by: User | None, kind: str, now: datetime, plain: bool = False, **details: Any
) -> Operation:
    """Open an operation; the caller's transaction holds it together with what it does.

    `kind` is "app.what". `plain` says that binning and putting values back is all an undo has to do.
    """
    return Operation.objects.create(team=team, by=by, kind=kind, plain=plain, at=now, details=details)


def created(operation: Operation, rows: Iterable[models.Model], fields: Iterable[str] = ()) -> None:
    """Note rows that the operation made. `fields` are those whose later edit protects the row from undo."""
    names = tuple(fields)
    changes = [
        Change(operation=operation, model=row._meta.label, row=row.pk, before=None, after=values(row, names))
        for row in rows
    ]
    Change.objects.bulk_create(changes, batch_size=BATCH)


def created_in_bulk(
    operation: Operation, model: type[models.Model], digests: Mapping[int, str], fields: Iterable[str]
) -> None:
    """`created` for thousands, of models without a sequence: by id, the `digest` of each row's `fields`."""
    pks = sorted(digests)
    batches = (pks[start : start + BATCH] for start in range(0, len(pks), BATCH))
    rows = ((some[0], some[-1], json.dumps({pk: digests[pk] for pk in some})) for some in batches)
    same = {"operation": operation.pk, "model": model._meta.label, "fields": list(fields)}
    bulk.insert(Creation, ("first", "last", "rows"), rows, same=same)


def digest(said: Iterable[Any]) -> str:
    """What tells whether a row's fields, as `values` gives them and in the same order, are what they were."""
    return hashlib.blake2b(repr(list(said)).encode(), digest_size=8).hexdigest()


def keep(model: type[models.Model], pks: Collection[int]) -> None:
    """From now on no undo of what made these rows takes them along: they became more than that."""
    made = Change.objects.filter(model=model._meta.label, row__in=pks, before__isnull=True)
    made.update(after={"id": None})
    _put(model, dict.fromkeys(pks, ""))


def forget(model: type[models.Model], pks: Collection[int]) -> None:
    """Nothing is kept of these rows."""
    Change.objects.filter(model=model._meta.label, row__in=pks).delete()
    _put(model, dict.fromkeys(pks))


def forget_old(now: datetime) -> int:
    """What nobody can take back any more goes, and with it the texts of then: the oldest, so many a pass. How many.

    An operation stays, empty, as long as a row of another app points at it: an import says by it that it was undone.
    """
    count = 0
    for model, when, most in FORGOTTEN:
        rows = _pointed_at_by_none() if model is Operation else model._default_manager.all()
        for _batch in range(0, most, BATCH):
            # They are numbered as they are made: the first are the oldest, and are found without an index for it.
            first = rows.order_by("pk").values_list("pk", when)[:BATCH]
            old = model._default_manager.filter(pk__in=[pk for pk, at in first if at < now - KEPT])
            if model is Operation:  # not with whatever it did: that is forgotten first, so many a pass
                old = old.filter(changes=None, creations=None)
            gone, _by_model = old.delete()
            if not gone:
                break
            count += gone
    return count


def _pointed_at_by_none() -> models.QuerySet[Operation]:
    """Operations that no row of another app needs."""
    rows = Operation.objects.all()
    for relation in Operation._meta.get_fields(include_hidden=True):
        if relation.one_to_many and relation.related_model not in (Change, Creation):
            others: Any = relation.related_model
            name = relation.field.name  # type: ignore[union-attr]  # it is one of a foreign key
            rows = rows.filter(~Exists(others._base_manager.filter(**{name: OuterRef("pk")})))
    return rows


def _put(model: type[models.Model], digests: Mapping[int, str | None]) -> None:
    """Replace the digests of rows that were made in bulk; None takes one out."""
    if not digests:
        return
    near = Creation.objects.filter(model=model._meta.label, first__lte=max(digests), last__gte=min(digests))
    # Locked, in the order of ids, because each is read, changed and written: two merges at once each keep theirs.
    for made in near.select_for_update().order_by("pk").iterator(chunk_size=1):
        here = {str(pk): said for pk, said in digests.items() if str(pk) in made.rows}
        if here:
            rows = {pk: said for pk, said in {**made.rows, **here}.items() if said is not None}
            Creation.objects.filter(pk=made.pk).update(rows=rows)


def changed(operation: Operation, row: models.Model, before: Mapping[str, Any]) -> None:
    """Note that a row's fields went from `before` (as `values` gives them) to what they are now. Once per row."""
    changed_many(operation, [(row, before)])


def changed_many(operation: Operation, rows: Iterable[tuple[models.Model, Mapping[str, Any]]]) -> None:
    """Note many rows, each with its values before. Once per row."""
    changes = [
        Change(
            operation=operation,
            model=row._meta.label,
            row=row.pk,
            before=dict(before),
            after=values(row, before),
        )
        for row, before in rows
    ]
    Change.objects.bulk_create(changes, batch_size=BATCH)


def removed(operation: Operation, rows: Iterable[models.Model]) -> None:
    """Note rows that the operation is about to delete, whole; `after` is empty: there is nothing left of them."""
    changes = [
        Change(
            operation=operation,
            model=row._meta.label,
            row=row.pk,
            before=values(row, [column.name for column in row._meta.concrete_fields]),
            after={},
        )
        for row in rows
    ]
    Change.objects.bulk_create(changes, batch_size=BATCH)


def undo(operation: Operation, *, by: User, now: datetime) -> Undone:
    """Take an operation back, once, within 30 days. Raises CannotUndo. Who may is the caller's question."""
    with transaction.atomic():
        open_still = Operation.objects.filter(
            pk=operation.pk, undone_at__isnull=True, at__gte=now - UNDO_KEPT
        )
        if not open_still.update(undone_at=now, undone_by=by):
            raise CannotUndo
        done = Undone()
        by_model: dict[str, list[Change]] = {}
        for change in operation.changes.order_by("-pk"):
            by_model.setdefault(change.model, []).append(change)
        for label, group in by_model.items():
            for start in range(0, len(group), BATCH):
                _undo_rows(apps.get_model(label), group[start : start + BATCH], now, done)
        for made in operation.creations.order_by("-pk").iterator(chunk_size=1):
            _bin(apps.get_model(made.model), made, now, done)
        return done


def _bin(model: type[models.Model], made: Creation, now: datetime, done: Undone) -> None:
    """Bin those of the rows that are as they were made."""
    untouched = []
    for pk, row in model._default_manager.in_bulk(map(int, made.rows)).items():
        if digest(values(row, made.fields).values()) == made.rows[str(pk)]:
            untouched.append(pk)
        else:
            done.edited_since.append((made.model, pk))
    done.restored += model._default_manager.filter(pk__in=untouched).update(binned_at=now)


def _undo_rows(model: type[models.Model], group: list[Change], now: datetime, done: Undone) -> None:
    """Put one batch of a model's rows back, in a statement for each set of fields."""
    _bring_back(model, [change for change in group if change.before and not change.after], done)
    untouched = _untouched(model, [change for change in group if change.before is None or change.after], done)
    if not hasattr(model, BIN):
        made = [row.pk for change, row in untouched if change.before is None]
        model._default_manager.filter(pk__in=made).delete()
        done.restored += len(made)
        untouched = [(change, row) for change, row in untouched if change.before is not None]
    by_fields: dict[tuple[str, ...], list[models.Model]] = {}
    for change, row in untouched:
        before = dict({BIN: now} if change.before is None else change.before)
        if hasattr(row, SEQUENCE):
            before[SEQUENCE] = getattr(row, SEQUENCE) + 1
        for name, value in before.items():
            kept = _field(model, name)
            setattr(row, kept.attname, kept.to_python(value))
        by_fields.setdefault(tuple(before), []).append(row)
    for fields, changed_rows in by_fields.items():
        done.restored += model._default_manager.bulk_update(changed_rows, fields)


def _untouched(
    model: type[models.Model], group: list[Change], done: Undone
) -> list[tuple[Change, models.Model]]:
    """The changes whose rows are still as they left them; those edited since are reported, the erased ones have nothing
    to put back."""
    rows = model._default_manager.in_bulk([change.row for change in group])
    found = []
    for change in group:
        row = rows.get(change.row)
        if row is None:
            continue
        after = {name: value for name, value in change.after.items() if name != SEQUENCE}
        if values(row, after) == after:
            found.append((change, row))
        else:
            done.edited_since.append((change.model, change.row))
    return found


def _bring_back(model: type[models.Model], group: list[Change], done: Undone) -> None:
    """Insert rows that were removed; one whose place is taken by now, or that needs a row erased since, is reported."""
    wanted = [_row(model, change.before or {}) for change in group]
    for column in model._meta.concrete_fields:
        if column.related_model:
            needed = {getattr(row, column.attname) for row in wanted} - {None}
            others = column.related_model._base_manager.filter(pk__in=needed)
            here = {None, *others.values_list("pk", flat=True)}
            wanted = [row for row in wanted if getattr(row, column.attname) in here]
    model._default_manager.bulk_create(wanted, ignore_conflicts=True)
    there = set(model._default_manager.filter(pk__in=[row.pk for row in wanted]).values_list("pk", flat=True))
    done.restored += len(there)
    done.edited_since += [(change.model, change.row) for change in group if change.row not in there]


def _row(model: type[models.Model], kept: Mapping[str, Any]) -> models.Model:
    """A row from its fields as `values` gives them."""
    columns = {name: _field(model, name) for name in kept}
    return model(**{columns[name].attname: columns[name].to_python(value) for name, value in kept.items()})


def _field(model: type[models.Model], name: str) -> Any:
    """The column behind a field's name."""
    return model._meta.get_field(name)


def plain(value: Any) -> Any:
    """A value as JSON holds it, such that two equal values are written alike."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value
