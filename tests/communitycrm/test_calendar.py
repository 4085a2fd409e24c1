"""The calendar, a list by day."""

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Promise
from events import attendance
from events.models import Outcome
from outreach.models import Post, Status
from tests.cast import NOW, make_admin, make_contact, make_member, make_outsider, make_team, make_touchpoint
from tests.events.cast import make_occurrence, make_series
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
    return [[line.title for line in day.lines] for day in days]


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
    assert (page.past, page.earlier) == ([], 1)
    assert "Earlier this month: 1" in read(client).content.decode()
    assert lines(read(client, past="1").context["page"].past) == [["Apéro"]]
    assert lines(read(client, month="2026-12").context["page"].days) == [["In December"]]


def test_meetings_series_posts_and_promises_are_switches(client, lea, team):
    make_occurrence(team, lea, title="Interview")
    make_series(team, lea, ("FREQ=WEEKLY;BYDAY=TH",), title="Apéro")
    make_post(team, lea, NOW + timedelta(days=2, hours=3), "My post")
    make_post(team, lea, NOW + timedelta(days=2, hours=3), "Cancelled", status=Status.CANCELLED)
    jo = make_contact(team)
    day, key = date(2026, 11, 26), uuid.uuid4()
    Promise.objects.create(
        team=team, contact=jo, manager=lea, text="The link", due_on=day, client_id=key, created_at=NOW
    )
    everything = ["The link", "Interview", "My post", "Apéro"]
    assert lines(read(client).context["page"].days) == [everything]
    for name, title in [
        ("events", "Interview"),
        ("series", "Apéro"),
        ("posts", "My post"),
        ("promises", "The link"),
    ]:
        shown = lines(read(client, **{name: "0"}).context["page"].days)
        assert shown == [[one for one in everything if one != title]]


def test_ones_own_a_teammates_and_everybodys(client, lea, team):
    noe = make_member(team, "Noé Tessier")
    make_occurrence(team, lea, title="Mine", place="Le Bocal")
    make_occurrence(team, noe, title="Noé’s", others=(lea,), starts_at=NOW + timedelta(days=2, hours=1))
    make_occurrence(team, noe, title="Noé’s alone", starts_at=NOW + timedelta(days=2, hours=2))
    make_post(team, None, NOW + timedelta(days=2, hours=3), "The team’s post")
    assert lines(read(client).context["page"].days) == [["Mine", "Noé’s"]]
    assert lines(read(client, who=noe.pk).context["page"].days) == [["Noé’s", "Noé’s alone"]]
    everybody = read(client, who="all")
    assert lines(everybody.context["page"].days) == [["Mine", "Noé’s", "Noé’s alone", "The team’s post"]]
    assert "Léa Martin, Noé Tessier" in everybody.content.decode()
    stranger = make_outsider()
    assert lines(read(client, who=stranger.pk).context["page"].days) == lines(everybody.context["page"].days)


def test_everybodys_says_who_is_where_tonight(client, lea, team):
    noe = make_member(team, "Noé Tessier")
    make_occurrence(team, noe, title="Concert", starts_at=NOW + timedelta(hours=10), place="Le 88")
    make_occurrence(team, lea, title="Called off", starts_at=NOW + timedelta(hours=9), cancelled_at=NOW)
    page = read(client, who="all").context["page"]
    assert [(line.title, line.meta) for line in page.tonight] == [("Concert", "Noé Tessier · Le 88")]
    assert read(client).context["page"].tonight is None
    assert read(client, who="all", month="2026-12").context["page"].tonight is None


def test_each_week_says_its_meetings_beside_its_posts_whatever_is_shown(client, lea, team):
    make_occurrence(team, lea, (), NOW + timedelta(days=1))
    make_occurrence(team, lea, (), NOW + timedelta(days=2), cancelled_at=NOW)
    make_occurrence(team, lea, (), NOW - timedelta(days=1), outcome=Outcome.DID_NOT)
    make_occurrence(team, lea, (), NOW - timedelta(hours=20))  # nobody has said yet whether it took place
    held = make_occurrence(team, lea, (), NOW - timedelta(days=6))
    attendance.took_place(occurrence=held, contacts=[make_contact(team)], by=lea, now=NOW)
    make_touchpoint(team, lea, met_at=NOW - timedelta(days=7))
    make_touchpoint(team, lea, met_at=NOW - timedelta(days=7), kind="call")
    make_touchpoint(team, make_member(team, "Noé Tessier"), met_at=NOW - timedelta(days=7))
    make_post(team, lea, NOW + timedelta(days=5), "Sunday")
    make_post(team, lea, NOW + timedelta(days=1), "Draft", status=Status.DRAFT)
    make_post(team, lea, NOW + timedelta(days=7), "In December")
    for asked in ({}, {"posts": "0", "events": "0"}):
        weeks = read(client, **asked).context["page"].weeks
        assert [(week.meetings, week.posts) for week in weeks][-3:] == [(2, 0), (1, 1), (0, 1)]


def test_what_was_noted_stands_on_its_day_once(client, lea, team):
    jo = make_contact(team)
    held = make_occurrence(team, lea, (), NOW - timedelta(days=3), title="Apéro")
    attendance.took_place(occurrence=held, contacts=[jo], by=lea, now=NOW)
    make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=3, hours=2), place="Somewhere private")
    answer = read(client, past="1")
    assert lines(answer.context["page"].past) == [["Jo Brume", "Apéro"]]
    assert "Somewhere private" not in answer.content.decode()


