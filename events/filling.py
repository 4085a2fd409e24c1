"""The dates of a series as rows: made from its rules 180 days ahead, and kept in agreement with them.

A row is never taken away when there is something on it: guests, an answer, words of its own, a date moved or called
off. Dates without any of that come and go with the rules; what goes is binned, so that Undo brings it back.
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from events import recurrence
from events.models import Attendance, Occurrence, Series

HORIZON = timedelta(days=180)
BATCH = 500
COPIED = ("kind", "title", "place", "note")  # what each date has from its series
AT_ONCE = 200  # series a pass looks at
ANEW = timedelta(days=1)  # after which one that could not be filled is tried again
logger = logging.getLogger(__name__)


def fill_due(*, now: datetime) -> int:
    """Fill the series whose dates end before the horizon; how many rows came. What is left waits for the next pass.

    One that cannot be filled stops no other: it is logged and tried again a day later, from where it was filled to.
    """
    short = Q(filled_until__isnull=True) | Q(filled_until__lt=now.date() + HORIZON)
    rested = Q(fill_failed_at__isnull=True) | Q(fill_failed_at__lte=now - ANEW)
    due = Series.objects.going_on().filter(short, rested).select_related("team")
    count = 0
    for series in due.order_by("filled_until", "pk")[:AT_ONCE]:
        try:
            count += fill(series, now=now)
        except Exception:  # whatever is wrong with one series, the others are filled
            logger.exception("series not filled", extra={"series": series.pk})
            Series.objects.filter(pk=series.pk).update(fill_failed_at=now)
    return count


def fill(series: Series, *, now: datetime) -> int:
    """Make rows of the dates up to 180 days ahead that are none yet; how many. Running it twice changes nothing.

    Two that run at once do it once: the day up to which it is filled goes forward in one conditional update.
    """
    today, seen = now.astimezone(series.zone).date(), series.filled_until
    until = today + HORIZON
    if seen is not None and seen >= until:
        return 0
    with transaction.atomic():
        as_seen = Series.objects.going_on().filter(pk=series.pk, filled_until=seen)
        if not as_seen.update(filled_until=until):
            return 0
        series.filled_until = until
        first = seen + timedelta(days=1) if seen else today
        return len(make(series, starts(series, max(first, series.starts_on), until), now))


def starts(series: Series, first: date, last: date) -> list[datetime]:
    """The instants at which the rules put dates, on local days from `first` to `last`, in order."""
    found = recurrence.expand(
        dtstart=series.dtstart,
        zone=series.zone,
        rules=series.rules,
        exdates=[datetime.fromisoformat(one) for one in series.exdates],
        rdates=[datetime.fromisoformat(one) for one in series.rdates],
        window=(first, last),
    )
    return sorted({instance.starts_at for instance in found})


def starts_to_come(series: Series, now: datetime) -> list[datetime]:
    """Those that have not begun and lie within the days that are filled."""
    today = now.astimezone(series.zone).date()
    until = series.filled_until or today + HORIZON
    return [start for start in starts(series, max(series.starts_on, today), until) if start > now]


def rows_to_come(series: Series, now: datetime) -> list[Occurrence]:
    """The dates that have not begun and were not answered, with kind and hosts: those a change of the series changes."""
    rows = series.occurrences.filter(binned_at=None, outcome="", touchpoint=None, starts_at__gt=now)
    return list(rows.select_related("kind").prefetch_related("hosts").order_by("original_start", "pk"))


def holding_something(rows: Iterable[Occurrence], series: Series) -> set[int]:
    """The ids of those dates that hold something of their own."""
    rows = list(rows)
    invited = Attendance.objects.filter(occurrence__in=[row.pk for row in rows])
    busy = set(invited.values_list("occurrence", flat=True))
    for row in rows:
        own_words = any(getattr(row, name) != getattr(series, name) for name in ("title", "place", "note"))
        if own_words or row.is_moved or row.cancelled_at or row.ask_again_at:
            busy.add(row.pk)
    return busy


def make(series: Series, wanted: Iterable[datetime], now: datetime) -> list[Occurrence]:
    """Rows for those starts that have none; one that lies in the bin comes back. The new ones."""
    wanted = list(wanted)
    rows = Occurrence.objects.filter(series=series, original_start__in=wanted)
    known = {row.original_start: row for row in rows.order_by(F("binned_at").desc(nulls_last=True), "pk")}
    back = [row.pk for row in known.values() if row.binned_at]
    Occurrence.objects.filter(pk__in=back).update(binned_at=None)
    made = Occurrence.objects.bulk_create(
        [
            Occurrence(
                team_id=series.team_id,
                series=series,
                original_start=start,
                starts_at=start,
                ends_at=start + series.duration,
                is_all_day=series.is_all_day,
                created_by_id=series.created_by_id,
                client_id=uuid.uuid4(),
                created_at=now,
                **{name: getattr(series, name) for name in COPIED},
            )
            for start in wanted
            if start not in known
        ],
        batch_size=BATCH,
    )
    _add_hosts([row.pk for row in made], list(series.hosts.values_list("pk", flat=True)))
    return made


def settle(series: Series, now: datetime) -> None:
    """Make the dates to come agree with the rules again, after an undo: what they do not give goes, unless there is
    something on it. Of a series in the bin nothing stays but that."""
    rows = rows_to_come(series, now)
    wanted = [] if series.binned_at or series.ended_at else starts_to_come(series, now)
    busy = holding_something(rows, series)
    strays = [row.pk for row in rows if row.original_start not in set(wanted) and row.pk not in busy]
    Occurrence.objects.filter(pk__in=strays).update(binned_at=now)
    make(series, wanted, now)


def bring_back(series: Iterable[Series], binned_at: datetime) -> None:
    """Dates that an undo put into the bin although somebody has invited guests to them since."""
    guests = Attendance.objects.filter(occurrence=OuterRef("pk"))
    rows = Occurrence.objects.filter(Exists(guests), series__in=series, binned_at=binned_at)
    rows.update(binned_at=None)


def give_hosts(occurrences: Sequence[int], hosts: Sequence[int]) -> None:
    """Give some dates these hosts, and no others."""
    through: Any = Occurrence.hosts.through
    of_these: QuerySet[Any] = through.objects.filter(occurrence__in=occurrences)
    of_these.exclude(user__in=hosts).delete()
    _add_hosts(occurrences, hosts)


def _add_hosts(occurrences: Sequence[int], hosts: Sequence[int]) -> None:
    through: Any = Occurrence.hosts.through
    through.objects.bulk_create(
        [through(occurrence_id=pk, user_id=host) for pk in occurrences for host in hosts],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
