from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.workdays import is_allowed, is_quiet, is_working_day, next_allowed

PARIS = ZoneInfo("Europe/Paris")


def paris(*parts: int) -> datetime:
    """A wall time in Paris."""
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc, arg-type]


OFFICE = {"quiet_from": time(19), "quiet_until": time(8), "on_days_off": False}


@pytest.mark.parametrize(
    ("day", "country", "working"),
    [
        (date(2026, 11, 24), "FR", True),
        (date(2026, 11, 28), "FR", False),  # a Saturday
        (date(2026, 11, 11), "FR", False),  # Armistice
        (date(2026, 11, 11), "GB", True),
        (date(2026, 11, 20), "SA", False),  # a Friday
        (date(2026, 11, 22), "SA", True),  # a Sunday
        (date(2026, 11, 11), "", True),
        (date(2026, 11, 29), "ZZ", False),
    ],
)
def test_a_working_day_is_what_people_of_the_country_call_one(day, country, working):
    assert is_working_day(day, country=country) is working


@pytest.mark.parametrize(
    ("at", "quiet_from", "quiet_until", "quiet"),
    [
        (time(18, 59), time(19), time(8), False),
        (time(19), time(19), time(8), True),
        (time(7, 59), time(19), time(8), True),
        (time(8), time(19), time(8), False),
        (time(12, 30), time(12), time(14), True),
        (time(14), time(12), time(14), False),
        (time(12), time(9), time(9), False),
    ],
)
def test_quiet_hours_may_pass_midnight_and_equal_ends_mean_none(at, quiet_from, quiet_until, quiet):
    assert is_quiet(at, quiet_from=quiet_from, quiet_until=quiet_until) is quiet


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (paris(2026, 11, 24, 10, 0), paris(2026, 11, 24, 10, 0)),
        (paris(2026, 11, 24, 7, 0), paris(2026, 11, 24, 8, 0)),
        (paris(2026, 11, 24, 20, 0), paris(2026, 11, 25, 8, 0)),
        (paris(2026, 11, 27, 19, 0), paris(2026, 11, 30, 8, 0)),  # a Friday evening
        (paris(2026, 4, 3, 19, 0), paris(2026, 4, 7, 8, 0)),  # Easter Monday is off
        (paris(2026, 12, 24, 23, 0), paris(2026, 12, 28, 8, 0)),
        (paris(2026, 3, 27, 21, 0), paris(2026, 3, 30, 8, 0)),  # the clocks change that Sunday
        (paris(2026, 10, 23, 21, 0), paris(2026, 10, 26, 8, 0)),
    ],
)
def test_what_falls_into_quiet_hours_or_days_off_waits_for_the_next_morning(local, expected):
    moment = next_allowed(local, zone=PARIS, country="FR", **OFFICE)
    assert moment == expected


def test_who_works_on_weekends_is_told_on_weekends():
    saturday = datetime(2026, 11, 28, 10, 0, tzinfo=PARIS)
    hours = {**OFFICE, "on_days_off": True}
    assert next_allowed(saturday, zone=PARIS, country="FR", **hours) == saturday


def test_without_a_night_a_day_off_ends_at_midnight():
    saturday = datetime(2026, 11, 28, 10, 0, tzinfo=PARIS)
    siesta = {"quiet_from": time(12), "quiet_until": time(14), "on_days_off": False}
    assert next_allowed(saturday, zone=PARIS, country="FR", **siesta) == datetime(2026, 11, 30, tzinfo=PARIS)


def test_a_wall_time_shown_twice_is_quiet_both_times():
    """25 October 2026, 02:30 happens twice in Paris: quiet until 02:30 means until the second one."""
    second_2_15 = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    hours = {"quiet_from": time(19), "quiet_until": time(2, 30), "on_days_off": True}
    assert next_allowed(second_2_15, zone=PARIS, country="FR", **hours) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


zones = st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut"]).map(
    ZoneInfo
)
countries = st.sampled_from(["FR", "US", "AU", "LB", ""])
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.integers(0, 2 * 365 * 1440).map(
    lambda minutes: FIRST + timedelta(minutes=minutes)
) | st.sampled_from([datetime(2026, 3, 29, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)]).flatmap(
    lambda day: st.integers(0, 1440).map(lambda minutes: day + timedelta(minutes=minutes))
)
hours = st.fixed_dictionaries(
    {"quiet_from": st.times(), "quiet_until": st.times(), "on_days_off": st.booleans()}
)


@given(instant=instants, zone=zones, country=countries, hours=hours)
def test_the_next_allowed_moment_is_allowed_not_past_and_its_own_next(instant, zone, country, hours):
    moment = next_allowed(instant, zone=zone, country=country, **hours)
    assert moment >= instant
    assert is_allowed(moment, zone=zone, country=country, **hours)
    assert next_allowed(moment, zone=zone, country=country, **hours) == moment


@given(instant=instants, zone=zones, country=countries, hours=hours, share=st.floats(0, 1, exclude_max=True))
def test_nothing_allowed_lies_before_it(instant, zone, country, hours, share):
    moment = next_allowed(instant, zone=zone, country=country, **hours)
    earlier = instant + (moment - instant) * share
    if earlier < moment and not _skipped(moment, zone):
        assert not is_allowed(earlier, zone=zone, country=country, **hours)


def _skipped(moment: datetime, zone: ZoneInfo) -> bool:
    """Within an hour after the clocks went forward, where the end of quiet hours may have been skipped."""
    return moment.astimezone(zone).utcoffset() != (moment - timedelta(hours=1)).astimezone(zone).utcoffset()
