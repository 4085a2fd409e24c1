"""From readings to a verdict, and what would bring a CM back to the target. Pure, and exact: shares are fractions.

3 of 10 equals a target of 0.30, never 0.29999.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

DEFAULT_TARGET = Fraction(3, 10)
STALE_AFTER = 10
"""Days after which posts that stopped coming in make a verdict impossible."""
REGULAR_POSTS = 4
"""That many posts in the 28 days up to the last one: somebody who posts regularly."""
USUAL_WEEKS = 4
MAX_EXTRA = 3
"""More meetings than this by one Sunday, or a week, is nothing to ask of anybody."""


class Word(StrEnum):
    """The five verdicts, in ratio.md's capitals."""

    AWAY = "AWAY"
    INCONCLUSIVE = "INCONCLUSIVE"
    ON_TARGET = "ON_TARGET"
    UNDER = "UNDER"
    MOSTLY_ONLINE = "MOSTLY_ONLINE"


class Reason(StrEnum):
    """Why nothing can be said."""

    NEW = "new"
    STALE = "stale"
    FEW = "few"


@dataclass(frozen=True, slots=True)
class Rules:
    """A team's policy as values: `margin` is a share, the caps and minimums are counts.

    `tells_lead`: the lead hears of a long stretch under target (and may, since the individual view is on).
    """

    margin: Fraction = Fraction(1, 10)
    minimum_actions: int = 8
    minimum_days: int = 14
    day_cap: int = 3
    colleague_cap: int = 2
    tells_lead: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Real actions and online posts of some days."""

    real: int = 0
    online: int = 0

    @property
    def total(self) -> int:
        """All actions, real and online."""
        return self.real + self.online

    @property
    def share(self) -> Fraction | None:
        """`real / (real + online)`; None when both are 0."""
        return Fraction(self.real, self.total) if self.total else None

    @property
    def text(self) -> str | None:
        """The share unreduced, as in "6/18"; None when both are 0."""
        return f"{self.real}/{self.total}" if self.total else None

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.real + other.real, self.online + other.online)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one CM stands at on one day, and what is needed to judge it.

    `counts` are those of 28 days, `wide` those of the 56 days that are looked at when 28 hold too little.
    `days_in_team` counts from the day of joining as a CM (that day: 0). `posts_known_until` is the day of the last
    post known, or the later day until which somebody said that this is all; None without either.
    `posts_regular`: 4 or more posts lie in the 28 days up to the last one.
    """

    day: dt.date
    counts: Counts
    wide: Counts
    days_in_team: int
    on_leave: bool = False
    posts_known_until: dt.date | None = None
    posts_regular: bool = False

    def is_wide(self, rules: Rules) -> bool:
        """Whether the 56 days are looked at instead of the 28."""
        return self.counts.total < max(1, rules.minimum_actions)

    def used(self, rules: Rules) -> Counts:
        """The counts that the verdict goes by."""
        return self.wide if self.is_wide(rules) else self.counts

    def is_stale(self) -> bool:
        """Whether posts stopped coming in."""
        if self.posts_known_until is None or not self.posts_regular:
            return False
        return (self.day - self.posts_known_until).days > STALE_AFTER

    def why_inconclusive(self, rules: Rules) -> Reason | None:
        """Why this reading proves nothing; None when it does."""
        if self.days_in_team < rules.minimum_days:
            return Reason.NEW
        if self.is_stale():
            return Reason.STALE
        if self.used(rules).total < max(1, rules.minimum_actions):
            return Reason.FEW
        return None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word, why it is INCONCLUSIVE if it is, the counts it goes by, and whether these are of 56 days."""

    word: Word
    counts: Counts
    reason: Reason | None = None
    wide: bool = False

    @property
    def is_under(self) -> bool:
        """Below the target, a little or much."""
        return self.word in (Word.UNDER, Word.MOSTLY_ONLINE)


def verdict(
    now: Reading, week_ago: Reading, two_weeks_ago: Reading, target: Fraction, rules: Rules
) -> Verdict:
    """The verdict on `now`, by the table of ratio.md: the first match wins.

    All three shares are held against `target`, that of the day being judged. Leave a week ago does not spoil
    that week's reading, since a window skips leave by itself.
    """
    counts, wide = now.used(rules), now.is_wide(rules)
    if now.on_leave:
        return Verdict(Word.AWAY, counts, wide=wide)
    if reason := now.why_inconclusive(rules):
        return Verdict(Word.INCONCLUSIVE, counts, reason, wide)
    share = counts.share or Fraction(0)
    if share >= target:
        word = Word.ON_TARGET
    elif share < target - rules.margin or _lasting(share, week_ago, two_weeks_ago, target, rules):
        word = Word.MOSTLY_ONLINE
    else:
        word = Word.UNDER
    return Verdict(word, counts, wide=wide)


def _lasting(
    share: Fraction, week_ago: Reading, two_weeks_ago: Reading, target: Fraction, rules: Rules
) -> bool:
    """Under target a week and two weeks ago as well, and not recovering."""
    if week_ago.why_inconclusive(rules) or two_weeks_ago.why_inconclusive(rules):
        return False
    then, before = week_ago.used(rules).share, two_weeks_ago.used(rules).share
    return then is not None and before is not None and then < target and before < target and share <= then


@dataclass(frozen=True, slots=True)
class Needed:
    """What brings the share back to the target by the Sunday `until`.

    `meetings` is None when no number does, `posts` (to move beyond that Sunday) None when fewer than needed are
    still to come. `after` is where `meetings` more would lead.
    """

    meetings: int | None
    posts: int | None
    until: dt.date
    after: Counts


def meetings_needed(counts: Counts, target: Fraction) -> int | None:
    """The smallest number of further real actions with which the share reaches `target`; None: no number does."""
    if target == 1:
        return None if counts.online else 0
    return max(0, ceil((target * counts.online - (1 - target) * counts.real) / (1 - target)))


def posts_to_move(counts: Counts, target: Fraction) -> int:
    """The smallest number of posts without which the share reaches `target`."""
    if target == 0:
        return 0
    return max(0, ceil(counts.online - counts.real * (1 - target) / target))


def needed(ahead: Reading, target: Fraction, rules: Rules, *, posts_to_come: int) -> Needed:
    """What would bring it back by the day of `ahead`, a reading that includes what is planned until then.

    `posts_to_come`: posts between now and then, the only ones that can still be moved.
    """
    meetings, posts = _meetings_with_width(ahead, target, rules), posts_to_move(ahead.used(rules), target)
    after = ahead.used(rules) + Counts(meetings or 0)
    return Needed(meetings, posts if posts <= posts_to_come else None, ahead.day, after)


def _meetings_with_width(ahead: Reading, target: Fraction, rules: Rules) -> int | None:
    """As `meetings_needed`, knowing that enough further meetings turn a 56 day reading into a 28 day one."""
    narrow, wide = meetings_needed(ahead.counts, target), meetings_needed(ahead.wide, target)
    missing = max(0, rules.minimum_actions - ahead.counts.total)
    if missing and wide is not None and wide < missing:
        return wide
    return None if narrow is None else max(missing, narrow)


@dataclass(frozen=True, slots=True)
class WayBack:
    """That many extra meetings a week, and the Sunday on which they have brought the share back."""

    a_week: int
    on: dt.date


def way_back(
    recent: Sequence[Counts],
    ahead: Sequence[Counts],
    known: Sequence[bool],
    *,
    usual: Counts,
    first: dt.date,
    target: Fraction,
) -> WayBack | None:
    """The smallest number of extra meetings a week (1, 2, 3) that works within 4 weeks; else 3, within 6.

    `recent`: the weeks of the window that ends on the Sunday `first`, with what is planned until then; `ahead`:
    what is planned in each of the 5 weeks after it, `known` whether all posts of that week are known; `usual`: the
    counts of the last 28 days. Extra means beyond what is usual: a week ahead is taken to hold at least a quarter
    of these meetings, and of these posts unless its posts are known. None: not within reach.
    """
    usual_real, usual_online = Fraction(usual.real, USUAL_WEEKS), Fraction(usual.online, USUAL_WEEKS)
    real = [Fraction(week.real) for week in recent] + [max(Fraction(week.real), usual_real) for week in ahead]
    online = [Fraction(week.online) for week in recent]
    online += [
        Fraction(week.online) if sure else max(Fraction(week.online), usual_online)
        for week, sure in zip(ahead, known, strict=True)
    ]
    length = len(recent)

    def weeks_until_back(extra: int, within: int) -> int | None:
        for weeks in range(1, min(within, len(ahead) + 1) + 1):
            span = slice(weeks - 1, weeks - 1 + length)
            met = sum(real[span], start=Fraction(extra * min(weeks, length)))
            if met >= target * sum(online[span], start=met):
                return weeks
        return None

    for extra, within in ((1, 4), (2, 4), (MAX_EXTRA, 4), (MAX_EXTRA, 6)):
        if weeks := weeks_until_back(extra, within):
            return WayBack(extra, first + dt.timedelta(weeks=weeks - 1))
    return None
