# ruff: noqa: DTZ001 - local times
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import recurrence
from events.recurrence import RuleRefused, expand, refuse_endless, starts_at, validate
from tests.events.rule_table import table

PARIS = ZoneInfo("Europe/Paris")
THURSDAY = datetime(2026, 11, 26, 18, 30)
ALWAYS = (date(1990, 1, 1), date(2100, 12, 31))
TABLE = table()


def locals_of(*rules, dtstart=THURSDAY, zone=PARIS, window=ALWAYS, **more):
    return [one.local for one in expand(dtstart=dtstart, zone=zone, rules=rules, window=window, **more)]


def test_the_table_has_all_its_rules():
    assert len(TABLE) == 58
    assert sum(len(instances) for _, _, instances in TABLE) == 633


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris"])
@pytest.mark.parametrize(("rule", "dtstart", "instances"), TABLE)
def test_each_rule_of_the_table_gives_exactly_its_instances(rule, dtstart, instances, zone):
    found = expand(dtstart=dtstart, zone=ZoneInfo(zone), rules=[rule], window=ALWAYS)
    assert [one.local for one in found] == instances
    assert [one.starts_at for one in found] == [starts_at(local, ZoneInfo(zone)) for local in instances]


def test_half_past_six_stays_half_past_six_when_the_clocks_change():
    found = expand(
        dtstart=THURSDAY,
        zone=PARIS,
        rules=["FREQ=MONTHLY;BYDAY=-1TH"],
        window=(date(2027, 3, 1), date(2027, 4, 30)),
    )
    assert [one.starts_at for one in found] == [
        datetime(2027, 3, 25, 17, 30, tzinfo=UTC),
        datetime(2027, 4, 29, 16, 30, tzinfo=UTC),
    ]


def test_nothing_begins_at_a_time_that_does_not_exist():
    night = datetime(2027, 3, 27, 2, 30)
    found = expand(dtstart=night, zone=PARIS, rules=["FREQ=DAILY;COUNT=3"], window=ALWAYS)
    assert [one.local.hour for one in found] == [2, 2, 2]
    local = [one.starts_at.astimezone(PARIS).isoformat() for one in found]
    assert local == ["2027-03-27T02:30:00+01:00", "2027-03-28T03:30:00+02:00", "2027-03-29T02:30:00+02:00"]


def test_of_two_times_in_an_autumn_night_it_is_the_first_once():
    night = datetime(2026, 10, 25, 2, 30)
    found = expand(dtstart=night, zone=PARIS, rules=["FREQ=DAILY;COUNT=1"], rdates=[night], window=ALWAYS)
    assert [one.starts_at for one in found] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_two_that_become_the_same_instant_happen_once():
    night = datetime(2027, 3, 28, 2, 30)
    found = expand(dtstart=night, zone=PARIS, rules=["FREQ=DAILY;BYHOUR=2,3;COUNT=2"], window=ALWAYS)
    assert [one.starts_at for one in found] == [datetime(2027, 3, 28, 1, 30, tzinfo=UTC)]


def test_a_day_that_an_island_skipped_is_the_next_one():
    """Samoa had no 30 December 2011."""
    apia, eve = ZoneInfo("Pacific/Apia"), datetime(2011, 12, 29, 18, 0)
    days = (date(2011, 12, 31), date(2011, 12, 31))
    found = expand(dtstart=eve, zone=apia, rules=["FREQ=DAILY;COUNT=2"], window=days)
    assert [one.starts_at.astimezone(apia).date() for one in found] == [date(2011, 12, 31)]


def test_both_days_of_the_window_are_in_it():
    week = (date(2026, 12, 3), date(2026, 12, 10))
    assert [one.day for one in locals_of("FREQ=WEEKLY", window=week)] == [3, 10]


def test_without_a_rule_it_takes_place_at_dtstart_and_on_dates_added():
    assert locals_of() == [THURSDAY]
    added = [datetime(2026, 12, 1, 9), THURSDAY]
    assert locals_of(rdates=added) == [THURSDAY, added[0]]


def test_exceptions_take_away_what_rules_and_extra_dates_give():
    rules, extra = ("FREQ=WEEKLY;COUNT=3", "FREQ=MONTHLY;COUNT=2"), datetime(2026, 12, 24, 20)
    gone = [THURSDAY, extra]
    found = locals_of(*rules, exdates=gone, rdates=[extra, datetime(2026, 12, 25, 20)])
    assert [(one.month, one.day) for one in found] == [(12, 3), (12, 10), (12, 25), (12, 26)]


