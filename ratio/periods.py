"""Days, windows and weeks in a time zone. Pure: the moment always comes from the caller.

A day is a local day of the team. Every span is a tuple of days, oldest first, or a pair (first, last), both
included. `leave` is the set of a person's days of leave: they are skipped, and the window reaches back for them.
"""

import datetime as dt
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

WINDOW = 28
"""Days of a reading: each weekday four times, so nothing flickers with the day of the week."""
WIDE_WINDOW = 56
"""Days looked at instead when the 28 hold too little."""
REACH = 28
"""How many calendar days further a window may go back to make up for leave."""
BLOCK = 7
"""Days of one column of the equaliser."""

_FRIDAY, _SUNDAY = 4, 6


def local_day(moment: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """The day it is in `zone` at an aware `moment`."""
    return moment.astimezone(zone).date()


# Every figure is cut out between two of these moments: pages ask for the same few thousands of times.
@lru_cache(maxsize=4096)
def start_of(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The first moment of a day, in UTC. Where clocks skip midnight it is the moment of the jump."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone).astimezone(dt.UTC)


@lru_cache(maxsize=4096)
def last_moment(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The last microsecond of a day, in UTC: "up to and including this day"."""
    return start_of(day + dt.timedelta(days=1), zone) - dt.timedelta(microseconds=1)


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Each day from `first` to `last`, both included; nothing when `last` is before `first`."""
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)


def leave_days(spans: Iterable[tuple[dt.date, dt.date]]) -> frozenset[dt.date]:
    """The days of several spans of leave, which may overlap."""
    return frozenset(day for first, last in spans for day in days_between(first, last))


def window(
    today: dt.date, leave: Container[dt.date] = frozenset(), *, length: int = WINDOW
) -> tuple[dt.date, ...]:
    """The last `length` days up to `today` that are not leave, oldest first.

    It looks back over `length` + 28 calendar days at most, so long leave gives a shorter window, never a
    window from another season.
    """
    looked_at = (today - dt.timedelta(days=back) for back in range(length + REACH))
    present = [day for day in looked_at if day not in leave][:length]
    return tuple(reversed(present))


def blocks(today: dt.date, count: int) -> list[tuple[dt.date, dt.date]]:
    """The last `count` blocks of 7 days, oldest first; the last one ends today."""
    ends = [today - dt.timedelta(days=BLOCK * back) for back in reversed(range(count))]
    return [(end - dt.timedelta(days=BLOCK - 1), end) for end in ends]


@lru_cache(maxsize=4096)
def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the calendar week that holds `day`."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=_SUNDAY)


def coming_sunday(day: dt.date) -> dt.date:
    """The Sunday of this week; on a Sunday it is today."""
    return week_of(day)[1]


def sunday_to_aim_for(day: dt.date) -> dt.date:
    """The Sunday by which something can still be done: from Friday on, the Sunday after the coming one."""
    sunday = coming_sunday(day)
    return sunday + dt.timedelta(days=BLOCK) if day.weekday() >= _FRIDAY else sunday


def forecast_sundays(today: dt.date, last_post_on: dt.date | None = None) -> list[dt.date]:
    """The coming Sunday, the next one, and the Sunday of the last week that has a scheduled post."""
    coming = coming_sunday(today)
    sundays = {coming, coming + dt.timedelta(days=BLOCK)}
    if last_post_on is not None and last_post_on > today:
        sundays.add(coming_sunday(last_post_on))
    return sorted(sundays)
