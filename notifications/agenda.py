"""The list a person reads: what waits for them, by day."""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
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

    `about`: who or what it is about. `note`: where the meeting it speaks of is noted (a path), if it speaks of any.
    """

    notification: Notification
    title: str
    leads_somewhere: bool
    about: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The line in one: what the labels of its buttons say."""
        return f"{self.title} · {self.about}" if self.about else self.title


@dataclass(frozen=True)
class Day:
    """The notifications of a local day."""

    date: date
    lines: list[Line]


def waiting(person: User, now: datetime, *, limit: int = SHOWN) -> list[Day]:
    """The newest notifications that wait for a person, by local day: one query, and one for each kind among them."""
    rows = list(Notification.objects.visible_to(person).waiting(now)[:limit])
    about = _about(person, rows)
    by_day = groupby(rows, key=lambda row: row.created_at.astimezone(person.zone).date())
    return [Day(day, list(_lines(group, about, now))) for day, group in by_day]


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


def _about(person: User, rows: Iterable[Notification]) -> dict[int, str]:
    """Who or what each is about, by its id; nothing for those whose owner has nothing to say."""
    of_kind: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        of_kind[row.kind].append(row)
    found: dict[int, str] = {}
    for name, several in of_kind.items():
        with contextlib.suppress(kinds.UnknownKind):
            if (about := kinds.get(name).about) is not None:
                found |= _said(person, several, *about)
    return found


def _said(
    person: User, rows: list[Notification], name: str, words: Callable[[User, set[int]], Mapping[int, str]]
) -> dict[int, str]:
    """Under a name the context of a notification has one id, or a list of them."""
    ids = {row.pk: ids if isinstance(ids := row.context.get(name), list) else [ids] for row in rows}
    said = words(person, {pk for of_row in ids.values() for pk in of_row if pk})
    return {row: ", ".join(said[pk] for pk in of_row if pk in said) for row, of_row in ids.items()}


def _lines(rows: Iterator[Notification], about: Mapping[int, str], now: datetime) -> Iterator[Line]:
    for row in rows:
        try:
            kind = kinds.get(row.kind)
        except kinds.UnknownKind:
            yield Line(row, row.kind, leads_somewhere=False)
            continue
        title = str(kind.title) or rendering.subject(row, now)
        note = kind.note(row) if kind.note else ""
        yield Line(row, title, leads_somewhere=True, about=about.get(row.pk, ""), note=note)
