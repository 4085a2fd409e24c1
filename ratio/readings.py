"""Ledgers out of the rows of the apps below, for one CM or a whole team, in three queries.

Only rows of the CM's present team are read, and only those of the weeks looked at: the cost never follows the length
of history. Nothing is stored.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from typing import Any

from accounts.models import Membership, Team, User
from contacts.models.kind import shipped_touchpoint_kind
from contacts.names import fold
from ratio import moments, periods, questions
from ratio.counting import Lines, Row, judge_actions, judge_posts
from ratio.ledgers import Ledger, Member, Span, team_counts
from ratio.models import Policy
from ratio.standings import Standing, standing
from ratio.targets import TargetSpan, in_force
from ratio.verdicts import Counts, Rules, Verdict

LOOK_BACK = periods.WIDE_WINDOW + periods.REACH + 14
"""Days before today that a verdict can depend on: 56 and their reach, two weeks ago."""


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
    asked: dict[str, Any] = {
        "team": team,
        "user": only,
        "first_day": first_day,
        "today": today,
        "since": periods.start_of(first_day, team.zone),
        "now": now,
    }
    alone = only is not None
    memberships = questions.memberships(alone=alone).rows(**asked)
    users = {membership.user_id: membership.user for membership in memberships}
    asked["users"] = list(users)
    said = _Said.of(questions.spoken().rows(**asked))
    actions, posts = _entries(questions.lines(team.zone, alone=alone, labelled=labelled).rows(**asked), said)
    rows = _Rows(team, actions, posts, said.days)
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
        targets=tuple(said.targets),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the queries brought, by user id (posts without one: the team's)."""

    team: Team
    actions: dict[int | None, list[Row]]
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


@dataclass(frozen=True, slots=True)
class _Said:
    """What people said: days away and days explained by manager, the latest first; the team's targets; what was taken
    out, by its sort ("met" or "post") and manager."""

    days: dict[int, list[Days]]
    targets: list[TargetSpan]
    out: dict[tuple[str, int | None], set[int]]

    @classmethod
    def of(cls, found: Iterable[Any]) -> "_Said":
        said = cls(defaultdict(list), [], defaultdict(set))
        for sort, manager, pk, first, last, text in found:
            if sort == "target":
                said.targets.append(TargetSpan(pk, manager, Fraction(text), first, last))
            elif sort == "days":
                said.days[manager].append(Days(pk, first, last, text))
            else:
                said.out[sort, manager].add(pk)
        return said


def _entries(
    found: Iterable[Any], said: _Said
) -> tuple[dict[int | None, list[Row]], dict[int | None, list[Row]]]:
    """Meetings by manager, those planned among them, and posts, those to come among them; without a manager the team's."""
    actions: dict[int | None, list[Row]] = defaultdict(list)
    posts: dict[int | None, list[Row]] = defaultdict(list)
    for (sort, manager, real, colleagues_only, code, name), ids, at in moments.alike(found):
        label = name or (shipped_touchpoint_kind(code) if code else "")
        same = map(repeat, (real, colleagues_only, False, sort == "planned", label))
        rows: Iterable[Row] = zip(ids, at, *same, strict=False)
        if out := said.out.get((sort, manager)):
            rows = [(*row[:4], row[0] in out, *row[5:]) for row in rows]
        (posts if sort == "post" else actions)[manager] += rows
    return actions, posts


def _policy(team: Team, memberships: Sequence[Membership]) -> Policy:
    """The team's policy as it came with the memberships; the defaults when there is no row."""
    read_from = memberships[0].team if memberships else team
    return getattr(read_from, "policy", None) or Policy(team=team)
