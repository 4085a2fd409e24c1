"""The calendar: meetings, posts and promises of a month, as a grid and as a list by day.

Both show what fits; each day that has more leads to a list of that day alone.
"""

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import TeamRequest
from accounts.models import Team, User
from accounts.permissions import team_page
from communitycrm.pages.calendar_lines import Line, words
from communitycrm.pages.calendar_rows import COUNTS, SWITCH, Key, Mark, Row, as_text, marks
from events.models import Occurrence
from events.planning import instant
from foundation import clock
from foundation.compiled import Compiled, given
from foundation.inputs import is_reckonable, row_ids

NOT_YET_NOTED, TONIGHT = 10, 20
IN_A_CELL = 3  # things; the others are in the list
IN_A_DAY, IN_THE_LIST = 12, 80  # things of a day, and altogether; the others are on the day's own page
ON_ITS_OWN = 400  # things of a day on its own page
MINE, EVERYBODY = "mine", "all"
SWITCHES = ("events", "series", "posts", "promises")


@dataclass(frozen=True)
class Filters:
    """What the address asks for: a month, whose, and what is left out. `who` is a teammate, or None for everybody's.

    `day`: the list of one day alone. `with_past`: in the present month the days gone by are listed too.
    """

    month: date
    who: User | None
    own: bool
    hidden: frozenset[str] = frozenset()
    day: date | None = None
    with_past: bool = False

    @property
    def query(self) -> str:
        """The address of this view of the month."""
        whose = MINE if self.own else str(self.who.pk) if self.who else EVERYBODY
        off = {name: "0" for name in SWITCHES if name in self.hidden}
        return urlencode({"month": f"{self.month:%Y-%m}", "who": whose, **off})

    @property
    def here(self) -> str:
        """The address of this very page: of the day alone, or with what is past."""
        day = f"&day={self.day.isoformat()}" if self.day else ""
        return f"{self.query}{day}{'&past=1' if self.with_past else ''}"

    def months_away(self, months: int) -> "Filters":
        """The same switches in another month."""
        ahead = self.month.year * 12 + self.month.month - 1 + months
        return replace(self, month=date(ahead // 12, ahead % 12 + 1, 1), day=None, with_past=False)

    @property
    def previous(self) -> "Filters":
        return self.months_away(-1)

    @property
    def next(self) -> "Filters":
        return self.months_away(1)

    @property
    def switches(self) -> list[tuple[str, bool, str]]:
        """Each switch: its name, whether it is on, and the address that turns it."""
        return [
            (name, name not in self.hidden, replace(self, hidden=self.hidden ^ {name}).here)
            for name in SWITCHES
        ]


@dataclass(frozen=True)
class Day:
    """A day: its marks in order; the lines of the list, and the few of the grid."""

    day: date
    rows: Sequence[Row]
    is_out: bool = False
    lines: list[Line] = field(default_factory=list)
    few: list[Line] = field(default_factory=list)

    @property
    def marks(self) -> Iterator[Mark]:
        """All of them, each made when it is asked for."""
        return map(Mark._make, self.rows)

    @property
    def of_cell(self) -> list[Mark]:
        """Meetings first: posts must not crowd them out."""
        first = (mark for mark in self.marks if mark.what == "meeting")
        then = (mark for mark in self.marks if mark.what != "meeting")
        return list(itertools.islice(itertools.chain(first, then), IN_A_CELL))

    @property
    def more(self) -> int:
        """How many the grid leaves out."""
        return len(self.rows) - len(self.few)

    @property
    def rest(self) -> int:
        """How many the list leaves out."""
        return len(self.rows) - len(self.lines)


@dataclass(frozen=True)
class Week:
    """Seven days from Monday on, and how many meetings (held, or planned still) and posts there are, whatever is
    shown."""

    monday: date
    days: list[Day]
    meetings: int
    posts: int

    @property
    def with_lines(self) -> list[Day]:
        """The days of the month that have something to say."""
        return [day for day in self.days if day.rows and not day.is_out]


@dataclass(frozen=True)
class CalendarPage:
    """A month. `past` and `coming` make up the list; `earlier` counts what is gone by and not listed. `tonight`: who is
    where today, when everybody's calendar is looked at. `not_yet_noted` waits for an answer."""

    filters: Filters
    weeks: list[Week]
    past: list[Day]
    coming: list[Week]
    earlier: int
    tonight: list[Line] | None
    not_yet_noted: list[Occurrence]

    @property
    def days(self) -> list[Day]:
        """The days of the list that are not gone by."""
        return [day for week in self.coming for day in week.with_lines]


@team_page
@require_safe
def calendar(request: TeamRequest) -> HttpResponse:
    """A month: ?month=2026-11, ?who=mine|all|<person>, ?events=0, ?series=0, ?posts=0, ?promises=0, ?past=1; or the list
    of one day of it: ?day=2026-11-26."""
    assert request.team is not None  # noqa: S101 - team_page has seen to it
    now = clock.now()
    today = timezone.localtime(now).date()
    is_manager = request.membership is not None and request.membership.is_manager
    people = _people().rows(team=request.team)
    whose = request.GET.get("who", MINE if is_manager else EVERYBODY)
    other = next((one for one in people if [one.pk] == row_ids([whose])), None)
    own = whose == MINE or other == request.user
    day = _day(request.GET.get("day", ""))
    filters = Filters(
        month=day.replace(day=1) if day else _month(request.GET.get("month", ""), today),
        who=request.user if own else other,
        own=own,
        hidden=frozenset(name for name in SWITCHES if request.GET.get(name) == "0"),
        day=day,
        with_past=request.GET.get("past") == "1",
    )
    page = of_team(request.team, filters, now=now)
    others = [(one.pk, one) for one in people if one != request.user]
    context = {"page": page, "today": today, "filters": filters, "others": others}
    return render(request, "pages/calendar.html", context)


def of_team(team: Team, filters: Filters, *, now: datetime) -> CalendarPage:
    """The page for one reader, in a constant number of queries."""
    zone = timezone.get_current_timezone()
    today, month = now.astimezone(zone).date(), filters.month
    by_day = _marks(team, filters, now)
    weeks = _weeks(by_day, filters)
    days = [day for week in weeks for day in week.with_lines]
    is_present = month == today.replace(day=1)
    gone_by = [day for day in days if is_present and day.day < today]
    listed = _listed(gone_by, days[len(gone_by) :], filters)
    few = {day.day: day.of_cell for week in weeks for day in week.days}
    tonight: list[Mark] | None = None
    if is_present and filters.who is None:
        tonight = [
            mark for mark in map(Mark._make, by_day[today]) if mark.source == "occurrence" and not mark.is_off
        ]
    in_the_list = [*itertools.chain(*listed.values()), *(tonight or [])[:TONIGHT]]
    in_the_grid = list(itertools.chain(*few.values()))
    lines = words(in_the_list, in_the_grid, team, zone, of_one=filters.who is not None)

    def told(day: Day) -> Day:
        return replace(day, lines=_said(listed.get(day.day, ()), lines), few=_said(few[day.day], lines))

    weeks = [replace(week, days=[told(day) for day in week.days]) for week in weeks]
    shown = [replace(week, days=[day for day in week.with_lines if day.day in listed]) for week in weeks]
    coming = [
        replace(week, days=[day for day in week.days if not (is_present and day.day < today)])
        for week in shown
    ]
    waiting = _waiting(of_one=filters.who is not None)
    return CalendarPage(
        filters=filters,
        weeks=weeks,
        past=[day for week in shown for day in week.days if is_present and day.day < today],
        coming=[week for week in coming if week.days],
        earlier=sum(len(day.rows) for day in gone_by if day.day not in listed),
        tonight=None if tonight is None else _said(tonight[:TONIGHT], lines),
        not_yet_noted=waiting.rows(team=team, host=filters.who, now=now),
    )


def _marks(team: Team, filters: Filters, now: datetime) -> dict[date, list[Row]]:
    """All that lies in the weeks of the month, by day and in order, whatever is switched off."""
    zone = timezone.get_current_timezone()
    first, last = _bounds(filters)
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 2)]
    begins = {day: instant(day, time(0), zone) for day in days}
    found = marks(team, filters.who, begins, now)
    cuts = [bisect_left(found, (as_text(begin),)) for begin in begins.values()]
    return {day: found[start:end] for day, start, end in zip(days, cuts, cuts[1:], strict=False)}


