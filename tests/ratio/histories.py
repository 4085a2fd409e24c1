"""Random histories of a team: meetings and posts around changes of clocks and years, leave, caps, exclusions, bins,
several managers at one table, targets and memberships that change, time zones.
"""

import datetime as dt
import random
import uuid
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from accounts.models import Membership, Team, User
from contacts.models import Participation, Touchpoint
from outreach.models import Post, PostsKnownUntil
from ratio.models import Exclusion, Leave, Policy, Target
from tests.cast import make_team, make_user, touchpoint_kind

ZONES = ["Europe/Paris", "America/New_York", "America/Santiago", "Pacific/Auckland", "Asia/Kathmandu", "UTC"]
# The day after which nothing happens: clocks change, years end and holidays lie in the weeks before.
ENDS = [dt.date(2026, 4, 8), dt.date(2026, 11, 10), dt.date(2027, 1, 9), dt.date(2026, 9, 20)]
SPAN = 130
"""Days that a history reaches back: further than any verdict looks."""

histories = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32),
        "zone": st.sampled_from(ZONES),
        "end": st.sampled_from(ENDS),
        "people": st.integers(1, 4),
        "actions": st.integers(0, 90),
        "posts": st.integers(0, 90),
    }
)


def write(*, seed: int, zone: str, end: dt.date, people: int, actions: int, posts: int) -> Team:
    """The rows of one history."""
    chance = random.Random(seed)
    team = make_team(time_zone=zone)
    managers = [_person(team, end, chance) for _ in range(people)]
    Policy.objects.create(
        team=team,
        day_cap=chance.choice([1, 2, 3]),
        colleague_cap=chance.choice([0, 1, 2]),
        minimum_actions=chance.choice([0, 3, 8]),
        minimum_days=chance.choice([0, 3, 14]),
        margin=chance.choice(["0.00", "0.05", "0.10"]),
    )
    for manager in [None, *managers, *managers]:
        _target(team, manager, end, chance)
    for manager in managers:
        _leave(team, manager, end, chance)
    busy = chance.sample(range(SPAN), 25)  # days on which several things happen: the caps bite
    _actions(team, managers, actions, end, busy, chance)
    _posts(team, managers, posts, end, busy, chance)
    return team


def some_days(end: dt.date, seed: int) -> list[dt.date]:
    """Days to look at: the last ones, and some before."""
    chance = random.Random(seed)
    return [end - dt.timedelta(days=back) for back in {0, 1, *(chance.randrange(100) for _ in range(5))}]


def _moment(team: Team, end: dt.date, busy: list[int], chance: random.Random) -> dt.datetime:
    """Any minute of the span, often on a busy day, near midnight or where clocks change."""
    back = chance.choice(busy) if chance.random() < 0.5 else chance.randrange(SPAN)
    hour = chance.choice([0, 1, 2, 3, 12, 18, 23])
    local = dt.datetime.combine(end - dt.timedelta(days=back), dt.time(hour, chance.choice([0, 30, 59])))
    return local.replace(tzinfo=ZoneInfo(team.time_zone), fold=chance.randrange(2)).astimezone(dt.UTC)


def _person(team: Team, end: dt.date, chance: random.Random) -> User:
    """Somebody who came, may have left and come back, or changed role the day after."""
    user = make_user(f"CM {chance.randrange(1000)}")
    since = end - dt.timedelta(days=chance.choice([3, 10, 15, 40, 90, 400]))
    while chance.random() < 0.5 and since < end - dt.timedelta(days=5):
        until = since + dt.timedelta(days=chance.randrange((end - since).days))
        Membership.objects.create(user=user, team=team, role="manager", since=since, until=until)
        since = until + dt.timedelta(days=chance.choice([1, 1, 2, 9, 20]))
    until = since + dt.timedelta(days=chance.randrange(60)) if chance.random() < 0.2 else None
    Membership.objects.create(
        user=user, team=team, role=chance.choice(["manager", "both"]), since=since, until=until
    )
    return user


def _target(team: Team, manager: User | None, end: dt.date, chance: random.Random) -> None:
    since = end - dt.timedelta(days=chance.randrange(SPAN))
    until = since + dt.timedelta(days=chance.randrange(40)) if chance.random() < 0.5 else None
    share = chance.choice(["0.00", "0.20", "0.30", "0.33", "0.50", "1.00"])
    Target.objects.create(team=team, manager=manager, share=share, since=since, until=until)


def _leave(team: Team, manager: User, end: dt.date, chance: random.Random) -> None:
    for _ in range(chance.randrange(3)):
        first = end - dt.timedelta(days=chance.randrange(SPAN))
        last = first + dt.timedelta(days=chance.choice([0, 3, 12, 45]))
        Leave.objects.create(team=team, manager=manager, first_day=first, last_day=last)


def _actions(
    team: Team, managers: list[User], count: int, end: dt.date, busy: list[int], chance: random.Random
) -> None:
    meeting = touchpoint_kind("meeting")
    for _ in range(count):
        at, author = _moment(team, end, busy, chance), chance.choice(managers)
        touchpoint = Touchpoint.objects.create(
            team=team,
            kind=meeting,
            is_real=chance.random() < 0.85,
            colleagues_only=chance.random() < 0.4,
            met_at=at,
            author=author,
            client_id=uuid.UUID(int=chance.getrandbits(128)),
            created_at=at,
            binned_at=at if chance.random() < 0.1 else None,
        )
        for person in {author, *chance.sample(managers, chance.randrange(len(managers) + 1))}:
            Participation.objects.create(touchpoint=touchpoint, manager=person, met_at=at)
            if chance.random() < 0.1:
                Exclusion.objects.create(
                    team=team, manager=person, touchpoint=touchpoint, reason="Twice", by=person, at=at
                )


def _posts(
    team: Team, managers: list[User], count: int, end: dt.date, busy: list[int], chance: random.Random
) -> None:
    stops = chance.choice([0, 0, 9, 20])  # some schedules stop coming in
    statuses = ["scheduled", "scheduled", "published", "failed", "cancelled", "draft"]
    for _ in range(count):
        at = _moment(team, end - dt.timedelta(days=stops), busy, chance)
        post = Post.objects.create(
            team=team,
            manager=chance.choice([None, *managers, *managers]),
            text="Annonce",
            publish_at=at + dt.timedelta(days=chance.choice([0, 0, 0, 30])),
            status=chance.choice(statuses),
            created_at=at,
            binned_at=at if chance.random() < 0.1 else None,
        )
        if post.manager and chance.random() < 0.1:
            Exclusion.objects.create(
                team=team, manager=post.manager, post=post, reason="Not mine", by=post.manager, at=at
            )
    for whose in [None, *managers]:
        if chance.random() < 0.3:
            day = end - dt.timedelta(days=chance.randrange(30))
            PostsKnownUntil.objects.create(
                team=team, manager=whose, day=day, said_at=at if count else dt.datetime.now(dt.UTC)
            )
