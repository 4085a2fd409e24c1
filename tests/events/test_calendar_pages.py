"""Bringing a calendar in and following one, on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Operation
from events import calendars
from events.models import Occurrence, Source
from tests.cast import make_admin, make_lead, make_member, make_outsider, make_team, touchpoint_kind
from tests.events.ical.files import calendar, event
from tests.foundation.servers import answer, serving

pytestmark = pytest.mark.django_db
IMPORT, OTHERS = "/calendar/import/", "/calendar/others/"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


@pytest.fixture
def signed_in(client, lea):
    client.force_login(lea)
    return client


@pytest.fixture
def site(settings):
    settings.FETCH_PRIVATE = True
    with serving() as site:
        site["/"] = answer(calendar(event("1", "VALUE=DATE:20990101", SUMMARY="Far off")))
        yield site


@pytest.fixture
def source(team, lea, site):
    from foundation import clock

    return calendars.subscribe(
        site.url, team=team, by=lea, kind=touchpoint_kind(), host=None, now=clock.now()
    )[0]


def send(client, content, whose="mine"):
    file = SimpleUploadedFile("programme.ics", content)
    data = {"file": file, "kind": touchpoint_kind("concert").pk, "whose": whose}
    return client.post(IMPORT, data, follow=True)


def test_a_file_comes_in_and_can_be_undone(signed_in, lea):
    page = send(
        signed_in,
        calendar(event("1", "VALUE=DATE:20990101", SUMMARY="Far off"), event("2", "VALUE=DATE:20200101")),
    )
    said = page.content.decode()
    assert "1 came in, 1 is over" in said
    row = Occurrence.objects.get()
    assert row.hosts.get() == lea and row.kind.code == "concert"
    undo = next(line for line in said.split('"') if line.startswith(IMPORT) and line.endswith("/undo/"))
    signed_in.post(undo)
    row.refresh_from_db()
    assert row.binned_at is not None


def test_what_was_left_out_is_named_with_its_reason(signed_in):
    page = send(
        signed_in,
        calendar(event("1", "VALUE=DATE:20990101"), event("2", RRULE="FREQ=HOURLY", SUMMARY="Odd one")),
    )
    said = page.content.decode()
    assert "Odd one" in said and "every hour" in said


def test_what_is_no_calendar_is_refused_and_the_choice_is_kept(signed_in):
    page = send(signed_in, b"<html>", whose="mine")
    assert page.status_code == 422
    assert "BEGIN:VCALENDAR" in page.content.decode() and 'value="mine"' in page.content.decode()
    assert not Source.objects.exists()


def test_an_admin_who_looks_at_a_team_hosts_nothing(client, team):
    client.force_login(make_admin(language="en"))
    assert 'name="whose"' not in client.get(IMPORT).content.decode()
    send(client, calendar(event("1", "VALUE=DATE:20990101")))
    assert not Occurrence.objects.get().hosts.exists()


def test_an_address_is_followed_looked_at_again_and_left(signed_in, site, monkeypatch):
    sent = []
    monkeypatch.setattr("events.views.calendars.send_for_worker", sent.append)
    data = {"url": site.url, "kind": touchpoint_kind().pk, "whose": "team"}
    assert "followed from now on" in signed_in.post(f"{OTHERS}new/", data, follow=True).content.decode()
    source = Source.objects.get()
    assert "already" in signed_in.post(f"{OTHERS}new/", data).content.decode()
    for _twice in (1, 2):
        signed_in.post(f"{OTHERS}{source.pk}/refresh/")
    assert sent == [source.pk]
    said = signed_in.post(f"{OTHERS}{source.pk}/end/", follow=True).content.decode()
    assert "No longer followed" in said and "/undo/" in said
    assert not Occurrence.objects.standing().exists()
    signed_in.post(f"{OTHERS}new/", data)
    undo = reverse(
        "events:calendar_import_undo", args=[Operation.objects.get(details__unsubscribed=source.pk).pk]
    )
    assert "follows this calendar again already" in signed_in.post(undo, follow=True).content.decode()


@pytest.mark.parametrize("url", ["http://example.org/", "https://127.0.0.1/", "not an address"])
def test_an_address_that_cannot_be_asked_is_said_and_kept(signed_in, url):
    page = signed_in.post(f"{OTHERS}new/", {"url": url, "kind": touchpoint_kind().pk, "whose": "team"})
    assert page.status_code == 422 and url in page.content.decode()


def test_the_last_problem_and_what_was_left_out_are_shown(signed_in, source):
    Source.objects.update(
        problem="The site did not answer within 5 seconds.", rejected=[["Odd one", "It cannot be read."]]
    )
    said = signed_in.get(OTHERS).content.decode()
    assert "did not answer" in said and "Odd one" in said and "The next try is" in said


def test_only_who_brought_it_in_and_leads_end_it(client, source, team):
    for person, status in (
        (make_member(team, "Noé Roux"), 403),
        (make_outsider(), 404),
        (make_lead(team), 302),
    ):
        client.force_login(person)
        assert client.post(f"{OTHERS}{source.pk}/end/").status_code == status


def test_queries_do_not_grow_with_calendars(signed_in, source, django_assert_max_num_queries):
    for number in range(3):
        Source.objects.create(
            team=source.team,
            by=source.by,
            kind=source.kind,
            name="x",
            url="https://x",
            identity=str(number),
            created_at=source.created_at,
        )
    with django_assert_max_num_queries(8):
        signed_in.get(OTHERS)
