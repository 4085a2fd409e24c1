"""The ratio a second time, from ratio.md's words alone: loops over all rows, no index, no cleverness.

`manage.py check_data` holds what the pages say against this. It shares no line of arithmetic with the modules it
checks, so please do not "tidy" it into using them.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.models import Membership, Team
from contacts.models import Participation
from outreach.models import Post, PostsKnownUntil
from ratio.models import Exclusion, Leave, Policy, Target

ONE_DAY = dt.timedelta(days=1)
Row = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What is said of one CM on one day: counts of 28 and of 56 days as (real, online), the verdict and its reason."""

    narrow: tuple[int, int]
    wide: tuple[int, int]
    word: str
    reason: str | None


@dataclass(frozen=True)
class Stand:
    """A reading as far as the verdict needs it."""

    narrow: tuple[int, int]
    wide: tuple[int, int]
    unsure: str | None
    away: bool

    def used(self, minimum: int) -> tuple[int, int]:
        return self.wide if sum(self.narrow) < max(1, minimum) else self.narrow


class History:
    """All rows of a team, and what they say of its CMs on any day."""

    def __init__(self, team: Team) -> None:
        self.zone = team.zone
        self.policy = Policy.objects.filter(team=team).first() or Policy(team=team)
        self.memberships = list(Membership.objects.filter(team=team, role__in=["manager", "both"]).values())
        self.leaves = list(Leave.objects.filter(team=team).values())
        self.targets = list(Target.objects.filter(team=team).values())
        self.said = list(PostsKnownUntil.objects.filter(team=team).order_by("said_at", "pk").values())
        self.exclusions: list[Row] = [dict(one) for one in Exclusion.objects.values()]
        self.posts = [
            {"id": post["id"], "manager_id": post["manager_id"], **self.when(post["publish_at"])}
            for post in Post.objects.filter(team=team).values()
            if post["status"] in ("scheduled", "published") and post["binned_at"] is None
        ]
        self.actions = [
            {
                "id": one.touchpoint_id,
                "manager_id": one.manager_id,
                **self.when(one.met_at),
                "colleagues_only": one.touchpoint.colleagues_only,
            }
            for one in Participation.objects.select_related("touchpoint")
            if one.touchpoint.team_id == team.pk
            and one.touchpoint.binned_at is None
            and one.touchpoint.is_real
        ]
        self.kept: dict[tuple[str, int], list[Row]] = {}

    # --- Days ---------------------------------------------------------------------------------

    def when(self, moment: Any) -> Row:
        return {"at": moment, "day": moment.astimezone(self.zone).date()}

    def end_of(self, day: dt.date) -> dt.datetime:
        """The first moment that no longer belongs to the day."""
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=self.zone) + ONE_DAY
        return dt.datetime(midnight.year, midnight.month, midnight.day, tzinfo=self.zone)

    def is_away(self, manager: int, day: dt.date) -> bool:
        for leave in self.leaves:
            if leave["manager_id"] == manager and leave["first_day"] <= day <= leave["last_day"]:
                return True
        return False

    def window(self, manager: int, today: dt.date, length: int) -> list[dt.date]:
        found: list[dt.date] = []
        for back in range(length + 28):
            day = today - back * ONE_DAY
            if len(found) < length and not self.is_away(manager, day):
                found.append(day)
        return found

    # --- People -------------------------------------------------------------------------------

    def was_cm(self, manager: int, day: dt.date) -> bool:
        for one in self.memberships:
            ended = one["until"] is not None and one["until"] < day
            if one["user_id"] == manager and one["since"] <= day and not ended:
                return True
        return False

    def cms(self, day: dt.date) -> set[int]:
        """Who was a CM of the team that day."""
        return {one["user_id"] for one in self.memberships if self.was_cm(one["user_id"], day)}

    def joined(self, manager: int, today: dt.date) -> dt.date:
        """Back from today as long as each day was one as a CM."""
        day = today
        while self.was_cm(manager, day - ONE_DAY):
            day -= ONE_DAY
        return day

    # --- What counts --------------------------------------------------------------------------

    def is_excluded(self, manager: int, what: str, row: int) -> bool:
        return any(one["manager_id"] == manager and one[what] == row for one in self.exclusions)

    def counted_actions(self, manager: int) -> list[Row]:
        if ("actions", manager) not in self.kept:
            self.kept["actions", manager] = self.count_actions(manager)
        return self.kept["actions", manager]

    def count_actions(self, manager: int) -> list[Row]:
        """Exclusions and leave first, then two a week among colleagues, then three a day."""
        mine = [action for action in self.actions if action["manager_id"] == manager]
        mine.sort(key=lambda action: (action["at"], action["id"]))
        counted: list[Row] = []
        with_colleagues: list[tuple[int, int]] = []
        for action in mine:
            if self.is_excluded(manager, "touchpoint_id", action["id"]) or self.is_away(
                manager, action["day"]
            ):
                continue
            if action["colleagues_only"]:
                year, week, _weekday = action["day"].isocalendar()
                with_colleagues.append((year, week))
                if with_colleagues.count((year, week)) > self.policy.colleague_cap:
                    continue
            if sum(other["day"] == action["day"] for other in counted) < self.policy.day_cap:
                counted.append(action)
        return counted

    def counted_posts(self, manager: int) -> list[Row]:
        if ("posts", manager) not in self.kept:
            self.kept["posts", manager] = self.count_posts(manager)
        return self.kept["posts", manager]

    def count_posts(self, manager: int) -> list[Row]:
        counted = []
        for post in self.posts:
            if post["manager_id"] != manager or self.is_excluded(manager, "post_id", post["id"]):
                continue
            if not self.is_away(manager, post["day"]):
                counted.append(post)
        return counted

    # --- Readings -----------------------------------------------------------------------------

    def stand(self, manager: int, today: dt.date, joined: dt.date) -> Stand:
        """At the end of a day, for somebody who joined on a day."""
        return Stand(
            narrow=self.counts(manager, today, 28),
            wide=self.counts(manager, today, 56),
            unsure=self.why_unsure(manager, today, joined),
            away=self.is_away(manager, today),
        )

    def counts(self, manager: int, today: dt.date, length: int) -> tuple[int, int]:
        days, end = self.window(manager, today, length), self.end_of(today)
        real = online = 0
        for action in self.counted_actions(manager):
            if action["at"] < end and action["day"] in days:
                real += 1
        for post in self.counted_posts(manager):
            if post["at"] < end and post["day"] in days:
                online += 1
        return real, online

    def why_unsure(self, manager: int, today: dt.date, joined: dt.date) -> str | None:
        if (today - joined).days < self.policy.minimum_days:
            return "new"
        return "stale" if self.is_stale(manager, today) else None

    def is_stale(self, manager: int, today: dt.date) -> bool:
        days = sorted(post["day"] for post in self.posts if post["manager_id"] == manager)
        regular = len(days) >= 4 and days[-4] > days[-1] - 28 * ONE_DAY
        known = days[-1:]
        for whose in (manager, None):
            said = [one["day"] for one in self.said if one["manager_id"] == whose]
            known += said[-1:]
        return regular and today > max(known) + 10 * ONE_DAY

    def target(self, manager: int, day: dt.date) -> Fraction:
        for whose in (manager, None):
            holding = [
                (one["since"], one["id"], one["share"])
                for one in self.targets
                if one["manager_id"] == whose
                and one["since"] <= day
                and (one["until"] is None or day <= one["until"])
            ]
            if holding:
                return Fraction(str(max(holding)[2]))
        return Fraction(30, 100)

    def of(self, manager: int, today: dt.date) -> Said:
        """What is to be said of a CM at the end of a day."""
        joined = self.joined(manager, today)
        now = self.stand(manager, today, joined)
        word, reason = self.judge(manager, today, joined, now)
        return Said(now.narrow, now.wide, word, reason)

    def judge(self, manager: int, today: dt.date, joined: dt.date, now: Stand) -> tuple[str, str | None]:
        """The table of verdicts, from its first line to its last."""
        minimum, target = self.policy.minimum_actions, self.target(manager, today)
        if now.away:
            return "AWAY", None
        if now.unsure:
            return "INCONCLUSIVE", now.unsure
        real, online = now.used(minimum)
        if real + online < max(1, minimum):
            return "INCONCLUSIVE", "few"
        share = Fraction(real, real + online)
        if share >= target:
            return "ON_TARGET", None
        if share < target - Fraction(str(self.policy.margin)):
            return "MOSTLY_ONLINE", None
        then = self.sure_share(manager, today - 7 * ONE_DAY, joined)
        before = self.sure_share(manager, today - 14 * ONE_DAY, joined)
        if then is None or before is None or then >= target or before >= target or share > then:
            return "UNDER", None
        return "MOSTLY_ONLINE", None

    def sure_share(self, manager: int, day: dt.date, joined: dt.date) -> Fraction | None:
        """The share at the end of an earlier day; None when that day proves nothing."""
        stand = self.stand(manager, day, joined)
        real, online = stand.used(self.policy.minimum_actions)
        if stand.unsure or real + online < max(1, self.policy.minimum_actions):
            return None
        return Fraction(real, real + online)

    def together(self, today: dt.date) -> tuple[int, int]:
        """The team's distinct real actions and its posts in the 28 calendar days that end with a day."""
        end, first = self.end_of(today), today - 27 * ONE_DAY
        met: set[int] = set()
        posts: set[int] = set()
        for manager in {one["user_id"] for one in self.memberships}:
            for action in self.counted_actions(manager):
                day = action["day"]
                if first <= day and action["at"] < end and self.was_cm(manager, day):
                    met.add(action["id"])
            for post in self.posts:
                day = post["day"]
                if (
                    post["manager_id"] == manager
                    and first <= day
                    and post["at"] < end
                    and self.was_cm(manager, day)
                    and not self.is_excluded(manager, "post_id", post["id"])
                ):
                    posts.add(post["id"])
        for post in self.posts:
            if post["manager_id"] is None and first <= post["day"] <= today:
                posts.add(post["id"])
        return len(met), len(posts)
