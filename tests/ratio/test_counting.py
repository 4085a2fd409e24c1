import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratio.counting import Entry, WhyNot, judge_actions, judge_posts
from tests.ratio.weeks import MONDAY, PARIS, at

TUESDAY = MONDAY + dt.timedelta(days=1)


def why(entries: list[Entry], **options: object) -> dict[int, WhyNot | None]:
    return {line.entry.id: line.why_not for line in judge_actions(entries, zone=PARIS, **options)}  # type: ignore[arg-type]


def test_three_a_day_the_first_by_time() -> None:
    entries = [Entry(number, at(MONDAY, hour)) for number, hour in ((1, 21), (2, 9), (3, 18), (4, 12))]
    assert why(entries) == {2: None, 4: None, 3: None, 1: WhyNot.DAY_CAP}


def test_at_the_same_time_the_smaller_id_counts_and_what_is_done_before_what_is_planned() -> None:
    entries = [Entry(1, at(MONDAY), planned=True), Entry(9, at(MONDAY)), Entry(7, at(MONDAY))]
    assert why(entries, day_cap=2) == {7: None, 9: None, 1: WhyNot.DAY_CAP}


def test_colleagues_count_twice_a_calendar_week() -> None:
    entries = [Entry(n, at(MONDAY + dt.timedelta(days=n)), colleagues_only=True) for n in range(9)]
    counted = [number for number, reason in why(entries).items() if reason is None]
    assert counted == [0, 1, 7, 8]


def test_the_colleague_cap_comes_before_the_day_cap() -> None:
    """Colleagues over their cap leave room for others on the same day."""
    entries = [
        Entry(1, at(MONDAY), colleagues_only=True),
        Entry(2, at(MONDAY, 13), colleagues_only=True),
        Entry(3, at(TUESDAY, 8), colleagues_only=True),
        *[Entry(n, at(TUESDAY, n)) for n in (9, 10, 11, 12)],
    ]
    assert why(entries) == {
        1: None,
        2: None,
        3: WhyNot.COLLEAGUE_CAP,
        9: None,
        10: None,
        11: None,
        12: WhyNot.DAY_CAP,
    }


def test_over_the_day_cap_still_uses_up_the_colleague_cap() -> None:
    """The first two of the week are the first two, whether the day lets them count or not."""
    full = [Entry(n, at(MONDAY, n)) for n in (8, 9, 10)]
    colleagues = [
        Entry(20 + n, at(MONDAY + dt.timedelta(days=n), 18), colleagues_only=True) for n in range(3)
    ]
    assert why([*full, *colleagues])[20] is WhyNot.DAY_CAP
    assert why([*full, *colleagues])[21] is None
    assert why([*full, *colleagues])[22] is WhyNot.COLLEAGUE_CAP


def test_excluded_and_on_leave_are_taken_out_before_any_cap() -> None:
    entries = [
        Entry(1, at(MONDAY, 8), excluded=True, colleagues_only=True),
        *[Entry(n, at(MONDAY, 8 + n), colleagues_only=True) for n in (2, 3)],
        Entry(4, at(TUESDAY, 8), colleagues_only=True),
        Entry(5, at(TUESDAY, 9), excluded=True),
    ]
    assert why(entries, leave=frozenset({TUESDAY})) == {
        1: WhyNot.EXCLUDED,
        2: None,
        3: None,
        4: WhyNot.ON_LEAVE,
        5: WhyNot.EXCLUDED,
    }


def test_at_a_distance_enters_no_cap() -> None:
    entries = [Entry(n, at(MONDAY, n), is_real=False, colleagues_only=True) for n in (8, 9, 10)]
    assert set(why([*entries, Entry(1, at(MONDAY, 12))]).values()) == {WhyNot.AT_A_DISTANCE, None}


def test_the_day_is_the_teams() -> None:
    """23:30 UTC is already tomorrow in Paris."""
    late = dt.datetime(2026, 1, 5, 23, 30, tzinfo=dt.UTC)
    (line,) = judge_actions([Entry(1, late)], zone=PARIS)
    assert line.day == TUESDAY


@pytest.mark.parametrize(
    ("excluded", "leave", "expected"),
    [
        (False, frozenset(), None),
        (True, frozenset(), WhyNot.EXCLUDED),
        (False, frozenset({MONDAY}), WhyNot.ON_LEAVE),
    ],
)
def test_posts_know_no_cap(excluded: bool, leave: frozenset[dt.date], expected: WhyNot | None) -> None:
    posts = [Entry(n, at(MONDAY, n), excluded=excluded) for n in range(8, 20)]
    lines = judge_posts(reversed(posts), zone=PARIS, leave=leave)
    assert [line.entry.id for line in lines] == list(range(8, 20))
    assert {line.why_not for line in lines} == {expected}
    assert all(line.counts is (expected is None) for line in lines)


entries = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 23), st.booleans(), st.booleans(), st.booleans()),
    max_size=40,
).map(
    lambda rows: [
        Entry(
            number,
            at(MONDAY + dt.timedelta(days=day), hour),
            is_real=real,
            colleagues_only=only,
            excluded=out,
        )
        for number, (day, hour, real, only, out) in enumerate(rows)
    ]
)


@given(entries=entries, day_cap=st.integers(0, 4), colleague_cap=st.integers(0, 4))
def test_caps_hold_and_a_larger_one_never_counts_less(
    entries: list[Entry], day_cap: int, colleague_cap: int
) -> None:
    lines = judge_actions(entries, zone=PARIS, day_cap=day_cap, colleague_cap=colleague_cap)
    counted = [line for line in lines if line.counts]
    assert len(lines) == len(entries)
    for line in counted:
        assert line.entry.is_real
        assert sum(other.day == line.day for other in counted) <= day_cap
    for week in range(4):
        monday = MONDAY + dt.timedelta(weeks=week)
        of_week = [one for one in counted if one.entry.colleagues_only and 0 <= (one.day - monday).days < 7]
        assert len(of_week) <= colleague_cap
    wider = judge_actions(entries, zone=PARIS, day_cap=day_cap + 1, colleague_cap=colleague_cap)
    assert sum(line.counts for line in wider) >= len(counted)


@given(entries=entries, later=entries)
def test_what_comes_later_never_changes_what_came_before(entries: list[Entry], later: list[Entry]) -> None:
    after = [
        Entry(1000 + entry.id, entry.at + dt.timedelta(days=21), entry.is_real, entry.colleagues_only)
        for entry in later
    ]
    together = judge_actions([*after, *entries], zone=PARIS)
    assert together[: len(entries)] == list(judge_actions(entries, zone=PARIS))
