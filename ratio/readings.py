"""Ledgers out of the rows of the apps below, for one CM or a whole team, in a constant number of queries (six).

Only rows of the CM's present team are read, and only those of the weeks looked at: the cost never follows the length
of history. Nothing is stored.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Exists, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Left, TruncDate

from accounts.models import Membership, Team, User
from contacts.models import Participation
from contacts.models.kind import COLLEAGUE, KindRule, shipped_touchpoint_kind
from contacts.names import fold
from events.models import Attendance, Occurrence
from outreach.models import Post, PostsKnownUntil
from ratio import moments, periods
from ratio.counting import Lines, Row, judge_actions, judge_posts
from ratio.ledgers import Ledger, Member, Span, team_counts
from ratio.models import ContextNote, Exclusion, Leave, Policy, Target
from ratio.standings import Standing, standing
from ratio.targets import TargetSpan, in_force
from ratio.verdicts import REGULAR_POSTS, Counts, Rules, Verdict

LOOK_BACK = periods.WIDE_WINDOW + periods.REACH + 14
"""Days before today that a verdict can depend on: 56 and their reach, two weeks ago."""
LABEL = 120
"""Letters of a post that are read where somebody will see them."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days that somebody spoke of, both included: away, or (`text`) what explains them. `id` is the row's."""

    id: int
    first: dt.date
    last: dt.date
    text: str = ""

    @property
    def is_leave(self) -> bool:
        """Whether they are skipped."""
        return not self.text


@dataclass(frozen=True, slots=True)
class Person:
    """A CM of a team: who, their ledger, since and until when a CM here, and whether still one today."""

    user: User
    ledger: Ledger
    spans: Sequence[tuple[dt.date, dt.date | None]]
    is_present: bool
    days: Sequence["Days"] = ()

    @property
    def member(self) -> Member:
        """What the team's figures need of the person."""
        return Member(self.ledger, self.spans)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything read at one moment about one team: its people by the alphabet, rules, targets, own posts."""

    team: Team
    now: dt.datetime
    policy: Policy
    rules: Rules
    people: tuple[Person, ...]
    team_posts: Lines
    targets: tuple[TargetSpan, ...]

    @property
    def today(self) -> dt.date:
        """The team's day."""
        return periods.local_day(self.now, self.team.zone)

    @property
    def present(self) -> list[Person]:
        """Those who are CMs of the team today."""
        return [person for person in self.people if person.is_present]

    def of(self, user: User) -> Person | None:
        """That person, if a CM of the team today."""
        return next((person for person in self.present if person.user.pk == user.pk), None)

    def target_of(self, person: Person | None) -> Fraction:
        """The target of a CM, or of the team (None), today."""
        return in_force(self.targets, person.user.pk if person else None, self.today)

    def verdict(self, person: Person, at: dt.datetime | None = None) -> Verdict:
        """The verdict on a person at a moment (now unless given), held against today's target."""
        return person.ledger.verdict(at or self.now, target=self.target_of(person), rules=self.rules)

    def expected(self, person: Person, at: dt.datetime) -> Verdict:
        """The verdict to be expected at a moment to come, with at least the meetings of the person's usual pace."""
        return person.ledger.expected_verdict(self.now, at, target=self.target_of(person), rules=self.rules)

    def together(self, days: Iterable[Span]) -> list[Counts]:
        """The team's figures of some spans of days that were read, up to now."""
        members = [person.member for person in self.people]
        return team_counts(members, self.team_posts, days, self.now, self.team.zone)

    def standing(self, person: Person) -> Standing:
        """All that can be said of a person now."""
        return standing(person.ledger, self.now, target=self.target_of(person), rules=self.rules)


def of_team(team: Team, *, now: dt.datetime, back: int = LOOK_BACK, policy: Policy | None = None) -> Book:
    """The team's people who are, or in these weeks were, CMs, and the team's own posts, as of `now`.

    `back`: how many days before today are read; fewer than `LOOK_BACK` will do for the team's figures alone.
    `policy`: read as if it were the team's.
    """
    return _read(team, now=now, back=back, only=None, policy=policy)


def of_person(
    user: User, team: Team, *, now: dt.datetime, back: int = LOOK_BACK, labelled: bool = False
) -> Book:
    """The same for one CM: a book with at most one person. `labelled`: what lines are about is read with them."""
    return _read(team, now=now, back=back, only=user, labelled=labelled)