def _bounds(filters: Filters) -> tuple[date, date]:
    """The Monday of the month's first week, and the Sunday of its last."""
    last = filters.next.month - timedelta(days=1)
    return filters.month - timedelta(days=filters.month.weekday()), last + timedelta(days=6 - last.weekday())


def _weeks(by_day: dict[date, list[Row]], filters: Filters) -> list[Week]:
    """The weeks with the marks that are not switched off; the counts are of all."""
    month = (filters.month.year, filters.month.month)
    days = [
        Day(
            day,
            [row for row in found if row[SWITCH] not in filters.hidden] if filters.hidden else found,
            is_out=(day.year, day.month) != month,
        )
        for day, found in by_day.items()
    ]
    weeks = []
    for start in range(0, len(days), 7):
        week = days[start : start + 7]
        counted = Counter(row[SWITCH] for day in week for row in by_day[day.day] if row[COUNTS])
        posts = counted.pop("posts", 0)
        weeks.append(Week(week[0].day, week, meetings=counted.total(), posts=posts))
    return weeks


def _listed(gone_by: Sequence[Day], to_come: Sequence[Day], filters: Filters) -> dict[date, list[Mark]]:
    """Which marks of which days the list says: of the days to come, of those gone by if asked or nothing comes; or of
    one day alone."""
    if filters.day:
        return {
            day.day: list(itertools.islice(day.marks, ON_ITS_OWN))
            for day in (*gone_by, *to_come)
            if day.day == filters.day
        }
    listed, left = {}, IN_THE_LIST
    for day in [*(gone_by if filters.with_past or not to_come else ()), *to_come]:
        listed[day.day] = list(itertools.islice(day.marks, min(IN_A_DAY, left)))
        left -= len(listed[day.day])
    return listed


def _said(marks: Iterable[Mark], lines: dict[Key, Line]) -> list[Line]:
    """The lines of these marks; one that went away between two queries is left out."""
    found = (lines.get((mark.source, mark.pk)) for mark in marks)
    return [line for line in found if line is not None]


@cache
def _people() -> Compiled:
    """The members of the team, whose calendars can be looked at."""
    members = User.objects.filter(memberships__team=given("team"), memberships__until=None, is_active=True)
    return Compiled(members.distinct().only("name", "email").order_by("name", "pk"))


@cache
def _waiting(*, of_one: bool) -> Compiled:
    """What nobody has noted yet, the latest first: of everybody, or what one person hosts."""
    rows = Occurrence.objects.filter(team=given("team"))
    if of_one:
        rows = rows.hosted_by(given("host"))
    return Compiled(
        rows.not_yet_noted(given("now")).with_people().order_by("-starts_at", "pk")[:NOT_YET_NOTED]
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_reckonable(day) else None


def _month(text: str, today: date) -> date:
    """The first of the month asked for, else of today's; years in which everything can be reckoned."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return month if 1970 <= month.year <= 2100 else today.replace(day=1)
