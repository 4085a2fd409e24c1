"""Builds the demo, the same on the same day, in one transaction."""

import random
import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Team, User
from communitycrm.demo import story
from communitycrm.demo.calendar import NEWCOMER_DAYS, Calendar
from communitycrm.demo.launches import Season
from communitycrm.demo.meetings import Diary
from communitycrm.demo.people import DOMAIN, Cast, build_contacts, build_team
from communitycrm.demo.plans import build_plans, build_posts, build_promises
from communitycrm.demo.privacy import build_privacy
from communitycrm.demo.regulars import Regulars
from notifications.models import Delivery, Notification, State
from ratio import evaluations
from ratio.models import ContextNote, Policy, Target

EVALUATED_DAYS = 45
DEALT_WITH_AFTER = 5  # days


class NotEmptyError(Exception):
    """The database holds somebody's work: the demo never touches it."""


def build(now: datetime) -> list[tuple[str, str]]:
    """Fill an empty database; returns the sign-ins as (e-mail, password). Raises NotEmptyError."""
    if User.objects.exists() or Team.objects.exists():
        raise NotEmptyError
    password = secrets.token_urlsafe(9)
    chance = random.Random("marée haute")  # noqa: S311  # a story, not a secret
    zone = ZoneInfo("Europe/Paris")
    calendar = Calendar(zone=zone, today=now.astimezone(zone).date(), now=now)
    with transaction.atomic():
        cast = build_team(password, calendar.today, NEWCOMER_DAYS)
        build_contacts(cast, calendar.today, now, chance)
        regulars = Regulars(cast, calendar, chance)
        Diary(cast, calendar, chance, room=regulars.plan()).write()
        regulars.answer()
        build_posts(cast, calendar, chance)
        build_plans(cast, calendar)
        build_promises(cast, calendar, chance)
        build_policy(cast, calendar)
        Season(cast, calendar).write()
        build_privacy(cast, calendar)
        live_through(calendar, now)
    keys = [*story.MANAGERS, story.LEAD[0], story.ADMIN[0]]
    return [(f"{key}@{DOMAIN}", password) for key in keys]


def build_policy(cast: Cast, calendar: Calendar) -> None:
    """The target and, agreed with everybody, the individual view."""
    long_ago = calendar.today - timedelta(days=300)
    Target.objects.create(team=cast.team, share="0.30", since=long_ago, set_by=cast.users["admin"])
    Policy.objects.create(
        team=cast.team,
        individual_view_since=long_ago,
        individual_view_purpose="Voir qui a besoin d’un coup de main pour sortir du bureau.",
        people_informed_on=long_ago - timedelta(days=21),
        people_informed_how="en réunion d’équipe, puis par e-mail",
    )
    ContextNote.objects.create(
        team=cast.team,
        manager=cast.users["under"],
        first_day=calendar.today - timedelta(days=13),
        last_day=calendar.today - timedelta(days=10),
        text="Semaine du festival : tout le monde était pris",
    )


def live_through(calendar: Calendar, now: datetime) -> None:
    """The daily evaluations of the last weeks, each at its hour; what they said by mail has long left."""
    for back in range(EVALUATED_DAYS, -1, -1):
        morning = calendar.at(-back, 7, 30)
        if morning <= now:
            evaluations.evaluate(now=morning)
    told = Notification.objects.filter(created_at__lt=calendar.at(-DEALT_WITH_AFTER, 0))
    told.update(read_at=now, done_at=now)
    for delivery in Delivery.objects.filter(state=State.QUEUED, due_at__lt=calendar.at(0, 0)):
        delivery.state, delivery.sent_at, delivery.attempts = State.SENT, delivery.due_at, 1
        delivery.save(update_fields=["state", "sent_at", "attempts"])
