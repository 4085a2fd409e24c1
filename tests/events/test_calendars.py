"""Calendars of others that come in as files: new, changed, gone, taken back."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import changes
from events import attendance, calendars, feeds, filling, planning, scheduling
from events.ical.feed import of_feed
from events.ical.lines import CalendarRefused
from events.models import Attendance, Entry, Occurrence, Scope, Series, Source
from tests.cast import NOW, make_contact, make_member, make_team, touchpoint_kind
from tests.events.cast import make_occurrence, make_series
from tests.events.ical.files import calendar, event, utc

pytestmark = pytest.mark.django_db
WEEKLY = {"RRULE": "FREQ=WEEKLY"}


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


@pytest.fixture
def take(team, lea):
    def take(*events, now=NOW, host=lea, name="programme.ics", **more):
        return calendars.import_file(
            calendar(*events, **more),
            name,
            team=team,
            by=lea,
            kind=touchpoint_kind("concert"),
            host=host,
            now=now,
        ).outcome

    return take


def standing(**which):
    rows = Occurrence.objects.standing().filter(**which).order_by("starts_at")
    return [f"{row.starts_at:%m-%d %H:%M} {row.title}" for row in rows]


def test_single_dates_come_in_with_their_host_and_again_adds_nothing(take, lea):
    outcome = take(event(LOCATION="Le Bocal"), event("2", "VALUE=DATE:20261224"))
    assert (outcome.created, outcome.unchanged) == (2, 0)
    first, second = Occurrence.objects.order_by("starts_at")
    assert (first.place, first.uid, first.kind.code) == ("Le Bocal", "1", "concert")
    assert first.hosts.get() == lea and second.is_all_day
    assert take(event(LOCATION="Le Bocal"), event("2", "VALUE=DATE:20261224")).unchanged == 2
    assert Occurrence.objects.count() == 2


def test_nobody_hosts_what_a_team_only_wants_to_see(take):
    take(event(), event("2", **WEEKLY), host=None)
    assert not Occurrence.objects.filter(hosts__isnull=False).exists()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_a_day_at_the_edge_of_the_world_is_that_day_on_pages_and_in_feeds(take, team, lea, client, zone):
    team.time_zone = lea.time_zone = zone
    team.save()
    lea.save()
    take(event(start="VALUE=DATE:20261210"), event("2", "VALUE=DATE:20261211", RRULE="FREQ=WEEKLY"))
    client.force_login(lea)
    row = Occurrence.objects.get(uid="1")
    page = client.get(reverse("occurrence", args=[row.pk])).content.decode()
    assert "Thursday 10\N{NO-BREAK SPACE}December" in page
    series = client.get(reverse("events:series_list")).content.decode()
    assert "Friday 11\N{NO-BREAK SPACE}December" in series
    feed, _token = feeds.make(user=lea, team=team, scope=Scope.TEAM, has_names=True, now=NOW)
    content = of_feed(feed, now=NOW)
    assert b"DTSTART;VALUE=DATE:20261210\r\n" in content and b"DTSTART;VALUE=DATE:20261211\r\n" in content


def test_what_is_over_is_left_out(take):
    outcome = take(
        event(start="VALUE=DATE:20200101"),
        event("2", RRULE="FREQ=DAILY;UNTIL=20251231T000000Z", start="VALUE=DATE-TIME:20250101T090000Z"),
        event("3", STATUS="CANCELLED"),
    )
    assert (outcome.created, outcome.over, outcome.operation) == (0, 3, None)
    assert not Occurrence.objects.exists()


def test_a_rule_becomes_a_series_with_its_dates(take, lea):
    take(event(RRULE="FREQ=WEEKLY;COUNT=3", EXDATE=";TZID=Europe/Paris:20261217T183000"))
    series = Series.objects.get()
    assert series.hosts.get() == lea and series.rules == ["FREQ=WEEKLY;COUNT=3"]
    assert standing(series=series) == ["12-10 17:30 Concert", "12-24 17:30 Concert"]


def test_a_rule_of_many_dates_a_day_that_began_long_ago_comes_in_and_goes_on(take):
    hours = ",".join(map(str, range(12)))
    daily = event(start="TZID=Europe/Paris:19900101T000000", RRULE=f"FREQ=DAILY;BYHOUR={hours}")
    outcome = take(daily)
    assert outcome.created == 1
    rows = Series.objects.get().occurrences.count()
    assert filling.fill_due(now=NOW + timedelta(days=10)) == 120
    assert Series.objects.get().occurrences.count() == rows + 120


def test_changed_dates_of_a_series_are_as_the_calendar_says(take):
    far = utc("2027-12-09T17:30")
    take(
        event(**WEEKLY),
        event(RECURRENCE_ID="20261217T173000Z", start="VALUE=DATE-TIME:20261218T190000Z", SUMMARY="Late"),
        event(RECURRENCE_ID="20261224T173000Z", STATUS="CANCELLED"),
        event(
            RECURRENCE_ID=f"{far:%Y%m%dT%H%M%SZ}",
            start="VALUE=DATE-TIME:20271210T190000Z",
            SUMMARY="Next year",
        ),
    )
    assert standing()[:3] == ["12-10 17:30 Concert", "12-18 19:00 Late", "12-31 17:30 Concert"]
    assert standing()[-1] == "12-10 19:00 Next year"
    filling.fill_due(now=far - timedelta(days=100))
    assert len(standing(original_start=far)) == 1


def test_changes_follow_and_what_was_changed_here_stays(take):
    take(event(), event("2", SUMMARY="Fair"))
    Occurrence.objects.filter(uid="2").update(title="Our fair")
    moved = "TZID=Europe/Paris:20261211T200000"
    outcome = take(event(start=moved, SUMMARY="Big concert"), event("2", moved, SUMMARY="Other fair"))
    assert outcome.updated == 2
    assert standing() == ["12-11 19:00 Big concert", "12-11 19:00 Our fair"]
    assert Occurrence.objects.get(uid="1").sequence == 1


def test_a_series_follows_and_keeps_guests(take, team):
    take(event(**WEEKLY))
    series = Series.objects.get()
    guest = Attendance.objects.create(
        occurrence=series.occurrences.get(original_start=utc("2026-12-17T17:30")), contact=make_contact(team)
    )
    take(
        event(
            start="TZID=Europe/Paris:20261210T200000",
            SUMMARY="Later",
            RRULE="FREQ=WEEKLY",
            RDATE=";TZID=Europe/Paris:20261212T200000",
        )
    )
    assert standing()[:4] == [
        "12-10 19:00 Later",
        "12-12 19:00 Later",
        "12-17 19:00 Later",
        "12-24 19:00 Later",
    ]
    guest.refresh_from_db()
    assert guest.occurrence.starts_at == utc("2026-12-17T19:00")


def test_an_exception_that_is_added_takes_the_date_away(take):
    take(event(**WEEKLY))
    take(event(EXDATE="20261217T173000Z", **WEEKLY))
    assert standing()[:2] == ["12-10 17:30 Concert", "12-24 17:30 Concert"]
    take(event(**WEEKLY))
    assert standing()[:2] == ["12-10 17:30 Concert", "12-17 17:30 Concert"]


def test_a_date_moved_in_the_calendar_and_back_again(take):
    moved = event(RECURRENCE_ID="20261217T173000Z", start="VALUE=DATE-TIME:20261218T190000Z")
    take(event(**WEEKLY), moved)
    take(event(**WEEKLY))
    assert standing()[1] == "12-17 17:30 Concert"
    off = event(
        RECURRENCE_ID="20261217T173000Z", start="VALUE=DATE-TIME:20261217T173000Z", STATUS="CANCELLED"
    )
    take(event(**WEEKLY), off)
    assert standing()[1] == "12-24 17:30 Concert"
    take(event(**WEEKLY))
    assert standing()[1] == "12-17 17:30 Concert"


def test_a_date_moved_here_stays_where_it_was_put(take, lea):
    take(event(**WEEKLY))
    row = Occurrence.objects.select_related("team").get(original_start=utc("2026-12-17T17:30"))
    planning.move(occurrence=row, days=1, by=lea, now=NOW)
    take(event(SUMMARY="New name", **WEEKLY))
    assert standing()[1] == "12-18 17:30 New name"


def test_what_the_calendar_no_longer_has_goes_unless_somebody_put_something_on_it(take, team, lea):
    take(event(), event("2"), event("3"), event("4", **WEEKLY))
    Attendance.objects.create(occurrence=Occurrence.objects.get(uid="2"), contact=make_contact(team))
    noted = Occurrence.objects.get(uid="3")
    Occurrence.objects.filter(pk=noted.pk).update(outcome="nobody_came")
    own = make_occurrence(team, lea, title="Ours", starts_at=utc("2026-12-10T17:30"))
    assert take(event("5")).removed == 4
    assert Occurrence.objects.get(uid="1").binned_at is not None
    second = Occurrence.objects.get(uid="2")
    assert second.cancelled_at is not None and second.binned_at is None
    assert (
        Occurrence.objects.filter(pk__in=[noted.pk, own.pk], binned_at=None, cancelled_at=None).count() == 2
    )
    assert (
        Series.objects.get().ended_at is not None and not Series.objects.get().occurrences.standing().exists()
    )


def test_what_comes_back_is_there_again(take):
    take(event(), event("2", **WEEKLY))
    before = standing()
    take(event("3"))
    take(event(), event("2", **WEEKLY))
    assert standing() == before


def test_a_series_called_off_by_its_calendar_and_on_again(take):
    take(event(**WEEKLY))
    before = standing()
    take(event(STATUS="CANCELLED", **WEEKLY))
    assert standing() == []
    take(event(**WEEKLY))
    assert standing() == before


def test_a_series_that_becomes_one_of_whole_days(take):
    take(event(**WEEKLY))
    take(event(start="VALUE=DATE:20261210", DURATION="P1D", **WEEKLY))
    assert (
        all(row.is_all_day for row in Occurrence.objects.standing())
        and standing()[0] == "12-09 23:00 Concert"
    )


def test_what_was_ended_here_is_not_begun_again(take, lea):
    take(event(**WEEKLY))
    scheduling.end(series=Series.objects.get(), by=lea, now=NOW)
    take(event(SUMMARY="Other", **WEEKLY))
    assert standing() == []


def test_a_file_that_does_not_say_which_calendar_it_is_takes_nothing_away(take):
    take(event(), head="PRODID:x")
    assert take(event("2"), head="PRODID:x").removed == 0
    assert len(standing()) == 2


def test_another_calendar_takes_nothing_of_the_first_away(take):
    take(event())
    take(event("2"), head="X-WR-CALNAME:Other")
    assert len(standing()) == 2


def test_a_single_date_that_begins_to_recur_and_the_other_way_round(take, lea):
    take(event())
    twice = event(RRULE="FREQ=WEEKLY;COUNT=2")
    outcome = take(twice)
    assert (outcome.created, outcome.updated, outcome.removed) == (0, 1, 0)
    assert standing() == ["12-10 17:30 Concert", "12-17 17:30 Concert"]
    assert take(twice).unchanged == 1
    calendars.take_back(outcome.operation, by=lea, now=NOW)
    assert standing() == ["12-10 17:30 Concert"]
    take(twice)
    take(event())
    assert standing() == ["12-10 17:30 Concert"]


def test_what_can_no_longer_be_read_is_not_taken_for_gone_but_what_became_private_is(take):
    take(event(), event("2"))
    take(event(RRULE="FREQ=HOURLY"), event("2", CLASS="PRIVATE"))
    assert [row.uid for row in Occurrence.objects.standing()] == ["1"]


def test_our_own_feed_read_back_adds_nothing(take, team, lea):
    make_series(team, lea, ("FREQ=WEEKLY;BYDAY=TH",))
    make_occurrence(team, lea)
    feed, _ = feeds.make(user=lea, team=team, scope=Scope.TEAM, has_names=False, now=NOW)
    before = Occurrence.objects.count()
    outcome = calendars.import_file(
        of_feed(feed, now=NOW), "ours.ics", team=team, by=lea, kind=touchpoint_kind(), host=lea, now=NOW
    ).outcome
    assert (outcome.created, outcome.known) == (0, 2) and Occurrence.objects.count() == before


def test_too_many_dates_are_refused_and_nothing_is_half_done(take, monkeypatch):
    monkeypatch.setattr("events.ical.intake.MOST_DATES", 100)
    with pytest.raises(CalendarRefused, match="100"):
        take(event(), event("2", RRULE="FREQ=DAILY"))
    monkeypatch.setattr("events.ical.intake.MOST_SERIES", 1)
    with pytest.raises(CalendarRefused, match="1"):
        take(event("2", **WEEKLY), event("3", **WEEKLY))
    assert not Occurrence.objects.exists() and not Source.objects.exists()


def test_an_import_can_be_undone_and_done_again(take, lea):
    outcome = take(event(), event("2", **WEEKLY))
    calendars.take_back(outcome.operation, by=lea, now=NOW)
    assert standing() == [] and not Entry.objects.exists()
    assert take(event(), event("2", **WEEKLY)).created == 2
    assert standing()[:2] == ["12-10 17:30 Concert", "12-10 17:30 Concert"]


def test_a_change_can_be_undone(take, lea):
    take(event(), event("2", **WEEKLY), event("3"))
    before = standing()
    moved = "TZID=Europe/Paris:20261211T200000"
    outcome = take(event(start=moved, SUMMARY="Big"), event("2", moved, **WEEKLY))
    assert standing() != before
    calendars.take_back(outcome.operation, by=lea, now=NOW)
    assert standing() == before
    assert take(event(start=moved, SUMMARY="Big"), event("2", moved, **WEEKLY)).updated == 2
    with pytest.raises(changes.CannotUndo):
        calendars.take_back(outcome.operation, by=lea, now=NOW)


def test_what_was_noted_survives_the_undo(take, team, lea):
    outcome = take(event(start="TZID=Europe/Paris:20261124T103000"))
    row = Occurrence.objects.get()
    attendance.took_place(occurrence=row, by=lea, contacts=[make_contact(team)], now=NOW + timedelta(days=1))
    calendars.take_back(outcome.operation, by=lea, now=NOW + timedelta(days=1))
    row.refresh_from_db()
    assert row.binned_at is None and row.outcome == "took_place"


def test_ids_of_ours_are_not_taken_for_theirs(take):
    take(event(str(uuid.uuid4())))
    assert len(standing()) == 1
