"""A team's days are those of its own clock."""

from datetime import date, datetime

import pytest

from accounts.models import Team

PARIS = Team(time_zone="Europe/Paris")


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [  # of 24, 23 and 25 hours
        ("2026-03-28", "2026-03-27T23:00Z", "2026-03-28T23:00Z"),
        ("2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
    ],
)
def test_a_day_lasts_from_midnight_to_midnight_of_the_team(day, begins, ends):
    day, begins, ends = date.fromisoformat(day), datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    assert PARIS.bounds_of(day) == (begins, ends)
    assert PARIS.day_of(begins) == day < PARIS.day_of(ends)
