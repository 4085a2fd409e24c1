"""The page of an occurrence: what is planned, who came, and the posts that come of it."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Operation
from outreach.models import Post, Status
from tests.cast import NOW, make_contact, make_member, make_outsider, make_team
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


def sent(lea, **fields):
    return {
        "client_id": uuid.uuid4(),
        "text": "Three questions to Brume",
        "author": str(lea.pk),
        "on": "2026-11-30",
        "at": "18:00",
        **fields,
    }


def test_a_post_comes_of_an_interview_and_stands_on_its_page(client, lea, team):
    interview = make_occurrence(team, lea, (make_contact(team),), kind="interview", title="Brume")
    there = reverse("occurrence", args=[interview.pk])
    new = f"{reverse('outreach:post_new')}?event={interview.pk}"
    assert "No post comes of it yet." in client.get(there).content.decode()
    assert new in client.get(there).content.decode()
    assert client.get(new).context["form"]["occurrence"].value() == interview.pk
    client.post(new, sent(lea, occurrence=interview.pk))
    assert Post.objects.get().occurrence == interview
    html = client.get(there).content.decode()
    assert "Three questions to Brume" in html
    assert there in client.get(reverse("posts")).content.decode()


def test_it_is_let_go_when_the_post_is_changed_and_comes_back_with_undo(client, lea, team):
    interview = make_occurrence(team, lea, kind="interview")
    post = make_post(team, lea, NOW + timedelta(days=2), "Three questions", occurrence=interview)
    edit = reverse("outreach:post_edit", args=[post.pk])
    assert client.get(edit).context["form"]["occurrence"].value() == interview.pk
    client.post(edit, sent(lea))
    post.refresh_from_db()
    assert post.occurrence is None
    client.post(reverse("accounts:undo", args=[Operation.objects.latest("pk").pk]))
    post.refresh_from_db()
    assert post.occurrence == interview


def test_a_cancelled_post_is_not_told_and_another_teams_meeting_cannot_be_named(client, lea, team):
    interview = make_occurrence(team, lea, kind="interview")
    make_post(team, lea, NOW + timedelta(days=2), "Called off", status=Status.CANCELLED, occurrence=interview)
    assert "Called off" not in client.get(reverse("occurrence", args=[interview.pk])).content.decode()
    outsider = make_outsider()
    strange = make_occurrence(outsider.memberships.get().team, outsider, title="Theirs")
    new = f"{reverse('outreach:post_new')}?event={strange.pk}"
    assert "Theirs" not in client.get(new).content.decode()
    assert client.post(new, sent(lea, occurrence=strange.pk)).status_code == 422
    client.force_login(outsider)
    assert client.get(reverse("occurrence", args=[interview.pk])).status_code == 404
