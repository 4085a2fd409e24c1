"""A ledger holds one CM's judged lines over some months; readings, verdicts and forecasts are cut out of it. Pure.

Lines still to come (planned occurrences, posts not out yet) lie in the same ledger: a reading taken at a future
moment is a forecast, with caps and leave applied to what is done and what is planned together.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter

from ratio import periods
from ratio.counting import Line
from ratio.verdicts import Counts, Needed, Reading, Rules, Verdict, WayBack, needed, verdict, way_back

WEEKS_AHEAD = 5
_DAY, _AT = attrgetter("day"), attrgetter("entry.at")


@dataclass(frozen=True, slots=True)
class Counted:
    """The days and moments of the lines that count, in the order of time: how many lie in a span is two look-ups."""

    days: Sequence[dt.date]
    moments: Sequence[dt.datetime]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Counted":
        counted = [line for line in lines if line.why_not is None]
        return cls([line.day for line in counted], [line.entry.at for line in counted])

    def between(self, first: dt.date, last: dt.date, until: dt.datetime) -> int:
        """How many on the days from `first` to `last`, up to and including `until`."""
        end = min(bisect_right(self.days, last), bisect_right(self.moments, until))
        return max(0, end - bisect_left(self.days, first))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one CM did and planned. `actions` and `posts` are judged lines in the order of time.

    `joined_on` is the day of joining the team as a CM; `posts_known_until` and `posts_regular` as in `Reading`.
    """

    zone: dt.tzinfo
    joined_on: dt.date
    actions: tuple[Line, ...] = ()
    posts: tuple[Line, ...] = ()
    leave: frozenset[dt.date] = frozenset()
    posts_known_until: dt.date | None = None
    posts_regular: bool = False
    _real: "Counted" = field(init=False, repr=False, compare=False)
    _online: "Counted" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real", Counted.of(self.actions))
        object.__setattr__(self, "_online", Counted.of(self.posts))

    def counts(self, days: Collection[dt.date], until: dt.datetime) -> Counts:
        """What counts on these days, up to and including the moment `until`.

        The days are one span, of which days of leave may be left out: nothing on them counts.
        """
        if not days:
            return Counts()
        first, last = min(days), max(days)
        return Counts(self._real.between(first, last, until), self._online.between(first, last, until))

    def reading(self, at: dt.datetime) -> Reading:
        """What the CM stands at, at a moment; for a moment to come, with what is planned until then."""
        today = periods.local_day(at, self.zone)
        narrow = _window(today, self.leave, periods.WINDOW)
        wide = _window(today, self.leave, periods.WIDE_WINDOW)
        return Reading(
            day=today,
            counts=self.counts(narrow, at),
            wide=self.counts(wide, at),
            days_in_team=(today - self.joined_on).days,
            on_leave=today in self.leave,
            posts_known_until=self.posts_known_until,
            posts_regular=self.posts_regular,
        )

    def verdict(self, at: dt.datetime, *, target: Fraction, rules: Rules) -> Verdict:
        """The verdict at a moment, from its reading and those at the same time of day 7 and 14 days before."""
        local = at.astimezone(self.zone)
        before = [self.reading(local - dt.timedelta(days=days)) for days in (7, 14)]
        return verdict(self.reading(at), before[0], before[1], target, rules)

    def forecast(self, day: dt.date) -> Reading:
        """The reading at the end of a day to come, if everything goes as planned."""
        return self.reading(periods.last_moment(day, self.zone))

    def expected(self, now: dt.datetime, day: dt.date) -> Reading:
        """The forecast with at least as many meetings until then as the last 28 days would lead one to expect.

        Few plan every meeting; without this, two of three warnings came before a week that went well.
        """
        days = (day - periods.local_day(now, self.zone)).days
        usual = (2 * self.reading(now).counts.real * days + periods.WINDOW) // (2 * periods.WINDOW)
        ahead, unplanned = self.forecast(day), max(0, usual - self.planned(now, day).real)
        more = Counts(unplanned, 0)
        return replace(ahead, counts=ahead.counts + more, wide=ahead.wide + more)

    def expected_verdict(
        self, now: dt.datetime, at: dt.datetime, *, target: Fraction, rules: Rules
    ) -> Verdict:
        """The verdict on that reading, at the last moment of the day of `at`."""
        local = at.astimezone(self.zone)
        before = [self.reading(local - dt.timedelta(days=days)) for days in (7, 14)]
        return verdict(self.expected(now, local.date()), before[0], before[1], target, rules)

    def planned(self, now: dt.datetime, until: dt.date) -> Counts:
        """What is still to come from `now` to the end of a day and would count."""
        first = periods.local_day(now, self.zone)
        days = frozenset(periods.days_between(first, until))
        all_of_it = self.counts(days, periods.last_moment(until, self.zone))
        done = self.counts(days, now)
        return Counts(all_of_it.real - done.real, all_of_it.online - done.online)

    def needed(self, now: dt.datetime, *, target: Fraction, rules: Rules) -> Needed:
        """What would bring the share back by the Sunday to aim for, with what is known and planned."""
        sunday = periods.sunday_to_aim_for(periods.local_day(now, self.zone))
        to_come = self.planned(now, sunday).online
        return needed(self.forecast(sunday), target, rules, posts_to_come=to_come)

    def way_back(self, now: dt.datetime, *, target: Fraction) -> WayBack | None:
        """The smallest number of extra meetings a week that brings it back, when N by one Sunday is too many."""
        sunday = periods.sunday_to_aim_for(periods.local_day(now, self.zone))
        days = periods.window(sunday, self.leave)
        recent = [
            self.counts(days[start : start + periods.BLOCK], periods.last_moment(sunday, self.zone))
            for start in range(0, max(1, len(days)), periods.BLOCK)
        ]
        ends = [sunday + dt.timedelta(weeks=weeks) for weeks in range(1, WEEKS_AHEAD + 1)]
        ahead = [self.planned_in_week(end) for end in ends]
        known = [self.posts_known_until is not None and end <= self.posts_known_until for end in ends]
        usual = self.reading(now).counts
        return way_back(recent, ahead, known, usual=usual, first=sunday, target=target)

    def planned_in_week(self, sunday: dt.date) -> Counts:
        """What counts in the calendar week that ends on a Sunday, all of it."""
        return self.counts(
            frozenset(periods.days_between(*periods.week_of(sunday))), periods.last_moment(sunday, self.zone)
        )

    def blocks(self, now: dt.datetime, count: int) -> list[tuple[dt.date, dt.date, Counts]]:
        """The equaliser's columns: first day, last day and counts of the last blocks of 7 days."""
        today = periods.local_day(now, self.zone)
        return [
            (first, last, self.counts(frozenset(periods.days_between(first, last)), now))
            for first, last in periods.blocks(today, count)
        ]


