"""Writing, moving and cancelling posts in the browser."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from outreach.models import Channel, Post, PostsKnownUntil, Status
from tests.cast import NOW, make_admin, make_lead, make_member, make_outsider, make_team
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


def address(name, *args):
    return reverse(f"outreach:{name}", args=args)


def post_data(author, /, **fields):
    data = {
        "client_id": str(uuid.uuid4()),
        "text": "Ce soir",
        "author": author,
        "on": "2026-11-26",
        "at": "18:30",
    }
    return {**data, **fields}


def said(response):
    return [str(message) for message in response.context["messages"]]


POSTED = ["post_cancel", "post_restore", "post_move"]


def test_a_post_is_written_once_however_often_it_is_sent(client, lea):
    data = post_data(lea.pk, new_channels="Instagram, Lettre")
    client.post(address("post_new"), data)
    answer = client.post(address("post_new"), data, follow=True)
    post = Post.objects.get()
    assert (post.manager, post.status) == (lea, Status.SCHEDULED)
    assert post.publish_at.isoformat() == "2026-11-26T17:30:00+00:00"
    assert {channel.name for channel in post.channels.all()} == {"Instagram", "Lettre"}
    assert said(answer)[-1] == "Post noted: Thursday 26\u00a0November, 18:30."


def test_a_cm_chooses_between_themselves_and_the_team(client, lea, team):
    make_member(team, "Noé Tessier")
    choices = client.get(address("post_new")).context["form"].fields["author"].choices
    assert [value for value, _ in choices] == [str(lea.pk), "team"]
    client.post(address("post_new"), post_data("team"))
    assert Post.objects.get().manager is None


def test_a_lead_may_write_for_a_cm_and_a_cm_not_for_another(client, team):
    lea, noe = make_member(team), make_member(team, "Noé Tessier")
    client.force_login(make_lead(team))
    client.post(address("post_new"), post_data(noe.pk))
    assert Post.objects.get().manager == noe
    client.force_login(lea)
    assert client.post(address("post_new"), post_data(noe.pk)).status_code == 422


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"on": ""}, "on"),
        ({"at": ""}, "at"),
        ({"on": "soon"}, "on"),
        ({"text": " "}, "text"),
        ({"author": ""}, "author"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_stays(client, lea, fields, field):
    page = client.post(address("post_new"), post_data(lea.pk, **{"new_channels": "Mastodon", **fields}))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "Mastodon" in page.content.decode()


def test_a_draft_needs_no_day(client, lea):
    client.post(address("post_new"), post_data(lea.pk, on="", at="", is_draft="on"))
    assert Post.objects.get().status == Status.DRAFT


def test_the_edit_page_holds_the_post_and_saves_it(client, lea, team):
    post = make_post(team, lea, channels=("Instagram",))
    html = client.get(address("post_edit", post.pk)).content.decode()
    assert "Ce soir au Bocal" in html
    assert 'value="2026-11-25"' in html
    assert f'value="{Channel.objects.get().pk}" checked' in html
    client.post(address("post_edit", post.pk), post_data("team", text="Demain", new_channels="Mastodon"))
    post.refresh_from_db()
    assert (post.text, post.manager) == ("Demain", None)
    assert [channel.name for channel in post.channels.all()] == ["Mastodon"]


def test_what_went_out_is_not_dated_to_come(client, lea, team):
    post = make_post(team, lea, NOW - timedelta(hours=1))
    page = client.post(address("post_edit", post.pk), post_data(lea.pk))
    assert page.status_code == 422
    assert "It went out: its day cannot lie ahead any more." in page.content.decode()


def test_moved_cancelled_and_brought_back_with_undo(client, lea, team):
    post = make_post(team, lea)
    answer = client.post(address("post_move", post.pk), {"days": 7, "next": "/posts/?whose=all"}, follow=True)
    assert said(answer) == ["Moved to Wednesday 2\u00a0December, 10:00."]
    assert answer.request["QUERY_STRING"] == "whose=all"
    assert "/undo/" in answer.content.decode()
    for _ in range(2):
        assert said(client.post(address("post_cancel", post.pk), follow=True))[-1] == "The post is cancelled."
    client.post(address("post_restore", post.pk))
    post.refresh_from_db()
    assert (post.publish_at, post.status) == (NOW + timedelta(days=8), Status.SCHEDULED)


def test_what_went_out_is_not_moved_and_the_page_says_so(client, lea, team):
    post = make_post(team, lea, NOW - timedelta(hours=1))
    answer = client.post(address("post_move", post.pk), {"days": 7}, follow=True)
    assert said(answer) == ["Only posts still to come can be moved: what went out stays where it is."]


def test_several_are_moved_with_one_button(client, lea, team):
    noe = make_member(team, "Noé Tessier")
    mine = [make_post(team, lea) for _ in range(3)]
    theirs = make_post(team, noe)
    wanted = {"days": 7, "post": [*(post.pk for post in mine), theirs.pk, "x"]}
    assert said(client.post(address("posts_move"), wanted, follow=True)) == ["3 posts moved."]
    assert Post.objects.filter(publish_at=NOW + timedelta(days=8)).count() == 3
    assert said(client.post(address("posts_move"), {"days": 7}, follow=True)) == ["Choose the posts to move."]
    assert said(client.post(address("posts_move"), {**wanted, "days": 3}, follow=True)) == [
        "Choose the posts to move."
    ]


def test_that_is_all_until_a_day(client, lea):
    client.post(address("known_until"), {"day": "2026-12-20", "whose": "mine"})
    client.post(address("known_until"), {"day": "2026-12-24", "whose": "team"})
    answer = client.post(address("known_until"), {"day": "soon", "whose": "mine"}, follow=True)
    assert said(answer)[-1] == "Please give a day, such as 2026-12-31."
    rows = PostsKnownUntil.objects.order_by("pk").values_list("manager", "day")
    assert list(rows) == [(lea.pk, date(2026, 12, 20)), (None, date(2026, 12, 24))]


def test_a_teammates_post_is_seen_not_changed(client, lea, team):
    post = make_post(team, make_member(team, "Noé Tessier"))
    assert client.get(address("post_edit", post.pk)).status_code == 403
    for name in POSTED:
        assert client.post(address(name, post.pk), {"days": 1}).status_code == 403


def test_outsider_gets_404(client, team):
    post = make_post(team)
    client.force_login(make_outsider())
    assert client.get(address("post_edit", post.pk)).status_code == 404
    for name in POSTED:
        assert client.post(address(name, post.pk), {"days": 1}).status_code == 404
    client.post(address("posts_move"), {"days": 7, "post": post.pk})
    post.refresh_from_db()
    assert post.publish_at == NOW + timedelta(days=1)


def test_anonymous_is_sent_to_sign_in(client, team):
    post = make_post(team)
    assert client.get(address("post_new")).url.startswith(reverse("account_login"))
    sent = client.post(address("post_move", post.pk), {"days": 1})
    assert sent.status_code == 403 and f'action="{reverse("account_login")}"' in sent.text


def test_an_admin_writes_for_the_team_they_look_at(client, team):
    client.force_login(make_admin())
    client.post(address("post_new"), post_data("team"))
    assert Post.objects.get().team == team


@pytest.mark.parametrize("name", POSTED)
def test_what_changes_something_takes_a_post(client, lea, team, name):
    assert client.get(address(name, make_post(team, lea).pk)).status_code == 405
