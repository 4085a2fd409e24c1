"""The page of posts by day."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outreach import known
from outreach.models import Status
from tests.cast import NOW, make_admin, make_lead, make_member, make_outsider, make_team, make_touchpoint
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
    answer = client.get(reverse("posts"), asked)
    assert answer.status_code == 200
    return answer


def texts(days):
    return [[row.post.text for row in day.rows] for day in days]


def queries(client, **asked):
    read(client, **asked)
    with CaptureQueriesContext(connection) as captured:
        read(client, **asked)
    return len(captured)


def test_posts_stand_by_day_past_and_to_come(client, lea, team):
    make_post(team, lea, NOW + timedelta(days=2), "C")
    make_post(team, lea, NOW + timedelta(days=1, hours=1), "B")
    make_post(team, lea, NOW + timedelta(days=1), "A")
    make_post(team, lea, NOW - timedelta(hours=1), "out")
    make_post(team, lea, NOW - timedelta(days=8), "long ago")
    make_post(team, lea, None, "some day", status=Status.DRAFT)
    page = read(client).context["page"]
    assert texts(page.to_come) == [["A", "B"], ["C"]]
    assert texts(page.past) == [["out"]]
    assert [row.post.text for row in page.drafts] == ["some day"]
    assert page.count_to_come == 3


def test_the_day_is_the_readers(client, team):
    kiri = make_member(team, time_zone="Pacific/Auckland", language="en")
    client.force_login(kiri)
    make_post(team, kiri, NOW + timedelta(hours=3))  # one in the morning of the 25th there
    assert str(read(client).context["page"].to_come[0].day) == "2026-11-25"


def test_mine_the_teams_and_everybodys(client, lea, team):
    noe = make_member(team, "Noé Tessier")
    for manager, text in ((lea, "mine"), (None, "team"), (noe, "theirs")):
        make_post(team, manager, text=text)
    make_post(make_team("Ailleurs"), None, text="elsewhere")
    assert texts(read(client).context["page"].to_come) == [["mine"]]
    assert texts(read(client, whose="team").context["page"].to_come) == [["team"]]
    everybody = read(client, whose="all").context["page"].to_come[0].rows
    assert {row.post.text: row.may_write for row in everybody} == {
        "mine": True,
        "team": True,
        "theirs": False,
    }
    assert read(client, whose="nonsense").context["page"].whose == "all"


def test_a_lead_writes_all_and_begins_with_everybodys(client, team):
    make_post(team, make_member(team))
    client.force_login(make_lead(team))
    page = read(client).context["page"]
    assert page.whose == "all"
    assert page.to_come[0].rows[0].may_write


def test_a_cancelled_post_stays_visible_and_may_come_back(client, lea, team):
    make_post(team, lea, status=Status.CANCELLED)
    html = read(client).content.decode()
    assert "<s>Ce soir au Bocal</s>" in html
    assert "Bring back" in html
    assert "+ 1 week" not in html


def test_the_page_says_what_the_week_would_be(client, lea, team):
    for days in range(1, 9):
        make_touchpoint(team, lea, met_at=NOW - timedelta(days=days))
        make_post(team, lea, NOW - timedelta(days=days))
    for hours in range(4):
        make_post(team, lea, NOW + timedelta(days=2, hours=hours))
    assert "With these 4 posts, presence would stand at 40% on Sunday." in read(client).content.decode()
    assert read(client, whose="all").context["sentence"] == ""


def test_how_far_posts_are_known_is_said(client, lea, team):
    known.say_until(team=team, manager=lea, day=(NOW + timedelta(days=20)).date(), by=lea, now=NOW)
    assert "Known until 14\u00a0December." in read(client).content.decode()
    assert "Known until" not in read(client, whose="team").content.decode()


def test_an_empty_page_invites(client, lea):
    assert "No post planned. That’s allowed." in read(client).content.decode()


def test_an_outsider_sees_only_their_own_team(client, team):
    make_post(team, text="Ce soir au Bocal")
    client.force_login(make_outsider())
    assert "Ce soir au Bocal" not in read(client, whose="all").content.decode()


def test_anonymous_is_sent_to_sign_in(client):
    assert client.get(reverse("posts")).url.startswith(reverse("account_login"))


def test_an_admin_without_any_team_is_told_so(client):
    client.force_login(make_admin())
    assert client.get(reverse("posts")).status_code == 403


@pytest.mark.parametrize("whose", ["mine", "all"])
def test_queries_do_not_grow_with_posts(client, lea, team, whose):
    noe = make_member(team, "Noé Tessier")
    for n in range(2):
        make_post(team, lea, NOW + timedelta(days=n + 1), channels=("Instagram",))
        make_post(team, noe, NOW - timedelta(days=n), channels=("Mastodon",))
        make_post(team, lea, None, status=Status.DRAFT)
    few = queries(client, whose=whose)
    for n in range(20):
        make_post(team, lea, NOW + timedelta(days=n + 1), channels=("Instagram", "Lettre"))
        make_post(team, noe, NOW - timedelta(hours=n), channels=("Mastodon",))
        make_post(team, lea, None, status=Status.DRAFT)
    assert queries(client, whose=whose) == few
