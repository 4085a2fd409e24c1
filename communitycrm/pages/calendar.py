"""The calendar: meetings planned and held, and posts beside them, a list by day."""

import itertools
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import TeamRequest
from accounts.models import Team, User
from accounts.permissions import team_page
from events.models import Occurrence
from events.planning import instant
from foundation import clock
from outreach.models import Post, Status

NOT_YET_NOTED = 10


@dataclass(frozen=True)
class Filters:
    """What the address asks for: a month, one's own or everybody's, with posts or without."""

    month: date
    everybody: bool
    posts: bool

    @property
    def query(self) -> str:
        """The address of this view of the month."""
        asked = {"month": f"{self.month:%Y-%m}", "who": "all" if self.everybody else "mine"}
        return urlencode({**asked, "posts": int(self.posts)})

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
    def other_people(self) -> "Filters":
        return replace(self, everybody=not self.everybody)

    @property
    def other_posts(self) -> "Filters":
        return replace(self, posts=not self.posts)


@dataclass(frozen=True)
class Entry:
    """One line of a day: a meeting or a post."""

    at: datetime
    occurrence: Occurrence | None = None
    post: Post | None = None


@dataclass(frozen=True)
class Day:
    day: date
    entries: list[Entry]


@dataclass(frozen=True)
class CalendarPage:
    """A month's days; in the present month those gone by are apart. `not_yet_noted` waits for an answer."""

    filters: Filters
    past: list[Day]
    days: list[Day]
    not_yet_noted: list[Occurrence]


@team_page
@require_safe
def calendar(request: TeamRequest) -> HttpResponse:
    """A month of meetings and posts: ?month=2026-11, ?who=mine|all, ?posts=0|1."""
    assert request.team is not None  # noqa: S101 - team_page has seen to it
    now = clock.now()
    today = timezone.localtime(now).date()
    is_manager = request.membership is not None and request.membership.is_manager
    filters = Filters(
        month=_month(request.GET.get("month", ""), today),
        everybody=request.GET.get("who", "mine" if is_manager else "all") == "all",
        posts=request.GET.get("posts", "1") != "0",
    )
    page = of_team(request.team, request.user, filters, now=now)
    return render(request, "pages/calendar.html", {"page": page, "today": today, "filters": filters})


def of_team(team: Team, user: User, filters: Filters, *, now: datetime) -> CalendarPage:
    """The page for one reader, in a constant number of queries."""
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    first, after = (instant(month.month, time(0), zone) for month in (filters, filters.next))
    seen = Occurrence.objects.filter(team=team, binned_at=None)
    own = seen if filters.everybody else seen.hosted_by(user)
    entries = [
        Entry(occurrence.starts_at, occurrence=occurrence)
        for occurrence in own.filter(starts_at__gte=first, starts_at__lt=after).with_people()
    ]
    if filters.posts:
        posts = _posts(team, user, filters, first, after)
        entries += [Entry(post.publish_at, post=post) for post in posts if post.publish_at]
    entries.sort(key=lambda entry: entry.at)
    days = [
        Day(day, list(group))
        for day, group in itertools.groupby(entries, key=lambda entry: entry.at.astimezone(zone).date())
    ]
    is_present = filters.month == today.replace(day=1)
    return CalendarPage(
        filters=filters,
        past=[day for day in days if is_present and day.day < today],
        days=[day for day in days if not (is_present and day.day < today)],
        not_yet_noted=list(own.not_yet_noted(now).with_people().order_by("-starts_at", "pk")[:NOT_YET_NOTED]),
    )


def _posts(team: Team, user: User, filters: Filters, first: datetime, after: datetime) -> list[Post]:
    """Posts of the month but for the cancelled ones; one's own unless everybody's are asked for."""
    posts = Post.objects.filter(team=team, binned_at=None, publish_at__gte=first, publish_at__lt=after)
    chosen = posts if filters.everybody else posts.filter(manager=user)
    return list(
        chosen.exclude(status=Status.CANCELLED).select_related("manager").prefetch_related("channels")
    )


def _month(text: str, today: date) -> date:
    """The first of the month asked for, else of today's; years in which everything can be reckoned."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return month if 1970 <= month.year <= 2100 else today.replace(day=1)
