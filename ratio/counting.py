"""Which real actions and posts count for one CM, and why the others do not. Pure.

Only real actions enter the caps. What is excluded and what lies on a day of leave is taken out first, then the
colleague cap of the calendar week, then the day cap; always the first ones by time, ties by id. Later rows never
change the fate of earlier ones, so rows are judged once and any reading is cut out of the result afterwards.

Entries and lines are named tuples: a team's page makes thousands of them, and a frozen dataclass costs three times as much.
"""

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable
from enum import StrEnum
from typing import NamedTuple

from ratio.periods import local_day, week_of


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


class Line(NamedTuple):
    """An entry, its local day, and why it does not count (None: it counts)."""

    entry: Entry
    day: dt.date
    why_not: WhyNot | None = None

    @property
    def counts(self) -> bool:
        """Whether it enters the figures."""
        return self.why_not is None


def judge_actions(
    entries: Iterable[Entry],
    *,
    zone: dt.tzinfo,
    leave: Container[dt.date] = frozenset(),
    day_cap: int = 3,
    colleague_cap: int = 2,
) -> tuple[Line, ...]:
    """Every action as a line, in the order of time.

    The entries must begin on a Monday at the latest, or the colleague cap of the first week is not known.
    """
    with_colleagues: Counter[dt.date] = Counter()
    of_day: Counter[dt.date] = Counter()
    lines = []
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.planned, entry.id)):
        day = local_day(entry.at, zone)
        why_not = None if entry.is_real else WhyNot.AT_A_DISTANCE
        why_not = why_not or _taken_out(entry, day, leave)
        if why_not is None and entry.colleagues_only:
            monday = week_of(day)[0]
            with_colleagues[monday] += 1
            if with_colleagues[monday] > colleague_cap:
                why_not = WhyNot.COLLEAGUE_CAP
        if why_not is None:
            of_day[day] += 1
            if of_day[day] > day_cap:
                why_not = WhyNot.DAY_CAP
        lines.append(Line(entry, day, why_not))
    return tuple(lines)


def judge_posts(
    entries: Iterable[Entry], *, zone: dt.tzinfo, leave: Container[dt.date] = frozenset()
) -> tuple[Line, ...]:
    """Every post as a line, in the order of time. Posts know no cap."""
    lines = []
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.id)):
        day = local_day(entry.at, zone)
        lines.append(Line(entry, day, _taken_out(entry, day, leave)))
    return tuple(lines)


def _taken_out(entry: Entry, day: dt.date, leave: Container[dt.date]) -> WhyNot | None:
    if entry.excluded:
        return WhyNot.EXCLUDED
    return WhyNot.ON_LEAVE if day in leave else None
