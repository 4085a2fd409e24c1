"""Unique visitors: written down, and what may be said of the first week.

Days are never added up: whoever came on two of them would be counted twice. The week's figure is one that was counted
as a week, or there is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts import changes
from accounts.models import Operation, User
from contacts.names import fold
from outreach.launches.analytics.base import WEEK, Figure
from outreach.models import Launch, Origin, Told, Visitors

BEFORE, AFTER = timedelta(weeks=8), timedelta(weeks=4)
"""What is looked at: eight weeks before the launch day to four weeks after it."""
_VALUES = ("count", "origin", "noted_at", "noted_by", "binned_at")


@dataclass(frozen=True)
class Week:
    """The first week's figure. `is_exact`: of the seven days from the launch day; else of their calendar week."""

    visitors: Visitors
    is_exact: bool

    @property
    def count(self) -> int:
        return self.visitors.count


@dataclass(frozen=True)
class Visits:
    """All figures of a launch, the earliest first."""

    launch: Launch
    figures: Sequence[Visitors]

    @property
    def days(self) -> dict[date, Visitors]:
        """The figures of single days."""
        return {one.first_day: one for one in self.figures if one.days == 1}

    @property
    def week(self) -> Week | None:
        """The seven days from the launch day, else the calendar week it lies in; None when neither is known."""
        stretches = {(one.first_day, one.last_day): one for one in self.figures}
        exact = stretches.get((self.launch.day, self.launch.day + WEEK))
        if exact:
            return Week(exact, is_exact=True)
        monday = self.launch.day - timedelta(days=self.launch.day.weekday())
        calendar = stretches.get((monday, monday + WEEK))
        return Week(calendar, is_exact=False) if calendar else None

    def missing(self, today: date) -> list[date]:
        """Days from the launch day to yesterday, within four weeks, of which nothing is known."""
        last = min(today, self.launch.day + AFTER) - timedelta(days=1)
        span = range((last - self.launch.day).days + 1)
        return [day for n in span if (day := self.launch.day + timedelta(days=n)) not in self.days]


def of_launch(launch: Launch) -> Visits:
    """The figures of a launch; one query."""
    return of_launches([launch])[launch.pk]


def of_launches(launches: Sequence[Launch]) -> dict[int, Visits]:
    """The figures of each of some launches; one query for all."""
    found: dict[int, list[Visitors]] = {launch.pk: [] for launch in launches}
    for row in Visitors.objects.filter(launch__in=launches, binned_at=None):
        found[row.launch_id].append(row)
    return {launch.pk: Visits(launch, found[launch.pk]) for launch in launches}


def write(
    launch: Launch, figures: Iterable[Figure], *, origin: Origin, by: User | None, now: datetime
) -> tuple[int, Operation | None]:
    """Write figures down, within eight weeks before and four after; how many are new or changed, and how to undo it.

    What somebody typed stays: a file or a service does not write over it.
    """
    first, last = launch.day - BEFORE - WEEK, launch.day + AFTER + WEEK
    near = [one for one in figures if first <= one.first_day and one.last_day <= last]
    with transaction.atomic():
        Launch.objects.select_for_update().get(pk=launch.pk)  # two who write at once: one after the other
        made, before = _written(launch, near, origin, by, now)
        if not made and not before:
            return 0, None
        operation = changes.begin(team=launch.team, by=by, kind="outreach.visitors", now=now, plain=True)
        changes.created(operation, Visitors.objects.bulk_create(made), fields=["count"])
        Visitors.objects.bulk_update([row for row, _ in before], _VALUES)
        changes.changed_many(operation, before)
    return len(made) + len(before), operation


def remove(row: Visitors, *, by: User, now: datetime) -> Operation:
    """A figure was wrong: it is a gap again."""
    before = changes.values(row, ["binned_at"])
    row.binned_at = now
    with transaction.atomic():
        row.save(update_fields=["binned_at"])
        operation = changes.begin(team=row.launch.team, by=by, kind="outreach.visitors", now=now, plain=True)
        changes.changed(operation, row, before)
    return operation


def heard(launch: Launch, words: str) -> Told:
    """ "Who told you?": one more who said this."""
    words = " ".join(words.split())[:100]
    row, _created = Told.objects.get_or_create(
        launch=launch, key=fold(words)[:100], defaults={"words": words}
    )
    Told.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return row


def unheard(row: Told) -> None:
    """One fewer; an answer nobody gave is gone."""
    with transaction.atomic():
        Told.objects.filter(pk=row.pk, count__gt=0).update(count=F("count") - 1)
        Told.objects.filter(pk=row.pk, count=0).delete()


def _written(
    launch: Launch, figures: Iterable[Figure], origin: Origin, by: User | None, now: datetime
) -> tuple[list[Visitors], list[tuple[Visitors, dict[str, object]]]]:
    """Rows to be made, and rows changed with their values before; nothing is stored yet."""
    rows = {(row.first_day, row.last_day): row for row in Visitors.objects.filter(launch=launch)}
    made, before = [], []
    for one in figures:
        row = rows.get((one.first_day, one.last_day))
        values = {"count": one.count, "origin": origin, "noted_at": now, "noted_by": by, "binned_at": None}
        if row is None:
            made.append(Visitors(launch=launch, first_day=one.first_day, last_day=one.last_day, **values))
        elif _may_change(row, one, origin):
            before.append((row, changes.values(row, _VALUES)))
            for name, value in values.items():
                setattr(row, name, value)
    return made, before


def _may_change(row: Visitors, figure: Figure, origin: Origin) -> bool:
    if row.binned_at:
        return True
    typed_over = row.origin == Origin.HAND and origin != Origin.HAND
    return not typed_over and (row.count, row.origin) != (figure.count, origin)
