import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratio import periods

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = dt.date(2026, 11, 24)
days = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-24T22:59:59+00:00", "Europe/Paris", "2026-11-24"),
        ("2026-11-24T23:00:00+00:00", "Europe/Paris", "2026-11-25"),
        ("2026-07-24T22:00:00+00:00", "Europe/Paris", "2026-07-25"),
        ("2026-11-24T13:00:00+00:00", "Australia/Lord_Howe", "2026-11-25"),
        ("2026-11-25T04:59:00+00:00", "America/New_York", "2026-11-24"),
    ],
)
def test_local_day(moment: str, zone: str, expected: str) -> None:
    assert periods.local_day(dt.datetime.fromisoformat(moment), ZoneInfo(zone)) == day(expected)


@pytest.mark.parametrize(
    ("on", "zone", "hours"),
    [
        ("2026-03-29", "Europe/Paris", 23),
        ("2026-10-25", "Europe/Paris", 25),
        ("2026-11-24", "Europe/Paris", 24),
        ("2026-03-08", "America/New_York", 23),
        ("2026-04-05", "Australia/Lord_Howe", 24.5),
        ("2026-10-04", "Australia/Lord_Howe", 23.5),
    ],
)
def test_a_day_is_as_long_as_its_clock_says(on: str, zone: str, hours: float) -> None:
    of = ZoneInfo(zone)
    start, end = periods.start_of(day(on), of), periods.last_moment(day(on), of)
    assert end + dt.timedelta(microseconds=1) - start == dt.timedelta(hours=hours)
    assert periods.local_day(start, of) == periods.local_day(end, of) == day(on)


def test_a_day_may_begin_without_midnight() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    start = periods.start_of(day("2026-03-29"), beirut)
    assert start.astimezone(beirut).hour == 1
    assert periods.local_day(start, beirut) == day("2026-03-29")
    assert periods.local_day(start - dt.timedelta(microseconds=1), beirut) == day("2026-03-28")


def test_window_is_28_days_today_included() -> None:
    window = periods.window(TUESDAY)
    assert (window[0], window[-1], len(window)) == (day("2026-10-28"), TUESDAY, 28)


def test_leave_is_skipped_and_reached_back_for() -> None:
    leave = periods.leave_days(
        [(day("2026-11-10"), day("2026-11-16")), (day("2026-11-16"), day("2026-11-17"))]
    )
    window = periods.window(TUESDAY, leave)
    assert len(leave) == 8
    assert len(window) == 28
    assert window[0] == day("2026-10-28") - dt.timedelta(days=8)
    assert not leave.intersection(window)


@pytest.mark.parametrize(
    ("length", "away", "expected"), [(28, 28, 28), (28, 40, 16), (28, 56, 0), (56, 40, 44)]
)
def test_long_leave_shortens_the_window(length: int, away: int, expected: int) -> None:
    leave = periods.leave_days([(TUESDAY - dt.timedelta(days=away - 1), TUESDAY)])
    assert len(periods.window(TUESDAY, leave, length=length)) == expected


@given(today=days, away=st.sets(st.integers(0, 90)), length=st.sampled_from([28, 56]))
def test_a_window_never_reaches_further_than_28_days_more(
    today: dt.date, away: set[int], length: int
) -> None:
    leave = {today - dt.timedelta(days=back) for back in away}
    window = periods.window(today, leave, length=length)
    assert len(window) <= length
    assert all((today - one).days < length + 28 for one in window)
    assert list(window) == sorted(set(window))
    assert not leave.intersection(window)


@given(today=days)
def test_four_blocks_are_the_window(today: dt.date) -> None:
    blocks = periods.blocks(today, 4)
    covered = [one for first, last in blocks for one in periods.days_between(first, last)]
    assert tuple(covered) == periods.window(today)
    assert all((last - first).days == 6 for first, last in periods.blocks(today, 12))


def test_days_between_is_empty_the_wrong_way_round() -> None:
    assert list(periods.days_between(TUESDAY, TUESDAY - dt.timedelta(days=1))) == []


@pytest.mark.parametrize(
    ("today", "coming", "to_aim_for"),
    [
        ("2026-11-23", "2026-11-29", "2026-11-29"),
        ("2026-11-26", "2026-11-29", "2026-11-29"),
        ("2026-11-27", "2026-11-29", "2026-12-06"),
        ("2026-11-28", "2026-11-29", "2026-12-06"),
        ("2026-11-29", "2026-11-29", "2026-12-06"),
    ],
)
def test_sundays(today: str, coming: str, to_aim_for: str) -> None:
    assert periods.coming_sunday(day(today)) == day(coming)
    assert periods.sunday_to_aim_for(day(today)) == day(to_aim_for)


@given(today=days)
def test_weeks_run_from_monday_to_sunday(today: dt.date) -> None:
    monday, sunday = periods.week_of(today)
    assert monday <= today <= sunday
    assert (monday.weekday(), sunday.weekday()) == (0, 6)


@pytest.mark.parametrize(
    ("last_post", "expected"),
    [
        (None, ["2026-11-29", "2026-12-06"]),
        ("2026-11-20", ["2026-11-29", "2026-12-06"]),
        ("2026-11-28", ["2026-11-29", "2026-12-06"]),
        ("2026-12-16", ["2026-11-29", "2026-12-06", "2026-12-20"]),
    ],
)
def test_forecast_sundays(last_post: str | None, expected: list[str]) -> None:
    known = day(last_post) if last_post else None
    assert periods.forecast_sundays(TUESDAY, known) == [day(one) for one in expected]
