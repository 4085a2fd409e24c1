"""How far posts are known: what the staleness rule of the ratio looks at (ratio.md, "INCONCLUSIVE stale").

A schedule that nobody brought in looks like a quiet month online. So a CM (or an import) says "that is all until
this day", and without it the last known post speaks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from accounts.models import Team, User
from outreach.models import Post, PostsKnownUntil


@dataclass(frozen=True)
class Known:
    """Until when a CM's posts are known: the instant of the last one (past or to come), and the day last said."""

    last_post_at: datetime | None
    said_until: date | None

    def until(self, team: Team) -> date | None:
        """The later of the two, as a day of the team; None when nothing is known at all."""
        days = [self.last_post_at.astimezone(team.zone).date()] if self.last_post_at else []
        return max([*days, *([self.said_until] if self.said_until else [])], default=None)


def say_until(
    *, team: Team, manager: User | None, day: date, by: User | None, now: datetime
) -> PostsKnownUntil:
    """Somebody says that all posts until `day` (included) are in. `manager` None: those of the whole team.

    The latest word counts, so a day said too far can be corrected by an earlier one.
    """
    return PostsKnownUntil.objects.create(team=team, manager=manager, day=day, said_by=by, said_at=now)


def known_until(*, team: Team, manager: User | None) -> Known:
    """How far the posts of one CM (of the team's own, when `manager` is None) are known. Two queries."""
    if manager is None:
        return Known(_last_posts(team, [None]).get(None), _said(team).get(None))
    return known_by_manager(team=team, managers=[manager])[manager.pk]


def known_by_manager(*, team: Team, managers: Iterable[User]) -> Mapping[int, Known]:
    """The same for several CMs, by their id, in two queries. What was said for the whole team holds for each."""
    ids = [manager.pk for manager in managers]
    last, said = _last_posts(team, ids), _said(team)

    def day(manager: int) -> date | None:
        return max((said[key] for key in (manager, None) if key in said), default=None)

    return {pk: Known(last.get(pk), day(pk)) for pk in ids}


def _last_posts(team: Team, managers: Iterable[int | None]) -> dict[int | None, datetime]:
    """The last counting post of each author, past or to come."""
    ids = list(managers)
    authors = Q(manager__in=[pk for pk in ids if pk is not None])
    if None in ids:
        authors |= Q(manager__isnull=True)
    posts = Post.objects.counting().filter(authors, team=team).order_by()
    return {row["manager"]: row["last"] for row in posts.values("manager").annotate(last=Max("publish_at"))}


def _said(team: Team) -> dict[int | None, date]:
    """The latest word for each CM; under None, for the whole team."""
    words = PostsKnownUntil.objects.filter(team=team).order_by("said_at", "pk")
    return dict(words.values_list("manager", "day"))
