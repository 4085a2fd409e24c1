"""The team's figures day by day over a long time, lean: what counts is decided as in `counting`, on bare rows.

For a year of fifty people a ledger each would cost more than the page may; here a row is a tuple, read once. Held
against the naive way by `manage.py check_data`, like everything else.
"""

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from accounts.models import Membership, Team
from contacts.models import Participation
from outreach.models import Post
from ratio import moments, periods
from ratio.models import Exclusion, Leave
from ratio.verdicts import Counts, Rules

Span = tuple[dt.date, dt.date | None]


def by_day(
    team: Team, first: dt.date, last: dt.date, *, rules: Rules, now: dt.datetime
) -> dict[dt.date, Counts]:
    """Distinct real actions and posts of each day from `first` to `last`, up to `now`. Four queries."""
    spans = _spans(team, first, last)
    met = _met(team, spans, first, last, rules, now)
    posts = _posts(team, spans, first, last, now)
    return {day: Counts(len(met.get(day, ())), posts.get(day, 0)) for day in {*met, *posts}}


def _spans(team: Team, first: dt.date, last: dt.date) -> dict[int, list[Span]]:
    """Who was a CM of the team in these days, and when."""
    rows = Membership.objects.managing().filter(
        Q(until__isnull=True) | Q(until__gte=first), team=team, since__lte=last
    )
    spans: dict[int, list[Span]] = defaultdict(list)
    for user, since, until in rows.values_list("user", "since", "until"):
        spans[user].append((since, until))
    return spans


def _met(
    team: Team, spans: dict[int, list[Span]], first: dt.date, last: dt.date, rules: Rules, now: dt.datetime
) -> dict[dt.date, set[int]]:
    """The touchpoints of each day that count for somebody who was a CM then."""
    days = list(periods.days_between(periods.week_of(first)[0], last))
    starts = [periods.start_of(day, team.zone) for day in days]
    marks = [moments.mark(start) for start in starts]
    away = _away(team, spans)
    excluded = Exclusion.objects.filter(manager=OuterRef("manager"), touchpoint=OuterRef("touchpoint"))
    rows = (
        Participation.objects.filter(
            ~Exists(excluded),
            manager__in=list(spans),
            met_at__gte=starts[0],
            met_at__lte=min(now, periods.last_moment(last, team.zone)),
            touchpoint__team=team,
            touchpoint__binned_at__isnull=True,
            touchpoint__is_real=True,
        )
        .order_by("manager", "met_at", "touchpoint")
        .annotate(mark=moments.raw("met_at"))
        .values_list("manager", "touchpoint", "mark", "touchpoint__colleagues_only")
    )
    met: dict[dt.date, set[int]] = defaultdict(set)
    throughout = _throughout(spans, first, last)
    of_day: Counter[tuple[int, int]] = Counter()
    of_week: Counter[tuple[int, int]] = Counter()
    for manager, touchpoint, mark, colleagues_only in rows:
        number = bisect_right(marks, mark) - 1
        day = days[number]
        if day in away[manager]:
            continue
        if colleagues_only:
            week = manager, number // 7  # the first of the days is a Monday
            of_week[week] += 1
            if of_week[week] > rules.colleague_cap:
                continue
        of_day[manager, number] += 1
        if of_day[manager, number] > rules.day_cap or day < first:
            continue
        if manager in throughout or _was_cm(spans[manager], day):
            met[day].add(touchpoint)
    return met


def _throughout(spans: dict[int, list[Span]], first: dt.date, last: dt.date) -> set[int]:
    """Those who were CMs on all of the days."""
    return {
        user
        for user, of in spans.items()
        if any(begun <= first and (ended is None or ended >= last) for begun, ended in of)
    }


def _was_cm(spans: Sequence[Span], day: dt.date) -> bool:
    return any(since <= day and (until is None or day <= until) for since, until in spans)


def _away(team: Team, people: Iterable[int]) -> dict[int, frozenset[dt.date]]:
    spans: dict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    rows = Leave.objects.filter(team=team, manager__in=list(people)).order_by()
    for manager, first, last in rows.values_list("manager", "first_day", "last_day"):
        spans[manager].append((first, last))
    return defaultdict(frozenset, {manager: periods.leave_days(of) for manager, of in spans.items()})


def _posts(
    team: Team, spans: dict[int, list[Span]], first: dt.date, last: dt.date, now: dt.datetime
) -> dict[dt.date, int]:
    """Posts of those who were CMs on their day, and the team's own, counted by the database."""
    since, until = (
        periods.start_of(first, team.zone),
        periods.start_of(last + dt.timedelta(days=1), team.zone),
    )
    throughout = _throughout(spans, first, last)
    authors = Q(manager__isnull=True) | Q(manager__in=throughout)
    for user in spans.keys() - throughout:
        for begun, ended in spans[user]:
            part = Q(manager=user, publish_at__gte=periods.start_of(begun, team.zone))
            if ended is not None:
                part &= Q(publish_at__lt=periods.start_of(ended + dt.timedelta(days=1), team.zone))
            authors |= part
    excluded = Exclusion.objects.filter(manager=OuterRef("manager"), post=OuterRef("pk"))
    posts = (
        Post.objects.counting()
        .filter(
            authors,
            ~Exists(excluded),
            team=team,
            publish_at__gte=since,
            publish_at__lt=until,
            publish_at__lte=now,
        )
        .order_by()
    )
    if connection.vendor == "postgresql":
        by_day = posts.annotate(day=TruncDate("publish_at", tzinfo=team.zone)).values("day")
        return dict(by_day.annotate(n=Count("pk")).values_list("day", "n"))
    days = list(periods.days_between(first, last))
    marks = [moments.mark(periods.start_of(day, team.zone)) for day in days]
    out = posts.annotate(mark=moments.raw("publish_at")).values_list("mark", flat=True)
    return Counter(days[bisect_right(marks, mark) - 1] for mark in out)
