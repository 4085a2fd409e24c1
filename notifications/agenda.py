"""The list a person reads: what waits for them, by day."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction

from accounts.models import User
from notifications import kinds, rendering
from notifications.models import Notification

SHOWN = 50
A_WEEK = 7


@dataclass(frozen=True)
class Line:
    """One notification in the list: `leads_somewhere` when its kind still knows a page for it.

    `note`: where the meeting it speaks of is noted (a path), if it speaks of any.
    """

    notification: Notification
    title: str
    leads_somewhere: bool
    note: str = ""


@dataclass(frozen=True)
class Day:
    """The notifications of a local day."""

    date: date
    lines: list[Line]


def waiting(person: User, now: datetime, *, limit: int = SHOWN) -> list[Day]:
    """The newest notifications that wait for a person, by local day, in one query."""
    rows = Notification.objects.visible_to(person).waiting(now)[:limit]
    by_day = groupby(rows, key=lambda row: row.created_at.astimezone(person.zone).date())
    return [Day(day, list(_lines(group, now))) for day, group in by_day]


def in_days(person: User, days: int, now: datetime) -> datetime:
    """The beginning of the person's own day, so many days from now."""
    day = now.astimezone(person.zone).date() + timedelta(days=days)
    return datetime.combine(day, time.min, person.zone)


def put_off(notification: Notification, days: int, now: datetime) -> None:
    """It comes back, as new, at the beginning of that day; the owner of its kind keeps quiet until then too."""
    until = in_days(notification.recipient, days, now)
    with transaction.atomic():
        notification.put_off(until)
        _tell_owner(notification, until.date())


def reopen(notification: Notification) -> None:
    """Take back "done" and "later"."""
    with transaction.atomic():
        notification.reopen()
        if notification.snoozed_until:
            _tell_owner(notification, None)


def _tell_owner(notification: Notification, day: date | None) -> None:
    with contextlib.suppress(kinds.UnknownKind):
        if tell := kinds.get(notification.kind).put_off:
            tell(notification, day)


def _lines(rows: Iterator[Notification], now: datetime) -> Iterator[Line]:
    for row in rows:
        try:
            kind = kinds.get(row.kind)
        except kinds.UnknownKind:
            yield Line(row, row.kind, leads_somewhere=False)
            continue
        title = str(kind.title) or rendering.subject(row, now)
        yield Line(row, title, leads_somewhere=True, note=kind.note(row) if kind.note else "")
