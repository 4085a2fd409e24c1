"""The calendar, a list by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Outcome
from outreach.models import Status
from tests.cast import NOW, make_admin, make_contact, make_member, make_outsider, make_team
from tests.events.cast import make_occurrence
from tests.outreach.cast import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team, client):
    person = make_member(team, language="en")
    client.force_login(person)
    return person


def read(client, **asked):
    answer = client.get(reverse("calendar"), asked)
    assert answer.status_code == 200
    return answer


def lines(days):
    return [[str(entry.occurrence or entry.post) for entry in day.entries] for day in days]


def queries(client):
    read(client)
    with CaptureQueriesContext(connection) as captured:
        read(client)
    return len(captured)


def test_meetings_and_posts_stand_by_day_the_earlier_ones_apart(client, lea, team):
    make_occurrence(team, lea, (), NOW + timedelta(days=1), title="Interview")
    make_post(team, lea, NOW + timedelta(days=1, hours=-1), "Teaser")
    make_occurrence(team, lea, (), NOW - timedelta(days=3), title="Apéro", outcome=Outcome.TOOK_PLACE)
    make_occurrence(team, lea, (), NOW + timedelta(days=9), title="In December")
    page = read(client).context["page"]
    assert lines(page.days) == [["Teaser", "Interview"]]
    assert lines(page.past) == [["Apéro"]]
    assert lines(read(client, month="2026-12").context["page"].days) == [["In December"]]


def test_posts_and_the_teams_meetings_are_switches(client, lea, team):
    noe = make_member(team, "Noé Tessier")
    make_occurrence(team, lea, title="Mine")
    make_occurrence(team, noe, title="Noé’s")
    make_post(team, lea, NOW + timedelta(days=2, hours=1), "My post")
    make_post(team, None, NOW + timedelta(days=2, hours=2), "The team’s post")
    make_post(team, lea, NOW + timedelta(days=2, hours=3), "Cancelled", status=Status.CANCELLED)
    assert lines(read(client).context["page"].days) == [["Mine", "My post"]]
    assert lines(read(client, posts="0").context["page"].days) == [["Mine"]]
    everybody = lines(read(client, who="all").context["page"].days)
    assert everybody == [["Mine", "Noé’s", "My post", "The team’s post"]]


def test_what_is_over_and_unanswered_waits_at_the_top(client, lea, team):
    asked = make_occurrence(team, lea, (), NOW - timedelta(days=40), title="Forgotten")
    make_occurrence(team, lea, (), NOW - timedelta(days=2), title="Answered", outcome=Outcome.DID_NOT)
    answer = read(client)
    assert answer.context["page"].not_yet_noted == [asked]
    assert "Did it take place?" in answer.content.decode()


def test_a_cancelled_meeting_is_struck_through_and_said(client, lea, team):
    make_occurrence(team, lea, title="Apéro", cancelled_at=NOW)
    html = read(client).content.decode()
    assert "<s>Apéro</s>" in html
    assert "Cancelled" in html


@pytest.mark.parametrize("month", ["", "soon", "2026-13", "0001-01", "9999-12", "2026-11-05"])
def test_a_month_that_cannot_be_read_is_the_present_one(client, lea, month):
    assert read(client, month=month).context["filters"].month == date(2026, 11, 1)


def test_months_follow_each_other_and_keep_the_switches(client, lea):
    filters = read(client, month="2026-12", who="all", posts="0").context["filters"]
    assert filters.next.query == "month=2027-01&who=all&posts=0"
    assert filters.previous.query == "month=2026-11&who=all&posts=0"


def test_the_edges_of_a_month_are_the_readers(client, lea, team):
    make_occurrence(
        team, lea, (), datetime(2026, 11, 30, 23, 30, tzinfo=UTC), title="First of December in Paris"
    )
    assert lines(read(client, month="2026-12").context["page"].days) == [["First of December in Paris"]]
    assert read(client).context["page"].days == []


def test_an_empty_month_invites(client, lea):
    assert "Nothing in November yet." in read(client).content.decode()


def test_an_outsider_sees_nothing_of_it(client, team):
    make_occurrence(team, make_member(team), title="Apéro au Bocal")
    client.force_login(make_outsider())
    assert "Apéro au Bocal" not in read(client, who="all").content.decode()


def test_anonymous_is_sent_to_sign_in(client):
    assert client.get(reverse("calendar")).url.startswith(reverse("account_login"))


def test_an_admin_without_any_team_is_told_so(client):
    client.force_login(make_admin())
    assert client.get(reverse("calendar")).status_code == 403


def test_queries_do_not_grow_with_rows(client, lea, team):
    def fill(count):
        for n in range(count):
            guests = (make_contact(team, f"Jo {n}"), make_contact(team, f"Al {n}"))
            make_occurrence(team, lea, guests, NOW + timedelta(hours=n + 1))
            make_occurrence(team, lea, guests, NOW - timedelta(hours=n + 2))
            make_post(team, lea, NOW + timedelta(hours=n + 1), channels=("Instagram",))

    fill(2)
    few = queries(client)
    fill(20)
    assert queries(client) == few
