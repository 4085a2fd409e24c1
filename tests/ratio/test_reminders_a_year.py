"""How often somebody hears of it: random weeks over two years, through readings, verdicts and `step`.

The community manager meets three people a week on average and posts so much that the true share is as given; the
target is 30 %. All posts of the week are known, meetings are not planned ahead. `python -m
tests.ratio.test_reminders_a_year` prints the figures of ARCHITECTURE.md.
"""

import datetime as dt
import math
import random
from fractions import Fraction

import pytest

from ratio import periods
from ratio.episodes import BELOW, Evaluated, Kind, Stretch, step
from ratio.verdicts import Counts, Reading, Word, verdict
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

    def reading(self, last: int) -> Reading:
        """Of a day that is over."""

        def counts(length: int) -> Counts:
            first = max(0, last + 1 - length)
            return Counts(self.real[last + 1] - self.real[first], self.online[last + 1] - self.online[first])

        return Reading(FIRST + dt.timedelta(days=last), counts(28), counts(56), days_in_team=last)

    def expected(self, last: int, yesterday: int) -> Reading:
        """Of a day to come, as `Ledger.expected`: known posts, the meetings until yesterday and the usual pace."""

        def counts(length: int) -> Counts:
            first = max(0, last + 1 - length)
            real = self.real[yesterday + 1] - self.real[min(first, yesterday + 1)]
            return Counts(real + usual, self.online[last + 1] - self.online[first])

        usual = (2 * self.reading(yesterday).counts.real * (last - yesterday) + 28) // 56
        return Reading(FIRST + dt.timedelta(days=last), counts(28), counts(56), days_in_team=last)


def _sums(values: list[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def told(share: float, seed: int, days: int = DAYS) -> tuple[list[int], list[int], int]:
    """The days of each `ratio_low` and `ratio_heads_up`, and how many of these were followed by the fall."""
    random_ = random.Random(seed)
    online_a_week = 3 / share - 3
    real = [min(3, poisson(random_, 3 / 7)) for _ in range(days + 14)]
    online = [poisson(random_, online_a_week / 7) for _ in range(days + 14)]
    book, target = Prefix(real, online), Fraction(3, 10)
    episode: Stretch | None = None
    history: list[Evaluated] = []
    said: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    words: dict[int, Word] = {}
    for number in range(28, days):
        today, yesterday = FIRST + dt.timedelta(days=number), number - 1
        of_yesterday = verdict(*(book.reading(yesterday - back) for back in (0, 7, 14)), target, RULES)
        words[number] = of_yesterday.word
        sunday = (periods.coming_sunday(today) - FIRST).days
        before = [book.reading(sunday - 7), book.reading(sunday - 14)]
        ahead = verdict(book.expected(sunday, yesterday), *before, target, RULES)
        history = [*history[-13:], Evaluated(today, of_yesterday.word, of_yesterday.counts, ahead.word)]
        lately = sum(day > number - 364 for kind in (Kind.LOW, Kind.HEADS_UP) for day in said[kind])
        last = {
            kind: FIRST + dt.timedelta(days=listed[-1]) if listed else None for kind, listed in said.items()
        }
        episode, reminders = step(episode, history, last[Kind.LOW], last[Kind.HEADS_UP], RULES, today, lately)
        for kind in reminders:
            said[kind].append(number)
        if episode is not None and episode.closed_on:
            episode = None
    right = sum(_fell(words, day) for day in said[Kind.HEADS_UP])
    return said[Kind.LOW], said[Kind.HEADS_UP], right


def _fell(words: dict[int, Word], day: int) -> bool:
    """Whether the verdict of the Sunday after a heads-up was as it had said."""
    sunday = (periods.coming_sunday(FIRST + dt.timedelta(days=day)) - FIRST).days
    return words.get(sunday + 1) in BELOW and words[sunday + 1] is not words[day]


@pytest.mark.parametrize("share", [0.42, 0.33, 0.30, 0.23])
def test_nobody_hears_of_it_more_than_18_times_a_year(share: float) -> None:
    for seed in range(2):
        lows, heads_ups, _right = told(share, seed)
        days = sorted(lows + heads_ups)
        assert all(sum(first <= day < first + 364 for day in days) <= 18 for first in days)


def main() -> None:
    """Eight people for each share, three years each."""
    for share in (0.42, 0.36, 0.33, 0.30, 0.26, 0.23):
        runs = [told(share, seed, days=3 * 364) for seed in range(8)]
        lows, heads_ups = (sum(len(run[which]) for run in runs) / 24 for which in (0, 1))
        right = sum(run[2] for run in runs) / max(1, sum(len(run[1]) for run in runs))
        most = max((len(run[0]) + len(run[1])) / 3 for run in runs)
        print(
            f"{share:.0%}: {lows:.1f} reminders, {heads_ups:.1f} heads-ups ({right:.0%} right), most {most:.1f}"
        )


if __name__ == "__main__":
    main()