@lru_cache(maxsize=1024)
def _window(today: dt.date, leave: frozenset[dt.date], length: int) -> frozenset[dt.date]:
    """A window as a set, kept: the people of a team share most of theirs."""
    return frozenset(periods.window(today, leave, length=length))


def _between(lines: Sequence[Line], days: Collection[dt.date], until: dt.datetime) -> Sequence[Line]:
    start = bisect_left(lines, min(days, default=dt.date.max), key=_DAY)
    return lines[start : bisect_right(lines, until, key=_AT)]


@dataclass(frozen=True, slots=True)
class Member:
    """A ledger and the spans of days (last day None: still) in which its person was a CM of the team."""

    ledger: Ledger
    spans: Sequence[tuple[dt.date, dt.date | None]]

    def was_cm(self, day: dt.date) -> bool:
        """Whether the person was a CM of the team that day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.spans)


def team_counts(
    members: Iterable[Member], team_posts: Iterable[Line], now: dt.datetime, zone: dt.tzinfo
) -> Counts:
    """The team's figures of the last 28 calendar days: distinct real actions that count for at least one person who
    was a CM that day, all posts of those CMs and the team's own, less excluded ones.
    """
    today = periods.local_day(now, zone)
    days = frozenset(periods.window(today))
    return sum(team_days(members, team_posts, days, now).values(), start=Counts())


def joint(members: Iterable[Member], days: Collection[dt.date], now: dt.datetime) -> tuple[int, int]:
    """Of the real actions that count for somebody on these days: how many count for two or more, and how many in all."""
    people: Counter[int] = Counter()
    for member in members:
        people.update(
            line.entry.id
            for line in _between(member.ledger.actions, days, now)
            if line.counts and line.day in days and member.was_cm(line.day)
        )
    return sum(count > 1 for count in people.values()), len(people)


def team_days(
    members: Iterable[Member], team_posts: Iterable[Line], days: Collection[dt.date], now: dt.datetime
) -> dict[dt.date, Counts]:
    """As `team_counts`, for each of any days by itself; days on which nothing counts are left out."""
    met: dict[dt.date, set[int]] = defaultdict(set)
    posts: dict[dt.date, int] = Counter(
        line.day for line in team_posts if line.day in days and line.entry.at <= now
    )
    for member in members:
        for line in _between(member.ledger.actions, days, now):
            if line.counts and line.day in days and member.was_cm(line.day):
                met[line.day].add(line.entry.id)
        for line in _between(member.ledger.posts, days, now):
            if not line.entry.excluded and line.day in days and member.was_cm(line.day):
                posts[line.day] += 1
    return {day: Counts(len(met[day]), posts[day]) for day in {*met, *posts}}
