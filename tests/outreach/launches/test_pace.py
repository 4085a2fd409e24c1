"""An even pace, and when it is worth a word."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.launches.pace import behind, expected, spread

SINCE, DAY = date(2026, 10, 20), date(2026, 12, 15)  # eight weeks


@pytest.mark.parametrize(
    ("today", "of_sixteen"),
    [
        (date(2026, 10, 20), 0),
        (date(2026, 10, 23), 0),
        (date(2026, 10, 24), 1),
        (date(2026, 11, 17), 8),
        (date(2026, 12, 14), 15),
        (date(2026, 12, 15), 16),
        (date(2027, 1, 1), 16),
        (date(2026, 10, 1), 0),
    ],
)
def test_an_even_pace_meets_as_many_as_days_have_passed(today, of_sixteen):
    assert expected(16, since=SINCE, day=DAY, today=today) == of_sixteen


@pytest.mark.parametrize(
    ("met", "today", "short"),
    [
        (0, date(2026, 10, 26), 0),  # the first week asks for nothing
        (0, date(2026, 10, 28), 2),
        (6, date(2026, 11, 17), 2),
        (7, date(2026, 11, 17), 0),  # one short is no news
        (16, date(2026, 12, 14), 0),
        (3, date(2026, 12, 15), 0),  # it is out: nothing can be made up for
    ],
)
def test_being_behind_is_said_from_the_second_week_and_two_on(met, today, short):
    assert behind(met, 16, since=SINCE, day=DAY, today=today) == short


def test_a_launch_written_down_on_its_day_or_after_asks_for_nothing():
    assert expected(5, since=DAY, day=DAY, today=DAY - timedelta(days=1)) == 0
    assert behind(0, 5, since=DAY + timedelta(days=3), day=DAY, today=DAY + timedelta(days=20)) == 0


@given(st.integers(1, 300), st.integers(-20, 400))
def test_days_are_shared_out_in_order_and_end_the_day_before(count, length):
    days = spread(count, since=SINCE, day=SINCE + timedelta(days=length))
    assert len(days) == count
    assert days == sorted(days)
    assert days[0] >= SINCE
    assert days[-1] == max(SINCE, SINCE + timedelta(days=length - 1))
