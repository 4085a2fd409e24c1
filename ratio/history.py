"""A long time by calendar weeks or months, cut out of a ledger or added up from days. Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ratio import periods
from ratio.verdicts import Counts


class By(StrEnum):
    """How a long time is cut."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days, both included, and what counts of them; `is_now`: today is one of them."""

    first: dt.date
    last: dt.date
    counts: Counts
    is_now: bool = False


def spans(first: dt.date, last: dt.date, by: By) -> list[tuple[dt.date, dt.date]]:
    """The calendar weeks or months that touch the days from `first` to `last`, whole, oldest first."""
    found = []
    start, end = _around(first, by)
    while start <= last:
        found.append((start, end))
        start, end = _around(end + dt.timedelta(days=1), by)
    return found


def a_year(today: dt.date, by: By) -> list[tuple[dt.date, dt.date]]:
    """The 52 weeks or the 12 months that end with today's, oldest first."""
    if by is By.WEEK:
        return spans(today - dt.timedelta(weeks=51), today, by)
    first = today.replace(day=1)
    for _ in range(11):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return spans(first, today, by)


def stretches(
    of: Sequence[tuple[dt.date, dt.date]],
    today: dt.date,
    counts: Callable[[dt.date, dt.date], Counts],
) -> list[Stretch]:
    """Each span with what `counts` says of its days."""
    return [Stretch(first, last, counts(first, last), first <= today <= last) for first, last in of]


def total(of: Sequence[Stretch]) -> Counts:
    """All of them together."""
    return sum((one.counts for one in of), start=Counts())


def _around(day: dt.date, by: By) -> tuple[dt.date, dt.date]:
    if by is By.WEEK:
        return periods.week_of(day)
    first = day.replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return first, following - dt.timedelta(days=1)
