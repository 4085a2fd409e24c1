"""How many should have been met by now, if one a bit each day were met. Pure."""

from datetime import date, timedelta

GRACE = timedelta(days=7)
"""The first week asks for nothing: one only just began."""
SLACK = 2
"""Being one meeting short is no news."""


def expected(total: int, *, since: date, day: date, today: date) -> int:
    """How many of `total` an even pace has met by the end of yesterday, from `since` to the launch `day`."""
    length = (day - since).days
    if today >= day or length <= 0:
        return total if today >= day else 0
    return total * max(0, (today - since).days) // length


def behind(met: int, total: int, *, since: date, day: date, today: date) -> int:
    """How many fewer are met than an even pace asks; 0 in the first week, when one is short, and once it is out."""
    if today >= day or today < since + GRACE:
        return 0
    short = expected(total, since=since, day=day, today=today) - met
    return short if short >= SLACK else 0


def spread(count: int, *, since: date, day: date) -> list[date]:
    """By when each of `count` is to be met for an even pace: days after `since`, the last one the day before `day`.

    When there is no time left, all of them the day before, or today if that is over.
    """
    last = max(since, day - timedelta(days=1))
    length = (last - since).days
    return [since + timedelta(days=length * (number + 1) // count) for number in range(count)]
