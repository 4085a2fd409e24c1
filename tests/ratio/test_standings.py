import datetime as dt

import pytest

from ratio.periods import last_moment
from ratio.standings import standing
from ratio.verdicts import Counts, Word
from tests.ratio.weeks import PARIS, RULES, TARGET, at, ledger, sunday_of

DAY = dt.timedelta(days=1)


def test_a_standing_holds_all_that_is_said() -> None:
    now = at(sunday_of(5) - 5 * DAY, 9)
    said = standing(
        ledger([(3, 6)] * 4 + [(1, 9), (0, 4)], planned_after=now), now, target=TARGET, rules=RULES
    )
    assert said.verdict.word is Word.ON_TARGET
    assert (said.needed.meetings, said.planned) == (2, Counts(1, 7))
    assert [reading.day for reading in said.forecasts] == [sunday_of(5), sunday_of(6)]
    assert said.first_day == now.date() - 27 * DAY
    assert said.fits_in_a_week
    assert said.way_back is None


def test_too_many_for_a_week_is_said_over_weeks() -> None:
    said = standing(ledger([(1, 9)] * 6), last_moment(sunday_of(6), PARIS), target=TARGET, rules=RULES)
    assert not said.fits_in_a_week
    assert said.way_back is not None


@pytest.mark.parametrize(("weeks", "joined", "first"), [(8, 400, 55), (8, 20, 20), (8, -1, 0)])
def test_it_counts_from_56_days_ago_or_from_joining(weeks: int, joined: int, first: int) -> None:
    sunday = sunday_of(weeks)
    book = ledger([(1, 0)] * weeks, joined_on=sunday - joined * DAY)
    said = standing(book, last_moment(sunday, PARIS), target=TARGET, rules=RULES)
    assert said.first_day == sunday - first * DAY


def test_after_months_away_it_begins_today() -> None:
    sunday = sunday_of(12)
    away = frozenset(sunday - back * DAY for back in range(100))
    said = standing(ledger([(1, 1)] * 12, leave=away), at(sunday), target=TARGET, rules=RULES)
    assert (said.verdict.word, said.first_day) == (Word.AWAY, sunday)
