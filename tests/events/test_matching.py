"""Which new date an old one becomes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.matching import WITHIN, matched

START = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)


def day(number, hour=18):
    return START + timedelta(days=number, hours=hour - 18)


@pytest.mark.parametrize(
    ("old", "new", "became"),
    [
        ([], [day(1)], {}),
        ([day(0), day(7)], [], {}),
        ([day(0), day(7)], [day(0), day(7)], {day(0): day(0), day(7): day(7)}),
        # Another time of day, another weekday.
        ([day(0), day(7)], [day(0, 19), day(7, 19)], {day(0): day(0, 19), day(7): day(7, 19)}),
        ([day(0), day(7)], [day(1), day(8)], {day(0): day(1), day(7): day(8)}),
        # What stays itself is taken before anything is moved onto it.
        ([day(0), day(7)], [day(7), day(14)], {day(7): day(7)}),
        # Every second one: the others have no place.
        ([day(0), day(7), day(14)], [day(0), day(14)], {day(0): day(0), day(14): day(14)}),
        # A single date goes a week far, not further.
        ([day(0)], [day(7)], {day(0): day(7)}),
        ([day(0)], [day(8)], {}),
        # The nearest wins, and each is taken once.
        ([day(0), day(20)], [day(3), day(-1)], {day(0): day(-1)}),
    ],
)
def test_a_date_becomes_the_nearest_new_one(old, new, became):
    assert matched(old, new) == became


starts = st.lists(st.integers(0, 120).map(day), max_size=20, unique=True)


@given(old=starts, new=starts)
def test_each_new_date_is_taken_once_and_nobody_goes_far(old, new):
    became = matched(old, new)
    assert set(became) <= set(old)
    assert len(set(became.values())) == len(became)
    assert set(became.values()) <= set(new)
    assert all(abs(after - before) <= WITHIN for before, after in became.items())
    assert all(became[start] == start for start in set(old) & set(new))
