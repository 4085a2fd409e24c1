"""A word when a launch falls behind an even pace: at most one a week and launch, to those who could see somebody."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import outbox
from notifications.kinds import Audience, Category, Kind, register
from notifications.models import Notification
from notifications.mornings import Morning
from outreach.launches import coverage, pace, words
from outreach.launches.board import team_day
from outreach.launches.coverage import Coverage, State
from outreach.models import Launch

BEHIND = "launch_behind"
NAMED = 3


def register_kinds() -> None:
    """Called from OutreachConfig.ready."""
    register(
        Kind(
            name=BEHIND,
            category=Category.REMINDER,
            audience=Audience.MANAGERS,
            still_true=lambda notification, now: behind_context(notification, now) != {},
            context=behind_context,
            template="outreach/notifications/launch_behind",
            url=lambda notification: reverse("outreach:launch", args=[notification.context["launch"]]),
            title=_("A launch is behind an even pace"),
            about=("launch", _names),
            label=_("A launch of my team is behind an even pace"),
        )
    )


def tell(morning: Morning) -> None:
    """For each launch of the team that is behind, once in a week of the calendar."""
    if not morning.membership.is_manager:
        return
    team = morning.membership.team
    ahead = list(Launch.objects.of_team(team).filter(day__gt=morning.day).select_related("team"))
    for pk, found in (coverage.of_launches(ahead) if ahead else {}).items():
        if behind(found, morning.now) and _could_see(found, morning.person):
            year, week, _weekday = morning.day.isocalendar()
            outbox.notify(
                morning.person,
                BEHIND,
                key=f"{BEHIND}:{pk}:{year}-{week}",
                now=morning.now,
                context={"launch": pk},
            )


def behind(found: Coverage, now: datetime) -> int:
    """How many fewer were met than an even pace asks; 0 when that is no news."""
    launch = found.launch
    return pace.behind(
        found.met,
        found.total,
        since=launch.prepared_since(),
        day=launch.day,
        today=team_day(launch.team, now),
    )


def behind_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """What the reminder says as things stand now; empty when it is no longer true."""
    launch = Launch.objects.visible_to(notification.recipient).select_related("team")
    known = launch.filter(pk=notification.context["launch"]).first()
    found = coverage.of_launch(known) if known else None
    if known is None or found is None or not behind(found, now):
        return {}
    today = team_day(known.team, now)
    waiting = found.next(NAMED, user=notification.recipient)
    return {
        "launch": known,
        "met": words.met(found),
        "left": words.left(known.day, today),
        "pace": words.pace(
            pace.expected(found.total, since=known.prepared_since(), day=known.day, today=today),
            behind(found, now),
        ),
        "names": [card.contact.name for card in waiting],
    }


def _names(person: User, ids: Collection[int]) -> dict[int, str]:
    return dict(Launch.objects.visible_to(person).filter(pk__in=ids).values_list("pk", "name"))


def _could_see(found: Coverage, person: User) -> bool:
    """Whether anybody is left who is this person's to meet, or whoever's can."""
    waiting = found.in_state(State.TO_MEET)
    return any(card.approach.manager_id in (None, person.pk) for card in waiting)
