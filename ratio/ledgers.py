"""A ledger holds one CM's judged lines over some months; readings, verdicts and forecasts are cut out of it. Pure.

Lines still to come (planned occurrences, posts not out yet) lie in the same ledger: a reading taken at a future
moment is a forecast, with caps and leave applied to what is done and what is planned together.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from ratio import periods
from ratio.counting import Counted, Lines, WhyNot
from ratio.verdicts import Counts, Needed, Reading, Rules, Verdict, WayBack, needed, verdict, way_back

WEEKS_AHEAD = 5
Span = tuple[dt.date, dt.date]
"""A span of days, both included."""
NO_DAYS: Span = dt.date(2, 1, 2), dt.date(2, 1, 1)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one CM did and planned, as judged lines; `real` and `online` are those that count.

    `joined_on` is the day of joining the team as a CM; `posts_known_until` and `posts_regular` as in `Reading`.
    """

    zone: dt.tzinfo
    joined_on: dt.date
    actions: Lines = field(default_factory=Lines)
    posts: Lines = field(default_factory=Lines)
    leave: frozenset[dt.date] = frozenset()
    posts_known_until: dt.date | None = None
    posts_regular: bool = False
    real: Counted = field(init=False, repr=False, compare=False)
    online: Counted = field(init=False, repr=False, compare=False)
    _readings: dict[dt.datetime, Reading] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "real", self.actions.counted())
        object.__setattr__(self, "online", self.posts.counted())

    def counts(self, first: dt.date, last: dt.date, until: dt.datetime) -> Counts:
        """What counts on the days from `first` to `last`, up to and including the moment `until`."""
        since = periods.start_of(first, self.zone)
        until = min(until, periods.last_moment(last, self.zone))
        return Counts(self.real.between(since, until), self.online.between(since, until))

    def reading(self, at: dt.datetime) -> Reading:
        """What the CM stands at, at a moment; for a moment to come, with what is planned until then.

        Kept: the verdicts of a page and what would bring it back ask for the same few.
        """
        if at not in self._readings:
            self._readings[at] = self._read(at)
        return self._readings[at]

    def _read(self, at: dt.datetime) -> Reading:
        today = periods.local_day(at, self.zone)
        return Reading(
            day=today,
            counts=self.counts(*_window(today, self.leave, periods.WINDOW), at),
            wide=self.counts(*_window(today, self.leave, periods.WIDE_WINDOW), at),
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
        all_of_it = self.counts(first, until, periods.last_moment(until, self.zone))
        done = self.counts(first, until, now)
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
            self.counts(*_ends(days[start : start + periods.BLOCK]), periods.last_moment(sunday, self.zone))
            for start in range(0, max(1, len(days)), periods.BLOCK)
        ]
        ends = [sunday + dt.timedelta(weeks=weeks) for weeks in range(1, WEEKS_AHEAD + 1)]
        ahead = [self.planned_in_week(end) for end in ends]
        known = [self.posts_known_until is not None and end <= self.posts_known_until for end in ends]
        usual = self.reading(now).counts
        return way_back(recent, ahead, known, usual=usual, first=sunday, target=target)

    def planned_in_week(self, sunday: dt.date) -> Counts:
        """What counts in the calendar week that ends on a Sunday, all of it."""
        return self.counts(*periods.week_of(sunday), periods.last_moment(sunday, self.zone))

    def blocks(self, now: dt.datetime, count: int) -> list[tuple[dt.date, dt.date, Counts]]:
        """The equaliser's columns: first day, last day and counts of the last blocks of 7 days."""
        today = periods.local_day(now, self.zone)
        return [(first, last, self.counts(first, last, now)) for first, last in periods.blocks(today, count)]


@lru_cache(maxsize=1024)
def _window(today: dt.date, leave: frozenset[dt.date], length: int) -> Span:
    """A window's first and last day, kept: the people of a team share most of theirs. Nothing counts on leave."""
    return _ends(periods.window(today, leave, length=length))


def _ends(days: Sequence[dt.date]) -> Span:
    """The first and the last of some days."""
    return (days[0], days[-1]) if days else NO_DAYS


@dataclass(frozen=True, slots=True)
class Member:
    """A ledger and the spans of days (last day None: still) in which its person was a CM of the team."""

    ledger: Ledger
    spans: Sequence[tuple[dt.date, dt.date | None]]

    def as_cm(
        self, first: dt.date, last: dt.date, now: dt.datetime
    ) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The stretches of those days, up to now, in which the person was a CM of the team."""
        zone = self.ledger.zone
        for since, until in self.spans:
            begin, end = max(first, since), min(last, until or last)
            if begin <= end:
                yield periods.start_of(begin, zone), min(now, periods.last_moment(end, zone))
                first = end + dt.timedelta(days=1)  # spans may overlap


def team_counts(
    members: Sequence[Member], team_posts: Lines, days: Iterable[Span], now: dt.datetime, zone: dt.tzinfo
) -> list[Counts]:
    """The team's figures of some spans of calendar days: distinct real actions that count for at least one person who
    was a CM that day, all posts of those CMs and the team's own, less excluded ones.
    """
    own = team_posts.counted()
    posts = [member.ledger.posts.counted(WhyNot.ON_LEAVE) for member in members]
    found = []
    for first, last in days:
        met: set[int] = set()
        online = own.between(periods.start_of(first, zone), min(now, periods.last_moment(last, zone)))
        for member, out in zip(members, posts, strict=True):
            for stretch in member.as_cm(first, last, now):
                met.update(member.ledger.real.ids_between(*stretch))
                online += out.between(*stretch)
        found.append(Counts(len(met), online))
    return found


def joint(members: Iterable[Member], first: dt.date, last: dt.date, now: dt.datetime) -> tuple[int, int]:
    """Of the real actions that count for somebody on these days: how many count for two or more, and how many in all."""
    people: Counter[int] = Counter()
    for member in members:
        for stretch in member.as_cm(first, last, now):
            people.update(member.ledger.real.ids_between(*stretch))
    return sum(count > 1 for count in people.values()), len(people)
