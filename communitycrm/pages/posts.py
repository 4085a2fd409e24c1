"""Posts by day, and what this week's presence would be with them."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import TeamRequest
from accounts.models import Team, User
from accounts.permissions import team_page
from events.planning import days_later
from foundation import clock
from outreach import known
from outreach.models import Post, PostQuerySet, Status
from ratio import presence

PAST_DAYS = 7
SHOWN = 200
WHOSE = ("mine", "team", "all")


@dataclass(frozen=True)
class Row:
    """One post as the reader may deal with it."""

    post: Post
    is_past: bool
    may_write: bool
    can_move: bool


@dataclass(frozen=True)
class Day:
    """A day with posts, in the reader's zone."""

    day: date
    rows: list[Row]


@dataclass(frozen=True)
class PostsPage:
    """What the page shows; `more` says that further posts lie ahead of those shown."""

    whose: str
    past: list[Day]
    to_come: list[Day]
    drafts: list[Row]
    count_to_come: int
    more: bool
    known_until: date | None

    @property
    def is_empty(self) -> bool:
        return not (self.past or self.to_come or self.drafts)


@team_page
@require_safe
def posts(request: TeamRequest) -> HttpResponse:
    """The posts of the last seven days and to come: one's own, the team's, or everybody's."""
    assert request.team is not None  # noqa: S101 - team_page has seen to it
    now, is_manager = clock.now(), request.membership is not None and request.membership.is_manager
    whose = request.GET.get("whose", "mine" if is_manager else "all")
    page = of_team(
        request.team,
        request.user,
        whose=whose if whose in WHOSE else "all",
        leads=request.membership is not None and request.membership.is_lead,
        now=now,
    )
    own = is_manager and page.whose == "mine"
    context = {
        "page": page,
        "today": timezone.localtime(now).date(),
        "is_manager": is_manager,
        "here": request.get_full_path(),
        "sentence": presence.with_posts_sentence(request.user, request.team, now) if own else "",
    }
    return render(request, "pages/posts.html", context)


def of_team(team: Team, user: User, *, whose: str, leads: bool, now: datetime) -> PostsPage:
    """The page for one reader, in a constant number of queries."""
    zone = timezone.get_current_timezone()
    since = days_later(now, -PAST_DAYS, zone)
    chosen = _of(Post.objects.filter(team=team, binned_at=None), whose, user)
    people = chosen.select_related("manager", "occurrence__kind")
    found = list(people.filter(publish_at__gte=since).order_by("publish_at", "pk")[: SHOWN + 1])
    drafts = list(people.filter(status=Status.DRAFT, publish_at=None).order_by("-created_at", "-pk")[:SHOWN])
    prefetch_related_objects([*found, *drafts], "channels")
    rows = [_row(post, user, leads, now) for post in found[:SHOWN]]
    return PostsPage(
        whose=whose,
        past=_by_day([row for row in rows if row.is_past]),
        to_come=_by_day([row for row in rows if not row.is_past]),
        drafts=[_row(post, user, leads, now) for post in drafts],
        count_to_come=sum(not row.is_past and row.post.status == Status.SCHEDULED for row in rows),
        more=len(found) > SHOWN,
        known_until=_known(team, user, whose),
    )


def _of(posts: PostQuerySet, whose: str, user: User) -> PostQuerySet:
    if whose == "mine":
        return posts.filter(manager=user)
    return posts.filter(manager=None) if whose == "team" else posts


def _known(team: Team, user: User, whose: str) -> date | None:
    """Until when the posts shown are known; nothing is said of everybody's together."""
    if whose == "all":
        return None
    return known.known_until(team=team, manager=user if whose == "mine" else None).until(team)


def _row(post: Post, user: User, leads: bool, now: datetime) -> Row:  # noqa: FBT001
    may_write = post.may_be_written_by(user, leads=leads)
    is_past = post.publish_at is not None and post.publish_at <= now
    return Row(post, is_past, may_write, may_write and post.can_move(now))


def _by_day(rows: list[Row]) -> list[Day]:
    def day(row: Row) -> date:
        return timezone.localtime(row.post.publish_at).date()

    return [Day(key, list(group)) for key, group in itertools.groupby(rows, key=day)]
