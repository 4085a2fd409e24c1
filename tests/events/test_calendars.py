"""Calendars of others follow: new, changed, gone, taken back; addresses that are looked at again."""

import uuid
from datetime import date, timedelta

import pytest

from accounts import changes
from communitycrm.ticking import tick
from events import attendance, calendars, feeds, filling, planning, scheduling
from events.ical.feed import of_feed
from events.ical.lines import CalendarRefused
from events.models import Attendance, Entry, Occurrence, Scope, Series, Source
from foundation.fetch import FetchError
from tests.cast import NOW, make_contact, make_member, make_team, touchpoint_kind
from tests.events.cast import make_occurrence, make_series
from tests.events.ical.files import calendar, event, utc
from tests.foundation.servers import answer, serving

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


# --- Addresses ---


@pytest.fixture
def site(settings):
    settings.FETCH_PRIVATE = True
    with serving() as site:
        site["/feed.ics"] = answer(calendar(event(), event("2", **WEEKLY)), ETag='"1"')
        yield site


@pytest.fixture
def follow(team, lea, site):
    def follow(url=None):
        url = url or f"{site.url}/feed.ics"
        return calendars.subscribe(url, team=team, by=lea, kind=touchpoint_kind(), host=lea, now=NOW)[0]

    return follow


def look(source, later=timedelta(hours=1)):
    """The worker looks when the tick sends for it."""
    at = NOW + later
    assert calendars.ask_for_due(at) == [source.pk]
    calendars.refresh(source.pk, clock=lambda: at)
    source.refresh_from_db()
    return source


def test_an_address_is_read_at_once_and_again_every_hour(follow, site):
    source = follow()
    assert source.name == "Programme" and len(standing()) > 10
    assert calendars.ask_for_due(NOW + timedelta(minutes=59)) == []
    site["/feed.ics"] = answer(status=304)
    look(source)
    assert site.asked[-1][2]["If-None-Match"] == '"1"'
    assert (source.problem, source.state) == ("", "open") and source.due_at == NOW + timedelta(hours=2)


def test_changes_and_deletions_follow(follow, site):
    source = follow()
    site["/feed.ics"] = answer(calendar(event(SUMMARY="Bigger")))
    look(source)
    assert standing() == ["12-10 17:30 Bigger"]


@pytest.mark.parametrize(
    ("page", "wait"),
    [
        (answer(status=503), timedelta(minutes=15)),
        (answer(status=404), timedelta(days=1)),
        (answer(b"<html>Sorry"), timedelta(days=1)),
        (answer(calendar(event("9"))[:-20], Content_Length="9999"), timedelta(minutes=15)),
        (answer(calendar(event("9"))[:-20]), timedelta(days=1)),
    ],
)
def test_a_dead_address_changes_nothing_and_says_why(follow, site, page, wait):
    source, before = follow(), standing()
    site["/feed.ics"] = page
    look(source)
    assert standing() == before
    assert source.problem.endswith(".") or source.problem.endswith("once more.")
    assert (source.failures, source.due_at) == (1, NOW + timedelta(hours=1) + wait)


def test_failures_wait_longer_and_longer_and_a_success_ends_them(follow, site):
    source, good = follow(), site.pages["/feed.ics"]
    site["/feed.ics"] = answer(status=500)
    at, waits = timedelta(hours=1), []
    for _ in range(9):
        look(source, at)
        waits.append(source.due_at - NOW - at)
        at += waits[-1]
    assert waits[:3] == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
    assert waits[-1] == timedelta(days=1)
    site["/feed.ics"] = good
    look(source, at)
    assert (source.failures, source.problem) == (0, "")


def test_two_workers_look_once_and_a_dead_one_is_replaced(follow, site):
    source, at = follow(), NOW + timedelta(hours=1)
    calendars.ask_for_due(at)
    from foundation import leases

    assert leases.claim(Source.objects.all(), source.pk, now=at)
    asked = len(site.asked)
    calendars.refresh(source.pk, clock=lambda: at)
    assert len(site.asked) == asked
    assert calendars.ask_for_due(at + timedelta(minutes=3)) == [source.pk]


def test_one_at_which_workers_die_again_and_again_is_left_until_tomorrow(follow):
    from foundation import leases

    source, at = follow(), NOW + timedelta(hours=1)
    for _ in range(leases.MOST_ATTEMPTS):
        assert calendars.ask_for_due(at) == [source.pk]
        leases.claim(Source.objects.all(), source.pk, now=at)
        at += timedelta(minutes=3)
    assert calendars.ask_for_due(at) == []
    assert calendars.ask_for_due(at + timedelta(days=1)) == [source.pk]


def test_the_tick_sends_for_a_worker(follow, monkeypatch):
    source, sent = follow(), []
    monkeypatch.setattr("events.looking.send_for_worker", sent.append)
    tick(now=NOW + timedelta(hours=2))
    assert sent == [source.pk]


def test_the_same_address_is_followed_once_and_webcal_is_https(follow, site):
    follow()
    with pytest.raises(calendars.AlreadyFollowed):
        follow()
    with pytest.raises(FetchError):
        follow(site.url.replace("http:", "webcal:") + "/feed.ics")  # nobody speaks https there
    assert Source.objects.count() == 1


def test_what_is_no_calendar_cannot_be_followed(follow, site):
    site["/page"] = answer(b"<html>")
    with pytest.raises(CalendarRefused):
        follow(f"{site.url}/page")
    with pytest.raises(FetchError):
        follow(f"{site.url}/nothing")
    assert not Source.objects.exists()


def test_an_end_takes_what_is_to_come_and_undo_brings_it_back(follow, lea):
    source, before = follow(), standing()
    operation = calendars.unsubscribe(source=source, by=lea, now=NOW)
    assert standing() == [] and calendars.ask_for_due(NOW + timedelta(days=2)) == []
    calendars.take_back(operation, by=lea, now=NOW)
    assert standing() == before
    source.refresh_from_db()
    assert source.ended_at is None and source.due_at == NOW


def test_dates_with_guests_stay_when_the_calendar_is_no_longer_followed(follow, team, lea):
    source, jo = follow(), make_contact(team)
    single = Occurrence.objects.get(uid="1")
    weekly = Series.objects.get().occurrences.order_by("starts_at")[2]
    for row in (single, weekly):
        planning.invite(row, [jo])
    before = standing()
    operation = calendars.unsubscribe(source=source, by=lea, now=NOW)
    assert standing() == standing(pk__in=[single.pk, weekly.pk])
    assert len(standing()) == 2 and not Occurrence.objects.exclude(cancelled_at=None).exists()
    calendars.take_back(operation, by=lea, now=NOW)
    assert standing() == before


def test_who_left_the_team_hosts_nothing_new(follow, site, lea):
    source = follow()
    lea.memberships.update(until=date(2026, 11, 24))
    site["/feed.ics"] = answer(calendar(event("7", SUMMARY="New")))
    look(source)
    assert not Occurrence.objects.get(uid="7").hosts.exists()


def test_ids_of_ours_are_not_taken_for_theirs(take):
    take(event(str(uuid.uuid4())))
    assert len(standing()) == 1
