"""Many CMs with years of meetings and posts: what the pages of presence and the daily evaluation are measured on.

Written by the database itself where it can (PostgreSQL: five million rows of each in two or three minutes), else in
portions.
"""

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import Membership, Role, Team, User
from bench.day import full_day
from bench.seed import written
from contacts.models import Participation, Touchpoint, TouchpointKind
from outreach.models import Post
from ratio.models import Policy

TEAM_SIZES = (20, 50, 20)
"""The first team of twenty is measured, the one of fifty, and a third with a short history; the rest in twenties."""
A_WEEK = 10
"""Meetings and posts of a CM in a week, each: busier than most."""


@dataclass(frozen=True)
class Crowd:
    """The teams to look at, their leads, a CM of the first and one whose history is short; how much was written."""

    twenty: Team
    fifty: Team
    lead_of_twenty: User
    lead_of_fifty: User
    manager: User
    newcomer: User
    people: int
    rows: int
    weeks: int


def fill(*, people: int, rows: int, now: datetime) -> Crowd:
    """So many CMs in teams, and so many meetings and posts of each kind over the years before `now`."""
    weeks = max(1, rows // people // A_WEEK)
    sizes = [*TEAM_SIZES]
    sizes += [20] * max(0, (people - sum(sizes)) // 20)
    teams = [_team(f"crowd-{number}", size, now) for number, size in enumerate(sizes)]
    long = [user for number, (_team_, users, _lead) in enumerate(teams) if number != 2 for user in users]
    short = teams[2][1]
    with indexed_afterwards("contacts_touchpoint", "contacts_participation", "outreach_post"):
        _history(long, weeks, now)
        _history(short, min(weeks, 60), now)
    (twenty, first, lead), (fifty, _users, other) = teams[0], teams[1]
    full_day(twenty, first[0], lead, now)
    return Crowd(twenty, fifty, lead, other, first[0], short[0], len(long) + len(short), rows, weeks)


def _team(slug: str, size: int, now: datetime) -> tuple[Team, list[User], User]:
    team = Team.objects.create(name=slug.title(), slug=slug)
    users = [User(email=f"{slug}-{n}@crowd.example", name=f"CM {slug} {n:02}") for n in range(size + 1)]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    since = (now - timedelta(days=3650)).date()
    lead = users.pop()
    Membership.objects.create(user=lead, team=team, role=Role.LEAD, since=since)
    Membership.objects.bulk_create(
        Membership(user=user, team=team, role=Role.MANAGER, since=since) for user in users
    )
    Policy.objects.create(
        team=team,
        individual_view_since=since,
        individual_view_purpose="Bench",
        people_informed_on=since,
    )
    return team, users, lead


@contextmanager
def indexed_afterwards(*tables: str) -> Iterator[None]:
    """PostgreSQL's indexes of the tables (unless they are constraints) made in one go instead of row by row."""
    if connection.vendor != "postgresql":
        yield
        return
    constraints = "SELECT conindid::regclass::text FROM pg_constraint"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            f" AND quote_ident(indexname) NOT IN ({constraints})",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)


def _history(people: list[User], weeks: int, now: datetime) -> None:
    """Meetings and posts spread evenly over the weeks before now, posts also over the two weeks after it."""
    ids = [user.pk for user in people]
    if connection.vendor == "postgresql":
        _by_database(ids, weeks, now)
    else:
        _by_hand(ids, weeks, now)


def _by_database(ids: list[int], weeks: int, now: datetime) -> None:
    kind = TouchpointKind.objects.get(team=None, code="meeting").pk
    people = "SELECT user_id, team_id FROM accounts_membership WHERE user_id = ANY(%(ids)s) AND until IS NULL"
    values = {"ids": ids, "kind": kind, "now": now, "count": weeks * A_WEEK, "ahead": 2 * A_WEEK}
    step = f"interval '{7 * 24 * 60 // A_WEEK} minutes'"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no check of each foreign key
        cursor.execute(
            f"""
            INSERT INTO contacts_touchpoint (team_id, kind_id, is_real, colleagues_only, met_at, author_id, client_id,
                place, note, is_private, created_at, updated_at)
            SELECT team_id, %(kind)s, n %% 5 > 0, n %% 9 = 0, at, user_id, gen_random_uuid(), '', '', false, at, at
            FROM ({people}) AS cm, generate_series(1, %(count)s) AS n,
                LATERAL (SELECT %(now)s::timestamptz - n * {step} - (user_id %% 97) * interval '7 minutes' AS at) AS when_
            """,  # numbers of our own
            values,
        )
        cursor.execute(
            """
            INSERT INTO contacts_participation (touchpoint_id, manager_id, met_at)
            SELECT id, author_id, met_at FROM contacts_touchpoint WHERE author_id = ANY(%(ids)s)
            """,
            values,
        )
        cursor.execute(
            f"""
            INSERT INTO outreach_post (team_id, manager_id, text, publish_at, status, origin, external_id, import_key,
                created_at)
            SELECT team_id, user_id, 'Annonce ' || n, %(now)s::timestamptz - (n - %(ahead)s) * {step}
                - (user_id %% 89) * interval '5 minutes', 'scheduled', '', '', '', %(now)s
            FROM ({people}) AS cm, generate_series(1, %(count)s + %(ahead)s) AS n
            """,  # numbers of our own
            values,
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def _by_hand(ids: list[int], weeks: int, now: datetime) -> None:
    chance = random.Random(7)
    kind = TouchpointKind.objects.get(team=None, code="meeting")
    of = dict(Membership.objects.filter(user__in=ids).values_list("user", "team"))
    step = timedelta(weeks=1) / A_WEEK

    def moments() -> Iterator[tuple[int, int, datetime]]:
        for user in ids:
            for n in range(1, weeks * A_WEEK + 1):
                yield user, n, now - n * step - timedelta(minutes=chance.randrange(300))

    written(
        Touchpoint,
        (
            Touchpoint(
                team_id=of[user],
                kind=kind,
                is_real=n % 5 > 0,
                colleagues_only=n % 9 == 0,
                met_at=at,
                author_id=user,
                client_id=uuid.uuid4(),
                created_at=at,
            )
            for user, n, at in moments()
        ),
    )
    met = Touchpoint.objects.filter(author__in=ids).values_list("pk", "author", "met_at")
    written(
        Participation, (Participation(touchpoint_id=pk, manager_id=user, met_at=at) for pk, user, at in met)
    )
    written(
        Post,
        (
            Post(
                team_id=of[user],
                manager_id=user,
                text=f"Annonce {n}",
                publish_at=at + timedelta(weeks=2),
                created_at=now,
            )
            for user, n, at in moments()
        ),
    )
