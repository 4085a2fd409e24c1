"""What readings ask of the database, three statements, each written once in a process.

Given are `team`, `now`, the days `first_day` and `today`, the moment `since` when the first day begins, and `user` (one
person) or `users` (ids).
"""

import datetime as dt
from functools import cache

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Left, TruncDate

from accounts.models import Membership
from contacts.models import Participation
from contacts.models.kind import COLLEAGUE, KindRule
from events.models import Attendance, Occurrence
from foundation.compiled import Compiled, given
from outreach.models import Post, PostsKnownUntil
from ratio import moments
from ratio.models import ContextNote, Exclusion, Leave, Target
from ratio.verdicts import REGULAR_POSTS

LABEL = 120
"""Letters of a post that are read where somebody will see them."""


@cache
def memberships(*, alone: bool) -> Compiled:
    """CM memberships of a team or (`alone`) of one person that touch the days, oldest first, with how far each person's
    posts are known."""
    team = given("team")
    posts = Post.objects.counting().filter(team=team, manager=OuterRef("user")).order_by("-publish_at")
    said = PostsKnownUntil.objects.filter(team=team).order_by("-said_at", "-pk").values("day")
    touching = Q(until__isnull=True) | Q(until__gte=given("first_day"))
    found = Membership.objects.managing().filter(touching, team=team, since__lte=given("today"))
    return Compiled(
        (found.filter(user=given("user")) if alone else found)
        .select_related("user", "team__policy")
        .annotate(
            last_post_at=Subquery(posts.values("publish_at")[:1]),
            regular_post_at=Subquery(posts.values("publish_at")[REGULAR_POSTS - 1 : REGULAR_POSTS]),
            said_until=Subquery(said.filter(manager=OuterRef("user"))[:1]),
            team_said_until=Subquery(said.filter(manager__isnull=True)[:1]),
        )
        .order_by("since", "pk")
    )


@cache
def lines(zone: dt.tzinfo, *, alone: bool, labelled: bool) -> Compiled:
    """What these people did and plan, and the posts of the team or (`alone`) of one person; rows that are alike as one."""
    columns = ("sort", "manager", "real", "colleagues_only", "code", "name")
    nothing = {"code": Value("", TextField()), "name": Value("", TextField())}
    kind = {"code": F("touchpoint__kind__code"), "name": F("touchpoint__kind__name")}
    met = Participation.objects.filter(
        manager__in=given("users"),
        met_at__gte=given("since"),
        met_at__lte=given("now"),
        touchpoint__team=given("team"),
        touchpoint__binned_at__isnull=True,
    )
    if not alone:
        # Says the same again: PostgreSQL then reads the team's in one sweep, and need not look each one up.
        met = met.filter(touchpoint__met_at__gte=given("since"))
    met = met.annotate(
        sort=Value("met", TextField()),
        real=F("touchpoint__is_real"),
        colleagues_only=F("touchpoint__colleagues_only"),
        **(kind if labelled else nothing),
    )
    posts = Post.objects.counting().filter(team=given("team"), publish_at__gte=given("since"))
    posts = (posts.filter(manager=given("user")) if alone else posts).annotate(
        sort=Value("post", TextField()),
        real=Value(True),
        colleagues_only=Value(False),
        **(nothing | {"name": Left("text", LABEL)} if labelled else nothing),
    )
    planned = _planned(zone).annotate(sort=Value("planned", TextField()), **nothing)
    parts = (
        moments.joined(met.values_list(*columns), "touchpoint", "met_at"),
        moments.joined(posts.values_list(*columns), "pk", "publish_at"),
        moments.joined(planned.values_list("sort", "hosts", *columns[2:]), "pk", "starts_at"),
    )
    return Compiled(parts[0].union(*parts[1:], all=True))


def _planned(zone: dt.tzinfo) -> QuerySet[Occurrence]:
    """Standing occurrences still to come that these people host. One that took place counts as done."""
    team = given("team")
    guests = Attendance.objects.filter(occurrence=OuterRef("pk"))
    others = guests.exclude(contact__kind__code=COLLEAGUE, contact__kind__team=None)
    rule = KindRule.objects.filter(team=team, kind=OuterRef("kind"), since__lte=OuterRef("day"))
    ruled = rule.order_by("-since").values("is_real")[:1]
    open_still = Q(touchpoint__isnull=True) | Q(touchpoint__met_at__gt=given("now"))
    found = Occurrence.objects.upcoming(given("now")).filter(open_still, team=team, hosts__in=given("users"))
    return found.annotate(day=TruncDate("starts_at", tzinfo=zone)).annotate(
        real=Coalesce(Subquery(ruled), "kind__is_real"),
        colleagues_only=Case(When(Exists(guests) & ~Exists(others), then=True), default=False),
    )


@cache
def spoken() -> Compiled:
    """What these people said about their days and lines, the latest first, with the team's targets among it."""
    team, whose, since = given("team"), {"manager__in": given("users")}, given("since")
    nothing, never = Value("", TextField()), Cast(Value(None), DateField())
    days, no_days = {"first": F("first_day"), "last": F("last_day")}, {"first": never, "last": never}
    away, noted = Leave.objects.filter(team=team, **whose), ContextNote.objects.filter(team=team, **whose)
    aims, out = Target.objects.filter(team=team), Exclusion.objects.filter(**whose)
    out_met, out_posted = out.filter(touchpoint__met_at__gte=since), out.filter(post__publish_at__gte=since)
    text, share = Cast("text", TextField()), Cast("share", TextField())
    parts = [
        away.annotate(sort=Value("days"), row=F("pk"), said=nothing, **days),
        noted.annotate(sort=Value("days"), row=F("pk"), said=text, **days),
        aims.annotate(sort=Value("target"), row=F("pk"), said=share, first=F("since"), last=F("until")),
        out_met.annotate(sort=Value("met"), row=F("touchpoint"), said=nothing, **no_days),
        out_posted.annotate(sort=Value("post"), row=F("post"), said=nothing, **no_days),
    ]
    columns = ("sort", "manager", "row", "first", "last", "said")
    rows = [part.order_by().values_list(*columns) for part in parts]
    return Compiled(rows[0].union(*rows[1:], all=True).order_by("-first", "-row"))