def test_an_exception_may_say_the_time_that_is_shown():
    night = datetime(2027, 3, 28, 2, 30)
    assert locals_of("FREQ=DAILY;COUNT=1", dtstart=night, exdates=[datetime(2027, 3, 28, 3, 30)]) == []


def test_until_in_utc_is_reckoned_in_the_zone():
    daily = {"dtstart": datetime(2026, 11, 26, 23, 30)}
    assert len(locals_of("FREQ=DAILY;UNTIL=20261127T223000Z", **daily)) == 2
    assert len(locals_of("FREQ=DAILY;UNTIL=20261127T222959Z", **daily)) == 1


@pytest.mark.parametrize(
    ("given", "kept", "remarks"),
    [
        ("FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=TH", 0),
        ("RRULE:freq=weekly; byday=th;", "FREQ=WEEKLY;BYDAY=TH", 1),
        ("FREQ=WEEKLY;INTERVAL=1;WKST=SU", "FREQ=WEEKLY;WKST=SU", 0),
        ("FREQ=WEEKLY;UNTIL=20261231T183000", "FREQ=WEEKLY;UNTIL=20261231T173000Z", 1),
        ("FREQ=WEEKLY;UNTIL=20261231T1830", "FREQ=WEEKLY;UNTIL=20261231T173000Z", 1),
        ("FREQ=WEEKLY;UNTIL=2026-12-31T17:30:00Z", "FREQ=WEEKLY;UNTIL=20261231T173000Z", 0),
        ("FREQ=WEEKLY;UNTIL=20261231", "FREQ=WEEKLY;UNTIL=20261231T225959Z", 1),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231T173000Z", "FREQ=WEEKLY;UNTIL=20261231T173000Z;COUNT=3", 1),
        ("FREQ=WEEKLY;BYDAY=2TH,TH", "FREQ=WEEKLY;BYDAY=TH", 1),
        ("FREQ=MONTHLY;BYDAY=+1MO,-1TH;BYSETPOS=1,-1", "FREQ=MONTHLY;BYDAY=1MO,-1TH;BYSETPOS=1,-1", 0),
        ("FREQ=YEARLY;BYMONTH=01,02;BYMONTHDAY=15,15", "FREQ=YEARLY;BYMONTHDAY=15;BYMONTH=1,2", 0),
        ("FREQ=DAILY;INTERVAL=2;RSCALE=GREGORIAN;SKIP=OMIT", "FREQ=DAILY;INTERVAL=2", 0),
        ("FREQ=DAILY;X-COLOUR=RED", "FREQ=DAILY", 1),
        ("FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0,30", "FREQ=DAILY;BYMINUTE=0,30;BYHOUR=9,18", 0),
    ],
)
def test_what_is_commonly_written_wrong_is_put_right_and_said(given, kept, remarks):
    checked = validate(given, dtstart=THURSDAY, zone=PARIS)
    assert checked.rule == kept
    assert len(checked.remarks) == remarks
    again = validate(checked.rule, dtstart=THURSDAY, zone=PARIS)
    assert again.rule == kept


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "nonsense",
        "FREQ=",
        "FREQ=FORTNIGHTLY",
        "BYDAY=TH",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=3",
        "FREQ=HOURLY;INTERVAL=24",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=1.5",
        "FREQ=DAILY;INTERVAL=99999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=many",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20261331",
        "FREQ=DAILY;UNTIL=20261231T256000Z",
        "FREQ=DAILY;UNTIL=00010101T000000Z",
        "FREQ=DAILY;UNTIL=20251231T000000Z",  # before it begins
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTH=-1",
        "FREQ=DAILY;BYMONTH=,",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=,",
        "FREQ=MONTHLY;BYDAY=0TH",
        "FREQ=MONTHLY;BYDAY=54TH",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=WEEKLY;WKST=XX",
        "FREQ=WEEKLY;BYEASTER=0",
        "FREQ=WEEKLY;RSCALE=HEBREW",
        "FREQ=WEEKLY;SKIP=FORWARD",
        "FREQ=WEEKLY;COLOUR=RED",
        "FREQ=DAILY;BYHOUR=8,9,10,11,12;BYMINUTE=0,10,20,30,40",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=WEEKLY;BYMONTH=2;BYYEARDAY=366",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 2000),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(rule):
    with pytest.raises(RuleRefused) as refused:
        validate(rule, dtstart=THURSDAY, zone=PARIS)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=SECONDLY"])