def test_a_click_on_a_day_plans_there_and_days_gone_by_offer_none(client, lea, team):
    html = read(client).content.decode()
    assert f'{reverse("events:occurrence_new")}?on=2026-11-24"' in html
    assert "?on=2026-11-23" not in html
    planning = client.get(reverse("events:occurrence_new"), {"on": "2026-11-26"})
    assert 'value="2026-11-26" checked' in planning.content.decode()


def test_a_full_day_of_the_grid_shows_meetings_first_and_leads_to_the_list(client, lea, team):
    for n in range(4):
        make_post(team, lea, NOW + timedelta(days=2, minutes=n), f"Post {n}")
    make_occurrence(team, lea, title="Apéro", starts_at=NOW + timedelta(days=2, hours=5))
    page = read(client).context["page"]
    day = next(day for week in page.weeks for day in week.days if day.day == date(2026, 11, 26))
    assert [line.title for line in day.few] == ["Apéro", "Post 0", "Post 1"]
    assert day.more == 2
    assert "&amp;day=2026-11-26" in read(client).content.decode()


def test_a_day_with_more_than_the_list_holds_has_a_page_of_its_own(client, lea, team):
    for n in range(15):
        make_post(team, lea, NOW + timedelta(days=2, minutes=n), f"Post {n}")
    make_post(team, lea, NOW + timedelta(days=3), "The day after")
    day, after = read(client).context["page"].days
    assert (len(day.lines), day.rest) == (12, 3)
    assert [line.title for line in after.lines] == ["The day after"]
    assert "3 more on this day" in read(client).content.decode()
    alone = read(client, day="2026-11-26")
    assert [len(one.lines) for one in alone.context["page"].days] == [15]
    html = alone.content.decode()
    assert "The whole month" in html
    assert 'name="day" value="2026-11-26"' in html
    assert "month=2026-11&amp;who=mine&amp;posts=0&amp;day=2026-11-26" in html
    nothing = read(client, day="2026-11-26", posts="0").content.decode()
    assert "Nothing on this day." in nothing and "The whole month" in nothing
    for odd in ("soon", "9999-01-01", "2026-11-31"):
        assert read(client, day=odd).context["filters"].day is None


def test_a_month_of_a_thousand_things_says_so_many_and_leads_to_the_rest(client, lea, team):
    Post.objects.bulk_create(
        Post(
            team=team,
            manager=lea,
            text=f"{n}",
            publish_at=NOW + timedelta(days=7, hours=n / 2),
            created_at=NOW,
        )
        for n in range(1000)
    )
    page = read(client, month="2026-12").context["page"]
    assert sum(len(day.lines) for day in page.days) == 80
    assert sum(len(day.lines) + day.rest for day in page.days) == sum(len(day.rows) for day in page.days)
    assert page.days[-1].lines == []


def test_what_is_binned_or_kept_is_not_there(client, lea, team):
    jo, gone = make_contact(team), make_contact(team, "Al Brume", binned_at=NOW)
    make_occurrence(team, lea, (jo, gone), title="Interview")
    make_occurrence(team, lea, title="Binned", binned_at=NOW)
    make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=1), binned_at=NOW)
    make_touchpoint(team, lea, [gone, jo], met_at=NOW - timedelta(days=2))
    make_post(team, lea, NOW + timedelta(days=2), "Binned", binned_at=NOW)
    for contact, is_kept in [(gone, None), (jo, NOW)]:
        Promise.objects.create(
            team=team,
            contact=contact,
            manager=lea,
            text="The link",
            due_on=date(2026, 11, 26),
            done_at=is_kept,
            client_id=uuid.uuid4(),
            created_at=NOW,
        )
    for who in ("mine", "all"):
        page = read(client, who=who, past="1").context["page"]
        assert lines([*page.past, *page.days]) == [["Jo Brume"], ["Interview"]]
        assert "Al Brume" not in page.days[0].lines[0].meta


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


def test_what_takes_all_day_stands_first_on_its_day_for_whoever_reads(client, lea, team):
    midnight = datetime(2026, 12, 9, 23, tzinfo=UTC)  # of the 10th in Paris, the 9th still in New York
    make_occurrence(team, lea, (), midnight, title="Open day", is_all_day=True)
    make_occurrence(team, lea, (), midnight + timedelta(hours=12), title="Interview")
    for zone in ("Europe/Paris", "America/New_York"):
        type(lea).objects.filter(pk=lea.pk).update(time_zone=zone)
        (day,) = read(client, month="2026-12").context["page"].days
        assert day.day == date(2026, 12, 10)
        assert [(line.title, bool(line.time)) for line in day.lines] == [
            ("Open day", False),
            ("Interview", True),
        ]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_what_takes_all_day_at_the_edge_of_the_world_stands_on_its_day(client, lea, team, zone):
    for row in (lea, team):
        row.time_zone = zone
        row.save()
    midnight = datetime(2026, 12, 10, tzinfo=ZoneInfo(zone))
    make_occurrence(team, lea, (), midnight, title="Open day", is_all_day=True)
    make_occurrence(team, lea, (), midnight + timedelta(hours=12), title="Interview")
    (day,) = read(client, month="2026-12").context["page"].days
    assert day.day == date(2026, 12, 10)
    assert [line.title for line in day.lines] == ["Open day", "Interview"]


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
    assert queries(client) == few == 9
