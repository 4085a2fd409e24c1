"""Calendars of others at an address: looked at again, by whom, how often, and until when."""

from datetime import date, timedelta

import pytest

from accounts.changes import CannotUndo
from communitycrm.ticking import tick
from events import calendars, planning
from events.ical.lines import CalendarRefused
from events.models import Occurrence, Series, Source
from foundation.fetch import FetchError
from tests.cast import NOW, make_contact, make_member, make_team, touchpoint_kind
from tests.events.ical.files import calendar, event
from tests.foundation.servers import answer, serving

pytestmark = pytest.mark.django_db
WEEKLY = {"RRULE": "FREQ=WEEKLY"}


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


def standing(**which):
    rows = Occurrence.objects.standing().filter(**which).order_by("starts_at")
    return [f"{row.starts_at:%m-%d %H:%M} {row.title}" for row in rows]


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


def test_an_end_is_not_undone_once_the_address_is_followed_again(follow, lea):
    source, first = follow(), standing()
    operation = calendars.unsubscribe(source=source, by=lea, now=NOW)
    again, before = follow(), standing()
    with pytest.raises(CannotUndo, match="again already"):
        calendars.take_back(operation, by=lea, now=NOW)
    operation.refresh_from_db()
    assert operation.undone_at is None and standing() == before
    # Nobody follows it any more: the first end can be taken back after all.
    calendars.unsubscribe(source=again, by=lea, now=NOW)
    calendars.take_back(operation, by=lea, now=NOW)
    assert list(Source.objects.subscribed()) == [source] and standing() == first


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
