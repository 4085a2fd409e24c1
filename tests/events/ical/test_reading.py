"""What calendars write, and what we make of it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.ical.lines import MOST_BYTES, CalendarRefused, parts_of
from events.ical.reading import read
from tests.events.ical.files import calendar, event, utc
from tests.samples import sample

PARIS = ZoneInfo("Europe/Paris")
YEAR = date(2026, 1, 1), date(2027, 12, 31)


def only(*events, **more):
    reading = read(calendar(*events, **more), zone=PARIS)
    assert reading.rejected == [] and len(reading.events) == 1, reading.rejected
    return reading.events[0]


def reason(*events):
    reading = read(calendar(*events), zone=PARIS)
    assert reading.events == [] and len(reading.rejected) == 1
    return reading.rejected[0].reason


def starts(found):
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in found.starts(*YEAR)]


@pytest.mark.parametrize(
    ("start", "zone", "instant"),
    [
        ("TZID=Europe/Paris:20261210T183000", "Europe/Paris", "2026-12-10T17:30"),
        ("TZID=/Europe/Stockholm:20261210T183000", "Europe/Stockholm", "2026-12-10T17:30"),
        (
            "TZID=/freeassociation.sourceforge.net/Tzfile/Asia/Tokyo:20261210T183000",
            "Asia/Tokyo",
            "2026-12-10T09:30",
        ),
        ("TZID=Romance Standard Time:20261210T183000", "Europe/Paris", "2026-12-10T17:30"),
        (
            'TZID="America/Argentina/Buenos_Aires":20261210T183000',
            "America/Argentina/Buenos_Aires",
            "2026-12-10T21:30",
        ),
        ("TZID=UTC+11:20261210T183000", "Etc/GMT-11", "2026-12-10T07:30"),
        ('TZID="(UTC-03:00) Brasília":20261210T183000', "Etc/GMT+3", "2026-12-10T21:30"),
        ("TZID=Zulu:20261210T183000", "Zulu", "2026-12-10T18:30"),
        ("VALUE=DATE-TIME:20261210T183000Z", "UTC", "2026-12-10T18:30"),
        ("VALUE=DATE-TIME:20261210T183000", "Europe/Paris", "2026-12-10T17:30"),  # floating: the team's
    ],
)
def test_odd_names_of_zones_are_understood(start, zone, instant):
    found = only(event(start=start))
    assert (found.zone.key, found.said.starts_at) == (zone, utc(instant))


CUSTOM = """BEGIN:VTIMEZONE
TZID:{tzid}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:{rule}
END:DAYLIGHT
END:VTIMEZONE"""
SUMMER = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"


def test_a_zone_that_only_the_file_knows_is_the_one_with_the_same_clocks():
    found = only(
        CUSTOM.format(tzid="Heure du Club", rule=SUMMER),
        event(start="TZID=Heure du Club:20261210T183000", RRULE="FREQ=MONTHLY"),
    )
    assert found.zone == PARIS


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYHOUR=1,2,3", "nonsense"]
)
def test_a_zone_that_would_be_reckoned_for_ever_is_not(rule):
    custom = CUSTOM.format(tzid="Nowhere", rule=rule)
    assert "Nowhere" in reason(custom, event(start="TZID=Nowhere:20261210T183000"))


def test_times_end_as_they_say():
    assert only(event()).said.ends_at == utc("2026-12-10T19:30")
    abroad = event().replace("DURATION:PT2H", "DTEND;TZID=Asia/Tokyo:20261211T043000")
    assert only(abroad).said.ends_at == utc("2026-12-10T19:30")
    plain = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261210T183000Z\r\nEND:VEVENT"
    assert only(plain).said.ends_at == utc("2026-12-10T19:30")
    # A day of the calendar, though the night has an hour more.
    night = only(event(start="TZID=Europe/Paris:20261024T183000", DURATION="P1D")).said
    assert night.ends_at == utc("2026-10-25T17:30")


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ({"DURATION": "P3D"}, 3),
        ({"DTEND": ";VALUE=DATE:20261212"}, 2),
        ({"DTEND": ";VALUE=DATE:20261210"}, 1),
        ({}, 1),
    ],
)
def test_whole_days(more, days):
    lines = "\r\n".join(f"{name}{value if value[:1] == ';' else ':' + value}" for name, value in more.items())
    found = only(f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261210\r\n{lines}\r\nEND:VEVENT")
    assert found.said.is_all_day and found.said.starts_at == utc("2026-12-09T23:00")
    assert (found.said.ends_at - found.said.starts_at).days == days


def test_rules_extra_dates_exceptions_and_changed_dates():
    master = event(
        RRULE="FREQ=WEEKLY;COUNT=4",
        RDATE=";VALUE=PERIOD:20270105T173000Z/PT1H,20270106T173000Z/PT1H",
        EXDATE=";TZID=America/New_York:20261217T123000",
    )
    moved = event(RECURRENCE_ID="20261224T173000Z", start="VALUE=DATE-TIME:20261225T120000Z", SUMMARY="Late")
    off = event(RECURRENCE_ID=";TZID=Europe/Paris:20261231T183000", STATUS="CANCELLED")
    found = only(off, moved, master)
    assert starts(found) == ["2026-12-10 17:30", "2026-12-25 12:00", "2027-01-05 17:30", "2027-01-06 17:30"]
    assert found.changed[utc("2026-12-24T17:30")].title == "Late"


def test_an_exception_may_be_a_day_alone():
    assert starts(only(event(RRULE="FREQ=WEEKLY;COUNT=2", EXDATE=";VALUE=DATE:20261217"))) == [
        "2026-12-10 17:30"
    ]


def test_a_changed_date_without_its_series_is_an_event():
    found = only(event(RECURRENCE_ID="20261224T173000Z", start="VALUE=DATE-TIME:20261225T120000Z"))
    assert starts(found) == ["2026-12-25 12:00"] and found.uid == "1/20261224T173000Z"


def test_of_two_with_one_uid_the_later_version_counts():
    assert only(event(SEQUENCE="2", SUMMARY="New"), event(SEQUENCE="1", SUMMARY="Old")).said.title == "New"


def test_an_event_without_uid_is_found_again():
    plain = "BEGIN:VEVENT\r\nDTSTART:20261210T183000Z\r\nSUMMARY:Fair\r\nEND:VEVENT"
    assert only(plain).uid == only(plain).uid != only(plain.replace("Fair", "Other")).uid


def test_a_calendar_that_takes_events_back():
    assert only(event(), head="METHOD:CANCEL").said.is_cancelled


@pytest.mark.parametrize(
    "bad",
    [
        event(start="VALUE=DATE-TIME:20261340T183000Z"),
        event(start="VALUE=DATE-TIME:soon"),
        event(start="VALUE=DATE:16010101"),
        event(start="TZID=Mars/Olympus:20261210T183000"),
        event(DURATION="-PT1H"),
        event(DURATION="P2Y"),
        event(DURATION="P900D"),
        event(RRULE="FREQ=HOURLY"),
        event(RRULE="FREQ=DAILY;INTERVAL=0"),
        event(RRULE="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        event(RRULE="FREQ=WEEKLY", EXRULE="FREQ=MONTHLY"),
        event(RRULE="FREQ=WEEKLY", EXDATE="never"),
        event(RECURRENCE_ID=";RANGE=THISANDFUTURE:20261224T173000Z"),
        event(CLASS="PRIVATE"),
        "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT",
        event().replace("END:VEVENT", "BEGIN:VALARM"),
    ],
)
def test_one_bad_event_is_named_and_costs_the_file_nothing(bad):
    reading = read(calendar(event("good", SUMMARY="Good"), bad, event("fine")), zone=PARIS)
    assert [found.uid for found in reading.events][:1] == ["good"]
    assert len(reading.rejected) == 1 and reading.rejected[0].reason.endswith(".")
    assert reading.count + len(reading.rejected) == calendar(event(), bad, event()).count(b"BEGIN:VEVENT")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\1\2",
        b"<html>",
        b"BEGIN:VCARD\nEND:VCARD\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\n",
        b"x" * (MOST_BYTES + 1),
        b"BEGIN:VCALENDAR\n" + b"BEGIN:A\n" * 300_000 + b"END:B\n" * 300_000,
    ],
    ids=["nothing", "noise", "page", "card", "broken off", "too large", "too deep"],
)
def test_what_is_no_whole_calendar_is_refused(content):
    with pytest.raises(CalendarRefused):
        read(content, zone=PARIS)


def test_more_events_than_a_calendar_has_are_refused(monkeypatch):
    monkeypatch.setattr("events.ical.lines.MOST_EVENTS", 2)
    with pytest.raises(CalendarRefused, match="3"):
        parts_of(calendar(event(), event(), event()))


def test_a_calendar_of_which_hardly_anything_can_be_read_is_refused():
    with pytest.raises(CalendarRefused):
        read(calendar(*[event(RRULE="FREQ=HOURLY")] * 501), zone=PARIS)


def test_folds_within_letters_old_encodings_and_lone_line_ends():
    folded = calendar(event(SUMMARY="Café")).replace("é".encode(), b"\xc3\r\n \xa9")
    assert read(folded, zone=PARIS).events[0].said.title == "Café"
    old = calendar(event(SUMMARY="Café")).replace("é".encode(), b"\xe9").replace(b"\r\n", b"\r")
    assert read(old, zone=PARIS).events[0].said.title == "Café"


def test_texts_are_as_people_wrote_them_and_not_endless():
    found = only(event(SUMMARY=r"A\, b\; c\nd", DESCRIPTION=r"One\nTwo" + "x" * 5000, LOCATION="L" * 300))
    assert found.said.title == "A, b; c d" and found.said.note.startswith("One\nTwo")
    assert (len(found.said.note), len(found.said.place)) == (2000, 200)


FILES = sorted(sample("ical").glob("*.ics"))


@settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    file=st.sampled_from(FILES), cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=5)
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(file, cuts):
    content = file.read_bytes()
    for where, put in cuts:
        at = int(where * len(content))
        content = content[:at] + put + content[at + len(put) :]
    try:
        reading = read(content, zone=PARIS)
    except CalendarRefused:
        return
    assert reading.count >= len(reading.events)
    for found in reading.events:
        assert all(moment.tzinfo == UTC for moment in found.starts(date(2012, 1, 1), date(2012, 12, 31)))
        assert isinstance(found.said.starts_at, datetime)
