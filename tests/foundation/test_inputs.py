"""Days and ids as browsers send them."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from foundation.inputs import DayField, is_reckonable, row_ids, validate_reckonable


def test_ids_are_what_can_be_a_row_and_nothing_else():
    assert row_ids(["7", 8, "²", "٣", "-1", "", "x", "9" * 30, "7"]) == [7, 8, 7]


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(1, 1, 1), False),
        (date(202, 11, 24), False),
        (date(1970, 1, 2), True),
        (date(2026, 11, 24), True),
        (date(2100, 12, 31), True),
        (date(9999, 12, 31), False),
    ],
)
def test_years_that_can_be_reckoned_with(day, known):
    assert is_reckonable(day) == known


def test_a_moment_of_another_century_is_refused():
    validate_reckonable(datetime(2026, 11, 24, tzinfo=UTC))
    with pytest.raises(ValidationError):
        validate_reckonable(datetime(1, 1, 1, tzinfo=UTC))


def test_a_day_is_shown_as_the_browser_takes_it():
    field = DayField(css="in")
    assert field.clean("2026-11-24") == date(2026, 11, 24)
    assert 'value="2026-11-24"' in field.widget.render("on", date(2026, 11, 24))
    with pytest.raises(ValidationError):
        field.clean("9999-12-31")
