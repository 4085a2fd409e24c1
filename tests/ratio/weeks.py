"""Ledgers written as weeks: (r, o) real actions and posts of each week, Monday first."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from zoneinfo import ZoneInfo

from ratio.counting import Entry, judge_actions, judge_posts
from ratio.ledgers import Ledger
from ratio.verdicts import Rules

PARIS = ZoneInfo("Europe/Paris")
MONDAY = dt.date(2026, 1, 5)
TARGET = Fraction(3, 10)
RULES = Rules()
FRIDAY_AND_SATURDAY = (4, 5)
LONG_AGO = MONDAY - dt.timedelta(days=400)


def at(day: dt.date, hour: int = 12, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=PARIS)


def sunday_of(week: int, first: dt.date = MONDAY) -> dt.date:
    """The Sunday of week 1, 2, ..."""
    return first + dt.timedelta(weeks=week) - dt.timedelta(days=1)


def spread(count: int, monday: dt.date, weekdays: Sequence[int]) -> list[dt.datetime]:
    """`count` moments over the weekdays, in turn, minutes apart."""
    return [
        at(monday + dt.timedelta(days=weekdays[number % len(weekdays)]), 12, number)
        for number in range(count)
    ]


def ledger(
    weeks: Sequence[tuple[int, int]],
    *,
    meetings_on: Sequence[int] = FRIDAY_AND_SATURDAY,
    posts_on: Sequence[int] = (0, 1, 2, 3, 4, 5),
    colleagues_only: Sequence[int] = (),
    leave: frozenset[dt.date] = frozenset(),
    joined_on: dt.date = LONG_AGO,
    festival: int | None = None,
    planned_after: dt.datetime | None = None,
) -> Ledger:
    """A CM's ledger. `colleagues_only`: weeks (from 0) met with colleagues alone; `festival`: a week on three days."""
    actions: list[Entry] = []
    posts: list[Entry] = []
    for number, (real, online) in enumerate(weeks):
        monday = MONDAY + dt.timedelta(weeks=number)
        weekdays = (4, 5, 6) if number == festival else meetings_on
        for moment in spread(real, monday, weekdays):
            later = planned_after is not None and moment > planned_after
            actions.append(
                Entry(len(actions) + 1, moment, colleagues_only=number in colleagues_only, planned=later)
            )
        posts += [
            Entry(len(posts) + n + 1, moment) for n, moment in enumerate(spread(online, monday, posts_on))
        ]
    lines = judge_posts(posts, zone=PARIS, leave=leave)
    days = [line.day for line in lines]
    return Ledger(
        zone=PARIS,
        joined_on=joined_on,
        actions=judge_actions(actions, zone=PARIS, leave=leave),
        posts=lines,
        leave=leave,
        posts_known_until=max(days, default=None),
        posts_regular=len(days) >= 4 and (max(days) - sorted(days)[-4]).days < 28,
    )
