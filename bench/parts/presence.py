"""The pages of presence and the daily evaluation, among many CMs with long histories; beside the rows alone."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from bench import crowd, measures
from bench.crowd import Crowd
from bench.scene import Row, Scene
from contacts.models import Participation
from outreach.models import Post
from ratio import evaluations, readings

PEOPLE = {"small": 100, "medium": 200, "large": 1_000}
EACH = 5_000
"""Meetings of a CM, and as many posts, on PostgreSQL."""
SQLITE = (90, 100_000)
"""CMs and rows of each: SQLite is for small installations, whatever is asked for."""
_filled: list[Crowd] = []


def pages(scene: Scene) -> list[Row]:
    """One's own, the team's of 20 and of 50 people over 12 and 52 weeks; each beside a page that says hello."""
    asked = scene.crowd or PEOPLE[scene.size.name]
    people, rows = SQLITE if connection.vendor == "sqlite" else (asked, asked * EACH)
    here = crowd.fill(people=people, rows=rows, now=scene.now)
    _filled.append(here)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    own, newcomer = scene.visitor(here.manager), scene.visitor(here.newcomer)
    twenty, fifty = scene.visitor(here.lead_of_twenty), scene.visitor(here.lead_of_fifty)
    size = f"{here.people:,} CMs, {here.weeks} weeks"

    def page(visitor: measures.Visitor, name: str, path: str, goal: str) -> Row:
        return scene.page(name, path, goal, visitor=visitor, of_rows=False)

    def team(visitor: measures.Visitor, people: int, weeks: int, goal: str) -> Row:
        where = (here.twenty if people == 20 else here.fifty).slug
        return page(
            visitor, f"team of {people}, {weeks} weeks", f"/teams/{where}/presence/?weeks={weeks}", goal
        )

    return [
        page(own, f"home ({size})", "/", "<= 25 ms, <= 12 queries"),
        page(own, "own presence", "/presence/", "<= 25 ms, <= 12 queries"),
        page(newcomer, "own presence, a short history", "/presence/", "the same"),
        page(own, "what was counted", "/presence/counted/", ""),
        page(own, "a year back", "/presence/year/", ""),
        team(twenty, 20, 12, "<= 50 ms"),
        team(twenty, 20, 52, ""),
        team(fifty, 50, 12, ""),
        team(fifty, 50, 52, "<= 200 ms"),
        Row("the rows of one CM alone", _best(lambda: _rows(here, 1, 98)), "ms"),
        Row("the rows of 20 CMs, 14 weeks, alone", _best(lambda: _rows(here, 20, 98)), "ms"),
        Row("the rows of 50 CMs, 52 weeks, alone", _best(lambda: _rows(here, 50, 364)), "ms"),
        Row(
            "the book of 20 CMs, without a page",
            _best(lambda: readings.of_team(here.twenty, now=scene.now)),
            "ms",
        ),
    ]


def work(scene: Scene) -> list[Row]:
    """The daily evaluation of everybody."""
    day = measures.a_tuesday(scene.now) + timedelta(weeks=2)
    started = time.perf_counter()
    written = evaluations.evaluate(now=day)
    taken = time.perf_counter() - started
    here = _filled[-1]
    limit = _best(lambda: _rows(here, 20, 98)) * here.people / 20 / 1000
    goal = "<= 10 s for 1,000 CMs"
    return [Row(f"evaluation of {written:,} CMs", taken, "s", None, limit, "their rows alone", goal)]


def _rows(here: Crowd, people: int, days: int) -> int:
    """The plain rows that such a page depends on, fetched and thrown away."""
    team = here.twenty if people <= 20 else here.fifty
    users = list(team.memberships.filter(role="manager").values_list("user", flat=True)[:people])
    since = Participation.objects.filter(manager=users[0]).latest("met_at").met_at - timedelta(days=days)
    met = Participation.objects.filter(manager__in=users, met_at__gte=since, touchpoint__team=team)
    posts = Post.objects.counting().filter(manager__in=users, team=team, publish_at__gte=since).order_by()
    met_rows = met.values_list("manager", "touchpoint", "met_at", "touchpoint__is_real")
    return len(list(met_rows)) + len(list(posts.values_list("manager", "pk", "publish_at")))


def _best(work: Callable[[], object]) -> float:
    """Milliseconds of the quickest of some runs."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best * 1000
