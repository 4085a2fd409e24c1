"""Which target holds for a CM on a day. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ratio.verdicts import DEFAULT_TARGET


@dataclass(frozen=True, slots=True)
class TargetSpan:
    """A target: whose (`manager_id` None: the team's), its share, and its days (`until` included, None: open)."""

    id: int
    manager_id: int | None
    share: Fraction
    since: dt.date
    until: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether `day` lies within it."""
        return self.since <= day and (self.until is None or day <= self.until)


def in_force(targets: Iterable[TargetSpan], manager_id: int | None, day: dt.date) -> Fraction:
    """The share aimed at: the CM's own precedes the team's, the latest `since` wins, then the latest written.

    For the team's own target pass None. Without any target it is 0.30.
    """
    holding = [
        target for target in targets if target.manager_id in (None, manager_id) and target.holds_on(day)
    ]
    best = max(
        holding, key=lambda target: (target.manager_id is not None, target.since, target.id), default=None
    )
    return DEFAULT_TARGET if best is None else best.share