def test_what_repeats_within_a_day_may_be_looked_at_only_with_an_end(rule):
    with pytest.raises(RuleRefused):
        refuse_endless(rule)
    refuse_endless(f"{rule};COUNT=3")
    refuse_endless(f"{rule};UNTIL=20261127T000000Z")


def test_rules_that_never_meet_an_hour_give_nothing():
    assert locals_of("FREQ=MINUTELY;INTERVAL=60;BYMINUTE=31;COUNT=1") == []
    assert locals_of("FREQ=MINUTELY;INTERVAL=1440;BYHOUR=9;COUNT=1") == []


def test_more_dates_than_any_calendar_has_are_refused(monkeypatch):
    monkeypatch.setattr(recurrence, "MOST", 50)
    with pytest.raises(RuleRefused, match="50"):
        locals_of("FREQ=DAILY")


@pytest.mark.parametrize(
    "freq", ["DAILY", "WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "YEARLY"]
)
def test_what_is_asked_of_a_rule_that_began_long_ago_is_never_refused(freq):
    hours = ",".join(map(str, range(recurrence.MOST_A_DAY)))
    days = ";BYYEARDAY=" + ",".join(map(str, range(1, 367))) if freq == "YEARLY" else ""
    rule = f"FREQ={freq};BYHOUR={hours}{days}"
    five_years = (date(2095, 1, 1), date(2099, 12, 31))
    assert (
        len(locals_of(rule, dtstart=datetime(1970, 1, 1), zone=UTC, window=five_years))
        == 24 * (five_years[1] - five_years[0] + timedelta(1)).days
    )


@pytest.mark.parametrize(
    ("rule", "dtstart", "found"),
    [
        ("FREQ=DAILY;INTERVAL=3", datetime(1990, 1, 1, 9), [(2026, 11, 3), (2026, 11, 6)]),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,SA", datetime(1997, 8, 9), [(2026, 11, 1), (2026, 11, 7)]),
        ("FREQ=MONTHLY;INTERVAL=5", datetime(1990, 3, 31), []),
        ("FREQ=MONTHLY;INTERVAL=4", datetime(1990, 3, 8), [(2026, 11, 8)]),
        ("FREQ=YEARLY;INTERVAL=4", datetime(1990, 11, 8), [(2026, 11, 8)]),
        ("FREQ=YEARLY;INTERVAL=5", datetime(1990, 11, 8), []),
        (
            "FREQ=DAILY;COUNT=13460",
            datetime(1990, 1, 1),
            [
                (2026, 11, 1),
                (2026, 11, 2),
                (2026, 11, 3),
                (2026, 11, 4),
                (2026, 11, 5),
                (2026, 11, 6),
                (2026, 11, 7),
            ],
        ),
    ],
)
def test_a_rhythm_of_long_ago_is_kept(rule, dtstart, found):
    window = (date(2026, 11, 1), date(2026, 11, 8))
    days = [local.date() for local in locals_of(rule, dtstart=dtstart, window=window)]
    assert days == [date(*one) for one in found]


def test_the_first_days_of_the_calendar_can_be_asked_for():
    assert locals_of("FREQ=DAILY;COUNT=1", window=(date.min, date(2030, 1, 1))) == [THURSDAY]


@given(
    start=st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)).map(
        lambda one: one.replace(microsecond=0)
    ),
    zone=st.sampled_from(
        ["Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"]
    ),
    freq=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 5),
    offset=st.integers(-40, 400),
    length=st.integers(0, 400),
)
def test_instances_are_in_order_none_twice_none_that_does_not_exist(
    start, zone, freq, interval, offset, length
):
    place, first = ZoneInfo(zone), start.date() + timedelta(offset)
    window = (first, first + timedelta(length))
    rule = f"FREQ={freq};INTERVAL={interval}"
    found = expand(dtstart=start, zone=place, rules=[rule], window=window)
    instants = [one.starts_at for one in found]
    assert instants == sorted(set(instants))
    for instance in found:
        shown = instance.starts_at.astimezone(place)
        assert window[0] <= shown.date() <= window[1]
        assert shown.astimezone(UTC).astimezone(place) == shown
        assert shown.replace(tzinfo=None) >= instance.local
    # A wider window has the same in it, and what lies in its halves.
    wide = expand(dtstart=start, zone=place, rules=[rule], window=(ALWAYS[0], window[1]))
    assert [one for one in wide if one.starts_at.astimezone(place).date() >= window[0]] == found
