"""Promises: a line and a day; made, kept, put off."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import changes
from accounts.models import Operation, Team, User
from contacts.models import Contact, Promise, Touchpoint


def add(
    *,
    team: Team,
    contact: Contact,
    manager: User,
    text: str,
    due_on: date,
    client_id: uuid.UUID,
    now: datetime,
    touchpoint: Touchpoint | None = None,
) -> Promise:
    """A promise of the CM to the contact, to be done by a day. Sent twice it exists once."""
    promise, _created = Promise.objects.get_or_create(
        manager=manager,
        client_id=client_id,
        defaults={
            "team": team,
            "contact": contact,
            "touchpoint": touchpoint,
            "text": text,
            "due_on": due_on,
            "created_at": now,
        },
    )
    return promise


def due(*, team: Team, user: User, day: date) -> QuerySet[Promise]:
    """The person's open promises to be kept by the day, the oldest first, each with its contact."""
    mine = Promise.objects.filter(team=team, manager=user, binned_at=None, contact__binned_at=None)
    return mine.due(day).select_related("contact").order_by("due_on", "pk")


def done(promise: Promise, *, by: User, now: datetime) -> Operation | None:
    """The promise is kept. The operation returned takes that back (`accounts:undo`); None: it was done already."""
    return _change(promise, by=by, now=now, done_at=now) if promise.done_at is None else None


def later(promise: Promise, *, day: date, by: User, now: datetime) -> Operation:
    """Put a promise off to a day. The operation returned takes that back."""
    return _change(promise, by=by, now=now, due_on=day)


def drop(promise: Promise, *, by: User, now: datetime) -> Operation:
    """The promise is no longer to be kept. The operation returned takes that back."""
    return _change(promise, by=by, now=now, binned_at=now)


def _change(promise: Promise, *, by: User, now: datetime, **values: date | datetime) -> Operation:
    with transaction.atomic():
        before = changes.values(promise, values)
        for name, value in values.items():
            setattr(promise, name, value)
        promise.save(update_fields=list(values))
        operation = changes.begin(team=promise.team, by=by, kind="contacts.promise", now=now, plain=True)
        changes.changed(operation, promise, before)
    return operation
