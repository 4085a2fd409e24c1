"""Which new date an old one becomes when the rules of a series change. Pure."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

WITHIN = timedelta(days=7)


def matched(old: Sequence[datetime], new: Sequence[datetime]) -> dict[datetime, datetime]:
    """Old dates and the new ones they become: each at most once, the nearest first, none further than it must be.

    What stays where it was stays itself. Further apart than a week, or than half the way to the next old date, two
    dates are not the same one moved: such an old date is missing in the result.
    """
    ordered, reach = sorted(set(new)), _reach(old)
    became = {start: start for start in set(old) & set(ordered)}
    pairs = sorted(
        (abs(after - before), before, after)
        for before in old
        if before not in became
        for after in ordered[bisect_left(ordered, before - reach) : bisect_right(ordered, before + reach)]
    )
    taken = set(became.values())
    for _apart, before, after in pairs:
        if before not in became and after not in taken:
            became[before] = after
            taken.add(after)
    return became


def _reach(old: Sequence[datetime]) -> timedelta:
    """How far a date may go and still be the same one."""
    ordered = sorted(set(old))
    gaps = [later - earlier for earlier, later in itertools.pairwise(ordered)]
    return min([WITHIN, *(gap / 2 for gap in gaps)])
