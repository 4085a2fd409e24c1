"""The calendar: meetings, posts and promises of a month, as a grid and as a list by day.

A month of a busy team holds hundreds of lines: they are read as plain values, and each line is worded once.
"""

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import TeamRequest
from accounts.models import Team, User
from accounts.permissions import team_page
from communitycrm.pages.calendar_lines import Line, meetings, noted, posts, promises
from events.models import Occurrence
from events.planning import instant
from foundation import clock
from foundation.inputs import row_ids

NOT_YET_NOTED = 10
IN_A_CELL = 3  # lines; the others are in the list
MINE, EVERYBODY = "mine", "all"
SWITCHES = ("events", "series", "posts", "promises")


@dataclass(frozen=True)
class Filters:
    """What the address asks for: a month, whose, and what is left out. `who` is a teammate, or None for everybody's."""

    month: date
    who: User | None
    own: bool
    hidden: frozenset[str] = frozenset()

    @property
    def query(self) -> str:
        """The address of this view of the month."""
        whose = MINE if self.own else str(self.who.pk) if self.who else EVERYBODY
        off = {name: "0" for name in SWITCHES if name in self.hidden}
        return urlencode({"month": f"{self.month:%Y-%m}", "who": whose, **off})

    def months_away(self, months: int) -> "Filters":
        """The same switches in another month."""
        ahead = self.month.year * 12 + self.month.month - 1 + months
        return replace(self, month=date(ahead // 12, ahead % 12 + 1, 1))

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
            (name, name not in self.hidden, replace(self, hidden=self.hidden ^ {name}).query)
            for name in SWITCHES
        ]


@dataclass(frozen=True)
class Day:
    """A day and its lines; of those of the grid at most a few."""

    day: date
    lines: list[Line]
    is_out: bool = False

    @property
    def few(self) -> list[Line]:
        """Meetings first: posts must not crowd them out."""
        return sorted(self.lines, key=lambda line: line.what != "meeting")[:IN_A_CELL]

    @property
    def more(self) -> int:
        return max(0, len(self.lines) - IN_A_CELL)


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
        return [day for day in self.days if day.lines and not day.is_out]


@dataclass(frozen=True)
class CalendarPage:
    """A month. In the present one the weeks gone by are apart in the list. `tonight`: who is where today, when
    everybody's calendar is looked at. `not_yet_noted` waits for an answer."""

    filters: Filters
    people: list[User]
    weeks: list[Week]
    past: list[Day]
    coming: list[Week]
    tonight: list[Line] | None
    not_yet_noted: list[Occurrence]

    @property
    def days(self) -> list[Day]:
        """The days of the list that are not gone by."""
        return [day for week in self.coming for day in week.with_lines]


@team_page
@require_safe
def calendar(request: TeamRequest) -> HttpResponse:
    """A month: ?month=2026-11, ?who=mine|all|<person>, ?events=0, ?series=0, ?posts=0, ?promises=0."""
    assert request.team is not None  # noqa: S101 - team_page has seen to it
    now = clock.now()
    today = timezone.localtime(now).date()
    is_manager = request.membership is not None and request.membership.is_manager
    people = _people(request.team)
    whose = request.GET.get("who", MINE if is_manager else EVERYBODY)
    other = next((one for one in people if [one.pk] == row_ids([whose])), None)
    own = whose == MINE or other == request.user
    filters = Filters(
        month=_month(request.GET.get("month", ""), today),
        who=request.user if own else other,
        own=own,
        hidden=frozenset(name for name in SWITCHES if request.GET.get(name) == "0"),
    )
    page = of_team(request.team, filters, people=people, now=now)
    return render(request, "pages/calendar.html", {"page": page, "today": today, "filters": filters})


def of_team(team: Team, filters: Filters, *, people: list[User], now: datetime) -> CalendarPage:
    """The page for one reader, in a constant number of queries."""
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    first = filters.month - timedelta(days=filters.month.weekday())
    last = filters.next.month - timedelta(days=1)
    last += timedelta(days=6 - last.weekday())
    span = (instant(first, time(0), zone), instant(last + timedelta(days=1), time(0), zone))
    of_meetings = meetings(team, filters.who, span, zone, now)
    of_notes = noted(team, filters.who, span, zone)
    of_posts = posts(team, filters.who, span, zone)
    of_promises = promises(team, filters.who, (first, last)) if "promises" not in filters.hidden else []
    lines = sorted([*of_promises, *of_meetings, *of_notes, *of_posts], key=lambda line: (line.day, line.time))
    by_day = {
        day: [line for line in group if line.switch not in filters.hidden]
        for day, group in itertools.groupby(lines, key=lambda line: line.day)
    }
    counted = Counter(
        (line.day - timedelta(days=line.day.weekday()), line.what) for line in lines if line.counts
    )
    weeks = [
        Week(
            monday=monday,
            days=[
                Day(
                    day,
                    by_day.get(day, []),
                    is_out=(day.year, day.month) != (filters.month.year, filters.month.month),
                )
                for day in (monday + timedelta(days=ahead) for ahead in range(7))
            ],
            meetings=counted[monday, "meeting"],
            posts=counted[monday, "post"],
        )
        for monday in (first + timedelta(days=ahead) for ahead in range(0, (last - first).days, 7))
    ]
    is_present = filters.month == today.replace(day=1)
    past, coming = _apart(weeks, today) if is_present else ([], weeks)
    own = Occurrence.objects.filter(team=team, binned_at=None)
    waiting = (own.hosted_by(filters.who) if filters.who else own).not_yet_noted(now).with_people()
    return CalendarPage(
        filters=filters,
        people=people,
        weeks=weeks,
        past=past,
        coming=coming,
        tonight=[line for line in of_meetings if line.day == today and not line.is_off]
        if is_present and filters.who is None
        else None,
        not_yet_noted=list(waiting.order_by("-starts_at", "pk")[:NOT_YET_NOTED]),
    )


def _apart(weeks: Iterable[Week], today: date) -> tuple[list[Day], list[Week]]:
    """The days gone by, and the weeks with what is left of them."""
    past = [day for week in weeks for day in week.with_lines if day.day < today]
    left = [replace(week, days=[day for day in week.days if day.day >= today]) for week in weeks]
    return past, [week for week in left if week.days]


def _people(team: Team) -> list[User]:
    """The members of the team, whose calendars can be looked at."""
    members = User.objects.filter(memberships__team=team, memberships__until__isnull=True, is_active=True)
    return list(members.distinct().order_by("name", "pk"))


def _month(text: str, today: date) -> date:
    """The first of the month asked for, else of today's; years in which everything can be reckoned."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return month if 1970 <= month.year <= 2100 else today.replace(day=1)
