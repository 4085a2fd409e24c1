# ruff: noqa: DTZ001  # local times, as a file gives them
"""Days and times as they are written; and the two nights when the clock is changed."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.schedules import moments, when
from outreach.schedules.when import DateOrder, NotADate

D, M = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("written", "order", "moment"),
    [
        ("2026-11-02 09:00", None, datetime(2026, 11, 2, 9)),
        ("2026-11-02 09:00:30", None, datetime(2026, 11, 2, 9, 0, 30)),
        ("2026/11/02 09:00", None, datetime(2026, 11, 2, 9)),
        ("2026-11-02T09:00", None, datetime(2026, 11, 2, 9)),
        ("2026-11-02T09:00:00Z", None, datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("2026-11-02 09:00:00+01:00", None, datetime(2026, 11, 2, 9, tzinfo=timezone(timedelta(hours=1)))),
        (
            "2026-11-02 09:00 -0530",
            None,
            datetime(2026, 11, 2, 9, tzinfo=timezone(-timedelta(hours=5, minutes=30))),
        ),
        ("02/11/2026 12 h 30", D, datetime(2026, 11, 2, 12, 30)),
        ("11/02/2026 12:30", M, datetime(2026, 11, 2, 12, 30)),
        ("02.11.26 18.30", D, datetime(2026, 11, 2, 18, 30)),
        ("2 novembre 2026 à 18h", None, datetime(2026, 11, 2, 18)),
        ("lundi 2 novembre 2026 18 h 30", None, datetime(2026, 11, 2, 18, 30)),
        ("1er décembre 2026, 9 h", None, datetime(2026, 12, 1, 9)),
        ("Nov 2, 2026 9:00 PM", None, datetime(2026, 11, 2, 21)),
        ("15 Jan 2027 12:00 am", None, datetime(2027, 1, 15, 0)),
        ("2026-11-02", None, date(2026, 11, 2)),
        ("02/11/2026", D, date(2026, 11, 2)),
    ],
)
def test_moments(written, order, moment):
    assert when.read_moment(written, order) == moment


@pytest.mark.parametrize(
    "written",
    [
        "",
        "demain",
        "02/11",
        "2026-13-01 10:00",
        "31/02/2026",
        "2026-11-02 25:00",
        "2026-11-02 bientôt",
        "12:30",
    ],
)
def test_what_is_not_certain_is_no_date(written):
    with pytest.raises(NotADate):
        when.read_moment(written, D)


@pytest.mark.parametrize(
    ("written", "at"),
    [("9 h", time(9)), ("12 h 30", time(12, 30)), ("18:30:05", time(18, 30, 5)), ("9h05", time(9, 5)), ("6.30 pm", time(18, 30)),
     ("12 pm", time(12)), ("midi", time(12))],
)  # fmt: skip
def test_times(written, at):
    assert when.read_time(written) == at


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["02/11/2026", "13/11/2026"], D),
        (["11/02/2026", "11/13/2026"], M),
        (["11/11/2026 10:00", "12/12/2026"], None),  # the same either way
        (["2026-11-02", "2 novembre 2026", ""], None),
    ],
)
def test_the_days_of_a_file_show_their_order(days, order):
    assert when.numeric_order(days) is order


@pytest.mark.parametrize("days", [["02/11/2026"], ["01/02/2026", "11/11/2026"], ["13/11/2026", "11/13/2026"]])
def test_an_order_that_nothing_shows_is_not_guessed(days):
    with pytest.raises(NotADate):
        when.numeric_order(days)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d %H:%M", "%d/%m/%Y %H h %M"]),
)
def test_what_is_written_is_read(moment, pattern):
    moment = moment.replace(second=0, microsecond=0)
    assert when.read_moment(moment.strftime(pattern), D) == moment


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_none(text):
    with suppress(NotADate):
        when.read_moment(text, D)


@pytest.mark.parametrize(
    ("local", "utc", "is_plain"),
    [
        (datetime(2026, 11, 2, 9), datetime(2026, 11, 2, 8, tzinfo=UTC), True),
        (datetime(2026, 7, 2, 9), datetime(2026, 7, 2, 7, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC), False),  # shown as 03:30
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), False),  # the first of two
        (datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC), True),
    ],
)
def test_local_times_become_instants(local, utc, is_plain):
    instant, remark = moments.instant(local, PARIS)
    assert (instant, remark == "") == (utc, is_plain)
