"""Days and ids as browsers send them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Team
from foundation.inputs import (
    DayField,
    MomentField,
    RowField,
    RowsField,
    is_reckonable,
    row_ids,
    validate_reckonable,
)


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


def field_of(kind, rows, **options):
    """A field that finds among these teams, and what it was asked for."""
    asked, field = [], kind(**options)
    field.find = lambda ids: asked.append(ids) or [row for row in rows if row.pk in ids]
    return field, asked


def test_rows_are_asked_for_once_however_many_are_chosen():
    teams = [Team(pk=pk, name=f"Team {pk}") for pk in (1, 2, 3)]
    field, asked = field_of(RowsField, teams, required=False)
    assert field.clean(["3", 1]) == [teams[0], teams[2]] and asked == [[3, 1]]
    assert field.clean([]) == field.clean(None) == [] and len(asked) == 1
    for sent in (["1", "4"], ["1", "x\0"], ["9" * 30], [""]):
        with pytest.raises(ValidationError) as refused:
            field.clean(sent)
        assert refused.value.code == "invalid_choice"


def test_one_row_is_that_row_or_none():
    field, asked = field_of(RowField, [Team(pk=7, name="Normandy")], required=False)
    assert field.clean("7").name == "Normandy" and asked == [[7]]
    assert field.clean("") is None
    with pytest.raises(ValidationError):
        field.clean("8")


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("2026-07-01T02:30", datetime(2026, 7, 1, 0, 30, tzinfo=UTC)),
        ("2026-03-29T02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # there is none: 03:30
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # there are two: the first
        ("2026-10-25T02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),  # the second, since it says so
        ("", None),
    ],
)
def test_a_moment_is_read_by_the_clock_on_the_wall_on_every_night(typed, hour):
    with timezone.override(ZoneInfo("Europe/Paris")):
        assert MomentField(required=False).clean(typed) == hour


@pytest.mark.parametrize("typed", ["2026-02-31T10:00", "soon", "0202-11-24T10:00"])
def test_what_is_no_moment_is_refused(typed):
    with pytest.raises(ValidationError):
        MomentField().clean(typed)
