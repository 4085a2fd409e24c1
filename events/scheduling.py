"""Series: set up, changed, ended. Rules only say which dates to make; the dates are rows (`filling`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts import changes
from accounts.models import Operation, Team, User
from contacts import tags as tagging
from contacts.models import TouchpointKind
from events import editions, filling, planning, recurrence
from events.editions import SERIES, Edition
from events.models import Occurrence, Series
from events.planning import CannotChange

LOOKED_AHEAD = (62, 366, 5 * 366)  # days


class NoDates(ValueError):
    """The rules give no date from the day on that was asked for."""


@dataclass(frozen=True)
class Wanted:
    """What a series is to say. `starts_on` is the day from which the rules count; `hosts` and `tags` are all of them."""

    kind: TouchpointKind
    starts_on: date
    starts_time: time
    zone_name: str
    rules: Sequence[str]
    minutes: int = 60
    title: str = ""
    place: str = ""
    note: str = ""
    hosts: Sequence[User] = ()
    tags: Sequence[str] = ()

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    def values(self) -> dict[str, Any]:
        """The fields of the row; it begins on the first date that the rules give. Raises NoDates."""
        texts = {name: getattr(self, name).strip() for name in ("title", "place", "note")}
        plain = {name: getattr(self, name) for name in ("kind", "minutes", "starts_time", "zone_name")}
        return {**plain, **texts, "rules": list(self.rules), "starts_on": self.next_dates(1)[0].date()}

    def next_dates(self, count: int) -> list[datetime]:
        """The first local dates, naive, at most `count` of them within five years. Raises NoDates."""
        begin = datetime.combine(self.starts_on, self.starts_time)
        if not self.rules:
            return [begin]
        found: list[datetime] = []
        for days in LOOKED_AHEAD:
            given = recurrence.expand(
                dtstart=begin,
                zone=ZoneInfo(self.zone_name),
                rules=list(self.rules),
                window=(self.starts_on, self.starts_on + timedelta(days=days)),
            )
            found = sorted(instance.local for instance in given)
            if len(found) >= count:
                break
        if not found:
            raise NoDates
        return found[:count]


def start(
    *, team: Team, by: User, client_id: UUID, wanted: Wanted, now: datetime
) -> tuple[Series, Operation | None]:
    """Set up a series and its dates of the coming 180 days. Posted twice it exists once; then the operation is None.

    Raises NoDates.
    """
    values = {**wanted.values(), "team": team, "created_at": now}
    with transaction.atomic():
        series, is_new = Series.objects.get_or_create(created_by=by, client_id=client_id, defaults=values)
        if not is_new:
            return series, None
        series.hosts.set(list(wanted.hosts) or [by])
        series.tags.set(tagging.named(team, wanted.tags))
        filling.fill(series, now=now)
        operation = changes.begin(team=team, by=by, kind=SERIES, now=now, series=[series.pk])
        changes.created(operation, [series], ["rules", "title"])
    return series, operation


def edit(*, series: Series, by: User, wanted: Wanted, now: datetime) -> Operation:
    """Change all dates to come; what has begun or was answered stays as it is.

    With other rules or another time each date becomes the nearest new one, with its guests, their replies, its word;
    what was changed on one date alone stays. Raises NoDates, and CannotChange when the series ended meanwhile.
    """
    values = wanted.values()
    with transaction.atomic():
        return _edit(Edition(_locked(series), by, now), values, wanted)


def edit_following(*, occurrence: Occurrence, by: User, wanted: Wanted, now: datetime) -> Operation:
    """Change this date and the following ones: they become a series of their own, which follows the old one.

    The first date of all has nothing before it: then the whole series is changed. Raises NoDates and CannotChange.
    """
    values = wanted.values()
    with transaction.atomic():
        if occurrence.series is None or occurrence.original_start is None:
            raise CannotChange
        series, begin = _locked(occurrence.series), occurrence.original_start
        edition = Edition(series, by, now)
        if series.occurrences.filter(original_start__lt=begin, binned_at=None).exists():
            edition.split(begin)
        return _edit(edition, values, wanted)


def end(*, series: Series, by: User, now: datetime, keep: bool = False) -> Operation:
    """No more dates; those with guests or words of their own are called off, or (`keep`) stay, the others go.

    Raises CannotChange.
    """
    with transaction.atomic():
        edition = Edition(_locked(series), by, now)
        edition.end(keep=keep)
        return edition.finish()


def resume(*, series: Series, by: User, now: datetime) -> Operation:
    """An ended series goes on from today, on the dates that its end called off too. Raises CannotChange when it had not
    ended."""
    with transaction.atomic():
        found = Series.objects.select_for_update().filter(
            pk=series.pk, binned_at=None, ended_at__isnull=False
        )
        edition = Edition(_only(found.first()), by, now)
        for row in filling.rows_to_come(edition.series, now):
            if row.cancelled_at == edition.series.ended_at:
                edition.note(row, cancelled_at=None, sequence=row.sequence + 1)
        edition.note(edition.series, ended_at=None, sequence=edition.series.sequence + 1)
        edition.flush()
        edition.made += filling.make(edition.series, filling.starts_to_come(edition.series, now), now)
        return edition.finish()


def plan_further(
    *, series: Series, starts_at: datetime, now: datetime, **planned: Any
) -> tuple[Occurrence, Operation | None]:
    """A date beside the rules (RDATE); `planned` as `planning.plan` takes it. Raises CannotChange when it has one then."""
    with transaction.atomic():
        series = _locked(series)
        occurrence, operation = planning.plan(team=series.team, starts_at=starts_at, now=now, **planned)
        if operation is None:
            return occurrence, None
        if series.occurrences.filter(original_start=starts_at, binned_at=None).exists():
            raise CannotChange
        Occurrence.objects.filter(pk=occurrence.pk).update(series=series, original_start=starts_at)
        before = changes.values(series, ["rdates"])
        local = starts_at.astimezone(series.zone).replace(tzinfo=None)
        series.rdates = sorted({*series.rdates, local.isoformat()})
        series.save(update_fields=["rdates"])
        changes.changed(operation, series, before)
    return occurrence, operation


def take_back(operation: Operation, *, by: User, now: datetime) -> changes.Undone:
    """Undo what was done to a series: its row, its dates, hosts and tags. Raises changes.CannotUndo."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                done = changes.undo(operation, by=by, now=now)
        except IntegrityError:  # another date stands by now where one of them was
            raise changes.CannotUndo from None
        editions.put_people_back(operation)
        touched = list(Series.objects.select_for_update().filter(pk__in=operation.details["series"]))
        filling.bring_back(touched, binned_at=now)
        for series in touched:
            filling.settle(series, now)
    return done


def _edit(edition: Edition, values: dict[str, Any], wanted: Wanted) -> Operation:
    edition.say(values)
    edition.flush()
    # Nobody ticked is nobody taken away: a meeting has a host.
    edition.give(hosts=wanted.hosts or list(edition.series.hosts.all()), tags=wanted.tags)
    return edition.finish()


def _locked(series: Series) -> Series:
    """The row as it is now, locked, so that changes come one after the other. Raises CannotChange when it is over."""
    return _only(Series.objects.going_on().select_for_update().filter(pk=series.pk).first())


def _only(series: Series | None) -> Series:
    if series is None:
        raise CannotChange
    return series
