"""What the posts say in the morning: nobody has brought them in for a while, so nothing can be said of presence."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from notifications import outbox
from notifications.kinds import Audience, Category, Kind, register
from notifications.models import Notification
from notifications.mornings import Morning
from outreach import known
from outreach.models import Post

MISSING = "posts_missing"
AFTER_DAYS, AGAIN_DAYS = 10, 28
REGULAR, REGULAR_DAYS = 4, 28
"""Who published less than four times in the four weeks up to the last post has no schedule to bring in."""


def register_kinds() -> None:
    """Called once, from OutreachConfig.ready."""
    register(
        Kind(
            name=MISSING,
            category=Category.REMINDER,
            audience=Audience.MANAGERS,
            still_true=lambda notification, now: _known_until(notification, now) is not None,
            context=missing_context,
            template="outreach/notifications/posts_missing",
            url=lambda notification: reverse("posts"),
            title=_("Your posts have not been brought in for a while"),
            label=_("My posts have not been brought in"),
        )
    )


def tell(morning: Morning) -> None:
    """Once when posts have been missing for ten days, and again every four weeks."""
    if not morning.membership.is_manager:
        return
    team = morning.membership.team
    until = missing_since(morning.person, team, morning.day)
    if until is not None:
        times = ((morning.day - until).days - AFTER_DAYS - 1) // AGAIN_DAYS
        outbox.notify(
            morning.person,
            MISSING,
            key=f"{MISSING}:{team.pk}:{until}:{times}",
            now=morning.now,
            context={"team": team.pk},
        )


def missing_since(person: User, team: Team, today: date) -> date | None:
    """The day until which the posts of a regular publisher are known, when it lies over ten days back; else None."""
    found = known.known_until(team=team, manager=person)
    until = found.until(team)
    if until is None or found.last_post_at is None or (today - until).days <= AFTER_DAYS:
        return None
    since = found.last_post_at - timedelta(days=REGULAR_DAYS)
    posts = Post.objects.counting().filter(team=team, manager=person, publish_at__gt=since)
    return until if posts.count() >= REGULAR else None


def missing_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """Until when they are known, and where to bring them in."""
    return {
        "until": _known_until(notification, now),
        "bring_in": settings.PUBLIC_URL + reverse("outreach:post_import"),
        "posts": settings.PUBLIC_URL + reverse("posts"),
    }


def _known_until(notification: Notification, now: datetime) -> date | None:
    team = Team.objects.filter(pk=notification.context["team"]).first()
    if team is None:
        return None
    return missing_since(notification.recipient, team, now.astimezone(team.zone).date())
