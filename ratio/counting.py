"""Which real actions and posts count for one CM, and why the others do not. Pure.

Only real actions enter the caps. What is excluded and what lies on a day of leave is taken out first, then the
colleague cap of the calendar week, then the day cap; always the first ones by time, ties by id. Later rows never
change the fate of earlier ones, so rows are judged once and any reading is cut out of the result afterwards.

A team's page judges tens of thousands of rows and looks at none of them singly: entries may be plain tuples, and a line
is made when somebody reads it.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import NamedTuple, overload

from ratio.periods import local_day, start_of, week_of


class WhyNot(StrEnum):
    """Why a line does not count. The values are stable: pages translate them."""

    AT_A_DISTANCE = "at_a_distance"
    EXCLUDED = "excluded"
    ON_LEAVE = "on_leave"
    COLLEAGUE_CAP = "colleague_cap"
    DAY_CAP = "day_cap"


class Entry(NamedTuple):
    """A touchpoint of one CM, a planned occurrence or a post: what counting needs to know of it.

    `id` is that of the touchpoint, occurrence or post; `at` an aware moment. `is_real` and `colleagues_only` only
    matter for actions; `planned` says that it is still to come. `label` is the kind of meeting or the beginning of the
    post's text, where somebody will read it.
    """

    id: int
    at: dt.datetime
    is_real: bool = True
    colleagues_only: bool = False
    excluded: bool = False
    planned: bool = False
    label: str = ""


Row = tuple[int, dt.datetime, bool, bool, bool, bool, str]
"""An entry, or its fields in the same order."""
_AT, _BY_TIME = itemgetter(1), itemgetter(1, 5, 0)  # at; at, planned, id


class Line(NamedTuple):
    """An entry, its local day, and why it does not count (None: it counts)."""

    entry: Entry
    day: dt.date
    why_not: WhyNot | None = None

    @property
    def counts(self) -> bool:
        """Whether it enters the figures."""
        return self.why_not is None


class Lines(Sequence[Line]):
    """Judged entries in the order of time. `why_not` tells of each why it does not count."""

    __slots__ = ("_rows", "_zone", "moments", "why_not")

    def __init__(
        self, rows: Sequence[Row] = (), why_not: Sequence[WhyNot | None] = (), *, zone: dt.tzinfo = dt.UTC
    ) -> None:
        self._rows, self._zone, self.why_not = rows, zone, why_not
        self.moments = list(map(_AT, rows))

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> list[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | list[Line]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        row = self._rows[at]
        return Line(Entry._make(row), local_day(row[1], self._zone), self.why_not[at])

    def span(self, since: dt.datetime, until: dt.datetime) -> slice:
        """Which of them lie between two moments, both included."""
        return slice(bisect_left(self.moments, since), bisect_right(self.moments, until))

    def counted(self, *despite: WhyNot) -> "Counted":
        """Those that count, and those that would if it were not for one of these reasons."""
        ids = map(itemgetter(0), self._rows)
        if not any(self.why_not):
            return Counted(self.moments, list(ids))
        keeps = [why is None or why in despite for why in self.why_not]
        return Counted(list(compress(self.moments, keeps)), list(compress(ids, keeps)))


@dataclass(frozen=True, slots=True)
class Counted:
    """The moments and ids of some that count, in the order of time: how many lie in a span is two look-ups."""

    moments: Sequence[dt.datetime] = ()
    ids: Sequence[int] = ()

    def between(self, since: dt.datetime, until: dt.datetime) -> int:
        """How many lie between two moments, both included."""
        return max(0, bisect_right(self.moments, until) - bisect_left(self.moments, since))

    def after(self, moment: dt.datetime) -> int:
        """How many are still to come."""
        return len(self.moments) - bisect_right(self.moments, moment)

    def ids_between(self, since: dt.datetime, until: dt.datetime) -> Sequence[int]:
        """Which ones do."""
        return self.ids[bisect_left(self.moments, since) : bisect_right(self.moments, until)]


def judge_actions(
    entries: Iterable[Row],
    *,
    zone: dt.tzinfo,
    leave: Container[dt.date] = frozenset(),
    day_cap: int = 3,
    colleague_cap: int = 2,
) -> Lines:
    """Every action as a line.

    The entries must begin on a Monday at the latest, or the colleague cap of the first week is not known.
    """
    rows = sorted(entries, key=_BY_TIME)
    with_colleagues = of_day = 0
    today = monday = None
    is_away = False
    why_nots: list[WhyNot | None] = []
    for day, (_id, _at, is_real, colleagues_only, excluded, _planned, _label) in _with_days(rows, zone):
        if day != today:
            today, of_day, is_away = day, 0, day in leave
            if monday != (monday := week_of(day)[0]):
                with_colleagues = 0
        counts = is_real and not excluded and not is_away
        why_not = None if counts else _taken_out(is_real, excluded)
        if colleagues_only and why_not is None:
            with_colleagues += 1
            if with_colleagues > colleague_cap:
                why_not = WhyNot.COLLEAGUE_CAP
        if why_not is None:
            of_day += 1
            if of_day > day_cap:
                why_not = WhyNot.DAY_CAP
        why_nots.append(why_not)
    return Lines(rows, why_nots, zone=zone)


def judge_posts(entries: Iterable[Row], *, zone: dt.tzinfo, leave: Container[dt.date] = frozenset()) -> Lines:
    """Every post as a line. Posts know no cap."""
    rows = sorted(entries, key=_BY_TIME)
    why_nots: list[WhyNot | None] = [
        None if is_real and not excluded else _taken_out(is_real, excluded)
        for _id, _at, is_real, _colleagues_only, excluded, _planned, _label in rows
    ]
    if leave:
        days = _with_days(rows, zone)
        why_nots = [
            why or (WhyNot.ON_LEAVE if day in leave else None)
            for why, (day, _row) in zip(why_nots, days, strict=True)
        ]
    return Lines(rows, why_nots, zone=zone)


def _with_days(rows: Iterable[Row], zone: dt.tzinfo) -> Iterator[tuple[dt.date, Row]]:
    """Each row, in the order of time, with its local day."""
    day, end = dt.date.min, None
    for row in rows:
        if end is None:
            day, end = _day_after(local_day(row[1], zone) - dt.timedelta(days=1), zone)
        while row[1] >= end:
            day, end = _day_after(day, zone)
        yield day, row


@lru_cache(maxsize=4096)
def _day_after(day: dt.date, zone: dt.tzinfo) -> tuple[dt.date, dt.datetime]:
    """The next day, and the first moment that no longer belongs to it."""
    following = day + dt.timedelta(days=1)
    return following, start_of(following + dt.timedelta(days=1), zone)


def _taken_out(is_real: bool, excluded: bool) -> WhyNot:  # noqa: FBT001
    """Why something is out before any cap: it is at a distance, or excluded; else on a day of leave."""
    if not is_real:
        return WhyNot.AT_A_DISTANCE
    return WhyNot.EXCLUDED if excluded else WhyNot.ON_LEAVE
