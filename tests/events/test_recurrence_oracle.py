# ruff: noqa: DTZ001 - local times
"""Our expansion held against another one (recurring-ical-events), on rules drawn by chance.

Where the two are known to differ, and why ours is kept:

1. DTSTART that no rule gives. They count it as an instance, we do not: RFC 5545 calls such a set undefined, and the
   table of rules by strangers (rrule_table_A.txt) leaves it out.
2. Two wall times of one instant (02:30 and 03:30 in the spring night). They give it twice, we give it once.

More examples by hand: ORACLE_EXAMPLES=3000.
"""

import os
from datetime import UTC, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.recurrence import expand, starts_at

PARIS = ZoneInfo("Europe/Paris")
EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "40"))
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def by_the_oracle(dtstart, zone, rules, exdates, rdates, window):
    """The instants that the other library gives."""
    event = icalendar.Event()
    event.add("uid", "1")
    event.add("dtstart", dtstart.replace(tzinfo=zone))
    event.add("duration", timedelta(0))
    for rule in rules:
        event.add("rrule", icalendar.vRecur.from_ical(rule))
    for name, moments in (("exdate", exdates), ("rdate", rdates)):
        for local in moments:
            event.add(name, local.replace(tzinfo=zone))
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    first, last = (datetime.combine(day, time(0), zone) for day in window)
    # dateutil, on which they stand, seeks the dates of a rule that has none (the 2nd of one 31st) until this year.
    with patch("datetime.MAXYEAR", last.year + 1):
        found = recurring_ical_events.of(calendar).between(first, last)
    return sorted(one.start.astimezone(UTC) for one in found)


@st.composite
def rules(draw):
    """A rule as calendars write them."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 4))}"]
    numbered = freq in ("MONTHLY", "YEARLY") and draw(st.booleans())
    days = draw(st.lists(st.sampled_from(DAYS), max_size=3, unique=True))
    if days:
        which = draw(st.sampled_from([1, 2, 4, -1, -2])) if numbered else ""
        parts.append("BYDAY=" + ",".join(f"{which}{day}" for day in days))
    if draw(st.booleans()):
        parts.append(f"BYMONTH={draw(st.integers(1, 6))},{draw(st.integers(7, 12))}")
    if freq != "WEEKLY" and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from(['1,15', '-1', '31', '29']))}")
    if len(parts) > 2 and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2', '1,-1']))}")
    ends = ["", f"COUNT={draw(st.integers(1, 30))}", f"UNTIL=2027{draw(st.integers(1, 12)):02}15T120000Z"]
    return ";".join(
        filter(None, [*parts, draw(st.sampled_from(ends)), f"WKST={draw(st.sampled_from(DAYS))}"])
    )


@settings(
    deadline=None,
    max_examples=EXAMPLES,
    derandomize=EXAMPLES < 100,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)),
    half_hours=st.integers(0, 47),
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC"]).map(ZoneInfo),
    rules=st.lists(rules(), min_size=1, max_size=2),
    offset=st.integers(0, 300),
    length=st.integers(1, 500),
    data=st.data(),
)
def test_both_agree_on_whatever_a_calendar_may_say(start, half_hours, zone, rules, offset, length, data):
    dtstart = datetime.combine(start.date(), time(half_hours // 2, half_hours % 2 * 30))
    window = (start.date() + timedelta(offset), start.date() + timedelta(offset + length))
    given_by_rules = expand(dtstart=dtstart, zone=zone, rules=rules, window=window)
    gone = data.draw(st.lists(st.sampled_from(given_by_rules), max_size=3)) if given_by_rules else []
    exdates = [one.local for one in gone]
    rdates = [dtstart + timedelta(days=days) for days in data.draw(st.lists(st.integers(0, 400), max_size=2))]
    ours = [
        one.starts_at
        for one in expand(
            dtstart=dtstart,
            zone=zone,
            rules=rules,
            exdates=exdates,
            rdates=rdates,
            window=(window[0], window[1] - timedelta(1)),
        )
    ]
    theirs = by_the_oracle(dtstart, zone, rules, exdates, rdates, window)
    first = starts_at(dtstart, zone)
    assert ours == sorted({one for one in theirs if one != first or one in ours})


@settings(deadline=None, max_examples=EXAMPLES, derandomize=EXAMPLES < 100)
@given(
    start=st.datetimes(datetime(1990, 1, 1), datetime(2010, 1, 1)).map(
        lambda one: one.replace(microsecond=0)
    ),
    rule=rules(),
    offset=st.integers(0, 7_500),
    length=st.integers(0, 800),
)
def test_what_a_window_shows_does_not_hang_on_where_it_begins(start, rule, offset, length):
    first = start.date() + timedelta(offset)
    last = first + timedelta(length)
    windows = [(first, last), (start.date(), last)]  # the second is reckoned from DTSTART on
    late, whole = (expand(dtstart=start, zone=PARIS, rules=[rule], window=one) for one in windows)
    assert late == [one for one in whole if one.starts_at.astimezone(PARIS).date() >= first]


def test_known_difference_1_a_start_that_no_rule_gives():
    wednesday, days = (
        datetime(2026, 11, 25, 18, 30),
        (datetime(2026, 11, 1).date(), datetime(2026, 12, 1).date()),
    )
    rule = ["FREQ=WEEKLY;BYDAY=TH;COUNT=1"]
    theirs = by_the_oracle(wednesday, PARIS, rule, [], [], days)
    ours = [one.starts_at for one in expand(dtstart=wednesday, zone=PARIS, rules=rule, window=days)]
    assert theirs[0] == starts_at(wednesday, PARIS)
    assert ours == [datetime(2026, 11, 26, 17, 30, tzinfo=UTC)]


def test_known_difference_2_two_wall_times_of_one_instant():
    night, days = datetime(2027, 3, 28, 2, 30), (datetime(2027, 3, 28).date(), datetime(2027, 3, 29).date())
    rule = ["FREQ=DAILY;BYHOUR=2,3;COUNT=2"]
    assert len(by_the_oracle(night, PARIS, rule, [], [], days)) == 2
    assert len(expand(dtstart=night, zone=PARIS, rules=rule, window=days)) == 1