def _read(
    team: Team,
    *,
    now: dt.datetime,
    back: int,
    only: User | None,
    labelled: bool = False,
    policy: Policy | None = None,
) -> Book:
    today = periods.local_day(now, team.zone)
    first_day = periods.week_of(today - dt.timedelta(days=back))[0]
    since = periods.start_of(first_day, team.zone)
    memberships = list(_memberships(team, first_day, today, only))
    users = {membership.user_id: membership.user for membership in memberships}
    days, targets = _spans(team, users)
    rows = _Rows(
        team,
        actions=_actions(team, users, since, now, labelled=labelled),
        posts=_posts(team, since, only=only, labelled=labelled),
        days=days,
    )
    _add_planned(rows.actions, team, users, now)
    policy = policy or _policy(team, memberships)
    rules = policy.rules()
    people = [_person(rows, [one for one in memberships if one.user_id == pk], rules, today) for pk in users]
    return Book(
        team=team,
        now=now,
        policy=policy,
        rules=rules,
        people=tuple(sorted(people, key=lambda person: (fold(person.user.name), person.user.pk))),
        team_posts=judge_posts(rows.posts[None], zone=team.zone),
        targets=targets,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the queries brought, by user id (posts without one: the team's)."""

    team: Team
    actions: dict[int, list[Row]]
    posts: dict[int | None, list[Row]]
    days: dict[int, list[Days]]


def _person(rows: _Rows, memberships: list[Membership], rules: Rules, today: dt.date) -> Person:
    last, user, zone = memberships[-1], memberships[-1].user, rows.team.zone
    spans = [(one.since, one.until) for one in memberships]
    days = rows.days[user.pk]
    leave = periods.leave_days((one.first, one.last) for one in days if one.is_leave)
    ledger = Ledger(
        zone=zone,
        joined_on=_joined_on(spans),
        actions=judge_actions(
            rows.actions[user.pk],
            zone=zone,
            leave=leave,
            day_cap=rules.day_cap,
            colleague_cap=rules.colleague_cap,
        ),
        posts=judge_posts(rows.posts[user.pk], zone=zone, leave=leave),
        leave=leave,
        posts_known_until=_known_until(last, zone),
        posts_regular=_is_regular(last, zone),
    )
    is_present = last.since <= today and (last.until is None or today <= last.until)
    return Person(user, ledger, spans, is_present, days)


def _joined_on(spans: Sequence[tuple[dt.date, dt.date | None]]) -> dt.date:
    """The first day of the unbroken stretch that leads to the last span: a change of role is no new beginning."""
    joined = spans[-1][0]
    for since, until in reversed(spans[:-1]):
        if until is None or until < joined - dt.timedelta(days=1):
            break
        joined = min(joined, since)
    return joined


def _memberships(team: Team, first_day: dt.date, today: dt.date, only: User | None) -> Iterable[Membership]:
    """CM memberships that touch these days, oldest first, with how far each person's posts are known."""
    posts = Post.objects.counting().filter(team=team, manager=OuterRef("user")).order_by("-publish_at")
    said = PostsKnownUntil.objects.filter(team=team).order_by("-said_at", "-pk").values("day")
    memberships = (
        Membership.objects.managing()
        .filter(Q(until__isnull=True) | Q(until__gte=first_day), team=team, since__lte=today)
        .select_related("user", "team__policy")
        .annotate(
            last_post_at=Subquery(posts.values("publish_at")[:1]),
            regular_post_at=Subquery(posts.values("publish_at")[REGULAR_POSTS - 1 : REGULAR_POSTS]),
            said_until=Subquery(said.filter(manager=OuterRef("user"))[:1]),
            team_said_until=Subquery(said.filter(manager__isnull=True)[:1]),
        )
        .order_by("since", "pk")
    )
    return memberships if only is None else memberships.filter(user=only)


def _known_until(membership: Membership, zone: dt.tzinfo) -> dt.date | None:
    """The day of the last known post or the later day until which somebody said that this is all."""
    days = [membership.said_until, membership.team_said_until]  # type: ignore[attr-defined]
    if membership.last_post_at:  # type: ignore[attr-defined]
        days.append(periods.local_day(membership.last_post_at, zone))  # type: ignore[attr-defined]
    return max((day for day in days if day), default=None)


def _is_regular(membership: Membership, zone: dt.tzinfo) -> bool:
    """Whether the fourth last post lies in the 28 days up to the last one."""
    last, fourth = membership.last_post_at, membership.regular_post_at  # type: ignore[attr-defined]
    if not last or not fourth:
        return False
    return (periods.local_day(last, zone) - periods.local_day(fourth, zone)).days < periods.WINDOW


def _actions(
    team: Team, users: Iterable[int], since: dt.datetime, now: dt.datetime, *, labelled: bool
) -> dict[int, list[Row]]:
    excluded = Exclusion.objects.filter(manager=OuterRef("manager"), touchpoint=OuterRef("touchpoint"))
    kind = ("touchpoint__kind__code", "touchpoint__kind__name") if labelled else ()
    found = (
        Participation.objects.filter(
            manager__in=list(users),
            met_at__gte=since,
            met_at__lte=now,
            touchpoint__met_at__gte=since,  # says the same again: PostgreSQL then need not look each one up
            touchpoint__team=team,
            touchpoint__binned_at__isnull=True,
        )
        .annotate(is_excluded=Exists(excluded))
        .values_list("manager", "touchpoint__is_real", "touchpoint__colleagues_only", "is_excluded", *kind)
    )
    entries: dict[int, list[Row]] = defaultdict(list)
    for (manager, real, colleagues_only, is_excluded, *label), rows in moments.alike(
        found, "touchpoint", "met_at"
    ):
        name = label[1] or shipped_touchpoint_kind(label[0]) if label else ""
        entries[manager] += [(pk, at, real, colleagues_only, is_excluded, False, name) for pk, at in rows]
    return entries


def _posts(
    team: Team, since: dt.datetime, *, only: User | None, labelled: bool
) -> dict[int | None, list[Row]]:
    """Posts by author, with those still to come; without an author the team's own. `only`: that person's alone."""
    excluded = Exclusion.objects.filter(manager=OuterRef("manager"), post=OuterRef("pk"))
    posts = Post.objects.counting().filter(team=team, publish_at__gte=since)
    found = (
        (posts.filter(manager=only) if only else posts)
        .annotate(is_excluded=Exists(excluded), label=Left("text", LABEL) if labelled else Value(""))
        .values_list("manager", "is_excluded", "label")
    )
    entries: dict[int | None, list[Row]] = defaultdict(list)
    for (manager, is_excluded, label), rows in moments.alike(found, "pk", "publish_at"):
        entries[manager] += [(pk, at, True, False, is_excluded, False, label) for pk, at in rows]
    return entries


def _spans(team: Team, users: Iterable[int]) -> tuple[dict[int, list[Days]], tuple[TargetSpan, ...]]:
    """Days away and days explained, the latest first; and the team's targets. One query for all three."""
    people, columns = list(users), ("sort", "manager", "pk", "first", "last", "said")
    away = Leave.objects.filter(team=team, manager__in=people)
    noted = ContextNote.objects.filter(team=team, manager__in=people)
    days, share = {"first": F("first_day"), "last": F("last_day")}, Cast("share", TextField())
    parts = [
        away.annotate(sort=Value("days"), said=Value("", TextField()), **days),
        noted.annotate(sort=Value("days"), said=Cast("text", TextField()), **days),
        Target.objects.filter(team=team).annotate(
            sort=Value("target"), said=share, first=F("since"), last=F("until")
        ),
    ]
    rows = [part.order_by().values_list(*columns) for part in parts]
    spans: dict[int, list[Days]] = defaultdict(list)
    targets = []
    for sort, manager, pk, first, last, said in rows[0].union(*rows[1:], all=True).order_by("-first", "-pk"):
        if sort == "target":
            targets.append(TargetSpan(pk, manager, Fraction(said), first, last))
        else:
            spans[manager].append(Days(pk, first, last, said))
    return spans, tuple(targets)


def _add_planned(entries: dict[int, list[Row]], team: Team, users: Iterable[int], now: dt.datetime) -> None:
    """Standing occurrences still to come, as planned entries of each host. One that took place counts as done."""
    guests = Attendance.objects.filter(occurrence=OuterRef("pk"))
    rule = KindRule.objects.filter(team=team, kind=OuterRef("kind"), since__lte=OuterRef("day"))
    rows = (
        Occurrence.objects.upcoming(now)
        .filter(Q(touchpoint__isnull=True) | Q(touchpoint__met_at__gt=now), team=team, hosts__in=list(users))
        .annotate(day=TruncDate("starts_at", tzinfo=team.zone))
        .annotate(
            has_guests=Exists(guests),
            has_others=Exists(guests.exclude(contact__kind__code=COLLEAGUE, contact__kind__team=None)),
            ruled_real=Subquery(rule.order_by("-since").values("is_real")[:1]),
        )
        .values_list("hosts", "pk", "starts_at", "kind__is_real", "ruled_real", "has_guests", "has_others")
    )
    for host, pk, starts_at, is_real, ruled_real, has_guests, has_others in rows:
        real = is_real if ruled_real is None else ruled_real
        entries[host].append((pk, starts_at, real, has_guests and not has_others, False, True, ""))


def _policy(team: Team, memberships: Sequence[Membership]) -> Policy:
    """The team's policy as it came with the memberships; the defaults when there is no row."""
    read_from = memberships[0].team if memberships else team
    return getattr(read_from, "policy", None) or Policy(team=team)
