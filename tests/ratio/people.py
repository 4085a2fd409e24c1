"""Rows for the tests of the ratio: a CM's weeks as meetings and posts in the database."""

import datetime as dt
from collections.abc import Sequence

from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from contacts.models import Contact
from outreach.models import Post, Status
from tests.cast import NOW, make_touchpoint
from tests.ratio.weeks import at, spread

THIS_MONDAY = dt.date(2026, 11, 23)


def make_post(team: Team, manager: User | None, publish_at: dt.datetime, **fields: object) -> Post:
    defaults: dict[str, object] = {
        "text": "Ce soir au Brise-Lames",
        "status": Status.SCHEDULED,
        "created_at": NOW,
    }
    return Post.objects.create(team=team, manager=manager, publish_at=publish_at, **{**defaults, **fields})


def live(
    team: Team,
    manager: User,
    weeks: Sequence[tuple[int, int]],
    contacts: list[Contact] | None = None,
    last_monday: dt.date = THIS_MONDAY - dt.timedelta(weeks=1),
) -> None:
    """(r, o) meetings and posts of the weeks up to the one that begins on `last_monday`."""
    for back, (real, online) in enumerate(reversed(weeks)):
        monday = last_monday - dt.timedelta(weeks=back)
        for moment in spread(real, monday, (4, 5)):
            make_touchpoint(team, manager, contacts, met_at=moment)
        Post.objects.bulk_create(
            Post(team=team, manager=manager, text="Annonce", publish_at=moment, created_at=NOW)
            for moment in spread(online, monday, (0, 1, 2, 3, 4, 5))
        )


def morning(day: dt.date) -> dt.datetime:
    """07:30 of a day in Paris, when its slot is due."""
    return at(day, 7, 30)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def team_address(team: Team) -> str:
    return reverse("ratio:team_presence", args=[team.slug])
