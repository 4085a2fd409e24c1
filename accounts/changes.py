"""Undo: one mechanism for imports, bulk edits, single notes and the bin.

An operation lists the rows it touched with the values before and after. Undoing puts `before` back where today's
values still are `after`; a row that was edited since is left alone and reported. A row that the operation created
is binned (`binned_at`), never deleted, so nothing that points at it breaks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.dateparse import parse_datetime
import json

from accounts.models import Change, Operation, Team, User

KEPT = timedelta(days=30)


class CannotUndo(Exception):
    """Already undone, or older than 30 days."""


@dataclass
class Undone:
    """What an undo did: rows put back, and rows left because somebody edited them since (label, pk)."""

    restored: int = 0
    edited_since: list[tuple[str, int]] = field(default_factory=list)


def values(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """A row's fields as JSON keeps them: foreign keys by id, dates in ISO."""
    plain = {name: row.__dict__[row._meta.get_field(name).attname] for name in fields}  # type: ignore[union-attr]
    return json.loads(json.dumps(plain, cls=DjangoJSONEncoder))


def begin(*, team: Team, by: User | None, kind: str, now: datetime, **details: Any) -> Operation:
    """Open an operation; the caller's transaction holds it together with what it does."""
    return Operation.objects.create(team=team, by=by, kind=kind, at=now, details=details)


def created(operation: Operation, rows: Iterable[models.Model], fields: Iterable[str] = ()) -> None:
    """Note rows that the operation made. `fields` are those whose later edit protects the row from undo."""
    names = tuple(fields)
    Change.objects.bulk_create(
        [
            Change(operation=operation, model=row._meta.label, row=row.pk, before=None, after=values(row, names))
            for row in rows
        ],
        batch_size=2000,
    )


def changed(operation: Operation, row: models.Model, before: Mapping[str, Any]) -> None:
    """Note that a row's fields went from `before` (as `values` gives them) to what they are now."""
    Change.objects.create(
        operation=operation, model=row._meta.label, row=row.pk, before=dict(before), after=values(row, before)
    )


def undo(operation: Operation, *, by: User, now: datetime) -> Undone:
    """Take an operation back, once, within 30 days. Raises CannotUndo."""
    with transaction.atomic():
        first = Operation.objects.filter(pk=operation.pk, undone_at__isnull=True, at__gte=now - KEPT)
        if not first.update(undone_at=now, undone_by=by):
            raise CannotUndo
        done = Undone()
        by_model: dict[str, list[Change]] = {}
        for change in operation.changes.order_by("-pk"):
            by_model.setdefault(change.model, []).append(change)
        for label, group in by_model.items():
            _undo_rows(apps.get_model(label), group, now, done)
        return done


def _undo_rows(model: type[models.Model], group: list[Change], now: datetime, done: Undone) -> None:
    rows = model._default_manager.in_bulk([change.row for change in group])
    for change in group:
        row = rows.get(change.row)
        if row is None:
            continue
        if values(row, change.after) != change.after:
            done.edited_since.append((change.model, change.row))
            continue
        before = {"binned_at": now} if change.before is None else change.before
        for name, value in before.items():
            kept = row._meta.get_field(name)
            is_instant = isinstance(kept, models.DateTimeField) and isinstance(value, str)
            setattr(row, kept.attname, parse_datetime(value) if is_instant else value)  # type: ignore[union-attr]
        row.save(update_fields=list(before))
        done.restored += 1
