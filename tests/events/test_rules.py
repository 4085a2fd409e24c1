"""Rules as people choose them are RFC 5545's, and come back as the same choice."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import rules
from events.rules import DAY_OF, DAYS, KEPT, LAST, MONTH, QUARTER, WEEKDAY_OF, WEEKLY, WORKING_DAY, Choice

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("choice", "rule"),
    [
        (Choice(repeat=WEEKLY, every=2, days=("TH",)), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        (Choice(repeat=WEEKLY, days=("TH", "MO")), "FREQ=WEEKLY;BYDAY=MO,TH"),
        (Choice(repeat=WEEKLY), "FREQ=WEEKLY"),
        (Choice(), "FREQ=MONTHLY;BYDAY=-1TH"),
        (Choice(which=2, weekday="SA", every=2), "FREQ=MONTHLY;INTERVAL=2;BYDAY=2SA"),
        (Choice(which=1, weekday=WORKING_DAY), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"),
        (
            Choice(which=1, weekday=WORKING_DAY, period=QUARTER),
            "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        ),
        (Choice(period=QUARTER), "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=-1TH"),
        (Choice(repeat=DAY_OF, month_day=15), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (Choice(repeat=DAY_OF, month_day=LAST, every=3), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
        (Choice(repeat=KEPT, kept=("FREQ=YEARLY;COUNT=3",), times=5), "FREQ=YEARLY;COUNT=5"),
        (
            Choice(repeat=KEPT, kept=("FREQ=YEARLY;COUNT=3",), until=date(2026, 12, 31)),
            "FREQ=YEARLY;UNTIL=20261231T225959Z",
        ),
        (Choice(times=10), "FREQ=MONTHLY;BYDAY=-1TH;COUNT=10"),
        # The last day ends at midnight in Paris, which is 22:59:59 in UTC.
        (Choice(until=date(2026, 12, 31)), "FREQ=MONTHLY;BYDAY=-1TH;UNTIL=20261231T225959Z"),
    ],
)
def test_a_choice_is_one_rule(choice, rule):
    assert rules.rules_of(choice, zone=PARIS) == [rule]


ends = st.one_of(
    st.just({}),
    st.dates(date(2026, 1, 1), date(2030, 12, 31)).map(lambda day: {"until": day}),
    st.integers(1, 500).map(lambda count: {"times": count}),
)
choices = st.one_of(
    st.builds(
        lambda every, days, more: Choice(
            repeat=WEEKLY, every=every, days=tuple(sorted(days, key=DAYS.index)), **more
        ),
        st.integers(1, 4),
        st.sets(st.sampled_from(DAYS), min_size=1),
        ends,
    ),
    st.builds(
        lambda which, weekday, every, more: Choice(which=which, weekday=weekday, every=every, **more),
        st.sampled_from([1, 2, 3, 4, LAST]),
        st.sampled_from([*DAYS, WORKING_DAY]),
        st.integers(1, 6),
        ends,
    ),
    st.builds(
        lambda which, weekday, more: Choice(which=which, weekday=weekday, period=QUARTER, **more),
        st.sampled_from([1, 2, 3, 4, LAST]),
        st.sampled_from([*DAYS, WORKING_DAY]),
        ends,
    ),
    st.builds(
        lambda day, every, more: Choice(repeat=DAY_OF, month_day=day, every=every, **more),
        st.sampled_from([*range(1, 32), LAST]),
        st.integers(1, 6),
        ends,
    ),
)


@given(choice=choices, zone=st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Auckland", "UTC"]))
def test_a_rule_read_back_is_the_choice_it_came_from(choice, zone):
    tz = ZoneInfo(zone)
    given_rules = rules.rules_of(choice, zone=tz)
    read = rules.choice_of(given_rules, zone=tz)
    assert rules.rules_of(read, zone=tz) == given_rules
    assert read.repeat == choice.repeat
    assert (read.until, read.times) == (choice.until, choice.times)


@pytest.mark.parametrize(
    "kept",
    [
        ["FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=21"],
        ["FREQ=DAILY"],
        ["FREQ=WEEKLY;BYDAY=TH", "FREQ=MONTHLY;BYMONTHDAY=1"],
        ["FREQ=MONTHLY;BYDAY=5FR"],
        ["FREQ=MONTHLY;BYMONTHDAY=1,15"],
        ["FREQ=MONTHLY;BYMONTH=1,2;BYDAY=1MO"],
        ["FREQ=WEEKLY;INTERVAL=x;BYDAY=TH"],
        ["FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1"],
        [],
    ],
)
def test_what_the_form_has_no_words_for_is_kept_as_it_is(kept):
    choice = rules.choice_of(kept, zone=PARIS)
    assert choice.repeat == KEPT
    assert rules.rules_of(choice, zone=PARIS) == kept


@pytest.mark.parametrize(
    ("rule", "until"),
    [
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20261231", date(2026, 12, 31)),
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20261231T233000", date(2026, 12, 31)),
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20261231T233000Z", date(2027, 1, 1)),
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=soon", None),
        ("freq=weekly;wkst=mo;byday=th", None),
    ],
)
def test_the_last_day_is_one_of_the_zone(rule, until):
    assert rules.choice_of([rule], zone=PARIS).until == until
    assert rules.choice_of([rule], zone=PARIS).repeat == WEEKLY


@pytest.mark.parametrize(
    ("until", "day"),
    [
        ("20261210T172959Z", date(2026, 12, 9)),  # cut a second before 18:30 of the 10th
        ("20261210T173000Z", date(2026, 12, 10)),
        ("20261210T182959", date(2026, 12, 9)),
        ("20261210", date(2026, 12, 10)),
    ],
)
def test_the_last_day_is_one_that_still_has_a_date(until, day):
    given_rules = [f"FREQ=WEEKLY;BYDAY=TH;UNTIL={until}"]
    assert rules.choice_of(given_rules, zone=PARIS, at=time(18, 30)).until == day


def test_another_first_day_of_the_week_is_no_detail():
    assert rules.choice_of(["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU"], zone=PARIS).repeat == KEPT


def test_a_rule_is_cut_before_an_instant_and_counts_what_is_left():
    at = datetime(2026, 12, 10, 17, 30, tzinfo=UTC)
    assert rules.cut_before("FREQ=DAILY;COUNT=9", at) == "FREQ=DAILY;UNTIL=20261210T172959Z"
    assert rules.cut_before("FREQ=DAILY;until=20300101", at) == "FREQ=DAILY;UNTIL=20261210T172959Z"
    assert rules.count_of("FREQ=DAILY;COUNT=9") == 9
    assert rules.count_of("FREQ=DAILY") is None
    assert rules.with_count("FREQ=DAILY;COUNT=9;BYDAY=MO", 3) == "FREQ=DAILY;COUNT=3;BYDAY=MO"


def test_the_words_of_the_form_are_the_words_of_the_code():
    assert {WEEKLY, WEEKDAY_OF, DAY_OF, KEPT} == {"weekly", "weekday_of", "day_of", "kept"}
    assert {MONTH, QUARTER} == {"month", "quarter"}
