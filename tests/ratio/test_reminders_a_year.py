"""How often somebody hears of it: random weeks over two years, through readings, verdicts and `step`.

The community manager meets three people a week on average and posts so much that the true share is as given; the
target is 30 %. All posts of the week are known, meetings are not planned ahead.
"""

import datetime as dt
import math
import random
from fractions import Fraction

import pytest

from ratio import periods
from ratio.episodes import Evaluated, Kind, Stretch, step
from tests.ratio.weeks import RULES

FIRST = dt.date(2026, 1, 5)
DAYS = 2 * 364


def poisson(random_: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), random_.random(), 0
    while product > limit:
        product, count = product * random_.random(), count + 1
    return count


class Prefix:
    """Readings over daily counts, by sums: a Ledger's arithmetic, quick enough for many years."""

    def __init__(self, real: list[int], online: list[int]) -> None:
        self.real, self.online = _sums(real), _sums(online)

    def reading(self, last: int, known_real_until: int | None = None):
        from ratio.verdicts import Counts, Reading

        real_last = last if known_real_until is None else min(last, known_real_until)

        def counts(length: int) -> Counts:
            first = max(0, last + 1 - length)
            return Counts(
                self.real[max(first, real_last + 1)] - self.real[first],
                self.online[last + 1] - self.online[first],
            )

        return Reading(FIRST + dt.timedelta(days=last), counts(28), counts(56), days_in_team=last)


def _sums(values: list[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def told(share: float, seed: int, days: int = DAYS) -> tuple[int, int]:
    """How many `ratio_low` and how many `ratio_heads_up` in that many days."""
    from ratio.verdicts import verdict

    random_ = random.Random(seed)
    online_a_week = 3 / share - 3
    real = [min(3, poisson(random_, 3 / 7)) for _ in range(days + 14)]
    online = [poisson(random_, online_a_week / 7) for _ in range(days + 14)]
    book = Prefix(real, online)
    target = Fraction(3, 10)
    episode: Stretch | None = None
    history: list[Evaluated] = []
    last: dict[Kind, dt.date] = {}
    counted = {Kind.LOW: 0, Kind.HEADS_UP: 0}
    for number in range(28, days):
        today, yesterday = FIRST + dt.timedelta(days=number), number - 1
        said = verdict(
            book.reading(yesterday), book.reading(yesterday - 7), book.reading(yesterday - 14), target, RULES
        )
        sunday = (periods.coming_sunday(today) - FIRST).days
        ahead = verdict(
            book.reading(sunday, yesterday),
            book.reading(sunday - 7, yesterday),
            book.reading(sunday - 14, yesterday),
            target,
            RULES,
        )
        history = [*history[-13:], Evaluated(today, said.word, said.counts, ahead.word)]
        episode, reminders = step(episode, history, last.get(Kind.LOW), last.get(Kind.HEADS_UP), RULES, today)
        for kind in reminders:
            last[kind] = today
            if kind in counted:
                counted[kind] += 1
        if episode is not None and episode.closed_on:
            episode = None
    return counted[Kind.LOW], counted[Kind.HEADS_UP]


@pytest.mark.parametrize("share", [0.42, 0.33, 0.30, 0.23])
def test_nobody_hears_of_it_more_than_18_times_a_year(share: float) -> None:
    runs = [told(share, seed) for seed in range(2)]
    for low, _heads_up in runs:
        assert low / (DAYS / 364) <= 18
